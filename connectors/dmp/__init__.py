"""The DMP: VIHF, XDS metadata as ebXML, one module a transaction."""
