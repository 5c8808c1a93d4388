"""One call being answered: who, what, in which transaction; what is traced and who is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from praticien.access import AccessMode
from praticien.identity import Ins
from praticien.notices import access_notice
from reference_server import access
from reference_server.access import Dossier, Verdict
from reference_server.caller import Caller
from reference_server.certificates import Subject, TrustStore
from reference_server.errors import Fault, IdentityMismatch, InvalidVihf
from reference_server.functional_matrix import Function
from reference_server.metadata import announcements
from reference_server.mtom import Attachment
from reference_server.storage import dossiers, traces
from reference_server.storage.traces import Trace
from reference_server.xml import Element


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back in the body, under which action, with which binary parts.

    ``stored``: elements as this server keeps them (UTF-8), which are the content of the payload's last child. They are
    copied, not parsed: a list is mostly made of them.
    """

    payload: Element
    action: str
    attachments: tuple[Attachment, ...] = ()
    stored: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What is asked, before any database is looked at. ``signer`` is who signed the VIHF."""

    signer: Subject
    payload: Element
    parts: dict[str, bytes]
    trust: TrustStore
    now: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Notice:
    """A message to send if the exchange ends well: to the patient (``recipient`` empty), or to the médecins traitants.

    ``once``: not again while the same emergency lasts, see ``traces.told_already``.
    """

    recipient: str
    text: str
    once: bool = False


@dataclass(slots=True, repr=False)
class Exchange:
    """A call of an admitted caller. ``trace`` is filled in on the way; ``prepared`` is what its handler prepared."""

    session: Session
    caller: Caller
    request: Request
    trace: Trace
    prepared: object = None
    notices: list[Notice] = field(default_factory=list)

    @property
    def payload(self) -> Element:
        """The one element of the body."""
        return self.request.payload

    @property
    def now(self) -> datetime:
        """The instant of this call."""
        return self.request.now

    def dossier(self, patient: Ins) -> Dossier:
        """The dossier as it stands for this caller."""
        caller = self.caller
        return dossiers.dossier_for(self.session, patient, caller.holders, caller.identifier, self.now)

    def target(self, function: Function, patient: Ins | None) -> Ins:
        """Name what is asked and for whom; the VIHF must be for that very patient. Raises Fault."""
        self.trace.transaction = function.value
        announced = self.caller.patient
        if announced is None:
            raise InvalidVihf("resource-id manque alors qu'un patient est visé")
        self.trace.matricule = announced.matricule
        if patient is not None and patient != announced:
            raise IdentityMismatch("le patient visé n'est pas celui du VIHF")
        return announced

    def require(self, function: Function, patient: Ins | None) -> Dossier:
        """The dossier, when the caller may do this on it. Raises Fault."""
        target = self.target(function, patient)
        dossier = self.dossier(target)
        verdict = access.decide(function, self.caller.actor, dossier)
        self.trace.rule = verdict.rule.value
        if not verdict.allowed:
            raise refusal(verdict)
        return dossier

    def require_alone(self, function: Function) -> None:
        """The same for what concerns no dossier in particular. Raises Fault."""
        self.trace.transaction = function.value
        verdict = access.decide_alone(function, self.caller.actor)
        self.trace.rule = verdict.rule.value
        if not verdict.allowed:
            raise refusal(verdict)

    def tell_patient(self, text: str, *, once: bool = False) -> None:
        """A notification for the patient, sent if the exchange ends well.

        None in a secret connection: a minor's legal representatives read that space too (R.1111-50).
        """
        if not self.caller.secret:
            self.notices.append(Notice("", text, once))

    def tell_of_consultation(self) -> None:
        """The patient is told; of an emergency access the médecins traitants too (R.1111-48), once for an access."""
        text, emergency = consultation_notice(self.caller), self.caller.mode is not AccessMode.NORMAL
        self.tell_patient(text, once=emergency)
        if emergency:
            self.notices.append(Notice(TREATING, text, once=True))

    def close(self) -> None:
        """Write the trace, then the notifications that hang on it."""
        number = traces.append(self.session, self.trace)
        for notice in self.notices:
            _notify(self.session, self.trace, number, notice)
        announcements.follow_up(self.session, self.trace.matricule, number, self.now)


TREATING = "treating"


def _notify(session: Session, trace: Trace, number: int, notice: Notice) -> None:
    if not dossiers.is_known(session, trace.matricule):
        return
    recipients = [notice.recipient]
    if notice.recipient == TREATING:
        everyone = dossiers.treating_physicians(session, trace.matricule)
        recipients = [one for one in everyone if one != trace.actor]
    for one in recipients:
        if not (notice.once and traces.told_already(session, trace, notice.text, one)):
            traces.notify(session, trace.matricule, notice.text, number, trace.at, recipient=one)


def consultation_notice(caller: Caller) -> str:
    """The sentence that the window shows before the act."""
    return access_notice(caller.display, caller.structure.name, caller.mode, caller.reason)


def refused_emergency_notice(caller: Caller) -> str:
    """What the patient is told of an emergency access that was refused."""
    door = "en urgence (bris de glace)"
    if caller.mode is AccessMode.REGULATION:
        door = "en urgence (centre de régulation médicale)"
    text = (
        f"{caller.display} ({caller.structure.name}) a tenté d’accéder à votre dossier {door} : l’accès a été refusé."
    )
    return f"{text} Motif indiqué : {caller.reason}." if caller.reason else text


def refusal(verdict: Verdict) -> Fault:
    """The fault of a verdict."""
    told = verdict.explanation
    return Fault(told.subcode, told.sentence, rule=verdict.rule.value, article=told.article)
