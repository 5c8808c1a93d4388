"""What is said above a document that not everybody may see (EX_3.2-1025)."""

from __future__ import annotations

from praticien.metadata import Confidentiality, DocumentEntry

_WARNINGS = (
    (
        Confidentiality.INVISIBLE_TO_PATIENT,
        "Attention : le patient ne voit pas encore ce document. Annoncez-lui son contenu avant de le lui montrer.",
    ),
    (
        Confidentiality.INVISIBLE_TO_REPRESENTATIVES,
        "Attention : les représentants légaux ne voient pas ce document. Ne le montrez qu’au mineur.",
    ),
)


def visibility_warning(entry: DocumentEntry) -> str:
    """One sentence a person from whom it is hidden; empty when there is none."""
    return " ".join(words for code, words in _WARNINGS if entry.has(code))
