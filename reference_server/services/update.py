"""TD3.3: ITI-57, mask or unmask, make visible, archive, delete. Nothing is ever deleted but logically."""

from __future__ import annotations

from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import document_rights, names
from reference_server.access import Dossier
from reference_server.access_rules import Rule
from reference_server.errors import Finding, RegistryRefusal
from reference_server.exchange import Answer, Exchange, refusal
from reference_server.functional_matrix import Function
from reference_server.metadata import codes, registration, submission, update, versions
from reference_server.metadata.submission import Received
from reference_server.metadata.update import Change
from reference_server.names import q
from reference_server.services import Handler
from reference_server.services.responses import registry_response
from reference_server.services.visibility import document_of, is_known
from reference_server.storage import documents
from reference_server.storage.tables import DocumentRow

ACTION = "urn:ihe:iti:2010:UpdateDocumentSet"
_HIDDEN = frozenset({Rule.MASKED, Rule.TYPE_CLOSED})
_REPRESENTATIVES = codes.INVISIBLE_TO_REPRESENTATIVES
_TOLD = {
    Function.MASK: "a masqué aux professionnels de santé le document « {} »",
    Function.UNMASK: "a rendu visible aux professionnels de santé le document « {} »",
    Function.MAKE_VISIBLE: "a rendu visible le document « {} »",
    Function.DELETE: "a supprimé de votre dossier le document « {} »",
    Function.ARCHIVE: "a archivé ou désarchivé le document « {} »",
}


def answer(exchange: Exchange) -> Answer:
    """Do what the message asks, all of it or nothing."""
    exchange.target(Function.ARCHIVE, None)  # until the message says which act it is
    received = submission.read(exchange.payload, exchange.request.parts)
    patient = exchange.target(Function.ARCHIVE, _patient(received))
    if documents.is_submitted(exchange.session, received.submission_set.unique_id):
        raise RegistryRefusal(Finding("SS-KNOWN", "XDSDuplicateUniqueIdInRegistry", "Ce lot est déjà enregistré."))
    taken = registration.package_findings(exchange.session, received.submission_set)
    if taken:
        raise RegistryRefusal(*taken)
    standing = exchange.dossier(patient)
    changes = update.changes(received, lambda entry_uuid: _document(exchange, standing, patient, entry_uuid))
    exchange.trace.documents = [one.row.unique_id for one in changes]
    dossier = exchange.require(changes[0].function, patient)
    for one in changes:
        _check(exchange, dossier, one)
    _check_secrecy(exchange, changes)
    _apply(exchange, dossier, received, changes)
    return Answer(registry_response(names.STATUS_SUCCESS), ACTION + "Response")


def refuse(findings: tuple[Finding, ...]) -> Answer:
    """A failure with its errors."""
    return Answer(registry_response(names.STATUS_FAILURE, findings), ACTION + "Response")


def _patient(received: Received) -> Ins:
    try:
        return Ins.from_cx(received.submission_set.patient_id)
    except InvalidInput:
        finding = Finding("SS-PATIENT-ID", "XDSUnknownPatientId", "Le patientId du lot n'est pas un matricule INS.")
        raise RegistryRefusal(finding) from None


def _document(exchange: Exchange, dossier: Dossier, patient: Ins, entry_uuid: str) -> DocumentRow | None:
    """A document of this patient that the caller may know of: no finding tells of another. A lot signature is none."""
    row = documents.by_entry_uuid(exchange.session, entry_uuid)
    if row is None or row.matricule != patient.matricule or documents.is_lot_signature(row):
        return None
    return row if is_known(exchange, dossier, row) else None


def _check(exchange: Exchange, dossier: Dossier, change: Change) -> None:
    """Raises Fault; a document that the caller may not see is answered like an unknown one."""
    document = document_of(exchange, change.row)
    actor, today = exchange.caller.actor, exchange.now.date()
    verdict = document_rights.decide(change.function, actor, dossier, document, today)
    exchange.trace.rule = verdict.rule.value
    if verdict.rule in _HIDDEN:
        raise RegistryRefusal(update.UNKNOWN)
    if not verdict.allowed:
        raise refusal(verdict)


def _check_secrecy(exchange: Exchange, changes: list[Change]) -> None:
    """What was hidden from the legal representatives is not shown to them in a secret connection (R.1111-50)."""
    for one in changes:
        was = documents.is_hidden_from_representatives(one.row)
        if exchange.caller.secret and was and one.entry and _REPRESENTATIVES not in one.entry.confidentiality:
            sentence = "En connexion secrète, un document reste invisible aux représentants légaux."
            raise RegistryRefusal(Finding("SECRET-VISIBLE", update.UPDATE_ERROR, sentence))


def _apply(exchange: Exchange, dossier: Dossier, received: Received, changes: list[Change]) -> None:
    caller, session = exchange.caller, exchange.session
    identifiers = {one.entry.id: one.row.entry_uuid for one in changes if one.entry}
    depositor = (caller.identifier, caller.structure.national_id)
    registration.keep_package(session, received.submission_set, identifiers, depositor, exchange.now)
    for one in changes:
        if one.entry:
            versions.set_visibility(one.row, one.entry)
        else:
            registration.set_status(session, one.row.entry_uuid, one.status)
        registration.keep_association(session, one.association, identifiers, received.submission_set.unique_id)
        _tell(exchange, dossier, one)


def _tell(exchange: Exchange, dossier: Dossier, change: Change) -> None:
    """The patient is told of what they may know of; a minor's legal representatives read along."""
    caller = exchange.caller
    if documents.is_known_to_patient(change.row, dossier.minor):
        who = caller.structure.name if caller.is_staff else f"{caller.display} ({caller.structure.name})"
        exchange.tell_patient(f"{who} {_TOLD[change.function].format(change.row.title)}.")


HANDLERS = {q(names.LCM, "SubmitObjectsRequest"): Handler(ACTION, answer, refuse)}
