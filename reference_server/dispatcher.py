"""From the octets of a request to the octets of an answer: the whole way, without any network.

Order: MIME, SOAP, VIHF, then one database transaction for directory, access rules, act, trace and notifications.
A refusal rolls that transaction back and is traced in one of its own.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from praticien.access import AccessMode
from reference_server import certificates, mtom, soap
from reference_server.caller import Caller, admit
from reference_server.certificates import TrustStore, subject_of
from reference_server.errors import BadRequest, Fault, RegistryRefusal
from reference_server.exchange import Answer, Exchange, Request, refused_emergency_notice
from reference_server.schemas import Schemas
from reference_server.services import (
    Handler,
    administrative,
    dossier_list,
    habilitations,
    insi,
    patients,
    professionals,
    provide,
    registry,
    retrieve,
    search,
    search_continuation,
    update,
)
from reference_server.soap import Envelope
from reference_server.storage import traces
from reference_server.storage.database import Database
from reference_server.storage.tables import PersonRow
from reference_server.storage.traces import Trace
from reference_server.vihf import Verifier
from reference_server.vihf_content import Vihf

log = logging.getLogger(__name__)

_HANDLERS: dict[str, dict[str, Handler]] = {
    "patients": patients.HANDLERS | administrative.HANDLERS,
    "patientsSpecific": dossier_list.HANDLERS,
    "patientsPDQ": search.HANDLERS | search_continuation.HANDLERS,
    "habilitations": habilitations.HANDLERS | professionals.HANDLERS,
    "registry": registry.HANDLERS | update.HANDLERS,
    "repository": provide.HANDLERS | retrieve.HANDLERS,
    "insi": {},
}
SERVICES = frozenset(_HANDLERS)
_MTOM_ANSWERS = frozenset({"repository"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    content_type: str
    body: bytes


@dataclass(slots=True)
class _Call:
    """What is known of a call so far, for its trace."""

    service: str
    trace: Trace
    relates_to: str = ""
    caller: Caller | None = None


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


class Dispatcher:
    """Answers requests; safe to call from several threads."""

    def __init__(
        self,
        database: Database,
        trust: TrustStore,
        *,
        clock: Callable[[], datetime] = utc_now,
        schemas: Schemas | None = None,
        beforehand: Callable[[], None] = lambda: None,
        meanwhile: Callable[[Exchange], None] | None = None,
    ) -> None:
        """``beforehand`` comes before each call is looked at; ``meanwhile`` after each exchange that ends well, in the
        same transaction.
        """
        self._database = database
        self._trust = trust
        self._verifier = Verifier(trust)
        self._clock = clock
        self._schemas = schemas
        self._beforehand, self._meanwhile = beforehand, meanwhile

    def handle(self, service: str, content_type: str, body: bytes, peer: bytes) -> Reply:
        """Answer a request of the holder of the TLS certificate ``peer`` (DER). Never raises."""
        call = _Call(service, Trace(at=self._clock().isoformat()))
        try:
            reply = self._answered(call, content_type, body, peer)
        except Fault as fault:
            self._trace_refusal(call, fault.rule)
            reply = self.fault_reply(service, fault, call.relates_to)
        except Exception as error:  # our bug: a clean fault outside, the place (never the data) in the log
            reply = self._bug(call, error)
        log.info("%s %s %s", call.trace.transaction or service, reply.status, call.trace.rule)
        return reply

    def fault_reply(self, service: str, fault: Fault, relates_to: str = "") -> Reply:
        """A fault as an HTTP answer, in MTOM where the service answers so."""
        return self._packed(service, fault.status, soap.fault(fault, relates_to), ())

    def _answered(self, call: _Call, content_type: str, body: bytes, peer: bytes) -> Reply:
        self._beforehand()
        certificate = certificates.load(peer)
        subject = subject_of(certificate)
        call.trace.actor, call.trace.structure = subject.common_name, subject.structure_id
        package = mtom.read(content_type, body)
        envelope = soap.read(package.root)
        call.relates_to = call.trace.message_id = envelope.message_id
        handler = self._handler(call.service, envelope)
        vihf = self._verifier.verify(envelope, certificate, self._clock(), handler.audience)
        _describe(call.trace, vihf)
        self._check_schema(envelope)
        answer = self._transaction(call, handler, envelope, package.parts, vihf)
        octets = soap.answer(answer.payload, answer.action, envelope.message_id, answer.stored)
        if self._schemas:
            self._schemas.check(soap.payload_of(octets))
        return self._packed(call.service, 200, octets, answer.attachments)

    def _check_schema(self, envelope: Envelope) -> None:
        if self._schemas:
            self._schemas.check(envelope.payload)

    def _handler(self, service: str, envelope: Envelope) -> Handler:
        if service == "insi":
            handler = insi.handler(envelope.action, envelope.header)
        else:
            handler = _HANDLERS[service].get(envelope.payload.tag)
        if handler is None or handler.action != envelope.action:
            raise BadRequest("ActionNotSupported", "l'action et le contenu ne sont pas ceux de ce service")
        return handler

    def _transaction(
        self, call: _Call, handler: Handler, envelope: Envelope, parts: dict[str, bytes], vihf: Vihf
    ) -> Answer:
        request = Request(vihf.subject, envelope.payload, parts, self._trust, self._clock())
        prepared = handler.prepare(request) if handler.prepare else None
        try:
            with self._database.transaction() as session:
                call.caller = caller = admit(session, vihf)
                call.trace.actor_name, call.trace.structure_name = caller.display, caller.structure.name
                exchange = Exchange(session, caller, request, call.trace, prepared)
                answer = handler.answer(exchange)
                exchange.close()
                if self._meanwhile:
                    self._meanwhile(exchange)
                return answer
        except RegistryRefusal as refusal:
            if handler.refuse is None:
                raise
            self._trace_refusal(call, refusal.findings[0].rule)
            return handler.refuse(refusal.findings)

    def _trace_refusal(self, call: _Call, rule: str, outcome: str = traces.REFUSED) -> None:
        call.trace.outcome, call.trace.rule = outcome, rule
        with self._database.transaction() as session:
            number = traces.append(session, call.trace)
            caller, matricule = call.caller, call.trace.matricule
            tried_emergency = caller is not None and caller.mode is not AccessMode.NORMAL and not caller.secret
            if caller and tried_emergency and matricule and session.get(PersonRow, matricule):
                text = refused_emergency_notice(caller)
                traces.notify(session, matricule, text, number, call.trace.at)

    def _bug(self, call: _Call, error: Exception) -> Reply:
        frames = traceback.extract_tb(error.__traceback__)
        places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
        log.error("internal error %s at %s", type(error).__name__, places)
        fault = Fault("InternalError", "Le serveur a rencontré une erreur interne.", role="Receiver", status=500)
        try:
            self._trace_refusal(call, "internal", traces.FAILED)
        except Exception as again:  # the database itself may be what fails
            log.error("not traced: %s", type(again).__name__)
        return self.fault_reply(call.service, fault, call.relates_to)

    @staticmethod
    def _packed(service: str, status: int, octets: bytes, attachments: tuple[mtom.Attachment, ...]) -> Reply:
        if service in _MTOM_ANSWERS:
            content_type, body = mtom.write(octets, attachments)
            return Reply(status, content_type, body)
        return Reply(status, f"{mtom.SOAP_TYPE}; charset=utf-8", octets)


def _describe(trace: Trace, vihf: Vihf) -> None:
    trace.actor, trace.actor_name = vihf.name_id, vihf.subject_name
    trace.structure = vihf.structure_id
    trace.auth_mode, trace.access_mode = vihf.auth_mode.value, vihf.access_mode.value
    trace.reason, trace.secret = vihf.reason, vihf.secret
    trace.matricule = vihf.patient.matricule if vihf.patient else ""
