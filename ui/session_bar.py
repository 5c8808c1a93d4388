"""Top bar: who works, in which structure, in which mode, and how the desk is."""

from __future__ import annotations

from PySide6.QtCore import Signal

from praticien.access import AccessMode
from praticien.professional import CardHolder, PracticeSituation
from ui.fitting import FittingBar
from ui.flow_row import FlowRow
from ui.session import Phase
from ui.text import activity_text, card_text, professional_name
from ui.theme import GRID
from ui.widgets import button, line


class SessionBar(FittingBar):
    """Always there, on one line where that fits."""

    structure_asked = Signal()
    lock_asked = Signal()
    keys_asked = Signal()
    card_table_asked = Signal()
    doctor_asked = Signal()

    def __init__(self, *, with_card_table: bool, with_doctor: bool) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setObjectName("session_bar")
        self._card = line("", "pill", "session_bar.card")
        self._who = line("", "strong", "session_bar.who")
        self._structure = button("", self.structure_asked.emit, "quiet", "session_bar.structure")
        self._structure.setToolTip(self.tr("Changer de structure (F4)"))
        self._mode = line("", "", "session_bar.mode")
        self._state = line("", "muted", "session_bar.state")
        self._lock = button("", self.lock_asked.emit, "quiet", "session_bar.lock")
        self._keys = button("", self.keys_asked.emit, "quiet", "session_bar.keys")
        self._table = button("", self.card_table_asked.emit, "quiet", "session_bar.card_table")
        self._with_card_table = with_card_table
        self._doctor = button("", self.doctor_asked.emit, "quiet", "session_bar.doctor")
        self._with_doctor = with_doctor
        self._doctor.setVisible(with_doctor)
        bar = FlowRow(self._card, self._who, self._structure)
        bar.push_right(self._mode, self._state, self._lock, self._table, self._doctor, self._keys)
        bar.setContentsMargins(GRID * 2, GRID // 2, GRID, GRID // 2)
        self.setLayout(bar)
        self._word(few=False)

    def _word(self, *, few: bool) -> None:
        """Where the room is short without the keys, and without what is but a key away."""
        words = {
            self._lock: (self.tr("Verrouiller"), "Ctrl+L"),
            self._table: (self.tr("Cartes"), "F12"),
            self._doctor: (self.tr("Diagnostic"), "Ctrl+R"),
            self._keys: (self.tr("Touches"), "?"),
        }
        for each, (text, key) in words.items():
            each.setText(text if few else f"{text} ({key})")
        self._table.setVisible(self._with_card_table and not few)

    def show_session(
        self, phase: Phase, holder: CardHolder | None, situation: PracticeSituation | None, mode: AccessMode
    ) -> None:
        """Say who is there and how they work."""
        self._card.setVisible(holder is not None)
        self._who.setText(self._holder_words(holder))
        if holder:
            self._card.setText(self._card_words(holder))
        self._structure.setVisible(situation is not None)
        self._structure.setText(situation.structure.name if situation else "")
        ready = phase is Phase.READY
        self._mode.setVisible(ready)
        self._mode.setText(self._mode_words(mode))
        self._state.setText(self.tr("Session verrouillée"))
        self._state.setVisible(not ready)
        self._lock.setVisible(ready or phase in (Phase.STRUCTURE, Phase.PLEDGE))
        self._doctor.setVisible(self._with_doctor and not ready)  # then its key is enough: the bar stays short
        self.fit()

    def _holder_words(self, holder: CardHolder | None) -> str:
        if holder is None:
            return self.tr("Aucune carte professionnelle")
        activity = activity_text(holder.professional)
        name = professional_name(holder.professional)
        return f"{name} · {activity}" if activity else name

    def _card_words(self, holder: CardHolder) -> str:
        kind = card_text(holder.card_kind)
        return self.tr("{kind} de test").format(kind=kind) if holder.is_test_card else kind

    def _mode_words(self, mode: AccessMode) -> str:
        return {
            AccessMode.NORMAL: self.tr("Accès normal"),
            AccessMode.BREAK_GLASS: self.tr("Accès en bris de glace"),
            AccessMode.REGULATION: self.tr("Accès centre 15"),
        }[mode]
