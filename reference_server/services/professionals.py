"""TD1.6: ``listAuthorizationByPatient``, who may consult this dossier, who is blocked. Facts: protocol 2.1."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree
from sqlalchemy.orm import Session

from praticien.identity import Ins
from reference_server import names, xml
from reference_server.errors import BadRequest
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.names import q
from reference_server.services import Handler
from reference_server.services.habilitations import patient_of
from reference_server.storage import dossiers
from reference_server.storage import habilitations as stored
from reference_server.storage.habilitations import Listed
from reference_server.xml import Element

ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:listAuthorizationByPatient"
_ACTIVE, _BLOCKED = "ACTIVE", "INTERDITE"
_MODES = {_ACTIVE: {_ACTIVE}, _BLOCKED: {_BLOCKED}, "TOUTE": {_ACTIVE, _BLOCKED}}


def answer(exchange: Exchange) -> Answer:
    """One element a professional or structure, then DMPOk. What has expired is no longer listed."""
    target = exchange.target(Function.PROFESSIONALS, patient_of(exchange))
    mode = xml.local_text(exchange.payload, "mode").upper()
    if mode not in _MODES:
        raise BadRequest("InvalidMode", "mode ACTIVE, INTERDITE ou TOUTE est attendu")
    exchange.require(Function.PROFESSIONALS, target)
    response = etree.Element(_name("listAuthorizationByPatientResponse"), nsmap={"hab": names.HABILITATIONS})
    for one in stored.holders_of(exchange.session, target.matricule):
        expired = not one.row.forbidden and one.row.valid_until <= exchange.now.isoformat()
        if _mode(one) in _MODES[mode] and not expired:
            _add(response, exchange.session, target, one)
    xml.add(response, _name("status"), "DMPOk")
    xml.add(response, _name("context"), "")
    return Answer(response, ACTION + "Response")


def _name(name: str) -> str:
    return q(names.HABILITATIONS, name)


def _mode(one: Listed) -> str:
    return _BLOCKED if one.row.forbidden else _ACTIVE


def _add(response: Element, session: Session, patient: Ins, one: Listed) -> None:
    holder = one.row.holder
    known = stored.professional(session, holder)
    treating = holder in dossiers.treating_physicians(session, patient.matricule)
    values = {
        "nationalId": holder,
        "nationalIdType": "IDNPS" if known else "IDNST",
        "firstName": known.given_name if known else "",
        "lastName": known.family_name if known else stored.structure_name(session, holder),
        "codeSpeciality": _specialty(known.profession, known.specialty) if known else "",
        "libSpeciality": "",
        "startOfAuthorization": stamp(one.since),
        "lastActionDate": stamp(one.last_action),
        "mode": _mode(one),
        "specificRight": "MEDECIN_TRAITANT" if treating else "",
    }
    listed = xml.add(response, _name("list"))
    for name, value in values.items():
        xml.add(listed, _name(name), value)


def _specialty(profession: str, specialty: str) -> str:
    return f"G15_{profession}/{specialty}" if specialty else f"G15_{profession}"


def stamp(moment: datetime | None) -> str:
    """YYYYMMDDhhmmss in UTC, or nothing."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S") if moment else ""


HANDLERS = {q(names.HABILITATIONS, "listAuthorizationByPatient"): Handler(ACTION, answer)}
