"""A server that keeps what it gets, its failures, and deliveries in every state."""

from __future__ import annotations

from datetime import UTC, datetime

from praticien.access import NORMAL
from praticien.deposit import prepare
from praticien.documents.model import DocumentKind
from praticien.errors import EnvironmentProblem, Refused
from praticien.metadata import Acknowledgement
from praticien.outbox import DeliveryState, Owner, Summary
from tests.praticien import forms

KEY = bytes(range(32))
ME = Owner("899700000123", "499700000123401")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LABEL = "TESTEXEMPLE Zoé, née le 12/03/1987"


class Unreachable(EnvironmentProblem):
    code = "server.unreachable"
    uncertain = False


class Cut(EnvironmentProblem):
    code = "server.cut"
    uncertain = True


class ServerRefuses(Refused):
    code = "dmp.refused"


class AlreadyDeposited(Refused):
    code = "dmp.already_deposited"


class Crash(BaseException):
    """The process dies."""


class Dmp:
    """A server that keeps what it gets under its unique identifier, as the real one must."""

    def __init__(self):
        self.stored: dict[str, bytes] = {}
        self.failures: list[BaseException] = []
        self.after_storing: list[BaseException] = []
        self.received = 0

    def deposit(self, submission, access):
        if self.failures:
            raise self.failures.pop(0)
        self.received += 1
        document = submission.documents[0]
        known = document.entry.unique_id in self.stored
        if known:
            raise AlreadyDeposited
        self.stored[document.entry.unique_id] = document.content
        if self.after_storing:
            raise self.after_storing.pop(0)
        return Acknowledgement(submission.submission_set.unique_id, NOW)


def submission_of(number=0):
    form = forms.prescription(unique_id=f"2.25.{9000 + number}", title=f"Ordonnance n° {number}")
    return prepare(form, software_oid=forms.SOFTWARE_OID)


def summary(title="Ordonnance", owner=ME):
    return Summary(title, DocumentKind.PRESCRIPTION, LABEL, owner)


def crash(box):
    """Let the folder go as the death of the process does."""
    box.close()


def in_state(box, dmp, submission, state):
    """A delivery brought to ``state`` by what happens in life."""
    delivery = box.put(submission, summary())
    if state is DeliveryState.WAITING:
        return delivery
    dmp.failures = [
        {DeliveryState.UNCERTAIN: Cut, DeliveryState.REFUSED: ServerRefuses, DeliveryState.REFUSED_AGAIN: Cut}[state]()
    ]
    delivery = box.deliver(delivery.id, dmp, NORMAL, ME)
    if state is DeliveryState.REFUSED_AGAIN:
        dmp.failures = [ServerRefuses()]
        delivery = box.deliver(delivery.id, dmp, NORMAL, ME)
    assert delivery.state is state
    return delivery
