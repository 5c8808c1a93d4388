"""The dossier: the list beside the document, or why there is none and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from praticien.access import AccessMode, Rule, Verdict
from praticien.consents import Recorded
from praticien.identity import IdentityStatus
from praticien.practice import Case
from ui.consent import ConsentPanel
from ui.document_list import DocumentList
from ui.messages import for_code
from ui.tasks import Tasks
from ui.text import local_today
from ui.theme import GRID
from ui.viewer.panel import ViewerPanel
from ui.widgets import EmptyState, centred, scrolling


class DossierPage(QWidget):
    """Shows the open case and nothing else."""

    identity_checked = Signal()
    look_asked = Signal()
    emergency_asked = Signal()

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setObjectName("dossier")
        self.documents = DocumentList()
        self.viewer = ViewerPanel(tasks)
        self.consent = ConsentPanel()
        self.last_consent: Callable[[], Recorded | None] = lambda: None
        self.state = EmptyState("dossier.state")
        self._nothing = EmptyState("dossier.nothing")
        self._reading = QStackedWidget()
        self._reading.addWidget(centred(self._nothing))
        self._reading.addWidget(scrolling(self.viewer))
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        for side in (self.documents, self._reading):
            holder = QWidget()
            QVBoxLayout(holder).addWidget(side)
            holder.layout().setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID)
            self._split.addWidget(holder)
        self._split.setSizes([430, 850])
        self._split.setStretchFactor(1, 1)
        self._stack = QStackedWidget()
        for page in (centred(self.state), centred(self.consent), self._split):
            self._stack.addWidget(page)
        QVBoxLayout(self).addWidget(self._stack)
        self.layout().setContentsMargins(0, 0, 0, 0)

    @property
    def view(self) -> str:
        """What is shown: "state", "consent" or "documents"."""
        return ("state", "consent", "documents")[self._stack.currentIndex()]

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self.documents.forget()
        self.viewer.clear()
        self.consent.forget()
        self.state.say("", "")
        self._stack.setCurrentIndex(0)
        self._reading.setCurrentIndex(0)

    def show_case(self, case: Case, verdict: Verdict | None, *, listed: bool, act: str) -> None:
        """Choose what to show of this case. ``act`` is what is under way, empty when nothing is."""
        if case.patient.status is not IdentityStatus.QUALIFIED and case.access.mode is not AccessMode.REGULATION:
            self._say_identity()
        elif verdict is None:
            self._say_unknown(act)
        elif verdict.allowed:
            self._show_documents(case, listed, act)
        else:
            self._show_refused(verdict.rule, case)

    def _show_refused(self, rule: Rule, case: Case) -> None:
        """What was read before, if anything, leaves the window too: hidden is not forgotten."""
        self.documents.show_entries(())
        self.viewer.clear()
        if rule in (Rule.CONSENT_NEEDED, Rule.CONSENT_EXPIRED, Rule.CONSENT_EACH_TIME):
            self._ask_consent(rule, case)
        else:
            self._say_refused(rule)

    def show_viewer(self) -> None:
        """The document takes the reading zone."""
        self._reading.setCurrentIndex(1)

    def take_focus(self) -> None:
        """Where the next act is."""
        if self.view == "documents":
            self.documents.take_focus()
        elif self.view == "consent":
            self.consent.take_focus()
        else:
            self.state.take_focus()

    def _say_identity(self) -> None:
        self._stack.setCurrentIndex(0)
        self.state.say(
            self.tr("Contrôlez l’identité du patient"),
            self.tr(
                "Comparez les traits ci-dessus à une pièce d’identité officielle (carte d’identité, passeport, titre "
                "de séjour, livret de famille d’un mineur). Tant que l’identité n’est pas contrôlée, le matricule INS "
                "ne quitte pas ce poste et le dossier n’est pas demandé."
            ),
            self.tr("Identité contrôlée (Ctrl+I)"),
            self.identity_checked.emit,
        )

    def _say_unknown(self, act: str) -> None:
        self._stack.setCurrentIndex(0)
        if act:
            self.state.say(self.tr("Recherche du dossier…"), self.tr("Le DMP est interrogé."))
        else:
            self.state.say(
                self.tr("Le dossier n’a pas pu être recherché"),
                self.tr("L’état du dossier et votre autorisation ne sont pas connus."),
                self.tr("Rechercher de nouveau (F5)"),
                self.look_asked.emit,
            )

    def _say_refused(self, rule: Rule) -> None:
        self._stack.setCurrentIndex(0)
        message = for_code(rule.value)
        titles = {
            Rule.NO_DOSSIER: self.tr("Pas de dossier"),
            Rule.BEING_CREATED: self.tr("Dossier en cours de création"),
            Rule.CLOSED: self.tr("Dossier fermé"),
            Rule.BLOCKED: self.tr("Accès bloqué par le patient"),
        }
        self.state.say(titles.get(rule, self.tr("Consultation impossible")), message.whole)

    def _ask_consent(self, rule: Rule, case: Case) -> None:
        if self.view != "consent":
            age, secret = case.patient.traits.age_on(local_today()), case.access.secret
            self.consent.ask(for_code(rule.value), rule, age, self.last_consent(), secret=secret)
        self._stack.setCurrentIndex(1)

    def _show_documents(self, case: Case, listed: bool, act: str) -> None:
        first = self.view != "documents"
        self._stack.setCurrentIndex(2)
        self.documents.show_entries(case.documents, case.news)
        if first:
            self._reading.setCurrentIndex(0)
        if case.documents:
            self._nothing.say("", self.tr("Flèches pour choisir un document, Entrée pour l’ouvrir, / pour chercher."))
        elif listed:
            self._nothing.say(
                self.tr("Aucun document"),
                self.tr("Ce dossier est ouvert et encore vide. Vous pouvez y déposer le premier document (F6 à F8)."),
            )
        elif act:
            self._nothing.say(self.tr("Lecture de la liste…"), "")
        else:
            self._nothing.say(
                self.tr("La liste n’a pas pu être lue"), "", self.tr("Lire la liste (F5)"), self.look_asked.emit
            )
