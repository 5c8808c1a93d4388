"""DMP and INSi in memory, with the people of the demonstration."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from demonstration.people import DossierSeed
from praticien.access import Access, AccessMode, Authorisation, DossierState, DossierStatus
from praticien.errors import EnvironmentProblem, Refused
from praticien.habilitations import AuthorisationAct
from praticien.identity import Ins, StrictTraits
from praticien.metadata import (
    Acknowledgement,
    Association,
    AssociationType,
    Availability,
    DocumentEntry,
    RetrievedDocument,
    Submission,
)
from praticien.ports import InsiAnswer
from praticien.professional import CardHolder
from praticien.regulation import Candidate, Found, SearchCriteria
from praticien.vitale import Beneficiary
from tests.ui.fake_registry import FakeRegistry, Registry


class Opposed(Refused):
    """The patient said no to break-glass."""

    code = "dmp.break_glass_opposed"


class OpposedToRegulation(Refused):
    """The patient said no to the regulation centre."""

    code = "dmp.regulation_opposed"


class NobodyFound(Refused):
    """INSi knows nobody with these traits."""

    code = "insi.none"


class Unreachable(EnvironmentProblem):
    """The server cannot be reached."""

    code = "server.unreachable"


@dataclass
class FakeDmp(FakeRegistry):
    """Dossiers of the demonstration in memory; ``calls`` says what was asked, ``gate`` holds answers back."""

    holder: CardHolder
    dossiers: dict[str, DossierSeed]
    authorised: dict[str, Authorisation] = field(default_factory=dict)
    documents: dict[str, list[tuple[DocumentEntry, bytes]]] = field(default_factory=dict)
    calls: list[tuple[str, str, AccessMode]] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    submitted: list[Submission] = field(default_factory=list)
    gate: threading.Event | None = None
    failing: Exception | None = None
    closed: bool = False
    registry: Registry = field(default_factory=Registry)

    def _enter(self, name: str, patient: Ins, access: Access) -> DossierSeed:
        if access.secret:
            self.secret.append(name)
        self._pass(name, patient.matricule, access.mode)
        return self.dossiers[patient.matricule]

    def _pass(self, name: str, matricule: str = "", mode: AccessMode = AccessMode.NORMAL) -> None:
        self.calls.append((name, matricule, mode))
        gate = self.gate
        if gate:
            gate.wait(20)
        if self.failing:
            raise self.failing

    def dossier_status(self, patient: Ins, access: Access) -> DossierStatus:
        seed = self._enter("status", patient, access)
        mine = seed.authorisations.get(self.holder.professional.national_id, Authorisation.NONE)
        mine = self.authorised.get(patient.matricule, mine)
        treating = self.registry.treating.get(patient.matricule, seed.treating == self.holder.professional.national_id)
        if patient.matricule in self.registry.closed:
            return DossierStatus(DossierState.CLOSED, closed_on="20261122")
        if seed.state is not DossierState.OPEN:
            return DossierStatus(seed.state, closed_on=seed.closed_on)
        attached = patient.matricule not in self.registry.detached
        return DossierStatus(seed.state, mine, treating, traits=seed.traits, attached=attached)

    def revised(self, patient: Ins, act: AuthorisationAct) -> None:
        action, role = act.value
        if role:
            self.registry.treating[patient.matricule] = action == "AJOUT"
        if action == "AJOUT":
            self.authorised[patient.matricule] = Authorisation.VALID
        elif not role:
            self.authorised[patient.matricule] = Authorisation.NONE
            self.registry.treating[patient.matricule] = False

    def search(self, criteria: SearchCriteria, access: Access) -> Found:
        self.calls.append(("search", "", access.mode))
        if self.failing:
            raise self.failing
        return found_among(self.dossiers.values(), criteria)

    def declare_authorisation(self, patient: Ins, *, secret: bool = False) -> None:
        self._enter("declare", patient, Access(secret=secret))
        self.authorised[patient.matricule] = Authorisation.VALID

    def deposit(self, submission: Submission, access: Access) -> Acknowledgement:
        ins = submission.submission_set.patient_id
        self._enter("deposit", ins, access)
        self.submitted.append(submission)
        for document in submission.documents:
            entry = replace(document.entry, availability=Availability.APPROVED, entry_uuid=f"urn:uuid:{uuid4()}")
            self._replaced(ins, entry, document.replaces)
            self.documents.setdefault(ins.matricule, []).insert(0, (entry, document.content))
        return Acknowledgement(submission.submission_set.unique_id, datetime.now(UTC))

    def _replaced(self, ins: Ins, entry: DocumentEntry, former: str) -> None:
        if former:
            self.registry.edges.append(Association(AssociationType.REPLACE, entry.entry_uuid, former))
            held = self.documents[ins.matricule]
            held[:] = [
                (replace(e, availability=Availability.DEPRECATED) if e.entry_uuid == former else e, c) for e, c in held
            ]

    def find_documents(
        self, patient: Ins, access: Access, statuses: Iterable[Availability] = (Availability.APPROVED,)
    ) -> tuple[DocumentEntry, ...]:
        seed = self._enter("list", patient, access)
        if access.mode is AccessMode.BREAK_GLASS and seed.opposed_to_break_glass:
            raise Opposed(rule="OPPOSITION_BRIS_DE_GLACE")
        if access.mode is AccessMode.REGULATION and seed.opposed_to_regulation:
            raise OpposedToRegulation(rule="OPPOSITION_ACCES_URGENCE")
        wanted = set(statuses)
        return tuple(e for e, _content in self.documents.get(patient.matricule, ()) if e.availability in wanted)

    def technical_ids(self, patient: Ins, unique_id: str, access: Access) -> tuple[str, ...]:
        self._enter("technical_id", patient, access)
        mine = self.documents.get(patient.matricule, ())
        return tuple(f"urn:uuid:{unique_id}" for entry, _content in mine if entry.unique_id == unique_id)

    def delete(self, patient: Ins, unique_ids: Iterable[str], access: Access) -> None:
        self._enter("delete", patient, access)
        held, wanted = self.documents.get(patient.matricule, []), set(unique_ids)
        if not any(entry.unique_id in wanted for entry, _content in held):
            raise Refused(rule="XDSDocumentUniqueIdError")
        held[:] = [(e, c) for e, c in held if e.unique_id not in wanted]

    def retrieve(self, patient: Ins, entry: DocumentEntry, access: Access) -> RetrievedDocument:
        self._enter("retrieve", patient, access)
        content = next(c for e, c in self.documents[patient.matricule] if e.unique_id == entry.unique_id)
        return RetrievedDocument(entry.unique_id, entry.mime_type, content)

    def close(self) -> None:
        self.closed = True


def found_among(seeds: Iterable[DossierSeed], criteria: SearchCriteria) -> Found:
    """The open dossiers whose name begins so."""
    found = tuple(
        Candidate(s.traits, s.ins, city=s.city, postal_code=s.postal_code, degree=100, opposed=s.opposed_to_regulation)
        for s in seeds
        if s.state is DossierState.OPEN
        and s.traits.birth_name.startswith(criteria.family_name.upper())
        and s.traits.first_name.startswith(criteria.given_name.upper())
        and criteria.birth_date in ("", s.traits.birth_date)
    )
    return Found(found, len(found))


@dataclass
class FakeInsi:
    """Finds the people of the demonstration."""

    dossiers: dict[str, DossierSeed]
    gate: threading.Event | None = None

    def by_vitale(self, beneficiary: Beneficiary) -> InsiAnswer:
        gate = self.gate
        if gate:
            gate.wait(20)
        seed = self.dossiers[beneficiary.own_nir]
        return InsiAnswer(seed.ins, seed.traits)

    def by_traits(self, traits: StrictTraits) -> InsiAnswer:
        gate = self.gate
        if gate:
            gate.wait(20)
        for seed in self.dossiers.values():
            known = seed.traits
            if (known.birth_name, known.birth_date, known.sex) == (traits.birth_name, traits.birth_date, traits.sex):
                return InsiAnswer(seed.ins, known)
        raise NobodyFound
