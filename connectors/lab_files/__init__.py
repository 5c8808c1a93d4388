"""Laboratory reports from a file: HL7 v2, or our own JSON and CSV (described in docs/documents.md)."""
