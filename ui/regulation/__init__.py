"""The regulation centre on screen: search without card, homonyms told apart, minimum view."""
