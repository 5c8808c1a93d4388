"""What laboratories send: the results as a table, whose they are, and the list of what was received."""
