"""One prescribed medical device: FR-Dispositif-medical (1.2.250.1.213.1.1.3.20)."""

from __future__ import annotations

from praticien.documents.cda_elements import Element, add, stable_id, templates, typed
from praticien.documents.model import NewDocument
from praticien.documents.prescription import LPP, DeviceLine
from praticien.documents.structured.flags import add_flags
from praticien.documents.structured.sections import add_reference


def add_device(entry: Element, document: NewDocument, line: DeviceLine, id_: str) -> None:
    """The supply of ``line``; ``id_`` names its row in the narrative."""
    supply = add(entry, "supply", classCode="SPLY", moodCode="INT")
    templates(supply, "2.16.840.1.113883.10.20.1.34", "1.2.250.1.213.1.1.3.20")
    add(supply, "id", root=stable_id(document.unique_id, id_))
    add_reference(supply, "text", id_)
    _period(supply, document, line)
    add(supply, "repeatNumber", value=str(line.renewals))
    add(supply, "quantity", value=str(line.quantity))
    _use_time(supply, document, line)
    _device(supply, line, id_)
    add_flags(supply, document, line, id_)


def _period(supply: Element, document: NewDocument, line: DeviceLine) -> None:
    period = typed(supply, "effectiveTime", "IVL_TS")
    first = document.service_start.date()
    add(period, "low", value=f"{first:%Y%m%d}")
    if line.duration and line.duration.last_day(first) > first:
        add(period, "high", value=f"{line.duration.last_day(first):%Y%m%d}")


def _use_time(supply: Element, document: NewDocument, line: DeviceLine) -> None:
    """Days of use, whatever the duration was typed in."""
    if line.duration:
        first = document.service_start.date()
        days = (line.duration.end(first) - first).days
        add(add(supply, "expectedUseTime"), "width", value=str(days), unit="d")


def _device(supply: Element, line: DeviceLine, id_: str) -> None:
    role = add(add(supply, "participant", typeCode="DEV"), "participantRole", classCode="MANU")
    device = add(role, "playingDevice", classCode="DEV", determinerCode="INSTANCE")
    code = add(device, "code", nullFlavor="NA")
    add_reference(code, "originalText", f"{id_}-nom")
    if line.code:
        said = {"code": line.code.code, "displayName": line.name.strip(), "codeSystem": line.code.system}
        said |= {"codeSystemName": "LPP"} if line.code.system == LPP else {}
        add(code, "translation", **said)
