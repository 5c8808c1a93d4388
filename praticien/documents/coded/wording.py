"""What French clinical narratives say, read without understanding: numbers, yes or no, times a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from praticien.documents.coded.model import Concept, Source

_SPACE = "[ \u00a0\u202f]"
_NUMBER = re.compile(
    rf"(?P<sign>[<>≤≥])?{_SPACE}?=?{_SPACE}?"
    rf"(?P<number>\d{{1,3}}(?:{_SPACE}\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?:\s?[x×.]?\s?10\s?(?:\^|\*|(?=[⁰¹²³⁴⁵⁶⁷⁸⁹]))\s?(?P<power>-?[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))?"
    rf"{_SPACE}?(?P<unit>(?:/(?=[a-zA-Zµμ])|[a-zA-Zµμ%°])[a-zA-Zµμ%°/\[\]*0-9⁰¹²³⁴⁵⁶⁷⁸⁹^.²³]{{0,15}})?"
)
_ALONE = r"(?<![\d.,x×])(?<![\dx×.] )"
_BARE_POWER = re.compile(rf"{_ALONE}10\s?(?:\^|\*)\s?(\d{{1,2}})|{_ALONE}10([⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SIGNS = {"<": "<", "≤": "<", ">": ">", "≥": ">"}
_WORDS = {"demi": "0.5", "une": "1", "un": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6"}
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "1/2": "0.5", "1/4": "0.25", "3/4": "0.75"}
_NEGATIVE = re.compile(
    r"\b(negati|absen|non (?:detect|reacti|retrouv|mis en evidence)|indetectab|sterile|aucun|pas d)|\bneg\b"
)
_POSITIVE = re.compile(r"\b(positi|presen|detecte|reactif|reactive|retrouve)|\bpos\b")
_DENIAL = re.compile(
    r"\b(pas d[e’' ]|pas d\b|aucun|aucune|absence d|ne presente pas|n[’']est pas|sans (?:allergie|antecedent|intoler)|"
    r"pas connu|non connu|non retrouve|ecarte|infirme|no known|nie |neant)"
)
_NEGATIVE_CODES = {"260385009", "2667000", "260415000", "NEG", "LA6577-6", "LA9634-2", "LA11883-8"}
_POSITIVE_CODES = {"10828004", "52101004", "260373001", "POS", "LA6576-8", "LA9633-4", "LA11882-0"}
_STRENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s?(mg|g|µg|microgrammes?|mcg|ui)\b", re.IGNORECASE)
_GRAMS = {"g": Decimal(1000), "mg": Decimal(1), "µg": Decimal("0.001"), "mcg": Decimal("0.001")}
_TIMES = re.compile(
    r"(\d+|une|deux|trois|quatre|cinq|six) "
    r"(?:fois|prises?|(?:applica|administra|injec|instilla|inhala)tions?|lavages?) ?"
    r"(?:par jour|/ ?j|quotidien)"
)
_EVERY_HOURS = re.compile(r"toutes les (\d+|deux|trois|quatre|six) ?h")
_MOMENTS = re.compile(r"\b(matin|midi|soir|coucher|nuit)\b")
_MOST = re.compile(r"\b(?:au plus|max(?:imum|i)?\.?|sans depasser|jusqu['a ]*a)\b[^;]*")
"""What bounds a posology is no rhythm."""
_UNITS_A_DAY = re.compile(
    r"(\d+(?:[.,]\d+)?|demi|une?|deux|trois|quatre|cinq|six) ?"
    r"(?:cp|comp|comprimes?|gelules?|sachets?|gouttes?|ampoules?|doses?|bouffees?|ui|unites?)\.? ?(?:par jour|/ ?j)"
)


@dataclass(frozen=True, slots=True)
class Written:
    """A number as the narrative has it, with the unit and comparison beside it. ``step`` is its last digit's worth."""

    value: Decimal
    step: Decimal
    unit: str = ""
    sign: str = ""

    def is_about(self, other: Decimal) -> bool:
        """Equal, once ``other`` is rounded to the digits that were written."""
        return abs(self.value - other) <= self.step / 2


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Lower case, without accents, curly apostrophes straightened."""
    bare = unicodedata.normalize("NFD", text.lower().replace("’", "'"))
    return "".join(char for char in bare if not unicodedata.combining(char))


def written_numbers(text: str) -> tuple[Written, ...]:
    """Every number: ``1,950 mUI/l``, ``100 000``, ``10^5/mL``, ``½``, ``deux``."""
    found = [_powers(text), *_spelled(text)]
    for match in _NUMBER.finditer(_BARE_POWER.sub(" ", _without_fractions(text))):
        digits = re.sub(_SPACE, "", match["number"]).replace(",", ".")
        scale = Decimal(10) ** int((match["power"] or "0").translate(_SUPERSCRIPTS))
        step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
        found.append(
            (Written(Decimal(digits) * scale, step * scale, match["unit"] or "", _SIGNS.get(match["sign"], "")),)
        )
    return tuple(number for group in found for number in group)


def _powers(text: str) -> tuple[Written, ...]:
    exponents = ((one or other.translate(_SUPERSCRIPTS)) for one, other in _BARE_POWER.findall(text))
    return tuple(Written(Decimal(10) ** int(exponent), Decimal(1)) for exponent in exponents)


def _spelled(text: str) -> Iterable[tuple[Written, ...]]:
    words = plain(text)
    for written, value in _FRACTIONS.items():
        if written in text:
            yield (Written(Decimal(value), Decimal("0.01")),)
    for word, value in _WORDS.items():
        if re.search(rf"\b{word}\b", words):
            yield (Written(Decimal(value), Decimal("0.01")),)


def _without_fractions(text: str) -> str:
    for written in _FRACTIONS:
        text = text.replace(written, " ")
    return text


def agreement_cells(source: Source, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of the row that hold the value: by their heading, else all but the label, the ranges and the dates."""
    named = [(plain(heading), cell) for heading, cell in source.row if cell.strip() and cell != source.words]
    headed = [cell for heading, cell in named if _has(heading, wanted) and not _has(heading, unwanted)]
    if headed:
        return tuple(headed)
    label = source.words
    rest = [cell.replace(label, " ") if label else cell for heading, cell in named if not _has(heading, unwanted)]
    return tuple(cell for cell in rest if not _is_range(cell) and cell.strip())


