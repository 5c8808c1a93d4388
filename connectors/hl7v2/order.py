"""ORC and OBR: numbers, prescriber, times, chapter, specimen."""

from __future__ import annotations

import re

from connectors.hl7v2.er7 import Repetition, Segment
from connectors.hl7v2.times import read_moment
from praticien.documents.lab_codes import CHAPTER_OF_SECTION, CHAPTERS, LOINC, chapter, specimen
from praticien.documents.lab_report import Identifier, Prescriber, ResultStatus, Specimen
from praticien.metadata import Code
from praticien.professional import OID_PS, Professional

_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+")
_REPORT_STATUS = {
    "F": ResultStatus.FINAL,
    "C": ResultStatus.CORRECTED,
    "X": ResultStatus.CANCELLED,
    "": ResultStatus.FINAL,
}


def read_number(field: Repetition) -> Identifier | None:
    """An EI, ``number^namespace^oid^ISO``; the authority is empty when it is no OID."""
    number, oid = field.text(1), field.text(3)
    return Identifier(number[:64], oid if _OID.fullmatch(oid) else "") if number else None


def read_prescriber(field: Repetition) -> Prescriber | None:
    """An XCN. A RPPS (eleven digits) is prefixed to make a PS_IdNat, an ADELI number (nine) too."""
    identifier, family, given = field.text(1), field.text(2), field.text(3)
    if not family:
        return None
    authority = field.text(9, 2)
    if authority == OID_PS or field.text(13).upper() in ("RPPS", "ADELI", "IDNPS"):
        return Prescriber(family, given, Identifier(_national(identifier), OID_PS))
    own = Identifier(identifier, authority if _OID.fullmatch(authority) else "") if identifier else None
    return Prescriber(family, given, own)


def _national(identifier: str) -> str:
    if re.fullmatch(r"\d{11}", identifier):
        return f"8{identifier}"
    return f"0{identifier}" if re.fullmatch(r"[0-9A-B]{9}", identifier) else identifier


def read_chapter(obr: Segment) -> Code:
    """OBR-24, else OBR-4 when it is itself a chapter's LOINC code, else the general chapter."""
    section = obr.text(24).upper()
    if section in CHAPTER_OF_SECTION:
        return chapter(CHAPTER_OF_SECTION[section])
    return CHAPTERS.get(section) or chapter(obr.text(4) if obr.text(4, 3).upper() == "LN" else "")


def read_panel(obr: Segment) -> tuple[str, Code | None]:
    """OBR-4: the name of what was asked, and its LOINC code when it has one."""
    code, label, system = (obr.text(4, n) for n in range(1, 4))
    if system.upper() == "LN" and code not in CHAPTERS and code and label:
        return label, Code(code, LOINC, label)
    return label or obr.text(4, 5) or code, None


def read_report_status(obr: Segment) -> ResultStatus:
    """OBR-25; whatever is neither final, corrected nor cancelled is awaited."""
    return _REPORT_STATUS.get(obr.text(25).upper(), ResultStatus.PRELIMINARY)


def read_specimen(obr: Segment, spm: Segment | None) -> Specimen | None:
    """SPM when there is one, else OBR-15 (an older habit)."""
    if spm is not None:
        code, label = spm.text(4), spm.text(4, 2)
        field = spm.first(2)
        number = Identifier(field.text(1, 1)[:64]) if field.text(1, 1) else None
        times = read_moment(spm.text(17)), read_moment(spm.text(18))
    else:
        code, label = obr.first(15).text(1, 1), obr.first(15).text(1, 2)
        number, times = None, (read_moment(obr.text(7)), read_moment(obr.text(14)))
    known = specimen(code)
    name = label or (known.display if known else code)
    return Specimen(name, known, number, *times) if name else None


def read_director(field: Repetition) -> Professional | None:
    """An XCN of OBX-25: who directs the laboratory, when it says so."""
    who = read_prescriber(field)
    if who is None or who.identifier is None or who.identifier.authority != OID_PS:
        return None
    return Professional(who.identifier.value, who.family_name, who.given_name)


def national_id(identifier: str) -> str:
    """The PS_IdNat of an RPPS or ADELI number, empty for anything else."""
    found = _national(identifier)
    return found if found != identifier or re.fullmatch(r"8\d{11}", identifier) else ""
