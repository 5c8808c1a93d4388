"""Virtual cards: pure objects that answer APDUs as the real ones do, and what plugs them into PC/SC."""
