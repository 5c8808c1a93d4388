"""The few building blocks every panel is made of: labels, buttons, a field with its error, a notice, an empty state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.beside import Beside
from ui.flow_row import FlowRow
from ui.messages import Message
from ui.theme import GRID


def label(text: str = "", role: str = "", name: str = "") -> QLabel:
    """Plain text that wraps and can be copied; ``role`` is a role of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setProperty("role", role)
    made.setObjectName(name)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def line(text: str = "", role: str = "", name: str = "") -> QLabel:
    """A label that stays on one line."""
    made = label(text, role, name)
    made.setWordWrap(False)
    return made


def button(text: str, action: Callable[[], object] | None = None, role: str = "", name: str = "") -> QPushButton:
    """A push button; Enter and Space press it while it has the focus."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setObjectName(name)
    made.setAutoDefault(True)
    if action:
        made.clicked.connect(lambda _checked=False: action())
    return made


def column(*items: QWidget | QLayout, margin: int = 0, gap: int = GRID) -> QVBoxLayout:
    """Things one under the other."""
    return _fill(QVBoxLayout(), items, margin, gap)


def row(*items: QWidget | QLayout, margin: int = 0, gap: int = GRID) -> QHBoxLayout:
    """Things side by side."""
    return _fill(QHBoxLayout(), items, margin, gap)


def _fill(box, items, margin, gap):
    box.setContentsMargins(margin, margin, margin, margin)
    box.setSpacing(gap)
    for item in items:
        box.addWidget(item) if isinstance(item, QWidget) else box.addLayout(item)
    return box


def holding(layout: QLayout) -> QWidget:
    """A widget that is nothing but its layout."""
    holder = QWidget()
    holder.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    return holder


def surface(role: str = "surface", name: str = "") -> QFrame:
    """A framed area."""
    frame = QFrame()
    frame.setProperty("role", role)
    frame.setObjectName(name)
    return frame


class _Centre(QWidget):
    """Keeps what it holds as wide as reading is easy, whatever the size of the text."""

    def __init__(self, inner: QWidget, characters: int) -> None:
        super().__init__()
        self._inner, self._characters = inner, characters

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = QFontMetrics(self.font()).averageCharWidth() * self._characters
        self._inner.setMaximumWidth(max(width, GRID * 40))
        super().resizeEvent(event)


def centred(inner: QWidget, characters: int = 80) -> QScrollArea:
    """``inner`` in the middle, ``characters`` wide at most, scrolling when the text is large."""
    inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    holder = _Centre(inner, characters)
    box = QHBoxLayout(holder)
    box.setContentsMargins(GRID * 2, GRID * 3, GRID * 2, GRID * 2)
    box.addStretch(1)
    box.addWidget(inner, 100, Qt.AlignmentFlag.AlignTop)
    box.addStretch(1)
    return scrolling(holder)


def scrolling(inner: QWidget) -> QScrollArea:
    """``inner`` with scroll bars when it does not fit."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


