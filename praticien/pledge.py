"""The notice that each user confirms having understood, every 180 days (facts: features A17, SC.DMP/CONF)."""

from __future__ import annotations

from datetime import date

DAYS = 180


def is_due(kept: str, today: date) -> bool:
    """Whether to ask again; ``kept`` is the day of the last answer (ISO), anything else was no answer.

    A day to come is none either: a clock set forward once must not silence the notice.
    """
    try:
        days = (today - date.fromisoformat(kept)).days
    except ValueError:
        return True
    return not 0 <= days < DAYS
