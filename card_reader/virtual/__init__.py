"""Virtual cards: pure objects that answer APDUs, and the ways to plug them into a reader."""
