"""The secretary's page: reports to deposit, what was sent, what was refused; a CPE may not read a dossier."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from praticien.access import NOT_OPEN, Rule, Verdict
from praticien.documents.model import DocumentKind
from praticien.identity import IdentityStatus
from praticien.practice import Case
from ui.beside import Beside
from ui.deposit.received_list import ReceivedList
from ui.messages import for_code
from ui.outbox_panel import OutboxPanel
from ui.text import patient_label
from ui.theme import GRID
from ui.widgets import button, column, label, surface


class WorkList(QWidget):
    """Left: the next report. Right: what became of the others."""

    identity_checked = Signal()
    report_asked = Signal(object)
    patient_asked = Signal()
    shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("work_list")
        self.outbox = OutboxPanel("work_list.outbox", with_back=False)
        self._why = label(for_code(Rule.CARD_MAY_NOT_READ.value).whole, "quote", "work_list.why")
        self._next = label("", "", "work_list.next")
        self._drafts = label("", "strong", "work_list.drafts")
        self._check = button(
            self.tr("Identité contrôlée (Ctrl+I)"), self.identity_checked.emit, "primary", "work_list.check"
        )
        self._find = button(self.tr("Chercher le patient (F2)"), self.patient_asked.emit, "", "work_list.find")
        self._imaging = button(
            self.tr("Compte rendu d’imagerie (F8)"),
            lambda: self.report_asked.emit(DocumentKind.IMAGING_REPORT),
            "primary",
            "work_list.imaging",
        )
        self._lab = button(
            self.tr("Compte rendu de biologie (F7)"),
            lambda: self.report_asked.emit(DocumentKind.LAB_RESULT),
            "",
            "work_list.lab",
        )
        acts = column(self._check, self._imaging, self._lab, self._find)
        left = surface(name="work_list.next_report")
        box = column(
            label(self.tr("Déposer un compte rendu"), "heading"),
            self._next,
            self._drafts,
            acts,
            self._why,
            margin=GRID * 2,
            gap=GRID * 2,
        )
        box.addStretch(1)
        left.setLayout(box)
        right = surface()
        self.received = ReceivedList("work_list.received")
        right.setLayout(column(self.received, self.outbox, margin=GRID * 2, gap=GRID * 2))
        self.setLayout(column(Beside(left, right, (2, 3), GRID * 2), margin=GRID * 2))

    def show_case(self, case: Case | None, verdict: Verdict | None, drafts: tuple[DocumentKind, ...], act: str) -> None:
        """Say where the next report stands."""
        to_check = case is not None and case.patient.status is not IdentityStatus.QUALIFIED
        self._check.setVisible(to_check)
        self._next.setText(self._words(case, verdict, act))
        self._drafts.setText(self._drafts_words(drafts))
        self._drafts.setVisible(bool(drafts))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """No name stays behind a locked window."""
        super().hideEvent(event)
        self.received.show_studies((), None)

    def take_focus(self) -> None:
        """The next act."""
        (self._check if not self._check.isHidden() else self._imaging).setFocus()

    def _words(self, case: Case | None, verdict: Verdict | None, act: str) -> str:
        if case is None:
            return self.tr(
                "Choisissez le PDF et l’examen (F8) ou le patient d’abord (F2 ou carte Vitale) : l’ordre est libre."
            )
        if case.patient.status is not IdentityStatus.QUALIFIED:
            return self.tr("Comparez les traits ci-dessus à une pièce d’identité avant tout dépôt.")
        if verdict is None:
            return (
                self.tr("Recherche du dossier…")
                if act
                else self.tr("Le dossier n’a pas pu être recherché : F5 pour réessayer.")
            )
        if verdict.rule in NOT_OPEN:
            return for_code(verdict.rule.value).whole
        return self.tr("Dossier ouvert : vous pouvez déposer pour {patient}.").format(
            patient=patient_label(case.patient.traits)
        )

    def _drafts_words(self, drafts: tuple[DocumentKind, ...]) -> str:
        if DocumentKind.IMAGING_REPORT in drafts:
            return self.tr("Un compte rendu d’imagerie commencé vous attend (F8).")
        return self.tr("Un compte rendu commencé vous attend (F7).") if drafts else ""
