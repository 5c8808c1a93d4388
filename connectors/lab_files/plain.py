"""Typed access to parsed JSON: every key is known, every value has its type, and an error says where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from connectors.lab_files.errors import UnusableLabFile

_MAX_TEXT = 20_000


class Table:
    """One JSON object at ``place``; ``known`` are the keys it may have, so that no typing error passes unseen."""

    def __init__(self, value: Any, place: str, known: str) -> None:
        if not isinstance(value, dict):
            raise UnusableLabFile("object expected", place=place)
        unknown = sorted(str(key)[:40] for key in value.keys() - set(known.split()))
        if unknown:
            raise UnusableLabFile(f"unknown key {unknown[0]}", place=place)
        self._value, self.place = value, place

    def __contains__(self, key: str) -> bool:
        return self._value.get(key) is not None

    def at(self, key: str) -> str:
        """Where a key is."""
        return f"{self.place}.{key}" if self.place else key

    def raw(self, key: str) -> Any:
        """The value as parsed, None when absent."""
        return self._value.get(key)

    def text(self, key: str) -> str:
        """Text (a whole number is taken as its digits), empty when absent."""
        value = self._value.get(key)
        if value is None:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or len(value) > _MAX_TEXT:
            raise UnusableLabFile("text expected", place=self.at(key))
        return value.strip()

    def line(self, key: str) -> str:
        """Text on one line."""
        return " ".join(self.text(key).split())

    def number(self, key: str) -> Decimal | None:
        """A number with its digits, written as a number or as text; None when absent."""
        value = self._value.get(key)
        if value is None or value == "":
            return None
        text = value.strip().replace(",", ".") if isinstance(value, str) else str(value)
        if isinstance(value, bool) or not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,12})?", text):
            raise UnusableLabFile("number expected", place=self.at(key))
        return Decimal(text)

    def moment(self, key: str) -> datetime | None:
        """An ISO 8601 date and time; without zone, this machine's own."""
        text = self.text(key)
        if not text:
            return None
        try:
            return datetime.fromisoformat(text).astimezone()
        except (ValueError, OverflowError, OSError):
            raise UnusableLabFile("ISO 8601 date and time expected", place=self.at(key)) from None

    def items(self, key: str) -> Iterator[tuple[Any, str]]:
        """The values of an array, each with its place."""
        value = self._value.get(key)
        if value is not None and not isinstance(value, list):
            raise UnusableLabFile("array expected", place=self.at(key))
        for number, item in enumerate(value or ()):
            yield item, f"{self.at(key)}[{number}]"
