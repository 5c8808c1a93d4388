"""Top bar: who works, in which structure, in which mode, and how the desk is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from praticien.access import AccessMode
from praticien.professional import CardHolder, PracticeSituation
from ui.session import Phase
from ui.text import activity_text, card_text, professional_name
from ui.theme import GRID
from ui.widgets import Elided, button, line, row


class SessionBar(QFrame):
    """One line, always there."""

    structure_asked = Signal()
    lock_asked = Signal()
    keys_asked = Signal()
    card_table_asked = Signal()

    def __init__(self, *, with_card_table: bool) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setObjectName("session_bar")
        self._card = line("", "pill", "session_bar.card")
        self._who = Elided("strong", "session_bar.who")
        self._structure = button("", self.structure_asked.emit, "quiet", "session_bar.structure")
        self._structure.setToolTip(self.tr("Changer de structure (F4)"))
        self._mode = line("", "", "session_bar.mode")
        self._state = line("", "muted", "session_bar.state")
        self._lock = button(self.tr("Verrouiller (Ctrl+L)"), self.lock_asked.emit, "quiet", "session_bar.lock")
        keys = button(self.tr("Touches (?)"), self.keys_asked.emit, "quiet", "session_bar.keys")
        self._table = button(
            self.tr("Table de cartes (F12)"), self.card_table_asked.emit, "quiet", "session_bar.card_table"
        )
        self._table.setVisible(with_card_table)
        bar = row(self._card, self._who, self._structure, gap=GRID)
        bar.setContentsMargins(GRID * 2, GRID // 2, GRID, GRID // 2)
        bar.addStretch(1)
        for widget in (self._mode, self._state, self._lock, self._table, keys):
            bar.addWidget(widget)
        self.setLayout(bar)
        self._who.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_session(
        self, phase: Phase, holder: CardHolder | None, situation: PracticeSituation | None, mode: AccessMode
    ) -> None:
        """Say who is there and how they work."""
        self._card.setVisible(holder is not None)
        self._who.set_text(self._holder_words(holder))
        if holder:
            self._card.setText(card_text(holder.card_kind))
        self._structure.setVisible(situation is not None)
        self._structure.setText(situation.structure.name if situation else "")
        ready = phase is Phase.READY
        self._mode.setVisible(ready)
        self._mode.setText(self._mode_words(mode))
        self._state.setText(self.tr("Session ouverte") if ready else self.tr("Session verrouillée"))
        self._lock.setVisible(ready or phase is Phase.STRUCTURE)

    def _holder_words(self, holder: CardHolder | None) -> str:
        if holder is None:
            return self.tr("Aucune carte professionnelle")
        activity = activity_text(holder.professional)
        name = professional_name(holder.professional)
        test = self.tr(" · carte de test") if holder.is_test_card else ""
        return f"{name} · {activity}{test}" if activity else f"{name}{test}"

    def _mode_words(self, mode: AccessMode) -> str:
        return {
            AccessMode.NORMAL: self.tr("Accès normal"),
            AccessMode.BREAK_GLASS: self.tr("Accès en bris de glace"),
            AccessMode.REGULATION: self.tr("Accès centre de régulation"),
        }[mode]
