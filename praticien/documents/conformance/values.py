"""What a value of the header must satisfy beyond its shape, one function a data type.

Source: the data types of HL7 v3 R1 as the CI-SIS minimal structure applies them. Each answers whether all is well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from lxml import etree

from praticien.documents.conformance.problem import Element
from praticien.documents.conformance.words import is_written

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_H = "{urn:hl7-org:v3}"
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*))*")
_UUID = re.compile(r"[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}")
_URI = re.compile(r"[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]*")
_INSTANT = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\.\d+)?([+-]\d{4})?", re.ASCII)
_LOWEST = (0, 1, 1, 0, 0, 0)
_NULL_STAYS = frozenset(
    {f"{_XSI}type", f"{_XSI}nil", "classCode", "typeCode", "determinerCode", "moodCode", "nullFlavor"}
)
_NULL_DEFAULTS = {
    "inverted": "false",
    "mediaType": "text/plain",
    "operator": "I",
    "representation": "TXT",
    "inclusive": "true",
    "unit": "1",
}
_NULL_CODES = frozenset({f"{_XSI}type", "codeSystem", "codeSystemName", "codeSystemVersion", "extension", "nullFlavor"})
_POSTAL = frozenset({"H", "HP", "HV", "WP", "TMP"})
_TELECOM = frozenset({"H", "HP", "HV", "WP", "DIR", "PUB", "EC", "MC", "PG"})
_SCHEMES = frozenset({"tel", "fax", "mailto", "http", "ftp", "mllp"})
_UNREACHABLE = frozenset({"UNK", "NASK", "ASKU", "NAV", "MSK"})
_LENGTHS = frozenset({"us", "ms", "s", "min", "h", "d", "wk", "mo", "a", ""})
_ONCE = frozenset(
    {
        "country",
        "state",
        "city",
        "postalCode",
        "county",
        "houseNumber",
        "houseNumberNumeric",
        "streetName",
        "streetNameType",
        "additionalLocator",
        "unitID",
        "postBox",
        "precinct",
    }
)


def instant(value: str) -> datetime | None:
    """The instant that a TS names, its missing parts at their lowest; None when there is none."""
    match = _INSTANT.fullmatch(value)
    if match is None:
        return None
    *parts, _, zone = match.groups()
    year, month, day, hour, minute, second = (int(part or lowest) for part, lowest in zip(parts, _LOWEST, strict=True))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if not text:
        return timezone.utc  # noqa: UP017  (datetime.UTC is another type for mypy)
    hours, minutes = int(text[1:3]), int(text[3:])
    if hours > 14 or minutes > 59 or (hours == 14 and minutes):
        raise ValueError
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _others(element: Element) -> Iterator[Element]:
    """Siblings of the same name."""
    parent = element.getparent()
    return (
        other for other in (parent if parent is not None else ()) if other.tag == element.tag and other is not element
    )


def _words(element: Element) -> str:
    """The element's own text, outside its children."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _whole(element: Element) -> str:
    uses = "".join(inner.get("use", "") for inner in element.iter("*"))
    return uses + "".join(element.itertext())


def _null_alone(element: Element) -> bool:
    """A nullFlavor goes with nothing else, unless it says which code is missing."""
    flavor = element.get("nullFlavor")
    if flavor is None:
        return True
    extra = {
        name for name, value in element.attrib.items() if name not in _NULL_STAYS and value != _NULL_DEFAULTS.get(name)
    }
    if not extra and not len(element) and not _words(element).strip():
        return True
    named = {name for name, value in element.attrib.items() if value != _NULL_DEFAULTS.get(name)} <= _NULL_CODES
    names = {etree.QName(child).localname for child in element}
    says = {"extension", "codeSystem"} & set(element.attrib) or {"originalText", "translation"} & names
    return flavor in ("OTH", "NA", "UNC") and named and bool(says)


def is_oid(text: str) -> bool:
    """Digits and dots, no leading zero."""
    return _OID.fullmatch(text) is not None


def is_any(element: Element) -> bool:
    """Every element inside too."""
    return all(_null_alone(inner) for inner in element.iter("*"))


