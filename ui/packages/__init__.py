"""Documents in one file (IHE XDM): written from the list, read beside it."""
