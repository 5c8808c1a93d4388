"""The demonstration: fictitious people, a TEST authority, virtual cards, and the three jobs played by themselves."""
