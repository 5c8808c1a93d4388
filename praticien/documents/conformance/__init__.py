"""The project's own validator of CDA documents: shape (the schema's part) and content (the schematrons' part)."""
