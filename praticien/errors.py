"""Errors of the whole application: one root, a stable ``code`` each, and no patient data in any of them.

The window turns a code into a French sentence; what a caller may need (tries left, a rule) travels as attributes,
never inside the text. Each package derives its own small tree from these classes.
"""

from __future__ import annotations

from typing import ClassVar


class PraticienError(Exception):
    """Root of everything this project raises on purpose.

    ``code`` names the sentence to show; ``detail`` is a technical remark without any personal data.
    """

    code: ClassVar[str] = "error"

    def __init__(self, detail: str = "", *, rule: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.rule = rule


class Refused(PraticienError):
    """A rule says no; ``rule`` names it (see ``praticien.access``)."""

    code = "refused"


class InvalidInput(PraticienError, ValueError):
    """What was typed or chosen cannot be used; ``field`` names where the sentence belongs."""

    code = "input.invalid"

    def __init__(self, detail: str = "", *, field: str = "", rule: str = "") -> None:
        super().__init__(detail, rule=rule)
        self.field = field


class EnvironmentProblem(PraticienError):
    """Something around us failed (reader, network, disk): trying again later can succeed."""

    code = "environment"


class PatientChanged(PraticienError):
    """An answer came back for a patient who is no longer the one on screen: it is dropped."""

    code = "patient.changed"


class SessionLocked(PraticienError):
    """The professional's card is gone or its PIN was not given."""

    code = "session.locked"
