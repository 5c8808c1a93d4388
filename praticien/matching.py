"""Does a source speak of the same person? Names compared without accents, case, hyphens or apostrophes."""

from __future__ import annotations

import re
import unicodedata

from praticien.identity import Sex, StrictTraits


def fold(name: str) -> str:
    """A name as it is compared: ASCII capitals, single spaces (``Éloïse-Marie`` and ``ELOISE MARIE`` are equal)."""
    expanded = name.upper().replace("Œ", "OE").replace("Æ", "AE")
    plain = "".join(c for c in unicodedata.normalize("NFKD", expanded) if not unicodedata.combining(c))
    return re.sub(r"[^A-Z0-9]+", " ", plain).strip()


def same_person(
    traits: StrictTraits,
    *,
    birth_name: str = "",
    first_name: str = "",
    birth_date: str = "",
    sex: Sex | None = None,
) -> tuple[str, ...]:
    """Names of the traits that differ; an empty argument says nothing and is not compared."""
    differing = []
    if birth_name and fold(birth_name) != fold(traits.birth_name):
        differing.append("birth_name")
    if first_name and not _same_first_name(first_name, traits):
        differing.append("first_name")
    if birth_date and birth_date != traits.birth_date:
        differing.append("birth_date")
    if sex is not None and sex is not traits.sex:
        differing.append("sex")
    return tuple(differing)


def _same_first_name(first_name: str, traits: StrictTraits) -> bool:
    """The first one, or several of them in order: cards and modalities often hold the whole list."""
    known = fold(" ".join(traits.birth_first_names))
    asked = fold(first_name)
    return asked == fold(traits.first_name) or known == asked or known.startswith(asked + " ")
