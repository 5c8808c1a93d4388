"""Yes-or-no observations of a prescribed line: long-term illness, work accident, prevention, refund, off label."""

from __future__ import annotations

from praticien.documents.cda_elements import Element, add, coded, hl7_time, stable_id, templates, typed
from praticien.documents.model import NewDocument
from praticien.documents.prescription import Flag, Line
from praticien.documents.prescription_words import flags_of
from praticien.documents.structured.sections import SIMPLE_OBSERVATION, add_reference
from praticien.metadata import Code

TA_ASIP = "1.2.250.1.213.1.1.4.322"
_FLAGS = {
    Flag.LONG_TERM_ILLNESS: ("13", Code("MED-574", TA_ASIP, "En rapport avec une ALD")),
    Flag.WORK_ACCIDENT: (
        "14",
        Code("GEN-180", TA_ASIP, "En rapport avec un accident du travail ou une maladie professionnelle"),
    ),
    Flag.PREVENTION: ("34", Code("GEN-295", TA_ASIP, "En rapport avec la prévention")),
    Flag.NOT_REFUNDED: ("15", Code("GEN-181", TA_ASIP, "Non remboursable")),
    Flag.OFF_LABEL: ("12", Code("GEN-179", TA_ASIP, "Hors Autorisation de Mise sur le Marché (AMM)")),
}
"""Last arc of the template under 1.2.250.1.213.1.1.3.48, and code."""


def add_flags(parent: Element, document: NewDocument, line: Line, id_: str) -> None:
    """Every flag that this kind of line must state, set or not."""
    for flag in flags_of(type(line)):
        _add_flag(parent, document, flag, flag in line.flags, f"{id_}-{flag.value}")


def _add_flag(parent: Element, document: NewDocument, flag: Flag, value: bool, id_: str) -> None:
    arc, code = _FLAGS[flag]
    relation = add(parent, "entryRelationship", typeCode="COMP")
    observation = add(relation, "observation", classCode="OBS", moodCode="EVN")
    templates(observation, *SIMPLE_OBSERVATION, f"1.2.250.1.213.1.1.3.48.{arc}")
    add(observation, "id", root=stable_id(document.unique_id, id_))
    coded(observation, "code", code).set("codeSystemName", "TA_ASIP")
    add_reference(observation, "text", id_)
    add(observation, "statusCode", code="completed")
    add(observation, "effectiveTime", value=hl7_time(document.created_at))
    typed(observation, "value", "BL", value="true" if value else "false")
