"""The DMP as ``praticien`` asks for it."""

from __future__ import annotations

from connectors.dmp import lot_signature, td2_1, td3_1, td3_2
from connectors.dmp.dossier_calls import DossierCalls
from connectors.dmp.registry_calls import RegistryCalls
from connectors.errors import AlreadyDeposited, ConflictingDeposit
from praticien.access import Access
from praticien.errors import Refused
from praticien.identity import Ins
from praticien.metadata import Acknowledgement, DocumentEntry, RetrievedDocument, Submission


class DmpClient(DossierCalls, RegistryCalls):
    """One professional's way to the DMP: implements ``praticien.ports.DmpGateway``.

    Every method may raise the errors of ``connectors.errors`` and those of the card.
    """

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

    def retrieve(self, patient: Ins, entry: DocumentEntry, access: Access) -> RetrievedDocument:
        """TD3.2."""
        answer = self._ask("repository", td3_2.ACTION, td3_2.request(entry), patient, access, attachments=())
        return td3_2.read(answer, entry)
