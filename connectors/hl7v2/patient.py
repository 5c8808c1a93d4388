"""PID: whom the message speaks of. INS, names by their type, birth date, sex.

PID-3 repeats: the INS is under one of its authorities or of type INS/NH, the local number is the rest. PID-5 repeats:
type L is the birth name, D (or M) the used one; a name without type may be either (a French habit).
"""

from __future__ import annotations

from connectors.hl7v2.er7 import Repetition, Segment
from connectors.hl7v2.times import read_day
from praticien.documents.lab_report import SourcePatient
from praticien.identity import INS_OIDS, Ins, InvalidIns, Sex

_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


def read_patient(pid: Segment) -> SourcePatient:
    """Everything that serves to match; whatever is unusable is left out."""
    names = pid.repetitions(5)
    birth = next((name for name in names if name.text(7).upper() == "L"), None)
    used = next((name for name in names if name is not birth), None)
    shown = birth or used
    return SourcePatient(
        family_name=birth.text(1) if birth else "",
        used_name=used.text(1) if used else "",
        given_names=_given(shown) if shown else "",
        birth_date=read_day(pid.text(7)),
        sex=_SEXES.get(pid.text(8).upper()),
        ins=_ins(pid),
        local_id=_local(pid),
    )


def _given(name: Repetition) -> str:
    """The first name, then the others: PAM writes them all in component 3."""
    first, others = name.text(2), name.text(3)
    return others if others.startswith(f"{first} ") or not first else first


def _ins(pid: Segment) -> Ins | None:
    for each in pid.repetitions(3):
        try:
            if each.text(4, 2) in INS_OIDS:
                return Ins.parse(each.text(1), each.text(4, 2))
        except InvalidIns:
            continue
    return None


def _local(pid: Segment) -> str:
    numbers = (each.text(1) for each in pid.repetitions(3) if each.text(4, 2) not in INS_OIDS)
    return next((number for number in numbers if number), "")
