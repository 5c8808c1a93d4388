"""Measurements of the real parts, printed as one table by ``python -m benchmarks``. Nothing here is a test."""
