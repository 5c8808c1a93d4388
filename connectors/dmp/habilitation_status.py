"""The DMP's own services (TD0.3, TD0.4, TD1.6): a status, rows of named fields. Facts: protocol 2.1."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.errors import Fault, MalformedAnswer, from_fault
from connectors.soap.parsing import Element, all_named, text


def check(answer: Element) -> None:
    """Pass when the status is DMPOk. Raises the typed error of another status, MalformedAnswer without one."""
    status = next((text(e) for e in all_named(answer, "status")), "")
    if not status:
        raise MalformedAnswer("status missing")
    if status != "DMPOk":
        context = next((text(e) for e in all_named(answer, "context")), "")
        raise from_fault(Fault("status", status, context[:500]))


def moment(row: Element, name: str) -> datetime | None:
    """An instant AAAAMMJJhhmmss (UTC) of a row, None when it is absent. Raises MalformedAnswer."""
    told = text(row, name)
    if not told:
        return None
    try:
        return datetime.strptime(told, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise MalformedAnswer(name) from None
