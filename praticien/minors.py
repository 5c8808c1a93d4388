"""Minors: who may ask for a secret connection (CSP R.1111-50, EX_0.1-1100; system parameter ``age-majorite``)."""

from __future__ import annotations

from datetime import date

AGE_OF_MAJORITY = 18


def may_be_minor(birth_date: str, on: date) -> bool:
    """Whether someone born on AAAAMMJJ may still be a minor on that day.

    Of a lunar date the latest possible day counts, since the secret protects. Born on 29 February, one comes of age
    on 1 March.
    """
    month, day = int(birth_date[4:6]), int(birth_date[6:8])
    latest = (
        int(birth_date[:4]),
        month if 1 <= month <= 12 else 12,
        day if 1 <= day <= 31 and 1 <= month <= 12 else 31,
    )
    return (on.year - AGE_OF_MAJORITY, on.month, on.day) < latest
