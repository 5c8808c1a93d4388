"""OBX with its notes: one result, an organism, a remark without result, or the laboratory's page as PDF."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.hl7v2.er7 import Repetition, Segment
from connectors.hl7v2.errors import Hl7Problem
from connectors.hl7v2.times import read_moment
from connectors.hl7v2.values import clean, read_reference, read_value
from praticien.documents.lab_codes import INTERPRETATIONS, LOINC, PENDING_LOINC, SNOMED_CT
from praticien.documents.lab_report import Analysis, CodedValue, ResultStatus, TextValue
from praticien.metadata import Code

_STATUS = {
    "F": ResultStatus.FINAL,
    "U": ResultStatus.FINAL,
    "V": ResultStatus.FINAL,
    "C": ResultStatus.CORRECTED,
    "A": ResultStatus.CORRECTED,
    "B": ResultStatus.CORRECTED,
    "P": ResultStatus.PRELIMINARY,
    "R": ResultStatus.PRELIMINARY,
    "S": ResultStatus.PRELIMINARY,
    "I": ResultStatus.PENDING,
    "X": ResultStatus.CANCELLED,
}
_LEFT_OUT = frozenset("DWNO")
_FLAGS = {"MS": "I", "VS": "S"}
_ATTACHED = frozenset({"ED", "RP"})
_SUSCEPTIBILITY = frozenset({"S", "I", "R", "SDD", "NS", "SYN-S", "SYN-R"})
_ORGANISM = frozenset({"600-7", "6463-4", "630-4", "634-6", "6462-6", "624-7", "625-4", "11475-1", "17898-8", "580-1"})
"""LOINC codes of "organism identified"."""


@dataclass(frozen=True, slots=True, repr=False)
class Observation:
    """``analysis`` is None for a remark alone; ``organism`` is a name and its code; ``kind`` is OBX-2."""

    analysis: Analysis | None
    kind: str
    sub_id: str = ""
    organism: tuple[str, Code | None] | None = None
    remark: str = ""

    @property
    def is_susceptibility(self) -> bool:
        """A line of an antibiogram, by its interpretation."""
        return self.analysis is not None and bool(_SUSCEPTIBILITY & set(self.analysis.flags))

    def continues(self, former: Observation) -> bool:
        """The next lines of the same text."""
        mine, theirs = self.analysis, former.analysis
        if not mine or not theirs or self.kind not in ("TX", "FT") or former.kind != self.kind:
            return False
        same = (mine.name, mine.code, mine.local_code, mine.status, mine.observed_at)
        return same == (theirs.name, theirs.code, theirs.local_code, theirs.status, theirs.observed_at)

    def with_more(self, following: Observation) -> Observation:
        """Both texts as one."""
        mine, theirs = self.analysis, following.analysis
        if not mine or not theirs:
            return self
        texts = [each.value.text for each in (mine, theirs) if isinstance(each.value, TextValue)]
        comments = [each.comment for each in (mine, theirs) if each.comment]
        return replace(self, analysis=replace(mine, value=TextValue("\n".join(texts)), comment="\n".join(comments)))


def read_observation(
    obx: Segment, notes: list[str], status: ResultStatus, collected_at: datetime | None
) -> Observation | None:
    """None for what the laboratory withdrew or nobody asked. ``status`` is the order's, for an OBX that has none."""
    letter = obx.text(11).upper()[:1]
    if letter in _LEFT_OUT:
        return None
    remark = "\n".join(note for note in notes if note)
    state = _STATUS.get(letter, status if not letter else ResultStatus.PRELIMINARY)
    value = read_value(obx)
    kind, place = obx.text(2).upper(), obx.text(4)
    code, local_code, name = _named(obx)
    if value is None and state.is_complete and state is not ResultStatus.CANCELLED:
        lost = "pièce jointe non reprise" if kind in _ATTACHED else ""
        said = " ".join(part for part in (lost, remark) if part)
        return Observation(None, kind, place, remark=f"{name} : {said}" if said else "")
    if code and code.code in _ORGANISM and kind in ("CE", "CWE", "CNE") and place and state.is_complete:
        return Observation(None, kind, place, organism=_organism(obx))
    flags, unknown = _flags(obx)
    analysis = Analysis(
        name=name or "Analyse",
        value=None if state is ResultStatus.CANCELLED else value,
        code=code,
        local_code=local_code,
        status=state,
        flags=flags,
        reference=read_reference(obx),
        method=_one_line(obx.text(17, 2) or obx.text(17)),
        observed_at=read_moment(obx.text(14)) or collected_at,
        comment="\n".join(part for part in (remark, unknown) if part),
    )
    return Observation(analysis, kind, place)


def _named(obx: Segment) -> tuple[Code | None, Code | None, str]:
    """OBX-3, in either order: the LOINC code, the laboratory's, and the name it uses."""
    field = obx.first(3)
    triples = [tuple(field.text(n) for n in range(start, start + 3)) for start in (1, 4)]
    loinc = next((t for t in triples if t[2].upper() == "LN" and re.fullmatch(r"\d{1,7}-\d", t[0])), None)
    pending = next((t for t in triples if t[2] == PENDING_LOINC and t[0]), None)
    local = next((t for t in triples if t[0] and t not in (loinc, pending)), None)
    known = loinc or pending
    name = _one_line((local and local[1]) or (known and known[1]) or (local and local[0]) or field.text(9))
    system = LOINC if loinc else PENDING_LOINC
    code = Code(known[0], system, _one_line(known[1]) or name or known[0]) if known else None
    return code, Code(local[0], "", _one_line(local[1]) or local[0]) if local else None, name


def _organism(obx: Segment) -> tuple[str, Code | None]:
    value = obx.first(5)
    coded = read_value(obx)
    name = _one_line(value.text(9) or value.text(2) or value.text(5) or value.text(1))
    code = coded.code if isinstance(coded, CodedValue) and coded.code.system == SNOMED_CT else None
    return name or "Germe", code


def _flags(obx: Segment) -> tuple[tuple[str, ...], str]:
    """OBX-8 in the codes of the rules; a flag that they do not have is told in words rather than lost."""
    given = [flag for each in obx.repetitions(8) for flag in [_FLAGS.get(each.text().upper(), each.text().upper())]]
    known = tuple(dict.fromkeys(flag for flag in given if flag in INTERPRETATIONS))
    unknown = [flag for flag in given if flag and flag not in INTERPRETATIONS]
    return known, f"Indicateur du laboratoire : {', '.join(unknown)}" if unknown else ""


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())[:300]


# -- the page --------------------------------------------------------------------------------------------------------


def is_document(obx: Segment) -> bool:
    """An OBX that carries a PDF instead of a result."""
    return obx.text(2).upper() == "ED" and "PDF" in (obx.text(5, 2) + obx.text(5, 3)).upper()


def read_pdf(obx: Segment) -> bytes:
    """The PDF of an ED value in base64. Raises Hl7Problem."""
    value: Repetition = obx.first(5)
    if value.text(4).upper() != "BASE64":
        raise Hl7Problem("base64 expected", place="OBX-5")
    try:
        return base64.b64decode(re.sub(r"\s", "", value.text(5)), validate=True)
    except (binascii.Error, ValueError):
        raise Hl7Problem("not base64", place="OBX-5") from None
