"""The DMP as ``praticien`` asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from connectors.dmp import lot_signature, td0_2, td0_3, td2_1, td3_1, td3_2
from connectors.dmp.sender import Sender, utc_now
from connectors.dmp.vihf import Assertions
from connectors.endpoint import DmpEndpoint
from connectors.errors import AlreadyDeposited, ConflictingDeposit
from connectors.soap.channel import Channel
from connectors.soap.envelope import Request
from connectors.soap.mtom import Attachment
from connectors.soap.parsing import Element
from connectors.soap.service import Answer, SoapService
from praticien.access import NORMAL, Access, DossierStatus
from praticien.errors import Refused
from praticien.identity import Ins
from praticien.metadata import Acknowledgement, DocumentEntry, RetrievedDocument, Submission


class DmpClient:
    """One professional's way to the DMP: implements ``praticien.ports.DmpGateway``.

    Every method may raise the errors of ``connectors.errors`` and those of the card.
    """

    def __init__(
        self,
        channel: Channel,
        endpoint: DmpEndpoint,
        sender: Sender,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._channel = channel
        self._endpoint = endpoint
        self._sender = sender
        self._clock = clock
        self._assertions = Assertions(sender, clock)

    def dossier_status(self, patient: Ins, access: Access) -> DossierStatus:
        """TD0.2."""
        question = td0_2.request(patient, self._sender.software, self._clock())
        answer = self._ask("patients", td0_2.ACTION, question, patient, access)
        return td0_2.read(answer.body, patient)

    def declare_authorisation(self, patient: Ins) -> None:
        """TD0.3 AJOUT; always in normal mode (no other mode writes an authorisation)."""
        answer = self._ask("habilitations", td0_3.ACTION, td0_3.request(patient), patient, NORMAL)
        td0_3.check(answer.body)

    def deposit(self, submission: Submission, access: Access) -> Acknowledgement:
        """TD2.1 or TD2.2.

        When the server already knows these identifiers, it is asked for what it holds: the same hashes make it an
        acknowledgement with ``already_known``; others raise ConflictingDeposit; where this card may not ask (CPE, no
        authorisation) AlreadyDeposited is raised, and it is for the caller, who knows whether an earlier try had been
        left without an answer, to conclude.
        """
        patient = submission.submission_set.patient_id
        body, attachments = td2_1.request(submission, self._sender)
        answer = self._ask("repository", td2_1.ACTION, body, patient, access, attachments=attachments, once=True)
        try:
            td2_1.check(answer.body)
        except AlreadyDeposited as known:
            self._compare(submission, access, known)
            return self._acknowledged(submission, already_known=True)
        return self._acknowledged(submission, already_known=False)

    def _acknowledged(self, submission: Submission, *, already_known: bool) -> Acknowledgement:
        return Acknowledgement(submission.submission_set.unique_id, self._clock(), already_known)

    def _compare(self, submission: Submission, access: Access, known: AlreadyDeposited) -> None:
        """Pass when the server holds every document of the submission with the same hash."""
        patient = submission.submission_set.patient_id
        ours = {d.entry.unique_id: lot_signature.sha1(d.content) for d in submission.documents}
        try:
            answer = self._ask("registry", td3_1.ACTION, td3_1.get_documents(ours), patient, access)
            theirs = {entry.unique_id: entry.hash for entry in td3_1.read(answer.body, patient)}
        except Refused:
            raise known from None
        if any(theirs.get(unique_id, hash_) != hash_ for unique_id, hash_ in ours.items()):
            raise ConflictingDeposit(known.fault)
        if not ours.keys() <= theirs.keys():
            raise known

    def find_documents(self, patient: Ins, access: Access) -> tuple[DocumentEntry, ...]:
        """TD3.1: approved documents, newest first, lot signatures left out."""
        answer = self._ask("registry", td3_1.ACTION, td3_1.find_documents(patient), patient, access)
        entries = [e for e in td3_1.read(answer.body, patient) if not lot_signature.is_signature(e)]
        return tuple(sorted(entries, key=lambda entry: entry.creation_time, reverse=True))

    def retrieve(self, patient: Ins, entry: DocumentEntry, access: Access) -> RetrievedDocument:
        """TD3.2."""
        answer = self._ask("repository", td3_2.ACTION, td3_2.request(entry), patient, access, attachments=())
        return td3_2.read(answer, entry)

    def cancel(self) -> None:
        """Give up the calls under way in other threads: they raise Cancelled."""
        self._channel.cancel()

    def close(self) -> None:
        """End the connections, give up what is under way; never raises."""
        self._channel.close()

    def _ask(
        self,
        service: str,
        action: str,
        body: Element,
        patient: Ins,
        access: Access,
        *,
        attachments: Sequence[Attachment] | None = None,
        once: bool = False,
    ) -> Answer:
        request = Request(action, body, self._assertions.about(patient, access))
        return SoapService(self._channel, self._endpoint.url(service)).call(request, attachments, once=once)
