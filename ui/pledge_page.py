"""What each user confirms having understood before working, and may read again at any time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from praticien.pledge import DAYS
from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label

POINTS = (
    "Je ne consulte un dossier que pour soigner ce patient, avec son accord ou dans une urgence prévue par la loi "
    "(CSP, art. L. 1110-4 et L. 1111-17).",
    "Chaque accès est tracé avec mon nom, l’heure et le motif ; le patient en est informé et peut le lire.",
    "Le bris de glace et le centre 15 sont réservés à l’urgence ; je justifie chacun dans les 24 heures.",
    "Un patient peut refuser, masquer, bloquer : son choix s’impose, et je ne le contourne pas.",
    "Ma carte et son code ne se prêtent pas. Un accès illicite est puni (jusqu’à cinq ans d’emprisonnement).",
)


class PledgePage(QWidget):
    """Emits ``understood``; ``left`` only when it is read again."""

    understood = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pledge")
        self._go = button(self.tr("J’ai compris (Entrée)"), self.understood.emit, "primary", "pledge.understood")
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "pledge.back")
        again = self.tr("Cette page revient tous les {days} jours ; Ctrl+F1 pour la relire.").format(days=DAYS)
        self.setLayout(
            column(
                label(self.tr("Avant de consulter des dossiers"), "heading"),
                *[label(f"•   {point}") for point in POINTS],
                FlowRow(self._go, self._back),
                label(again, "muted"),
                gap=GRID * 2,
            )
        )
        self.ask(again=False)

    def ask(self, *, again: bool) -> None:
        """To be confirmed, or only ``again`` read."""
        self._go.setVisible(not again)
        self._back.setVisible(again)

    def take_focus(self) -> None:
        """The one button there is."""
        (self._back if self._go.isHidden() else self._go).setFocus()