def is_ii(element: Element) -> bool:
    """An identifier: OID or UUID, once among its siblings."""
    root, extension, null = element.get("root"), element.get("extension"), element.get("nullFlavor")
    if (root is None) == (null is None) or not is_any(element):
        return False
    if root is not None and not (is_oid(root) or _UUID.fullmatch(root)):
        return False
    return not any(
        root is not None and other.get("root") == root and (extension is None or other.get("extension") == extension)
        for other in _others(element)
    )


def is_cd(element: Element) -> bool:
    """A code with its system, or the words that it was to code, or why there is none."""
    code, null = element.get("code"), element.get("nullFlavor")
    original = element.find(f"{_H}originalText")
    if not (null or code or (original is not None and not original.get("nullFlavor"))):
        return False
    if not _coherent(element) or (null and (code or element.get("displayName"))):
        return False
    if any(code and other.get("code") == code and _system(other) == _system(element) for other in _others(element)):
        return False
    translations = list(element.iter(f"{_H}translation"))
    said = [(each.get("code", "") + each.get("codeSystem", "")) for each in translations if each is not element]
    inner = [each for each in translations if each is not element]
    return len(said) == len(set(said)) and all(_translates(each) for each in inner) and is_any(element)


def _system(element: Element) -> str | None:
    value = element.get("codeSystem")
    return None if value is None else str(value)


def _coherent(element: Element) -> bool:
    if "codeSystem" not in element.attrib and {"code", "codeSystemName", "codeSystemVersion"} & set(element.attrib):
        return False
    return "code" in element.attrib or "displayName" not in element.attrib


def _translates(element: Element) -> bool:
    names = set(element.attrib)
    if "nullFlavor" in names or ("code" not in names and names & {"codeSystem", "displayName"}):
        return False
    return "codeSystem" in names or not names & {"codeSystemName", "codeSystemVersion"}


def is_ce(element: Element) -> bool:
    """A CD without qualifier."""
    return is_cd(element) and element.find(f"{_H}qualifier") is None


def is_cs(element: Element) -> bool:
    """A code or why there is none; its system goes without saying."""
    alone = not len(element) and "codeSystemVersion" not in element.attrib
    return alone and ("code" in element.attrib) != ("nullFlavor" in element.attrib) and is_any(element)


def is_language(element: Element) -> bool:
    """A code with a language and a country, as ``fr-FR``."""
    return is_cs(element) and re.search(r"[a-z]{2}-[A-Z]{2}", element.get("code", "fr-FR")) is not None


def is_cr(element: Element) -> bool:
    """A qualifier: a name and a value, or why there is none."""
    return bool(len(element)) != ("nullFlavor" in element.attrib) and is_any(element)


def _quantity(element: Element) -> bool:
    null = element.get("nullFlavor")
    if null and any("nullFlavor" not in other.attrib for other in _others(element)):
        return False
    unit, value = element.get("unit"), element.get("value")
    return is_any(element) and not any(
        unit is not None and value is not None and (other.get("unit"), other.get("value")) == (unit, value)
        for other in _others(element)
    )


def _valued(element: Element) -> bool:
    has_value = "value" in element.attrib
    return (has_value or "nullFlavor" in element.attrib or len(element) > 0) and not (
        has_value and "nullFlavor" in element.attrib
    )


def is_int(element: Element) -> bool:
    """An integer, without sign unless it is negative, without leading zero then."""
    value = element.get("value")
    return (
        _valued(element)
        and _quantity(element)
        and (value is None or re.fullmatch(r"-?[1-9]\d*|\d*", value) is not None)
    )


def _dated(element: Element) -> bool:
    value = element.get("value")
    return value is None or instant(value) is not None


def is_ts(element: Element) -> bool:
    """A moment that exists."""
    return _valued(element) and _dated(element) and not len(element) and _quantity(element)


def is_ivl_ts(element: Element) -> bool:
    """An interval whose bounds exist, differ and follow each other."""
    if not _valued(element) or not _dated(element) or not _quantity(element):
        return False
    if element.get("nullFlavor") and element.get("operator", "I") != "I":
        return False
    if "value" in element.attrib and len(element):
        return False
    bounds = {etree.QName(child).localname: child for child in element}
    length = bounds.get("width")
    if length is not None and (length.get("unit", "") not in _LENGTHS or length.find(f"{_H}translation") is not None):
        return False
    return all(_null_bound(bound) for bound in element) and _ordered(bounds)


