"""Images from a PACS: what is received by C-STORE. Only headers go further."""
