"""Damaged inputs for every parser: ``python -m tests.fuzz --help``. In the test suite a few hundred of each."""
