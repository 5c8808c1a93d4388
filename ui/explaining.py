"""Gathers what is possible now, from the verdicts the practice already has: nothing is asked of the server."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from praticien.access import Rule, Verdict
from praticien.document_acts import ActRule
from praticien.identity import IdentityStatus
from praticien.practice import Practice
from praticien.regulation_desk import RegulationDesk
from ui.depositing import Depositing
from ui.messages import Message, for_code
from ui.why_page import Possibility

_CONSENT = (Rule.CONSENT_NEEDED, Rule.CONSENT_EXPIRED, Rule.CONSENT_EACH_TIME)


class Explaining(QObject):
    """``is_staff`` says whether the card is one of staff."""

    def __init__(self, practice: Practice, depositing: Depositing, is_staff: Callable[[], bool]) -> None:
        super().__init__()
        self._practice, self._depositing, self._is_staff = practice, depositing, is_staff

    def possibilities(self) -> tuple[Possibility, ...]:
        """Every act about the open patient (or about none), each with its refusal."""
        case, reading = self._practice.case, self._practice.verdict()
        deposit = self._depositing.refusal(case, is_staff=self._is_staff())
        return (
            Possibility(self.tr("Consulter le dossier"), self._refusal(reading)),
            Possibility(self.tr("Déclarer l’accord du patient"), self._consent(reading)),
            Possibility(self.tr("Entrer en bris de glace (F9)"), self._refusal(self._practice.emergency_verdict())),
            Possibility(
                self.tr("Ouvrir une connexion secrète (Ctrl+Maj+I)"), self._refusal(self._practice.secret_verdict())
            ),
            Possibility(self.tr("Chercher comme centre 15 (Ctrl+F2)"), self._regulation()),
            Possibility(self.tr("Déposer un document (F6 à F8)"), deposit),
            Possibility(self.tr("Supprimer un document déposé ici (F10, S)"), deposit),
            *self._staff(),
        )

    def _staff(self) -> tuple[Possibility, ...]:
        """What a professional finds at each document, and staff, who see no list, nowhere."""
        if not self._is_staff():
            return ()
        refused = for_code(ActRule.NO_PROFESSION.value)
        return (Possibility(self.tr("Masquer, rendre visible, archiver ou remplacer un document"), refused),)

    def _refusal(self, verdict: Verdict | None) -> Message | None:
        if verdict is None:
            return self._unknown()
        return None if verdict.allowed else for_code(verdict.rule.value)

    def _unknown(self) -> Message:
        case = self._practice.case
        if case is None:
            return Message(self.tr("Aucun patient n’est ouvert."), self.tr("Choisissez-le d’abord (F2)."))
        if case.patient.status is not IdentityStatus.QUALIFIED:
            return for_code("ins.unqualified")
        return Message(self.tr("Le dossier n’a pas encore été recherché."), self.tr("Actualisez (F5)."))

    def _consent(self, reading: Verdict | None) -> Message | None:
        if reading is None:
            return self._unknown()
        if reading.rule in _CONSENT:
            return None
        if reading.allowed:
            return Message(self.tr("Rien à déclarer : la consultation est déjà ouverte."))
        return for_code(reading.rule.value)

    def _regulation(self) -> Message | None:
        return (
            self._refusal(RegulationDesk(self._practice).verdict()) if self._practice.is_unlocked else self._unknown()
        )
