"""Reading a document: header summary, sections, PDF pages, plain text."""
