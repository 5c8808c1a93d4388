"""The demonstration: fictitious people, a TEST authority, virtual cards, and the four jobs played by themselves."""
