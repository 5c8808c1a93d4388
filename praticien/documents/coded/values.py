"""HL7 v3 data types as plain values: CD, PQ, IVL, RTO, TS, PIVL, EIVL, SXPR. What cannot be read is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from praticien.documents.cda_model import Timestamp
from praticien.documents.cda_xml import Element, attribute, child, children, text
from praticien.documents.coded.model import Concept, Interval, Period, Quantity, Ratio, Value
from praticien.documents.coded.narrative import Narrative
from praticien.metadata import Code

_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?")


def type_of(element: Element) -> str:
    """The xsi:type without its prefix."""
    return attribute(element, _XSI_TYPE).rpartition(":")[2]


def concept(element: Element | None, narrative: Narrative) -> Concept:
    """A CD, CE, CV, CS; an absent element is an empty concept."""
    original = child(element, "originalText")
    return Concept(
        code=attribute(element, "code"),
        system=attribute(element, "codeSystem"),
        label=attribute(element, "displayName"),
        words=words_of(original, narrative),
        translations=tuple(
            Code(attribute(item, "code"), attribute(item, "codeSystem"), attribute(item, "displayName"))
            for item in children(element, "translation")
            if attribute(item, "code")
        ),
        null=attribute(element, "nullFlavor"),
    )


def reference_of(element: Element | None) -> str:
    """The ``#ID`` that a text or originalText refers to."""
    return attribute(child(element, "reference"), "value")


def words_of(element: Element | None, narrative: Narrative) -> str:
    """The words of a text or originalText, wherever they stand."""
    return narrative.words(reference_of(element)) or text(element)


def quantity(element: Element | None, narrative: Narrative | None = None) -> Quantity | None:
    """A PQ, INT or REAL with a finite value of reasonable length; with its words when ``narrative`` is given."""
    written = attribute(element, "value").replace(",", ".")
    if not _NUMBER.fullmatch(written):
        return None
    words = words_of(child(element, "translation/originalText"), narrative) if narrative else ""
    return Quantity(Decimal(written), attribute(element, "unit"), written, words)


def interval(element: Element | None, narrative: Narrative | None = None) -> Interval | None:
    """An IVL_PQ; a bare PQ is an interval of one value."""
    if element is None:
        return None
    low, high = child(element, "low"), child(element, "high")
    alone = quantity(element, narrative) or quantity(child(element, "center"), narrative)
    if alone:
        return Interval(alone, alone)
    found = Interval(
        quantity(low, narrative),
        quantity(high, narrative),
        low_included=attribute(low, "inclusive") != "false",
        high_included=attribute(high, "inclusive") != "false",
    )
    return found if found.low or found.high else None


def ratio(element: Element | None) -> Ratio | None:
    """An RTO with both its sides; a missing denominator is one."""
    numerator = quantity(child(element, "numerator"))
    denominator = quantity(child(element, "denominator")) or Quantity(Decimal(1))
    return Ratio(numerator, denominator) if numerator else None


def timestamp(element: Element | None) -> Timestamp | None:
    """A TS with a value."""
    value = attribute(element, "value")
    return Timestamp(value) if value else None


def value(element: Element, narrative: Narrative) -> Value | None:
    """An observation's value of any type; None when it says nothing."""
    kind = type_of(element)
    if kind in ("CD", "CE", "CV", "CS", "CO"):
        found = concept(element, narrative)
        return found if found.text else None
    if kind == "BL":
        return {"true": True, "false": False}.get(attribute(element, "value"))
    return _measure(kind, element) if kind in _MEASURES else words_of(element, narrative) or None


_MEASURES = frozenset({"PQ", "INT", "REAL", "MO", "IVL_PQ", "IVL_INT", "IVL_REAL", "IVL_TS", "RTO", "RTO_PQ_PQ", "TS"})


def _measure(kind: str, element: Element) -> Value | None:
    if kind == "TS":
        return timestamp(element)
    if kind == "IVL_TS":
        return timestamp(element) or timestamp(child(element, "low"))
    if kind.startswith("IVL"):
        return interval(element)
    return ratio(element) if kind.startswith("RTO") else quantity(element)


def periods(element: Element, narrative: Narrative) -> Iterator[Period]:
    """An effectiveTime: one period, or several for a compound (SXPR_TS)."""
    kind = type_of(element)
    parts = children(element, "comp")
    if parts:
        for part in parts:
            yield from periods(part, narrative)
    elif kind.startswith("PIVL") or child(element, "period") is not None:
        every = quantity(child(element, "period"), narrative)
        yield Period(every=every, institution_specified=attribute(element, "institutionSpecified") == "true")
    elif kind.startswith("EIVL") or child(element, "event") is not None:
        yield Period(event=attribute(child(element, "event"), "code"))
    else:
        yield from _dates(element)


def _dates(element: Element) -> Iterator[Period]:
    alone = timestamp(element)
    low, high = alone or timestamp(child(element, "low")), alone or timestamp(child(element, "high"))
    width = quantity(child(element, "width"))
    if low or high or width:
        yield Period(low, high, width=width)
