"""TD0.4: ``patientList``, the dossiers that a professional may consult. Facts: protocol 2.1, notes 2 and 3 of 4.1.

The SOAP action is formed like those of the same service that are known.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml import etree

from praticien.access import DossierState
from reference_server import names, xml
from reference_server.access import AuthMode
from reference_server.errors import BadRequest, Fault
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.names import q
from reference_server.services import Handler
from reference_server.services.professionals import stamp
from reference_server.storage import dossiers, traces
from reference_server.storage import habilitations as stored
from reference_server.storage.habilitations import Activity, Listed
from reference_server.storage.tables import PersonRow
from reference_server.xml import Element

ACTION = "urn:si-dmp-patients:PatientSpecificEndPoint:patientList"
_BY_AUTHORISATION, _BY_DOCUMENT = "LASTAUTORIZATION", "LASTDOC"
_CIVILITIES = {"M": "M", "F": "MME"}


def answer(exchange: Exchange) -> Answer:
    """One element a dossier, then DMPOk."""
    exchange.require_alone(Function.DOSSIERS)
    kind = xml.local_text(exchange.payload, "dateType") or _BY_AUTHORISATION
    if kind not in (_BY_AUTHORISATION, _BY_DOCUMENT):
        raise BadRequest("InvalidDateType", "dateType LASTAUTORIZATION ou LASTDOC est attendu")
    start = _start(exchange, kind)
    response = etree.Element(_name("patientListResponse"), nsmap={"pat": names.PATIENTS})
    holders = _holders(exchange)
    listed: set[str] = set()
    for person, one in stored.dossiers_of(exchange.session, holders, exchange.now):
        activity = stored.activity(exchange.session, person.matricule)
        moment = one.since if kind == _BY_AUTHORISATION else activity.addition
        late = start is None or (moment is not None and moment >= start)
        if late and person.matricule not in listed and person.state == DossierState.OPEN.value:
            listed.add(person.matricule)
            _add(response, person, one, activity, _standing(exchange, person, holders[0]))
    xml.add(response, _name("status"), "DMPOk")
    return Answer(response, ACTION + "Response")


def _name(name: str) -> str:
    return q(names.PATIENTS, name)


def _start(exchange: Exchange, kind: str) -> datetime | None:
    """From when on; a structure's certificate must say it, and sees new authorisations only (note 3)."""
    text = xml.local_text(exchange.payload, "startDate")
    if exchange.caller.actor.auth_mode is AuthMode.INDIRECT and (not text or kind != _BY_AUTHORISATION):
        raise BadRequest("InvalidDate", "une structure liste ses nouvelles autorisations, depuis une date")
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise BadRequest("InvalidDate", "startDate AAAAMMJJhhmmss est attendu") from None


def _holders(exchange: Exchange) -> tuple[str, ...]:
    """Whose authorisations: one's own; for staff a professional of the same structure (note 2), or the structure."""
    caller, owner = exchange.caller, xml.local_text(exchange.payload, "psOwnerId")
    structure = caller.structure.national_id
    if not owner or owner == caller.identifier:
        return caller.holders
    if caller.is_staff and re.fullmatch(r"\w+", owner) and dossiers.is_linked(exchange.session, owner, structure):
        return (owner, structure)
    sentence = "La liste demandée est celle d'un professionnel d'une autre structure, ou d'un autre que soi."
    raise Fault("DMPFunctionNotAllowed", sentence, rule="list.other_professional")


def _standing(exchange: Exchange, person: PersonRow, professional: str) -> dict[str, str]:
    """Whether they are médecin traitant, and the last thing they were told of this dossier (R.1111-48, R.1111-53)."""
    treating = professional in dossiers.treating_physicians(exchange.session, person.matricule)
    told = traces.notifications_of(exchange.session, person.matricule)
    last = next((row.text for row in told if row.recipient == professional), "")
    return {"MT": str(treating).lower(), "message": last}


def _add(response: Element, person: PersonRow, one: Listed, activity: Activity, standing: dict[str, str]) -> None:
    listed = xml.add(response, _name("list"))
    identifier = xml.add(listed, _name("patientIdentifier"))
    xml.add(identifier, _name("nationalId"), person.matricule)
    xml.add(identifier, _name("nationalIdType"), person.oid)
    values = {
        "lastName": person.birth_name,
        "patronymicalName": person.birth_name,
        "firstName": person.first_names[0],
        "civility": _CIVILITIES.get(person.sex, ""),
        "dateOfBirth": person.birth_date,
        **standing,
        "lastAccessDate": stamp(one.last_action),
        "lastUpdateDate": stamp(activity.update),
        "lastAddDate": stamp(activity.addition),
    }
    for name, value in values.items():
        xml.add(listed, _name(name), value)


HANDLERS = {q(names.PATIENTS, "patientList"): Handler(ACTION, answer)}
