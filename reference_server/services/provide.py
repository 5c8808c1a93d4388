"""TD2.1 and TD2.2: ITI-41, a submission set with its documents and its lot signature."""

from __future__ import annotations

from dataclasses import dataclass, replace

from praticien.errors import InvalidInput
from praticien.identity import Ins
from praticien.professional import CardKind
from reference_server import document_rights, names
from reference_server.access import Dossier
from reference_server.access_rules import Rule
from reference_server.errors import Fault, Finding, RegistryRefusal
from reference_server.exchange import Answer, Exchange, Request, refusal
from reference_server.functional_matrix import Function
from reference_server.metadata import cda, lot_signature, registration, submission
from reference_server.metadata.codes import INVISIBLE_TO_PATIENT, INVISIBLE_TO_REPRESENTATIVES
from reference_server.metadata.rules import METADATA_ERROR
from reference_server.metadata.submission import Received
from reference_server.metadata.views import AuthorView
from reference_server.names import SubmissionSetId, q
from reference_server.services import Handler
from reference_server.services.responses import registry_response
from reference_server.services.visibility import document_of, is_imputed
from reference_server.storage import documents

ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"


@dataclass(frozen=True, slots=True, repr=False)
class _Prepared:
    """A submission read, what it breaks by itself, and how it will be stored if it breaks nothing."""

    received: Received | None = None
    findings: tuple[Finding, ...] = ()
    refusal: RegistryRefusal | Fault | None = None
    filing: registration.Filing | None = None


def prepare(request: Request) -> _Prepared:
    """Everything that the registry need not be asked for."""
    try:
        received = submission.read(request.payload, request.parts)
    except RegistryRefusal as refusal:
        return _Prepared(refusal=refusal)
    findings = list(submission.findings(received))
    for entry in received.documents:
        findings += cda.findings(entry, received.contents.get(entry.id, b""))
    if findings:
        return _Prepared(received, tuple(findings))
    try:
        lot_signature.check(received, request.signer, request.trust, request.now)
    except (RegistryRefusal, Fault) as refusal:
        return _Prepared(received, refusal=refusal)
    return _Prepared(received, filing=registration.filing(received))


def answer(exchange: Exchange) -> Answer:
    """Store the submission, all of it or nothing."""
    prepared = exchange.prepared
    assert isinstance(prepared, _Prepared)
    staff = exchange.caller.actor.card is CardKind.CPE
    function = Function.DEPOSIT_BY_STAFF if staff else Function.DEPOSIT
    exchange.target(function, None)
    received = prepared.received
    if received is None:
        assert prepared.refusal is not None
        raise prepared.refusal
    exchange.trace.documents = [entry.unique_id for entry in received.documents]
    dossier = exchange.require(function, _patient(received))
    filed = _checked(exchange, received, prepared)
    caller = exchange.caller
    _check_replaced(exchange, dossier, received)
    registration.check_against_registry(exchange.session, received)
    registration.register(exchange.session, filed, caller.identifier, caller.structure.national_id, exchange.now)
    _tell(exchange, received, dossier)
    return Answer(registry_response(names.STATUS_SUCCESS), ACTION + "Response")


_HIDDEN = frozenset({Rule.MASKED, Rule.TYPE_CLOSED})


def _check_replaced(exchange: Exchange, dossier: Dossier, received: Received) -> None:
    """Raises Fault for a document that is not the caller's to replace; one they may not see is answered as unknown."""
    caller = exchange.caller
    for entry_uuid in received.replacements.values():
        row = documents.by_entry_uuid(exchange.session, entry_uuid)
        if row is None or caller.patient is None or row.matricule != caller.patient.matricule:
            continue  # said with the other findings
        document = replace(document_of(exchange, row), imputed=is_imputed(row, caller.structure.national_id))
        verdict = document_rights.may_replace(caller.actor, dossier, document, exchange.now.date())
        if verdict.rule in _HIDDEN:
            exchange.trace.rule = verdict.rule.value
            raise RegistryRefusal(registration.UNKNOWN_FORMER)
        if not verdict.allowed:
            raise refusal(verdict)


def refuse(findings: tuple[Finding, ...]) -> Answer:
    """A failure with its errors."""
    return Answer(registry_response(names.STATUS_FAILURE, findings), ACTION + "Response")


def _patient(received: Received) -> Ins:
    try:
        return Ins.from_cx(received.submission_set.patient_id)
    except InvalidInput:
        finding = Finding("SS-PATIENT-ID", "XDSUnknownPatientId", "Le patientId du lot n'est pas un matricule INS.")
        raise RegistryRefusal(finding) from None


def _checked(exchange: Exchange, received: Received, prepared: _Prepared) -> registration.Filing:
    findings = [*prepared.findings, *_imputation_findings(exchange, received), *_secrecy_findings(exchange, received)]
    if findings:
        raise RegistryRefusal(*findings)
    if prepared.refusal:
        raise prepared.refusal
    assert prepared.filing is not None
    return prepared.filing


def _secrecy_findings(exchange: Exchange, received: Received) -> list[Finding]:
    """In a secret connection every document is hidden from the legal representatives (R.1111-50)."""
    hidden = all(INVISIBLE_TO_REPRESENTATIVES in entry.confidentiality for entry in received.documents)
    if hidden or not exchange.caller.secret:
        return []
    sentence = "En connexion secrète, tout document doit être invisible aux représentants légaux."
    return [Finding("SECRET-VISIBLE", METADATA_ERROR, sentence)]


def _imputation_findings(exchange: Exchange, received: Received) -> list[Finding]:
    """What staff or a structure deposits is imputed to the structure, and never authored by the card's holder."""
    caller = exchange.caller
    if not caller.is_staff:
        return []
    findings = []
    authors = [author for entry in received.documents for author in entry.author_views]
    responsible = [value for entry in received.documents for value in entry.slot("legalAuthenticator")]
    written = {person.identifier for author in authors for person in author.persons}
    if caller.identifier in written | {value.split("^")[0] for value in responsible}:
        sentence = "L'auteur et le responsable du document sont des professionnels, jamais le porteur de la carte."
        findings.append(Finding("STAFF-AUTHOR", METADATA_ERROR, sentence))
    if not all(_is_imputed(author, caller.structure.national_id) for author in _imputed(authors, received)):
        sentence = "Le dépôt doit être imputé à la structure du VIHF (authorInstitution)."
        findings.append(Finding("STAFF-STRUCTURE", METADATA_ERROR, sentence))
    return findings


def _imputed(authors: list[AuthorView], received: Received) -> list[AuthorView]:
    return [*authors, *received.submission_set.authors(SubmissionSetId.AUTHOR)]


def _is_imputed(author: AuthorView, structure: str) -> bool:
    return structure in {place.identifier for place in author.institutions}


def _tell(exchange: Exchange, received: Received, dossier: Dossier) -> None:
    """The patient is told of each deposit but of what is not to be seen: by them yet (R.1111-53), or in a minor's
    space by the legal representatives who read along (R.1111-50).
    """
    caller = exchange.caller
    hidden = {INVISIBLE_TO_PATIENT, *([INVISIBLE_TO_REPRESENTATIVES] if dossier.minor else [])}
    who = caller.structure.name if caller.is_staff else f"{caller.display} ({caller.structure.name})"
    for entry in received.documents:
        if not hidden & set(entry.confidentiality):
            exchange.tell_patient(f"{who} a déposé dans votre dossier le document « {entry.name} ».")


HANDLERS = {q(names.XDSB, "ProvideAndRegisterDocumentSetRequest"): Handler(ACTION, answer, refuse, prepare=prepare)}
