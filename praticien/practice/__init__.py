"""One professional at one desk: what is unlocked, which patient is open, in which mode.

Every method that asks a card or a server blocks: the window calls it from a background task. An answer that arrives
for a patient who is no longer open raises PatientChanged, so nothing of one patient can show under another.
An act may name the ``turn`` in which the user asked for it: when it starts late, for somebody else, it does nothing.
"""

from __future__ import annotations

from praticien.practice.case import Case
from praticien.practice.refusals import (
    CenturyMissing,
    IdentityMismatch,
    NoOwnNir,
    NoProfession,
    NoRights,
    StaleReading,
    TestCardRefused,
    VitaleSwapped,
    error_code,
)
from praticien.practice.relations import Relations
from praticien.practice.stewardship import PriorVersion, Stewardship

__all__ = [
    "Case",
    "CenturyMissing",
    "IdentityMismatch",
    "NoOwnNir",
    "NoProfession",
    "NoRights",
    "Practice",
    "PriorVersion",
    "Relations",
    "StaleReading",
    "TestCardRefused",
    "VitaleSwapped",
    "error_code",
]


class Practice(Stewardship):
    """The state of one desk. Safe to call from several threads; answers for a patient gone are dropped."""
