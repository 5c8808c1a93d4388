"""Parameters of stored queries (ITI TF-2 3.18.4.1.2.3): OR inside one Slot, AND between Slots of the same name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import names, xml
from reference_server.errors import Finding, RegistryRefusal
from reference_server.names import q
from reference_server.xml import Element

_QUOTED = re.compile(r"'((?:[^']|'')*)'")

Parameters = dict[str, list[list[str]]]
"""Values by parameter name; one inner list a Slot."""


def read(query: Element) -> Parameters:
    """Parameters of an AdhocQuery."""
    found: Parameters = {}
    for slot in xml.children(query, q(names.RIM, "Slot")):
        texts = [xml.text_of(value) for value in slot.iter(q(names.RIM, "Value"))]
        found.setdefault(slot.get("name", ""), []).append([value for text in texts for value in _values(text)])
    return found


def _values(text: str) -> list[str]:
    """``'a'``, ``('a','b')`` or a bare number."""
    quoted = [value.replace("''", "'") for value in _QUOTED.findall(text)]
    return quoted or [text.strip("() ")]


def missing(what: str) -> RegistryRefusal:
    """A required parameter is not there."""
    return RegistryRefusal(Finding("QUERY-PARAMETER", "XDSStoredQueryMissingParam", what))


def too_many(what: str) -> RegistryRefusal:
    """A parameter has more values than it may."""
    return RegistryRefusal(Finding("QUERY-PARAMETER", "XDSStoredQueryParamNumber", what))


def required(parameters: Parameters, name: str) -> list[list[str]]:
    """The slots of a required parameter. Raises RegistryRefusal."""
    slots = parameters.get(name, [])
    if not slots or not any(slots[0]):
        raise missing(f"Le paramètre {name} est obligatoire.")
    return slots


def many(parameters: Parameters, name: str) -> list[str]:
    """Values of a required parameter with one slot. Raises RegistryRefusal."""
    slots = required(parameters, name)
    if len(slots) > 1:
        raise too_many(f"Le paramètre {name} est donné deux fois.")
    return slots[0]


def optional(parameters: Parameters, name: str) -> list[str] | None:
    """Values of an optional parameter with one slot; None when it is not there. Raises RegistryRefusal."""
    return many(parameters, name) if name in parameters else None


def one(parameters: Parameters, name: str) -> str:
    """The value of a required parameter with one value. Raises RegistryRefusal."""
    values = many(parameters, name)
    if len(values) > 1:
        raise too_many(f"Le paramètre {name} n'a qu'une valeur.")
    return values[0]


def patient(parameters: Parameters, name: str) -> Ins:
    """The patient of a query. Raises RegistryRefusal."""
    try:
        return Ins.from_cx(one(parameters, name))
    except InvalidInput:
        sentence = "Le patient n'est pas désigné par un matricule INS."
        raise RegistryRefusal(Finding("QUERY-PATIENT", "XDSUnknownPatientId", sentence)) from None


def in_range(times: list[str], parameters: Parameters, name: str) -> bool:
    """From included, To excluded (ITI TF-2 3.18); a shorter DTM stands for its first second."""
    start, end = _bound(parameters, name + "From"), _bound(parameters, name + "To")
    if not start and not end:
        return True
    time = _padded(times[0]) if times else ""
    return bool(time) and (not start or time >= start) and (not end or time < end)


def _bound(parameters: Parameters, name: str) -> str:
    return _padded(one(parameters, name)) if name in parameters else ""


def _padded(time: str) -> str:
    return (time + "00000101000000"[len(time) :]) if len(time) < 14 else time


def is_like(values: Iterable[str], patterns: Iterable[str]) -> bool:
    """Whether a value follows a SQL LIKE pattern: ``%`` any text, ``_`` any character.

    In time proportional to pattern and value, whatever they are: each piece between two ``%`` is looked for once.
    """
    pieces = [[(_expression(one), len(one)) for one in pattern.split("%")] for pattern in patterns]
    return any(_follows(value, pattern) for pattern in pieces for value in values)


def _expression(piece: str) -> re.Pattern[str]:
    return re.compile("".join("." if letter == "_" else re.escape(letter) for letter in piece), re.DOTALL)


def _follows(value: str, pieces: list[tuple[re.Pattern[str], int]]) -> bool:
    """``pieces`` with the number of characters that each one takes."""
    if len(pieces) == 1:
        return pieces[0][0].fullmatch(value) is not None
    (first, _), *middle, (last, length) = pieces
    found = first.match(value)
    for piece, _ in middle:
        found = found and piece.search(value, found.end())
    return found is not None and last.fullmatch(value, max(found.end(), len(value) - length)) is not None
