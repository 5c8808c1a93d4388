"""CDA R2 level 1 with the CI-SIS header."""

from __future__ import annotations

from praticien.documents.model import NewDocument


def build(document: NewDocument, pdf: bytes) -> bytes:
    """The CDA R2 level 1 document carrying ``pdf``, UTF-8. Raises HeaderProblem."""
    raise NotImplementedError
