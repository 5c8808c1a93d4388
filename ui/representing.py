"""Who represents the patient: asked of the DMP (TD1.3a) once somebody else is to agree, told beside the agreement."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.administrative import AdministrativeData
from praticien.errors import PatientChanged
from praticien.practice import Practice
from ui.consent_words import UNREAD

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Representing(QObject):
    """Answers the agreement's question; an answer about a patient gone is dropped."""

    def __init__(self, window: MainWindow, practice: Practice) -> None:
        super().__init__(window)
        self._tasks, self._practice, self._panel = window.tasks, practice, window.pages.dossier.consent
        self._panel.representatives_wanted.connect(self._ask)

    def _ask(self) -> None:
        turn = self._practice.turn
        work = partial(self._practice.administrative_data, turn=turn)
        task = self._tasks.start(work, self.tr("Lecture des représentants légaux…"))
        task.on_success(lambda data: self._show(data, turn))
        task.on_failure(lambda error: self._fail(error, turn))

    def _show(self, data: AdministrativeData, turn: int) -> None:
        if turn == self._practice.turn:
            self._panel.show_representatives(data.representatives)

    def _fail(self, error: BaseException, turn: int) -> None:
        if turn == self._practice.turn and not isinstance(error, PatientChanged):
            self._panel.say_represented(UNREAD)
