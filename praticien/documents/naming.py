"""Does the name of a file, or the title of a PDF, name somebody else? A hint for the eye, never a verdict.

What is not next to a label is told by a first name: one of a list beside a word that is no word of the trade. Rare
first names are missed; the contents of the document are looked at in ``praticien.documents.checks`` in any case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from praticien.documents.document_types import document_types
from praticien.documents.imaging_acts import load
from praticien.documents.prescription_products import load as load_products
from praticien.identity import Patient
from praticien.matching import fold


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Folded words: frequent first names, what stands before a place's or a professional's name, no family names."""

    first_names: frozenset[str]
    before_other_names: frozenset[str]
    no_names: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    raw = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    names = [*(one.name for one in document_types()), *(one.name for one in load()), *(p.name for p in load_products())]
    before = frozenset(raw["before_other_names"])
    trade = before | set(raw["trade"]) | {word for name in names for word in fold(name).split()}
    return _Lexicon(frozenset(raw["first_names"]), before, trade)


@dataclass(frozen=True, slots=True, repr=False)
class _Patient:
    """Words of the patient's names, and the names in one word."""

    families: frozenset[str]
    first_names: frozenset[str]


def _words_of(names: Iterable[str]) -> frozenset[str]:
    """Particles alone tell nothing, unless they are the whole name."""
    split = [fold(name).split() for name in names if name]
    words = {word for name in split for word in name if len(word) > 2 or len(name) == 1}
    return frozenset(words | {"".join(name) for name in split})


def somebody_else(text: str, patient: Patient, others: Iterable[str] = ()) -> str:
    """First name and family name of somebody who is not the patient, as written there; empty when there is nobody.

    ``others`` are family names that may be there: of the author, of the physicians of the house. Beside the family name
    of the patient (of birth or of use) another first name rings, unless the patient's own is there too.
    """
    written = [word for word in re.split(r"[^\w]|_|\d", text) if word]
    words = [fold(word) for word in written]
    mine = _Patient(
        _words_of((patient.traits.birth_name, patient.used_name)),
        _words_of((*patient.traits.birth_first_names, patient.used_first_name)),
    )
    if mine.families & set(words) and mine.first_names & set(words):
        return ""
    known = _words_of(others)
    for place in range(len(words) - 1):
        for first, family in ((place, place + 1), (place + 1, place)):
            one, other = words[first], words[family]
            if _is_first_name(words, first, mine, known) and _is_family(other, written[family], one, mine, known):
                return " ".join(written[place : place + 2])
    return ""


def _is_first_name(words: list[str], place: int, mine: _Patient, known: frozenset[str]) -> bool:
    """Not of ``Hôpital Jean Minjoz`` or of ``Dr Martin Paul``: one of the two words before tells."""
    word, before = words[place], set(words[max(0, place - 2) : place])
    if word not in _lexicon().first_names or word in mine.families or word in known:
        return False
    return not before & _lexicon().before_other_names


def _is_family(word: str, written: str, first: str, mine: _Patient, known: frozenset[str]) -> bool:
    """A family name beside ``first``. Beside the patient's own first name only one in capitals is taken for one."""
    if word in mine.families:
        return first not in mine.first_names
    if len(word) < 3 or not word.isalpha() or word in _lexicon().no_names | known | mine.first_names:
        return False
    return written.isupper() or first not in mine.first_names


def stem_of(name: str) -> str:
    """What a file is called, without the folder and the ending."""
    return Path(name).stem
