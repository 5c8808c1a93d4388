"""Structured bodies: sections and coded entries beside what is read, and the PDF copy inside."""
