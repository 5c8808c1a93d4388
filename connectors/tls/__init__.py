"""Mutual TLS with a private key that stays on the card."""
