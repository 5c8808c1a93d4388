"""One act about to be done: its effect in words, what has to be ticked first, then a button. Esc gives up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from ui.flow_row import FlowRow
from ui.messages import Message
from ui.theme import GRID
from ui.widgets import Notice, button, column, label


@dataclass(frozen=True, slots=True)
class Intent:
    """``boxes`` must all be ticked before ``verb`` can be pressed: the second act of what cannot be undone."""

    title: str
    subject: str
    effect: str
    verb: str
    boxes: tuple[str, ...] = ()
    irreversible: bool = False


class Confirmation(QWidget):
    """Shows an Intent; calls what was given once it is confirmed."""

    given_up = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._action: Callable[[], object] | None = None
        self._boxes: list[QCheckBox] = []
        self.notice = Notice(f"{name}.notice")
        self._title = label("", "heading", f"{name}.title")
        self._subject = label("", "strong", f"{name}.subject")
        self._effect = label("", "quote", f"{name}.effect")
        self._irreversible = label(
            self.tr("Définitif : ce ne pourra pas être annulé."), "error", f"{name}.irreversible"
        )
        self._place = QVBoxLayout()
        self._place.setSpacing(GRID)
        self._go = button("", self._confirm, "primary", f"{name}.go")
        self._back = button(self.tr("Renoncer (Échap)"), self.given_up.emit, "", f"{name}.back")
        texts = (self._title, self._subject, self._effect, self._irreversible)
        whole = column(*texts, self._place, self.notice, FlowRow(self._go, self._back), gap=GRID * 2)
        whole.addStretch(1)
        self.setLayout(whole)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._confirm)

    @property
    def effect(self) -> str:
        """What is said of the effect."""
        return self._effect.text()

    def ask(self, intent: Intent, action: Callable[[], object]) -> None:
        """Nothing is ticked; ``action`` is called at most once for each press."""
        self._action = action
        self.notice.clear()
        self._title.setText(intent.title)
        self._subject.setText(intent.subject)
        self._subject.setVisible(bool(intent.subject))
        self._effect.setText(intent.effect)
        self._irreversible.setVisible(intent.irreversible)
        self._go.setText(self.tr("{verb} (Ctrl+Entrée)").format(verb=intent.verb))
        self._make_boxes(intent.boxes)
        self._weigh()

    def forget(self) -> None:
        """Nothing of this patient stays."""
        self.ask(Intent("", "", "", ""), lambda: None)
        self._action = None

    def refused(self, message: Message) -> None:
        """It was not done: say why; it can be tried again."""
        self.notice.say(message)
        self._weigh()
        self.take_focus()

    def take_focus(self) -> None:
        """The first box, else the button that gives up: Enter alone does nothing by accident."""
        (self._boxes[0] if self._boxes else self._back).setFocus()

    def _make_boxes(self, texts: tuple[str, ...]) -> None:
        for box in self._boxes:
            self._place.removeWidget(box)
            box.deleteLater()
        self._boxes = []
        for number, text in enumerate(texts, 1):
            box = QCheckBox(text)
            box.setObjectName(f"{self.objectName()}.box{number}")
            box.toggled.connect(lambda _on: self._weigh())
            self._place.addWidget(box)
            self._boxes.append(box)
        for first, second in zip([self, *self._boxes], [*self._boxes, self._go], strict=True):
            QWidget.setTabOrder(first, second)

    def _weigh(self) -> None:
        self._go.setEnabled(all(box.isChecked() for box in self._boxes))

    def _confirm(self) -> None:
        if self._go.isEnabled() and self._action:
            self._go.setEnabled(False)
            self.notice.clear()
            self._action()
