"""Rows of one kind, one under the other: added, taken away, and where the sentence about one of them goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, cast

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.tab_order import come_before
from ui.theme import GRID
from ui.widgets import label


class Typed(Protocol):
    """What a row holds."""

    @property
    def is_empty(self) -> bool:
        """Nothing was typed in it."""


class Row(Protocol):
    """A widget with a name to type first."""

    name: QLineEdit
    removed: Any  # a signal

    @property
    def typed(self) -> Typed:
        """What it holds."""

    @property
    def error(self) -> str:
        """The sentence shown, empty when none."""

    def set_error(self, text: str, part: str = "name") -> None:
        """Say what is wrong with a part of it; empty for nothing."""

    def focus_error(self) -> None:
        """The part that the sentence speaks of gets the focus."""


RowT = TypeVar("RowT", bound=Row)


class RowList(Generic[RowT]):
    """``make`` gives the row of a number. ``spare``: an empty row always waits at the end.

    ``error`` is the sentence about all of them, ``box`` where the rows stand.
    """

    def __init__(self, root: str, make: Callable[[int], RowT], *, spare: bool = False) -> None:
        self._root, self._make, self._spare = root, make, spare
        self._rows: list[RowT] = []
        self._made = 0
        self._follower: QWidget | None = None
        self._removed: Callable[[], object] = lambda: None
        self.error = label("", "error", f"deposit.{root}.error")
        self.error.hide()
        self.box = QVBoxLayout()
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(GRID)

    def when_removed(self, action: Callable[[], object]) -> None:
        """Call this after a row was taken away by its button."""
        self._removed = action

    def precede(self, follower: QWidget) -> None:
        """Tab goes from the last row to ``follower``."""
        self._follower = follower

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> RowT:
        return self._rows[place]

    @property
    def filled(self) -> list[RowT]:
        """Those that hold something, in order: the lines of the document."""
        return [row for row in self._rows if not row.typed.is_empty]

    @property
    def empty(self) -> RowT | None:
        """The first that holds nothing."""
        return next((row for row in self._rows if row.typed.is_empty), None)

    def add(self) -> RowT:
        """One more row at the end."""
        row = self._make(self._made)
        self._made += 1
        cast(SignalInstance, row.removed).connect(lambda: self._remove(row))
        self._rows.append(row)
        self.box.addWidget(cast(QWidget, row))
        if self._follower:
            come_before(self._follower, cast(QWidget, row))
        return row

    def after(self, row: RowT) -> RowT:
        """The row that follows, made when there is none."""
        place = self._rows.index(row) + 1
        return self._rows[place] if place < len(self._rows) else self.add()

    def clear(self) -> None:
        """No row at all; numbers start again."""
        for row in list(self._rows):
            self._drop(row)
        self._made = 0

    def _drop(self, row: RowT) -> None:
        self._rows.remove(row)
        widget = cast(QWidget, row)
        self.box.removeWidget(widget)
        widget.hide()
        widget.setParent(None)
        widget.deleteLater()

    def _remove(self, row: RowT) -> None:
        self._drop(row)
        if not self._rows:
            self._made = 0
        if not self._rows or (self._spare and not self._rows[-1].typed.is_empty):
            self.add()
        self._rows[-1].name.setFocus()
        self._removed()

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """A sentence for ``acts`` or ``acts.1.ccam`` (of the second line filled); False when it is another's."""
        root, _, rest = place.partition(".")
        number, _, part = rest.partition(".")
        if root != self._root:
            return False
        if number.isdigit() and int(number) < len(self.filled):
            self.filled[int(number)].set_error(text, part)
        else:
            self.error.setText(text)
            self.error.setVisible(bool(text))
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self.show_error(self._root, "")
        for row in self._rows:
            row.set_error("")

    def focus_error(self) -> bool:
        """The first row in error gets the focus, the first row of all when the sentence is about all of them."""
        row = next((row for row in self._rows if row.error), None)
        if row:
            row.focus_error()
        elif self.error.text():
            self._rows[0].name.setFocus()
        return bool(row or self.error.text())
