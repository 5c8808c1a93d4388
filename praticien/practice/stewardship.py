"""Everything about the open dossier that is neither reading nor depositing: documents' properties, authorisations,
administrative data, what is new; and the professional's own list of dossiers."""

from __future__ import annotations

from dataclasses import dataclass

from praticien import document_acts, dossier_acts
from praticien.access import AccessMode
from praticien.administrative import AdministrativeData
from praticien.document_acts import ActVerdict, Agent, DocumentAct
from praticien.documents import cda_reader, said
from praticien.documents.errors import InvalidCda
from praticien.documents.model import ReplacedVersion
from praticien.dossier_acts import DossierAct, DossierVerdict
from praticien.errors import Refused
from praticien.habilitations import AuthorisationAct, AuthorisedDossier, AuthorisedHolder
from praticien.metadata import DocumentEntry
from praticien.practice import relations
from praticien.practice.case import Case
from praticien.practice.relations import Relations
from praticien.practice.secrecy import Secrecy

_AUTHORISATION_ACTS = {
    DossierAct.WITHDRAW: AuthorisationAct.WITHDRAW,
    DossierAct.BECOME_TREATING: AuthorisationAct.BECOME_TREATING,
    DossierAct.STOP_TREATING: AuthorisationAct.STOP_TREATING,
}


@dataclass(frozen=True, slots=True, repr=False)
class PriorVersion:
    """What a new version needs of the one it replaces: identifiers, the document's set, the number that follows.

    ``content`` is that document, empty when it cannot be read.
    """

    replaced: ReplacedVersion
    set_id: str
    next_number: int
    content: bytes = b""