def _has(heading: str, words: tuple[str, ...]) -> bool:
    return any(plain(word) in heading for word in words)


def _is_range(cell: str) -> bool:
    return bool(re.search(r"\d\s?(?:-|–|à|a)\s?[<>]?\s?\d|^\s?\(.*\)\s?$|\d{2}/\d{2}/\d{4}", cell))


def polarity(text: str) -> bool | None:
    """True for positive, False for negative, None when the words say neither or both."""
    words = plain(text)
    negative = bool(_NEGATIVE.search(words))
    positive = bool(_POSITIVE.search(_NEGATIVE.sub(" ", words)))
    return None if negative == positive else positive


def coded_polarity(value: Concept | str, interpretations: Iterable[Concept]) -> bool | None:
    """What the code says: by its code, its label, or an interpretation POS or NEG."""
    codes = {item.code for item in interpretations}
    if isinstance(value, Concept):
        codes |= {value.code}
    if codes & _NEGATIVE_CODES:
        return False
    if codes & _POSITIVE_CODES:
        return True
    return polarity(value.label) if isinstance(value, Concept) else None


def is_denial(text: str) -> bool:
    """Whether the words deny what they name: « pas d’allergie », « aucun antécédent »."""
    return bool(_DENIAL.search(plain(text)))


def strengths(text: str) -> frozenset[Decimal]:
    """Masses (in mg) and international units in a product's name."""
    found = set()
    for number, unit in _STRENGTH.findall(text):
        scale = _GRAMS.get(unit.lower(), Decimal("0.001") if unit.lower().startswith("micro") else Decimal(1))
        found.add(Decimal(number.replace(",", ".")).normalize() * scale)
    return frozenset(value.normalize() for value in found)


def per_day(text: str) -> Decimal | None:
    """How many times a day: « 3 fois par jour », « toutes les 8 h », « matin et soir »; None when it is not plain."""
    words = _MOST.sub(" ", plain(text))
    times = _TIMES.search(words)
    if times:
        return _number(times[1])
    hours = _EVERY_HOURS.search(words)
    if hours:
        return Decimal(24) / _number(hours[1])
    moments = set(_MOMENTS.findall(words))
    return Decimal(len(moments)) if moments else None


def total_per_day(text: str) -> Decimal | None:
    """How many units a day: « 1 cp/j », « deux gélules par jour »; None when it is not plain."""
    found = _UNITS_A_DAY.search(_MOST.sub(" ", plain(text)))
    return _number(found[1]) if found else None


def _number(word: str) -> Decimal:
    return Decimal(_WORDS.get(word, word).replace(",", "."))
