"""TD1.1 to TD1.4: PRPA_IN201311UV02 creates a dossier, PRPA_IN201314UV02 reactivates, changes or closes one.

Creation and reactivation are of the time before Mon espace santé, whose dossiers open by themselves: kept for older
software. Changing and closing are for dossiers that are not attached to Mon espace santé alone. Identity traits are
never changed here: they come from INSi. Accepted with PRPA_IN201312UV02 or 201315, refused for the dossier's own sake
with 201313 or 201316 (facts: protocol 2, 2.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from praticien.access import DossierState
from reference_server import names, xml
from reference_server.access import Verdict
from reference_server.access_rules import Rule
from reference_server.errors import BadRequest, Fault, IdentityMismatch
from reference_server.exchange import Answer, Exchange, refusal
from reference_server.functional_matrix import Function
from reference_server.names import q
from reference_server.services import Handler, administrative_data
from reference_server.services.hl7 import (
    Shown,
    acknowledge,
    control_act,
    hl7,
    identifier_in,
    message,
    reason_of,
    registration,
)
from reference_server.services.patients import oppositions
from reference_server.storage import administrative, dossiers, traces
from reference_server.storage.tables import AdministrativeRow, PersonRow
from reference_server.xml import Element

CREATION, REVISION = "urn:hl7-org:v3:PRPA_IN201311UV02", "urn:hl7-org:v3:PRPA_IN201314UV02"
_GDP = "asip:ci-sis:gdp:2010"
_OF_DOSSIER = frozenset(
    rule.value for rule in (Rule.ATTACHED, Rule.ABSENT, Rule.CLOSED, Rule.EXISTS, Rule.CONSENT_MISSING)
) | {Rule.BEING_CREATED.value, Rule.CREATION_OPPOSED.value}
_CLOSING_MOTIVE = "FERMETURE_DEMANDE_PATIENT"


@dataclass(frozen=True, slots=True, repr=False)
class _Revision:
    """What a message asks: the whole of it, its patient, and what is stored of them."""

    request: Element
    given: Element
    person: PersonRow
    data: AdministrativeRow
    today: str


@dataclass(frozen=True, slots=True)
class _Act:
    """How one reason is answered."""

    function: Function
    do: Callable[[_Revision], None]
    told: str
    accepted: str
    refused: str


def answer(exchange: Exchange) -> Answer:
    """Accepted, or refused with the reason when it lies in the dossier."""
    act = _ACTS.get((xml.local_name(exchange.payload), reason_of(exchange.payload)))
    if act is None:
        raise BadRequest("InvalidReason", "le motif n'est pas de ceux que ce message peut avoir")
    given = _patient(exchange.payload)
    identifiers = [one for one in xml.children(given, hl7("id")) if one.get("extension")]
    if not identifiers:
        raise BadRequest("InvalidRequest", "l'identifiant du patient manque")
    target = exchange.target(act.function, identifier_in(identifiers[0]))
    person = dossiers.person(exchange.session, target)
    try:
        exchange.require(act.function, target)
        if person is None:
            raise IdentityMismatch("ce matricule INS est inconnu")
        data = administrative.of(exchange.session, target)
        act.do(_Revision(exchange.payload, given, person, data, exchange.now.strftime("%Y%m%d")))
    except Fault as fault:
        if fault.rule not in _OF_DOSSIER:
            raise
        return _refused(exchange, act, fault)
    caller = exchange.caller
    exchange.tell_patient(f"{caller.display} ({caller.structure.name}) {act.told}.")
    return _accepted(exchange, act, person, data)


def _patient(request: Element) -> Element:
    found = list(request.iter(hl7("patient")))
    if len(found) != 1:
        raise BadRequest("InvalidRequest", "un patient est attendu, un seul")
    return found[0]


def _require_consent(revision: _Revision, code: str) -> None:
    """The patient's consent, said in the message, is stored (EX_1.1-1010, EX_1.2-1030). Raises Fault."""
    if not administrative_data.stated(revision.given).get(code):
        raise refusal(Verdict(Rule.CONSENT_MISSING))
    revision.data.consents = {**revision.data.consents, code: revision.today}


def _create(revision: _Revision) -> None:
    person = revision.person
    _require_consent(revision, administrative_data.CONSENT_TO_OPENING)
    administrative_data.take(revision.given, person, revision.data)
    person.state, person.notice_sent_on, person.opposed_to_creation = DossierState.OPEN.value, "", False
    revision.data.attached = False


def _reactivate(revision: _Revision) -> None:
    _require_consent(revision, administrative_data.CONSENT_TO_REACTIVATION)
    administrative_data.take(revision.given, revision.person, revision.data)
    revision.person.state, revision.person.closed_on = DossierState.OPEN.value, ""


def _modify(revision: _Revision) -> None:
    administrative_data.take(revision.given, revision.person, revision.data)


def _close(revision: _Revision) -> None:
    statuses = [one.get("code") for one in xml.children(revision.given, hl7("statusCode"))]
    motives = [
        code.get("code")
        for event in revision.request.iter(hl7("detectedIssueEvent"))
        for code in xml.children(event, hl7("code"))
    ]
    if statuses != ["terminated"] or motives != [_CLOSING_MOTIVE]:
        raise BadRequest("InvalidRequest", "le statut terminated et le motif de fermeture sont attendus")
    revision.person.state, revision.person.closed_on = DossierState.CLOSED.value, revision.today


def _accepted(exchange: Exchange, act: _Act, person: PersonRow, data: AdministrativeRow) -> Answer:
    root = message(exchange, act.accepted)
    acknowledge(root, exchange.payload)
    registration(control_act(root, _event(act.accepted)), Shown(person, oppositions(person), data))
    return Answer(root, f"urn:hl7-org:v3:{act.accepted}")


def _refused(exchange: Exchange, act: _Act, fault: Fault) -> Answer:
    exchange.trace.outcome, exchange.trace.rule = traces.REFUSED, fault.rule
    root = message(exchange, act.refused)
    acknowledge(root, exchange.payload, "AE", (fault.subcode, fault.sentence))
    control_act(root, _event(act.refused))
    return Answer(root, f"urn:hl7-org:v3:{act.refused}")


def _event(interaction: str) -> str:
    return interaction.replace("_IN", "_TE")


def _revises(function: Function, do: Callable[[_Revision], None], told: str) -> _Act:
    return _Act(function, do, told, "PRPA_IN201315UV02", "PRPA_IN201316UV02")


_ACTS = {
    ("PRPA_IN201311UV02", "CREA_RD"): _Act(
        Function.CREATE, _create, "a créé votre dossier avec votre accord", "PRPA_IN201312UV02", "PRPA_IN201313UV02"
    ),
    ("PRPA_IN201314UV02", "REAC"): _revises(
        Function.REACTIVATE, _reactivate, "a réactivé votre dossier avec votre accord"
    ),
    ("PRPA_IN201314UV02", "MODIF_DATA"): _revises(
        Function.MODIFY, _modify, "a modifié les données administratives de votre dossier"
    ),
    ("PRPA_IN201314UV02", "FERM"): _revises(Function.CLOSE, _close, "a fermé votre dossier à votre demande"),
}
HANDLERS = {
    q(space, action.rpartition(":")[2]): Handler(action, answer)
    for space in (names.HL7, _GDP)
    for action in (CREATION, REVISION)
}
