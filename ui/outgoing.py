"""What leaves: prepared, kept in the outbox, delivered, tried again. Errors of a delivery are told by its state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from praticien.access import NORMAL, Access
from praticien.comparisons import Comparisons
from praticien.deposited import Deposited
from praticien.documents.model import NewDocument
from praticien.errors import PraticienError, Refused
from praticien.identity import Ins
from praticien.metadata import Submission
from praticien.outbox import Delivery, DeliveryState, Outbox, Owner, Summary
from praticien.practice import Practice
from praticien.replacing import located
from ui.dependencies import Prepare
from ui.session import owner_of
from ui.tasks import Tasks
from ui.text import patient_label
from ui.wanted import Wanted

RETRY_MS = 60_000


class DepositGivenUp(Refused):
    """The user gave up while the document was being prepared: nothing was kept, nothing leaves."""

    code = "deposit.given_up"


class Outgoing(QObject):
    """``owner`` is set while somebody is unlocked; only their deliveries are shown and sent.

    ``rejected`` tells the document and the error of a submission, ``refused`` the error of anything else.
    """

    changed = Signal()
    accepted = Signal(object)
    rejected = Signal(object, object)
    refused = Signal(object)
    ended = Signal(object)

    def __init__(
        self,
        practice: Practice,
        outbox: Outbox,
        prepare: Prepare,
        tasks: Tasks,
        *,
        deposited: Deposited | None = None,
        comparisons: Comparisons | None = None,
    ) -> None:
        super().__init__()
        self._deposited, self._comparisons = deposited, comparisons
        self._practice, self._outbox, self._prepare, self._tasks = practice, outbox, prepare, tasks
        self._owner: Owner | None = None
        self._patients: dict[str, Ins] = {}
        self._under_way: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(RETRY_MS)
        self._timer.timeout.connect(self.deliver_waiting)

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Of the owner, newest first."""
        return tuple(reversed(self._outbox.deliveries(self._owner))) if self._owner else ()

    def counts(self) -> tuple[int, int]:
        """How many wait (or are being sent), how many were refused or are damaged."""
        found = self.deliveries
        waiting = sum(d.state.is_waiting or d.state.is_sending for d in found)
        return waiting, sum(d.state.is_refused or d.state is DeliveryState.DAMAGED for d in found)

    def patient_of(self, delivery: Delivery) -> Ins | None:
        """Whose document it is, when it was put during this session."""
        return self._patients.get(delivery.id)

    def start(self, owner: Owner | None) -> None:
        """Somebody is unlocked: what waits in their name goes."""
        self._owner = owner
        self._timer.start()
        self.changed.emit()
        self.deliver_waiting()

    def stop(self) -> None:
        """Locked: nothing is shown any more, nothing leaves."""
        self._owner = None
        self._patients.clear()
        self._timer.stop()
        self.changed.emit()

    def submit(self, document: NewDocument, *, text_compared: bool = False) -> None:
        """Prepare and keep it; then deliver. ``accepted`` or ``rejected`` tells, also of one that the user gave up."""
        owner = self._owner
        if owner is None:
            return
        case = self._practice.case
        access = case.access if case else NORMAL
        if access.secret:
            document = replace(document, invisible_to_representatives=True)  # whatever the form says
        summary = Summary(document.title, document.kind, patient_label(document.patient.traits), owner)
        wanted: Wanted[Delivery] = Wanted()

        def work() -> Delivery:
            whole = located(document, self._practice.dmp, access) if document.replaces else document
            submission = self._prepare(whole, text_compared=text_compared)
            return wanted.do(lambda: self._kept(whole, submission, summary, traced=text_compared))

        task = self._tasks.start(work, self.tr("Préparation du document…"), lane="file")
        task.on_success(lambda delivery: self._accepted(delivery, document.patient.ins, access))
        task.on_failure(lambda error: self.rejected.emit(document, error))
        task.on_cancel(lambda: self._given_up(document, wanted, access))

    def _given_up(self, document: NewDocument, wanted: Wanted[Delivery], access: Access) -> None:
        """What was kept just before goes all the same; else nothing was, and nothing will be."""
        delivery = wanted.give_up()
        if delivery:
            self._accepted(delivery, document.patient.ins, access)
        else:
            self.rejected.emit(document, DepositGivenUp())

    def _kept(self, document: NewDocument, submission: Submission, summary: Summary, *, traced: bool) -> Delivery:
        """In the outbox, unless it says what was deposited already; ``traced``: the user compared its text.

        Raises AlreadyDeposited, RegisterUnavailable, RegisterAltered.
        """
        cda, now = submission.documents[0].content, datetime.now(UTC)
        if self._deposited:
            self._deposited.refuse_again(document, cda)
        if traced and self._comparisons:
            self._comparisons.record(document, now)
        delivery = self._outbox.put(submission, summary)
        if self._deposited:
            self._deposited.remember(document, cda, now)
        return delivery

    def forget(self, unique_id: str) -> None:
        """A document is no more: the same may be deposited again."""
        if self._deposited:
            self._deposited.forget(unique_id)

    def deliver_waiting(self) -> None:
        """One try for each that waits."""
        for delivery in reversed(self.deliveries):
            if delivery.state.is_waiting:
                self._deliver(delivery.id, NORMAL)

    def retry(self, delivery: Delivery) -> None:
        """The user wants another try."""
        if delivery.state.is_refused:
            self._outbox.retry(delivery.id)
        self._deliver(delivery.id, NORMAL)

    def discard(self, delivery: Delivery) -> None:
        """The user gives it up, or clears a line."""

        def work() -> None:
            self._outbox.discard(delivery.id)
            if delivery.state is not DeliveryState.SENT:
                for unique_id in delivery.document_ids:
                    self.forget(unique_id)

        task = self._tasks.start(work, self.tr("Effacement de l’envoi…"), lane="file")
        task.on_success(lambda _none: self.changed.emit())
        task.on_failure(self.refused.emit)

    def _accepted(self, delivery: Delivery, ins: Ins | None, access: Access) -> None:
        if self._owner is not None and ins is not None:
            self._patients[delivery.id] = ins
        self.accepted.emit(delivery)
        if delivery.summary and delivery.summary.owner == self._owner:  # else somebody else was unlocked meanwhile
            self._deliver(delivery.id, access)

    def _deliver(self, id: str, access: Access) -> None:
        owner = self._owner
        if owner is None or id in self._under_way:
            return
        try:
            dmp = self._practice.dmp
        except PraticienError:
            return
        if owner_of(self._practice) != owner:  # another structure was chosen: its own work has not begun yet
            return
        self._under_way.add(id)
        work = partial(self._outbox.deliver, id, dmp, access, owner)
        task = self._tasks.start(work, self.tr("Envoi du document au DMP…"))
        task.on_success(lambda delivery: self._ended(id, delivery))
        task.on_failure(lambda error: self._ended(id, None, error))
        task.on_cancel(lambda: self._ended(id, None))
        self.changed.emit()

    def _ended(self, id: str, delivery: Delivery | None, error: BaseException | None = None) -> None:
        self._under_way.discard(id)
        self.changed.emit()
        if delivery:
            self._settle(delivery)
        if delivery and self._owner:
            self.ended.emit(delivery)
        elif error:
            self.refused.emit(error)

    def _settle(self, delivery: Delivery) -> None:
        """What was refused may be deposited anew; sent at last, it may not."""
        if self._deposited and (delivery.state.is_refused or delivery.state is DeliveryState.SENT):
            for unique_id in delivery.document_ids:
                self._deposited.settle(unique_id, refused=delivery.state.is_refused)
