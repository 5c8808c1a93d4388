"""Smart cards over PC/SC: transport, APDU, CPS and Vitale cards, PIN, signing, watching readers."""
