"""Minors: who may have a secret connection, and what legal representatives do not read (CSP R.1111-40, R.1111-50)."""

from __future__ import annotations

from datetime import date

AGE_OF_MAJORITY = 18
"""System parameter ``age-majorite``."""


def may_be_minor(birth_date: str, on: date) -> bool:
    """Whether someone born then (YYYYMMDD) may still be a minor on that day.

    A lunar date counts as late as it can be: in doubt a minor keeps the secret. Born on 29 February, one comes of age
    on 1 March where that day does not exist.
    """
    year, month, day = int(birth_date[:4]), int(birth_date[4:6]), int(birth_date[6:])
    known_month = 1 <= month <= 12
    latest = (year, month if known_month else 12, day if known_month and 1 <= day <= 31 else 31)
    return (latest[0] + AGE_OF_MAJORITY, *latest[1:]) > (on.year, on.month, on.day)
