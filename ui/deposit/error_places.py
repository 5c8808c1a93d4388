"""Where in the form a sentence belongs: each part says which places are its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from PySide6.QtWidgets import QWidget

from ui.widgets import Field

_ALIASES = {
    "service_start": "day",
    "service_stop": "day",
    "created_at": "day",
    "legal_authenticator": "author",
    "comment": "text",
}
"""Fields of a document by the place where they are typed."""


class Part(Protocol):
    """A panel of the form that can be wrong. Panels are widgets: one that is hidden takes no sentence."""

    def show_error(self, place: str, text: str) -> bool:
        """Take the sentence, or say False: it speaks of something else."""

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""

    def focus_error(self) -> bool:
        """Focus on the first thing in error; False when there is none."""

    def error_of(self, place: str) -> str:
        """The sentence shown there, empty when none."""


class FieldPart:
    """One field as a part."""

    def __init__(self, place: str, field: Field) -> None:
        self._place, self._field = place, field

    def isHidden(self) -> bool:
        """As the field is."""
        return self._field.isHidden()

    def show_error(self, place: str, text: str) -> bool:
        """Under the field, when it is its place."""
        if place == self._place:
            self._field.set_error(text)
        return place == self._place

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self._field.set_error("")

    def focus_error(self) -> bool:
        """The editor gets the focus when a sentence is about it."""
        if self._field.error:
            self._field.editor.setFocus()
        return bool(self._field.error)

    def error_of(self, place: str) -> str:
        """The sentence under the field."""
        return self._field.error if place == self._place else ""


class ErrorPlaces:
    """All parts, in the order in which the first error is looked for."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(parts)

    def show(self, place: str, text: str) -> bool:
        """Put a sentence where it belongs; False when no part in sight has that place."""
        place = _ALIASES.get(place, place)
        return any(part.show_error(place, text) for part in self._in_sight())

    def clear(self) -> None:
        """Nothing is wrong any more, in hidden parts either."""
        for part in self._parts:
            part.clear_errors()

    def focus_first(self) -> bool:
        """The first thing in error gets the focus; False when there is none."""
        return any(part.focus_error() for part in self._in_sight())

    def error_of(self, place: str) -> str:
        """The sentence at a place, empty when none."""
        return next((text for part in self._parts if (text := part.error_of(place))), "")

    def _in_sight(self) -> list[Part]:
        return [part for part in self._parts if not cast(QWidget, part).isHidden()]
