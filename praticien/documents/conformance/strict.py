"""What the official schema and schematrons leave out, and a sent document must have nevertheless.

``STRICTER`` says for each code why the official rules may accept what we refuse.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from praticien.documents.conformance.problem import Element, Problem, path_of

_H = "{urn:hl7-org:v3}"
_INS_OIDS = frozenset(f"1.2.250.1.213.1.4.{arc}" for arc in (8, 9, 10, 11))
_INS = re.compile(r"([1-478]\d{4}(?:\d{2}|2[AB])\d{6})(\d{2})", re.ASCII)
_WITH_ZONE = re.compile(r"\d{12}(\d\d)?[+-]\d{4}", re.ASCII)
_SOURCE = "praticien"

STRICTER = {
    "header.practice_setting": "an author's practice setting that is none of J04 is not looked at",
    "strict.no_ins": "a local number alone is accepted; the DMP wants the INS",
    "strict.reference": "nothing checks that #ID leads somewhere",
    "strict.media": "nothing reads the bytes of an attached document",
    "shape.unexamined": "allowed by the standard, never written here: not examined, hence not vouched for",
    "shape.time": "libxml2 lets some runs of more than 14 digits pass for a TS",
}
"""Codes of problems that the official validator does not have, and why."""


def check_strictly(root: Element, *, is_known: bool) -> Iterator[Problem]:
    """Identity, time zone, author's code, bytes carried, references; ``is_known``: a model's rules were applied."""
    yield from _identity(root)
    moment = root.find(f"{_H}effectiveTime")
    if moment is not None and not _WITH_ZONE.fullmatch(moment.get("value", "")):
        yield _problem("strict.time_zone", moment)
    for author in root.findall(f"{_H}author/{_H}assignedAuthor"):
        if author.find(f"{_H}assignedAuthoringDevice") is None and author.find(f"{_H}code") is None:
            yield _problem("strict.author_code", author)
    yield from _body(root, is_known=is_known)
    yield from _media(root)
    yield from _references(root)


def _problem(code: str, element: Element) -> Problem:
    return Problem(code, path_of(element), _SOURCE)


def _identity(root: Element) -> Iterator[Problem]:
    """INS/va1.53: thirteen characters and their key, under an OID of the INS."""
    ids = root.findall(f"{_H}recordTarget/{_H}patientRole/{_H}id")
    national = [each for each in ids if each.get("root") in _INS_OIDS]
    if not national:
        yield _problem("strict.no_ins", root.find(f"{_H}recordTarget"))
    for each in national:
        if not _has_its_key(each.get("extension", "")):
            yield _problem("strict.ins_key", each)


def _has_its_key(matricule: str) -> bool:
    match = _INS.fullmatch(matricule)
    if match is None:
        return False
    number, key = match.groups()
    if number[5:7] in ("2A", "2B"):  # Corsica counts as 19 or 18
        number = f"{number[:5]}{19 if number[6] == 'A' else 18}{number[7:]}"
    return 97 - int(number) % 97 == int(key)


def _body(root: Element, *, is_known: bool) -> Iterator[Problem]:
    text = root.find(f"{_H}component/{_H}nonXMLBody/{_H}text")
    if text is None:
        if not is_known:
            yield _problem("strict.model", root)
        return
    if text.get("representation") != "B64" or not text.get("mediaType") or not _carries(text):
        yield _problem("strict.level1", text)


def _media(root: Element) -> Iterator[Problem]:
    for value in root.iterfind(f".//{_H}observationMedia/{_H}value"):
        if value.get("representation") == "B64" and not ((value.text or "").strip() and _carries(value)):
            yield _problem("strict.media", value)


def _carries(element: Element) -> bool:
    """Base64, and a PDF when it says so."""
    try:
        content = base64.b64decode("".join((element.text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return element.get("mediaType") != "application/pdf" or content.startswith(b"%PDF-")


def _references(root: Element) -> Iterator[Problem]:
    """Every ``#ID`` and referencedObject leads to an ID of the document."""
    ids = {element.get("ID") for element in root.iter("*") if "ID" in element.attrib}
    for reference in root.iter(f"{_H}reference"):
        value = reference.get("value", "")
        if value.startswith("#") and value[1:] not in ids:
            yield _problem("strict.reference", reference)
    for shown in root.iter(f"{_H}renderMultiMedia"):
        if not set(shown.get("referencedObject", "").split()) <= ids:
            yield _problem("strict.reference", shown)
