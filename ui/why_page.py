"""What one may do about the open patient, and for each thing one may not: why, on which rule, who can change it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.flow_row import FlowRow
from ui.messages import Message
from ui.theme import GRID
from ui.widgets import button, column, label, surface


@dataclass(frozen=True, slots=True)
class Possibility:
    """One act; ``refusal`` is None when it is possible now."""

    act: str
    refusal: Message | None = None


class WhyPage(QWidget):
    """A page; Esc leaves."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("why")
        self._list = QVBoxLayout()
        self._list.setSpacing(GRID)
        self._said: list[str] = []
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "why.back")
        title = label(self.tr("Ce que vous pouvez faire, et pourquoi pas le reste"), "heading")
        self.setLayout(column(title, self._list, FlowRow(self._back), gap=GRID * 2))

    @property
    def text(self) -> str:
        """All that is said."""
        return "\n".join(self._said)

    def show_possibilities(self, possibilities: Iterable[Possibility]) -> None:
        """One frame an act."""
        self.forget()
        for one in possibilities:
            refusal = one.refusal
            state = self.tr("possible") if refusal is None else self.tr("impossible maintenant")
            lines = [(f"{one.act} — {state}", "strong")]
            if refusal:
                lines += [(refusal.whole, ""), (refusal.basis, "muted")]
            self._add([line for line in lines if line[0]])

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self._said = []
        while self._list.count():
            widget = self._list.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()

    def take_focus(self) -> None:
        """The way back."""
        self._back.setFocus()

    def _add(self, lines: list[tuple[str, str]]) -> None:
        frame = surface()
        frame.setLayout(column(*[label(words, role) for words, role in lines], margin=GRID, gap=GRID // 2))
        self._list.addWidget(frame)
        self._said += [words for words, _role in lines]
