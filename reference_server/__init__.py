"""Plays the DMP and INSi for development, training and tests. Shares nothing with the client but value types."""