def restyle(widget: QWidget, role: str) -> None:
    """Change the role and have the style sheet look again."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Field(QWidget):
    """A caption, an editor, and the sentence about it when something is wrong with what it holds."""

    def __init__(self, caption: str, editor: QWidget, hint: str = "", name: str = "") -> None:
        super().__init__()
        self.setObjectName(f"{name}.field")
        self.editor = editor
        editor.setObjectName(name)
        editor.setAccessibleName(caption)
        self._caption = line(caption, "strong")
        self._caption.setWordWrap(True)
        self._hint = label(hint, "muted")
        self._hint.setVisible(bool(hint))
        self._error = label("", "error", f"{name}.error")
        self._error.hide()
        self.setLayout(column(self._caption, editor, self._hint, self._error, gap=GRID // 2))

    @property
    def error(self) -> str:
        """The sentence shown, empty when none."""
        return self._error.text() if not self._error.isHidden() else ""

    def set_error(self, text: str) -> None:
        """Show ``text`` under the editor (empty: nothing); screen readers get it as the description."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.editor.setAccessibleDescription(text)

    def set_caption(self, text: str) -> None:
        """Replace what names the editor."""
        self._caption.setText(text)
        self.editor.setAccessibleName(text)

    def set_hint(self, text: str) -> None:
        """Replace the quiet line under the editor."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))


class Notice(QFrame):
    """One sentence where the eye is, what to do, details on demand; never a modal."""

    closed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setObjectName(name)
        self._text = label("", "strong", f"{name}.text")
        self._advice = label("", "", f"{name}.advice")
        self._basis = label("", "muted", f"{name}.basis")
        self._details = label("", "muted", f"{name}.details")
        self._told = label("", "muted", f"{name}.told")
        self._act = button("", None, "", f"{name}.act")
        self._more = button(self.tr("Détails"), self._toggle, "quiet", f"{name}.more")
        self._copy = button(self.tr("Copier"), self._copy_details, "quiet", f"{name}.copy")
        self._close = button(self.tr("Fermer"), self.clear, "quiet", f"{name}.close")
        words = column(self._text, self._advice, self._basis, self._details, self._told, gap=GRID // 2)
        acts = row(self._act, self._more, self._copy, self._close)
        sides = Beside(holding(words), holding(column(acts)), (1, 0), GRID, characters=40)
        self.setLayout(column(sides, margin=GRID + GRID // 2))
        self._action: Callable[[], object] | None = None
        self._act.clicked.connect(self._do)
        self.hide()

    @property
    def text(self) -> str:
        """What is said now, advice included; empty when hidden."""
        return "" if self.isHidden() else f"{self._text.text()} {self._advice.text()}".strip()

    def say(
        self, message: Message | str, act: str = "", action: Callable[[], object] | None = None, *, keep: bool = False
    ) -> None:
        """Show a message, with one act offered when given; ``keep`` leaves no way to close it."""
        message = Message(message) if isinstance(message, str) else message
        self._show(self._text, message.text)
        self._show(self._advice, message.advice)
        self._show(self._basis, message.basis)
        self._details.setText(message.details)
        self._told.setText(self.tr("Le serveur dit : « {words} »").format(words=message.told) if message.told else "")
        for hidden in (self._details, self._told, self._copy):
            hidden.hide()
        self._more.setVisible(bool(message.details))
        self._act.setText(act)
        self._act.setVisible(bool(act))
        self._close.setVisible(not keep)
        self._action = action
        self.setAccessibleName(message.whole)
        self.show()

    def clear(self) -> None:
        """Say nothing more."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
        for words in (self._text, self._advice, self._basis, self._details, self._told):
            words.clear()
        self.setAccessibleName("")
        self._action = None

    @staticmethod
    def _show(where: QLabel, text: str) -> None:
        where.setText(text)
        where.setVisible(bool(text))

    def _toggle(self) -> None:
        shown = self._details.isHidden()
        self._details.setVisible(shown)
        self._told.setVisible(shown and bool(self._told.text()))
        self._copy.setVisible(shown)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details.text())

    def _do(self) -> None:
        action = self._action
        self.clear()
        if action:
            action()


class EmptyState(QWidget):
    """What is empty, why, and the next act."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title = label("", "heading", f"{name}.title")
        self._text = label("", "", f"{name}.text")
        self._act = button("", None, "primary", f"{name}.act")
        self._action: Callable[[], object] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._act.clicked.connect(lambda: self._action() if self._action else None)
        self.setLayout(column(self._title, self._text, FlowRow(self._act), gap=GRID * 2))
        self.layout().addStretch(1)

    @property
    def text(self) -> str:
        """Title and sentence."""
        return f"{self._title.text()} {self._text.text()}".strip()

    def say(self, title: str, text: str, act: str = "", action: Callable[[], object] | None = None) -> None:
        """Fill it; without ``act`` there is no button."""
        self._title.setText(title)
        self._text.setText(text)
        if not act and self._act.hasFocus():
            self.setFocus()  # else some button of another part would get it, and Enter do what nobody meant
        self._act.setText(act)
        self._act.setVisible(bool(act))
        self._action = action
        self.setAccessibleName(f"{title} {text}")

    def take_focus(self) -> None:
        """Focus on the act when there is one, else on the page: no button gets it by accident."""
        (self if self._act.isHidden() else self._act).setFocus()


class Elided(QLabel):
    """One line that ends with an ellipsis when the room is short; the whole text stays in the tooltip."""

    def __init__(self, role: str = "", name: str = "") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._whole = ""

    @property
    def whole(self) -> str:
        """The text as given."""
        return self._whole

    def set_text(self, text: str) -> None:
        """Show ``text``, shortened if need be."""
        self._whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(GRID * 8, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self.font()).horizontalAdvance(self._whole) + 4, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self.font())
        self.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, max(self.width(), 1)))
