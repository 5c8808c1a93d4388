"""The part of the fake DMP that is neither reading nor depositing: properties, authorisations, administrative data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from praticien.access import Access
from praticien.administrative import AdministrativeData
from praticien.habilitations import AuthorisationAct, AuthorisedDossier, AuthorisedHolder
from praticien.identity import Ins, StrictTraits
from praticien.metadata import Association, Availability, Code, DocumentEntry, Reference


@dataclass
class Registry:
    """What the DMP keeps beside the documents, shared by all connections of one world."""

    data: dict[str, AdministrativeData] = field(default_factory=dict)
    treating: dict[str, bool] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    detached: set[str] = field(default_factory=set)
    edges: list[Association] = field(default_factory=list)
    sets: dict[str, datetime] = field(default_factory=dict)
    holders: tuple[AuthorisedHolder, ...] = ()
    mine: tuple[AuthorisedDossier, ...] = ()


class FakeRegistry:
    """Mixed into the fake DMP, which gives ``_enter``, ``documents``, ``registry`` and ``revised``."""

    def find_by_reference(
        self, patient: Ins, references: Iterable[Reference], access: Access
    ) -> tuple[DocumentEntry, ...]:
        self._enter("reference", patient, access)
        return tuple(e for e, _ in self.documents.get(patient.matricule, ()) if set(e.references) & set(references))

    def get_entries(self, patient: Ins, entry_uuids: Iterable[str], access: Access) -> tuple[DocumentEntry, ...]:
        self._enter("entries", patient, access)
        wanted = set(entry_uuids)
        return tuple(e for e, _ in self.documents.get(patient.matricule, ()) if e.entry_uuid in wanted)

    def submitted_since(self, patient: Ins, since: datetime, access: Access) -> tuple[str, ...]:
        self._enter("sets", patient, access)
        return tuple(name for name, moment in self.registry.sets.items() if moment >= since)

    def associations(self, patient: Ins, identifiers: Iterable[str], access: Access) -> tuple[Association, ...]:
        self._enter("associations", patient, access)
        wanted = set(identifiers)
        return tuple(one for one in self.registry.edges if {one.source, one.target} & wanted)

    def set_availability(self, patient: Ins, entry: DocumentEntry, status: Availability, access: Access) -> None:
        self._enter("availability", patient, access)
        self._change(patient, entry, availability=status)

    def set_visibility(
        self, patient: Ins, entry: DocumentEntry, confidentiality: Iterable[Code], *, secret: bool = False
    ) -> None:
        self._enter("visibility", patient, Access(secret=secret))
        self._change(patient, entry, confidentiality=tuple(confidentiality))

    def _change(self, patient: Ins, entry: DocumentEntry, **changes) -> None:
        held = self.documents[patient.matricule]
        held[:] = [(replace(e, **changes) if e.unique_id == entry.unique_id else e, c) for e, c in held]

    def revise_authorisation(self, patient: Ins, act: AuthorisationAct, *, secret: bool = False) -> None:
        self._enter(act.name.lower(), patient, Access(secret=secret))
        self.revised(patient, act)

    def authorised_dossiers(self) -> tuple[AuthorisedDossier, ...]:
        self._pass("mine")
        return self.registry.mine

    def authorised_holders(self, patient: Ins, *, secret: bool = False) -> tuple[AuthorisedHolder, ...]:
        self._enter("holders", patient, Access(secret=secret))
        me = self.holder.professional
        names = (me.national_id, me.family_name, me.given_name, me.author_specialty)
        since = datetime.now(UTC) - timedelta(days=30)
        return (AuthorisedHolder(*names, blocked=False, treating=False, since=since), *self.registry.holders)

    def administrative_data(self, patient: Ins, access: Access) -> AdministrativeData:
        seed = self._enter("administrative", patient, access)
        told = self.registry.data.get(patient.matricule) or AdministrativeData(
            opposed_to_break_glass=seed.opposed_to_break_glass,
            opposed_to_regulation=seed.opposed_to_regulation,
            representatives=tuple(seed.representatives),
        )
        return replace(told, attached=patient.matricule not in self.registry.detached)

    def correct_data(
        self, patient: Ins, traits: StrictTraits, data: AdministrativeData, *, secret: bool = False
    ) -> None:
        self._enter("correct", patient, Access(secret=secret))
        self.registry.data[patient.matricule] = data

    def close_dossier(self, patient: Ins, traits: StrictTraits, *, secret: bool = False) -> None:
        self._enter("close", patient, Access(secret=secret))
        self.registry.closed.add(patient.matricule)
