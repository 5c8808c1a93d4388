"""Reads any CI-SIS CDA R2: header summary and body."""

from __future__ import annotations

from praticien.documents.cda_model import CdaDocument


def read(content: bytes) -> CdaDocument:
    """Read a document. Raises InvalidCda subclasses, nothing else."""
    raise NotImplementedError
