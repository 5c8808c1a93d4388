"""The HL7 v2 data types that XDS metadata carry in text: XCN, XON, CX, PID fields, DTM."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from praticien.errors import InvalidInput
from praticien.metadata import Code, Institution, Person, Reference, SourcePatientInfo

_ESCAPES = {"\\": "\\E\\", "^": "\\S\\", "&": "\\T\\", "|": "\\F\\", "~": "\\R\\"}
_UNESCAPES = {escape: character for character, escape in _ESCAPES.items()}
_DTM = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.\d+)?")


class NotHl7(InvalidInput):
    """A text that is not the HL7 v2 type expected there."""

    code = "metadata.not_hl7"


def escaped(text: str) -> str:
    """``text`` as the content of one component."""
    return "".join(_ESCAPES.get(c, c) for c in text)


def unescaped(text: str) -> str:
    """The inverse of ``escaped``; unknown escapes are left as they are."""
    return re.sub(r"\\[ESTFR]\\", lambda m: _UNESCAPES[m.group()], text)


def components(text: str, count: int) -> list[str]:
    """At least ``count`` components, unescaped; the fourth and ninth keep their sub-components."""
    parts = text.split("^")
    return parts + [""] * (count - len(parts))


def _authority(component: str) -> str:
    parts = component.split("&")
    return parts[1] if len(parts) > 1 else ""


def write_xcn(person: Person) -> str:
    """``id^NOM^PRENOM^^^^^^&oid&ISO^D^^^kind``."""
    names = "^".join(escaped(t) for t in (person.identifier, person.family_name, person.given_name))
    return f"{names}^^^^^^&{person.authority}&ISO^D^^^{person.kind}"


def read_xcn(text: str) -> Person:
    """The inverse of ``write_xcn``; missing components are empty."""
    parts = components(text, 13)
    identifier, family, given = (unescaped(p) for p in parts[:3])
    return Person(identifier, family, given, _authority(parts[8]), parts[12])


def write_xon(institution: Institution) -> str:
    """``NAME^^^^^&oid&ISO^IDNST^^^id``."""
    return f"{escaped(institution.name)}^^^^^&{institution.authority}&ISO^IDNST^^^{escaped(institution.identifier)}"


def read_xon(text: str) -> Institution:
    """The inverse of ``write_xon``."""
    parts = components(text, 10)
    return Institution(unescaped(parts[9]), unescaped(parts[0]), _authority(parts[5]))


def write_specialty(code: Code) -> str:
    """``code^label^system``."""
    return "^".join(escaped(t) for t in (code.code, code.display, code.system))


def read_specialty(text: str) -> Code:
    """The inverse of ``write_specialty``."""
    code, display, system = (unescaped(p) for p in components(text, 3)[:3])
    return Code(code, system, display)


def write_reference(reference: Reference) -> str:
    """``id^^^&oid&ISO^type``; a StudyInstanceUID is unique by itself and has no authority."""
    authority = f"&{reference.authority}&ISO" if reference.authority else ""
    return f"{escaped(reference.identifier)}^^^{authority}^{reference.type}"


def read_reference(text: str) -> Reference:
    """The inverse of ``write_reference``."""
    parts = components(text, 5)
    return Reference(unescaped(parts[0]), _authority(parts[3]), parts[4])


def write_pid(info: SourcePatientInfo) -> list[str]:
    """PID-5 (birth name, type L), PID-7, PID-8."""
    name = f"{escaped(info.family_name)}^{escaped(info.given_name)}^^^^^L"
    return [f"PID-5|{name}", f"PID-7|{info.birth_date}", f"PID-8|{info.sex}"]


def read_pid(values: list[str]) -> SourcePatientInfo | None:
    """The inverse of ``write_pid``: the birth name when there are several; None when there is no name."""
    fields = [value.partition("|") for value in values]
    names = [components(content, 7) for field, _, content in fields if field == "PID-5"]
    if not names:
        return None
    name = next((n for n in names if n[6] == "L"), names[0])
    alone = {field: content for field, _, content in fields}
    family, given = unescaped(name[0]), unescaped(name[1])
    return SourcePatientInfo(family, given, alone.get("PID-7", ""), alone.get("PID-8", ""))


def write_dtm(moment: datetime) -> str:
    """UTC ``YYYYMMDDhhmmss``."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def read_dtm(text: str) -> datetime:
    """Aware UTC; what is not said counts as its first value. Raises NotHl7."""
    match = _DTM.fullmatch(text.strip())
    if match is None:
        raise NotHl7("DTM")
    year, *rest = match.groups()
    month, day, hour, minute, second = (int(g) if g else d for g, d in zip(rest, (1, 1, 0, 0, 0), strict=True))
    try:
        return datetime(int(year), month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        raise NotHl7("DTM") from None
