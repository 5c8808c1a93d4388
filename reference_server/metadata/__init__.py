"""XDS metadata as received: views over ebXML, their rules, the lot signature, and how seeds are written."""