def _null_bound(bound: Element) -> bool:
    return not (bound.get("nullFlavor") and {"value", "unit"} & set(bound.attrib)) and (
        "unit" not in bound.attrib or "value" in bound.attrib
    )


def _ordered(bounds: dict[str, Element]) -> bool:
    low, high = bounds.get("low"), bounds.get("high")
    if (low is not None and low.get("nullFlavor") == "PINF") or (high is not None and high.get("nullFlavor") == "NINF"):
        return False
    values = [bound.get("value") for name in ("low", "center", "high") if (bound := bounds.get(name)) is not None]
    moments = [instant(value) for value in values if value is not None]
    if None in moments:
        return False
    if low is None or high is None or low.get("value") is None or high.get("value") is None:
        return True
    start, stop = instant(low.get("value")), instant(high.get("value"))
    return low.get("value") != high.get("value") and start is not None and stop is not None and start <= stop


def is_st(element: Element) -> bool:
    """Words, or why there are none."""
    said = "nullFlavor" in element.attrib or len(element) > 0 or bool((element.text or "").strip())
    language = element.get("language")
    spoken = language is None or is_written("cs", language)
    return said and spoken and is_any(element) and not ("nullFlavor" in element.attrib and language)


def _part(element: Element) -> bool:
    """Told apart from its siblings: not missing beside one that is there, not said twice."""
    others = list(_others(element))
    if "nullFlavor" in element.attrib and any("nullFlavor" not in other.attrib for other in others):
        return False
    return all(_whole(other) != _whole(element) for other in others)


def is_ad(element: Element) -> bool:
    """An address: parts or one line, each part once."""
    words, parts = bool(_words(element).strip()), [etree.QName(child).localname for child in element]
    said = "nullFlavor" in element.attrib or bool(parts) != words
    once = all(parts.count(name) <= 1 for name in _ONCE)
    used = "use" not in element.attrib or element.get("use") in _POSTAL
    return said and once and used and _part(element) and is_any(element)


def is_en(element: Element) -> bool:
    """A name: parts or one line."""
    words, null = bool(_words(element).strip()), "nullFlavor" in element.attrib
    if (null and (len(element) or words)) or (len(element) and words) or not (null or len(element) or words):
        return False
    twice = any(len(q.split()) != len(set(q.split())) for child in element if (q := child.get("qualifier")))
    return not twice and _part(element) and is_any(element)


def is_pn(element: Element) -> bool:
    """A person's name."""
    return is_en(element) and not any("LS" in child.get("qualifier", "").split() for child in element)


def is_on(element: Element) -> bool:
    """An organisation's name: one line."""
    return is_en(element) and not len(element)


def is_tel(element: Element) -> bool:
    """An address to call or write to, with its scheme; or nothing but why there is none."""
    value, null, use = element.get("value"), element.get("nullFlavor"), element.get("use")
    if (value is None) == (null is None) or (use is not None and use not in _TELECOM):
        return False
    if null is not None:
        return (
            len(element.attrib) == 1
            and null in _UNREACHABLE
            and all("nullFlavor" in other.attrib for other in _others(element))
            and is_any(element)
        )
    scheme, _, rest = value.partition(":")
    twice = any(use and (other.get("use"), other.get("value")) == (use, value) for other in _others(element))
    return bool(rest) and scheme in _SCHEMES and _URI.fullmatch(value) is not None and not twice


TYPES: dict[str, Callable[[Element], bool]] = {
    "ANY": is_any,
    "II": is_ii,
    "CD": is_cd,
    "CE": is_ce,
    "CV": is_ce,
    "CS": is_cs,
    "LANGUAGE": is_language,
    "CR": is_cr,
    "INT": is_int,
    "TS": is_ts,
    "IVXB_TS": is_ts,
    "IVL_TS": is_ivl_ts,
    "ST": is_st,
    "AD": is_ad,
    "EN": is_en,
    "PN": is_pn,
    "ON": is_on,
    "TEL": is_tel,
}

_DECLARED = {"LANGUAGE": "CS"}


def is_value(element: Element, kind: str) -> bool:
    """Whether ``element`` is a sound value of the data type ``kind`` and says no other type."""
    said = element.get(f"{_XSI}type")
    if said is not None and said.split(":")[-1].strip() != _DECLARED.get(kind, kind):
        return False
    return TYPES[kind](element)