class Stewardship(Secrecy):
    """Raises, beside what the gateway raises, Refused when the client's own table already says no."""

    # -- documents -------------------------------------------------------------------------------------------

    def act_verdicts(self, entry: DocumentEntry) -> dict[DocumentAct, ActVerdict]:
        """What may be done with a document, and why not; empty when nobody is unlocked or no patient is open."""
        case, holder = self._case, self.holder
        if case is None or holder is None:
            return {}
        treating = case.status is not None and case.status.treating_physician
        agent = Agent(holder, case.access.mode, treating, case.access.secret)
        return {act: document_acts.may(act, entry, agent) for act in DocumentAct}

    def change_document(self, act: DocumentAct, entry: DocumentEntry, *, turn: int | None = None) -> None:
        """TD3.3: every act but a replacement, which is a deposit. The list is to be read again afterwards."""
        turn, case = self._case_of(entry, turn)
        verdict = self.act_verdicts(entry)[act]
        if not verdict.allowed:
            raise Refused(rule=verdict.rule.value)
        patient, status = case.ins, document_acts.STATUS_AFTER.get(act)
        if status:
            self.dmp.set_availability(patient, entry, status, case.access)
        else:
            codes = document_acts.confidentiality_after(act, entry)
            self.dmp.set_visibility(patient, entry, codes, secret=case.access.secret)
        self._same_turn(turn)

    def withdraw_deposited(self, unique_ids: tuple[str, ...], *, turn: int | None = None) -> None:
        """TD3.3c of what was deposited from here; open to staff too, who see no list (matrix, note 9)."""
        turn, case = self._open_case(turn)
        self.dmp.delete(case.patient.qualified_ins, unique_ids, case.access)
        self._same_turn(turn)

    def prior_version(self, entry: DocumentEntry, *, turn: int | None = None) -> PriorVersion:
        """TD3.2 of the document to replace: its set and number are in its own header."""
        document = self.open_document(entry, turn=turn)
        try:
            header = cda_reader.read(document.content).header
        except InvalidCda:
            header = None
        return PriorVersion(
            ReplacedVersion(entry.unique_id, entry.entry_uuid, said.digest(document.content) if header else ""),
            set_id=header.set_id if header else "",
            next_number=(header.version or 1) + 1 if header else 2,
            content=document.content if header else b"",
        )

    def relations(self, entry: DocumentEntry, *, turn: int | None = None) -> Relations:
        """Versions, same sending, same examination."""
        turn, case = self._case_of(entry, turn)
        found = relations.find(self.dmp, case.ins, entry, case.access)
        self._same_case(turn, case.access)
        return found

    def find_news(self, *, turn: int | None = None) -> Case:
        """What was deposited since this professional's visit before; nothing at the first one, nor in an emergency."""
        turn, case = self._open_case(turn)
        holder = self.holder
        if holder is None or self._visits is None or case.access.mode is not AccessMode.NORMAL:
            return case
        patient, me = case.ins, holder.professional.national_id
        since = self._visits.look(me, patient, self._clock())
        sets = self.dmp.submitted_since(patient, since, case.access) if since else ()
        edges = self.dmp.associations(patient, sets, case.access) if sets else ()
        news = relations.brought_by(edges, sets)
        mine = {one.entry_uuid for one in case.documents if any(a.person.identifier == me for a in one.authors)}
        return self._change(turn, case.access, news=news - mine, since=since)

    # -- the dossier as a whole ------------------------------------------------------------------------------

    def dossier_verdicts(self) -> dict[DossierAct, DossierVerdict]:
        """What may be done with the dossier, and why not; empty while TD0.2 has not answered."""
        case, holder = self._case, self.holder
        if case is None or case.status is None or holder is None:
            return {}
        return {act: dossier_acts.may(act, case.status, holder, case.access.mode) for act in DossierAct}

    def _permitted(self, act: DossierAct, turn: int | None) -> tuple[int, Case]:
        turn, case = self._open_case(turn)
        verdict = self.dossier_verdicts().get(act)
        if verdict is None or not verdict.allowed:
            raise Refused(rule=verdict.rule.value if verdict else "")
        return turn, case

    def revise_authorisation(self, act: DossierAct, *, turn: int | None = None) -> Case:
        """TD0.3, then TD0.2 again; what one may no longer read leaves the screen."""
        turn, case = self._permitted(act, turn)
        ins, secret = case.patient.qualified_ins, case.access.secret
        self.dmp.revise_authorisation(ins, _AUTHORISATION_ACTS[act], secret=secret)
        self._change(turn, case.access, documents=(), news=frozenset())
        return self.look(turn=turn)

    def holders(self, *, turn: int | None = None) -> tuple[AuthorisedHolder, ...]:
        """TD1.6."""
        turn, case = self._open_case(turn)
        found = self.dmp.authorised_holders(case.patient.qualified_ins, secret=case.access.secret)
        self._same_turn(turn)
        return found

    def administrative_data(self, *, turn: int | None = None) -> AdministrativeData:
        """TD1.3a."""
        turn, case = self._open_case(turn)
        data = self.dmp.administrative_data(case.patient.qualified_ins, case.access)
        self._same_turn(turn)
        return data

    def correct_data(self, data: AdministrativeData, *, turn: int | None = None) -> AdministrativeData:
        """TD1.3b, then what the DMP now keeps."""
        turn, case = self._permitted(DossierAct.CORRECT, turn)
        patient, secret = case.patient, case.access.secret
        self.dmp.correct_data(patient.qualified_ins, patient.traits, data, secret=secret)
        self._same_turn(turn)
        return self.administrative_data(turn=turn)

    def close_dossier(self, *, turn: int | None = None) -> Case:
        """TD1.4, then TD0.2 again."""
        turn, case = self._permitted(DossierAct.CLOSE, turn)
        patient, secret = case.patient, case.access.secret
        self.dmp.close_dossier(patient.qualified_ins, patient.traits, secret=secret)
        self._change(turn, case.access, documents=(), news=frozenset())
        return self.look(turn=turn)

    def my_dossiers(self) -> tuple[AuthorisedDossier, ...]:
        """TD0.4: where this professional (or structure) has an authorisation."""
        return self.dmp.authorised_dossiers()
