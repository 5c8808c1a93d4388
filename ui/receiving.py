"""The examinations received, on the secretary's page: looked at now and then, opened in a report."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from praticien.documents.received import ReceivedStudy, Reception
from praticien.practice import Case
from ui.tasks import Tasks
from ui.work_list import WorkList

_EVERY = 4000  # milliseconds: a study takes longer than that to arrive


class Receiving(QObject):
    """``begin`` opens the form with the examination chosen; ``case`` is the open patient, if any."""

    def __init__(
        self,
        reception: Reception,
        page: WorkList,
        tasks: Tasks,
        case: Callable[[], Case | None],
        begin: Callable[[ReceivedStudy], None],
    ) -> None:
        super().__init__(page)
        self._reception, self._page, self._tasks, self._case = reception, page, tasks, case
        page.received.setVisible(reception.store is not None or bool(reception.problem))
        page.received.chosen.connect(begin)
        page.received.dropped.connect(self._drop)
        page.shown.connect(self.look)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.look)
        if reception.store:
            self._timer.start()

    def look(self) -> None:
        """Read the list again, when it is in sight."""
        store, page = self._reception.store, self._page
        if self._reception.problem:
            page.received.show_studies((), None, self._reception.problem)
        elif store and page.isVisible():
            task = self._tasks.start(store.studies, "", lane="file")
            task.on_success(self._show)

    def _show(self, found: tuple[ReceivedStudy, ...]) -> None:
        case = self._case()
        if self._page.isVisible():
            self._page.received.show_studies(found, case.patient if case else None)

    def _drop(self, received: ReceivedStudy) -> None:
        store = self._reception.store
        if store:
            task = self._tasks.start(lambda: store.drop(received.study_uid), "", lane="file")
            task.on_success(lambda _done: self.look())
