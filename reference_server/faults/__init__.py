"""Faults on request: what networks, disks, clocks and authorities do on bad days, switchable while running."""
