"""TD0.3: ``setAuthorization``, declare or withdraw an authorisation, become or stop being médecin traitant."""

from __future__ import annotations

from lxml import etree

from praticien.errors import InvalidInput
from praticien.identity import INS_OIDS, Ins
from reference_server import names, xml
from reference_server.access import Verdict
from reference_server.access_rules import Rule
from reference_server.errors import BadRequest, IdentityMismatch
from reference_server.exchange import Answer, Exchange, refusal
from reference_server.functional_matrix import Function
from reference_server.names import q
from reference_server.services import Handler
from reference_server.storage import dossiers

ACTION = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
_TREATING = "MEDECIN_TRAITANT"
_FUNCTIONS = {
    ("AJOUT", ""): Function.DECLARE,
    ("AJOUT", _TREATING): Function.DECLARE,
    ("SUPPRESSION", ""): Function.WITHDRAW,
    ("SUPPRESSION", _TREATING): Function.STOP_TREATING,
}
_TOLD = {
    ("AJOUT", ""): "a déclaré avoir votre accord pour consulter votre dossier",
    ("AJOUT", _TREATING): "s’est déclaré votre médecin traitant, autorisé à consulter votre dossier",
    ("SUPPRESSION", ""): "a mis fin à son autorisation de consulter votre dossier",
    ("SUPPRESSION", _TREATING): "ne se déclare plus votre médecin traitant",
}


def answer(exchange: Exchange) -> Answer:
    """Change the authorisation and say DMPOk."""
    act = (_word(exchange, "action"), _word(exchange, "role"))
    if act not in _FUNCTIONS:
        raise BadRequest("InvalidAction", "action ou role inconnu")
    function = _FUNCTIONS[act]
    target = exchange.target(function, patient_of(exchange))
    exchange.require(function, target)
    _apply(exchange, target, act)
    caller = exchange.caller
    exchange.tell_patient(f"{caller.display} ({caller.structure.name}) {_TOLD[act]}.")
    return Answer(_response(), ACTION + "Response")


def _word(exchange: Exchange, name: str) -> str:
    return xml.local_text(exchange.payload, name).upper()


def patient_of(exchange: Exchange) -> Ins | None:
    """The patient of the body, which may be left to the VIHF's resource-id."""
    matricule = xml.local_text(exchange.payload, "nationalId")
    kind = xml.local_text(exchange.payload, "nationalIdType")
    announced = exchange.caller.patient
    if not matricule or announced is None:
        return None
    try:
        return Ins(matricule, kind if kind in INS_OIDS else announced.oid)
    except InvalidInput:
        raise IdentityMismatch("nationalId n'est pas un matricule INS") from None


def _apply(exchange: Exchange, target: Ins, act: tuple[str, str]) -> None:
    caller, session = exchange.caller, exchange.session
    holder = caller.holders[0]
    match act:
        case ("AJOUT", role):
            if role and not _is_physician(exchange):
                raise refusal(Verdict(Rule.FUNCTION))
            dossiers.authorise(session, target, holder, exchange.now)
            if role:
                dossiers.add_treating(session, target, caller.identifier)
        case ("SUPPRESSION", ""):
            dossiers.withdraw(session, target, holder)
            dossiers.remove_treating(session, target, caller.identifier)
        case _:
            dossiers.remove_treating(session, target, caller.identifier)


def _is_physician(exchange: Exchange) -> bool:
    return exchange.caller.actor.profession == "10"


def _response() -> etree._Element:
    response = etree.Element(q(names.HABILITATIONS, "setAuthorizationResponse"), nsmap={"hab": names.HABILITATIONS})
    xml.add(response, q(names.HABILITATIONS, "status"), "DMPOk")
    xml.add(response, q(names.HABILITATIONS, "context"), "")
    return response


HANDLERS = {q(names.HABILITATIONS, "setAuthorization"): Handler(ACTION, answer)}
