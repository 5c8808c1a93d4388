"""The INSi teleservice."""
