"""Dossiers, authorisations, administrative data: TD0.2 to TD0.5, TD1.3, TD1.4, TD1.6."""

from __future__ import annotations

from connectors.dmp import td0_2, td0_3, td0_4, td0_5, td1_3, td1_6
from connectors.dmp.caller import Caller
from connectors.soap.parsing import Element
from praticien.access import NORMAL, Access, DossierStatus
from praticien.administrative import AdministrativeData
from praticien.habilitations import AuthorisationAct, AuthorisedDossier, AuthorisedHolder
from praticien.identity import Ins, StrictTraits
from praticien.regulation import Found, SearchCriteria


class DossierCalls(Caller):
    """What concerns a dossier as a whole."""

    def dossier_status(self, patient: Ins, access: Access) -> DossierStatus:
        """TD0.2."""
        question = td0_2.request(patient, self._sender.software, self._clock())
        answer = self._ask("patients", td0_2.ACTION, question, patient, access)
        return td0_2.read(answer.body, patient)

    def declare_authorisation(self, patient: Ins, *, secret: bool = False) -> None:
        """TD0.3 AJOUT."""
        self.revise_authorisation(patient, AuthorisationAct.DECLARE, secret=secret)

    def revise_authorisation(self, patient: Ins, act: AuthorisationAct, *, secret: bool = False) -> None:
        """TD0.3; always in normal mode (no other mode writes an authorisation)."""
        request, access = td0_3.request(patient, act), Access(secret=secret)
        answer = self._ask("habilitations", td0_3.ACTION, request, patient, access, once=True)
        td0_3.check(answer.body)

    def authorised_dossiers(self) -> tuple[AuthorisedDossier, ...]:
        """TD0.4."""
        answer = self._ask("patientsSpecific", td0_4.ACTION, td0_4.request(), None, NORMAL)
        return td0_4.read(answer.body)

    def search(self, criteria: SearchCriteria, access: Access) -> Found:
        """TD0.5: about nobody yet."""
        question = td0_5.request(criteria, self._sender.software, self._clock())
        return td0_5.read(self._ask("patientsPDQ", td0_5.ACTION, question, None, access).body)

    def authorised_holders(self, patient: Ins, *, secret: bool = False) -> tuple[AuthorisedHolder, ...]:
        """TD1.6."""
        access = Access(secret=secret)
        answer = self._ask("habilitations", td1_6.ACTION, td1_6.request(patient), patient, access)
        return td1_6.read(answer.body)

    def administrative_data(self, patient: Ins, access: Access) -> AdministrativeData:
        """TD1.3a."""
        question = td1_3.question(patient, self._sender.software, self._clock())
        answer = self._ask("patients", td1_3.READ_ACTION, question, patient, access)
        return td1_3.read(answer.body, patient)

    def correct_data(
        self, patient: Ins, traits: StrictTraits, data: AdministrativeData, *, secret: bool = False
    ) -> None:
        """TD1.3b."""
        self._revise(td1_3.revision(patient, traits, data, self._sender.software, self._clock()), patient, secret)

    def close_dossier(self, patient: Ins, traits: StrictTraits, *, secret: bool = False) -> None:
        """TD1.4."""
        self._revise(td1_3.closing(patient, traits, self._sender.software, self._clock()), patient, secret)

    def _revise(self, request: Element, patient: Ins, secret: bool) -> None:
        answer = self._ask("patients", td1_3.REVISE_ACTION, request, patient, Access(secret=secret), once=True)
        td1_3.check_revision(answer.body)
