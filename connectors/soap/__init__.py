"""SOAP 1.2, WS-Addressing 1.0 and MTOM over one mutual-TLS channel."""
