"""The patient's side of the desk: every act on the open patient, in the background, one at a time.

A new act abandons the one before. What arrives for a patient who is no longer open is dropped by the practice
(PatientChanged) and nothing is said about it; each act names the turn in which it was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from praticien.access import AccessMode, EmergencyReason
from praticien.consents import Consent
from praticien.errors import PatientChanged, PraticienError
from praticien.identity import IdentityStatus, Ins, StrictTraits
from praticien.metadata import Availability, DocumentEntry
from praticien.ports import CardDesk
from praticien.practice import Case, Practice
from praticien.vitale import Beneficiary, VitaleReading
from ui.tasks import Task, Tasks

ACTIVE = (Availability.APPROVED,)


class PatientFlow(QObject):
    """Signals: the case changed (or is gone), a Vitale was read, a document came, an act failed (name, error)."""

    case_changed = Signal()
    vitale_read = Signal(object)
    vitales_read = Signal(object)
    document_ready = Signal(object, object)
    failed = Signal(str, object)
    busy_changed = Signal()

    def __init__(self, practice: Practice, desk: CardDesk, tasks: Tasks) -> None:
        super().__init__()
        self._practice, self._desk, self._tasks = practice, desk, tasks
        self._task: Task | None = None
        self.act = ""
        self.vitale_serial = ""
        self.listed = False
        self.statuses: tuple[Availability, ...] = ACTIVE
        self._readers: dict[str, str] = {}  # by serial number of the Vitale cards read

    @property
    def case(self) -> Case | None:
        """The open patient."""
        return self._practice.case

    def forget(self) -> None:
        """Nobody is open any more; whatever is on its way will be dropped."""
        self._drop()
        self._practice.forget_patient()
        self.listed = False
        self.statuses = ACTIVE
        self.vitale_serial = ""
        self.case_changed.emit()

    def _drop(self) -> None:
        task, self._task = self._task, None
        self.act = ""
        if task:
            task.drop()

    def run(self, act: str, work: Callable[[], Any], doing: str, then: Callable[[Any], object]) -> None:
        """One act on the open patient; the one before is abandoned. ``then`` gets what ``work`` gives."""
        self._drop()
        task = self._tasks.start(work, doing)
        self._task, self.act = task, act
        task.on_success(lambda result: self._succeeded(then, result))
        task.on_failure(lambda error: self._failed(act, error))
        task.on_cancel(self._given_up)
        self.busy_changed.emit()

    def _succeeded(self, then: Callable[[Any], object], result: Any) -> None:
        self._task, self.act = None, ""
        then(result)
        self.busy_changed.emit()

    def _failed(self, act: str, error: BaseException) -> None:
        self._task, self.act = None, ""
        if not isinstance(error, PatientChanged):
            self.failed.emit(act, error)
        self.busy_changed.emit()

    def _given_up(self) -> None:
        self._task, self.act = None, ""
        self._practice.abandon()
        self.case_changed.emit()
        self.busy_changed.emit()

    # -- who -------------------------------------------------------------------------------------------------

    def read_vitale(self, reader: str) -> None:
        """Beneficiaries of the card in ``reader``; leaves the open patient alone."""
        task = self._tasks.start(
            lambda: self._desk.read_vitale(reader), self.tr("Lecture de la carte Vitale…"), lane="card"
        )
        task.on_success(lambda reading: self._read(reader, reading))
        task.on_failure(lambda error: self.failed.emit("vitale", error))

    def read_vitales(self, readers: tuple[str, ...]) -> None:
        """All of several Vitale cards, those that can be read: (reader, reading) pairs, for the user to choose."""
        task = self._tasks.start(
            lambda: tuple((reader, self._reading_in(reader)) for reader in readers),
            self.tr("Lecture des cartes Vitale…"),
            lane="card",
        )
        task.on_success(self._read_several)
        task.on_failure(lambda error: self.failed.emit("vitale", error))

    def _reading_in(self, reader: str) -> VitaleReading | None:
        try:
            return self._desk.read_vitale(reader)
        except PraticienError:  # the others can be chosen all the same
            return None

    def _read_several(self, found: tuple[tuple[str, VitaleReading | None], ...]) -> None:
        self._readers.update({reading.serial: reader for reader, reading in found if reading})
        self.vitales_read.emit(found)

    def _read(self, reader: str, reading: VitaleReading) -> None:
        self._readers[reading.serial] = reader
        self.vitale_read.emit(reading)

    def take_beneficiary(self, reading: VitaleReading, beneficiary: Beneficiary) -> None:
        """Open the chosen beneficiary: INSi gives the matricule."""
        self.forget()
        turn = self._practice.turn
        reader = self._readers.get(reading.serial)
        read_again = partial(self._desk.read_vitale, reader) if reader else None

        def opened(_case: Case) -> None:
            self.vitale_serial = reading.serial
            self.case_changed.emit()

        self.run(
            "beneficiary",
            partial(self._practice.take_beneficiary, reading, beneficiary, read_again=read_again, turn=turn),
            self.tr("Recherche du matricule INS auprès de l’INSi…"),
            opened,
        )

    def take_traits(self, traits: StrictTraits, ins: Ins | None) -> None:
        """Open the patient found by traits (and by the typed matricule, if any)."""
        self.forget()
        turn = self._practice.turn
        work = partial(self._practice.take_traits, traits, ins, turn=turn)
        self.run("traits", work, self.tr("Recherche du patient auprès de l’INSi…"), self._changed)

    def confirm_identity(self) -> None:
        """The official identity document was compared: go and look whether a dossier exists."""
        case = self.case
        by_telephone = case is not None and case.access.mode is AccessMode.REGULATION
        if case and not by_telephone and case.patient.status is not IdentityStatus.QUALIFIED:
            self._practice.confirm_identity()
            self.case_changed.emit()
            self.look()

    # -- the dossier -----------------------------------------------------------------------------------------

    def look(self) -> None:
        """TD0.2, then the list when it may be read."""
        work = partial(self._practice.look, turn=self._practice.turn)
        self.run("look", work, self.tr("Recherche du dossier médical partagé…"), self._then)

    def record_consent(self, consent: Consent) -> None:
        """TD0.3, then TD0.2 and the list."""
        work = partial(self._practice.record_consent, consent, turn=self._practice.turn)
        self.run("consent", work, self.tr("Déclaration de l’accord du patient…"), self._then)

    def list_documents(self) -> None:
        """TD3.1, in the states wished; then what is new."""
        work = partial(self._practice.list_documents, self.statuses, turn=self._practice.turn)
        self.run("list", work, self.tr("Lecture de la liste des documents…"), self._with_fresh_list)

    def status_changed(self) -> None:
        """TD0.2 answered within another act: show it, and the list when it may be read."""
        self.listed = False
        self._then(None)

    def break_glass(self, reason: EmergencyReason, words: str) -> None:
        """Emergency access and the list in one go."""
        work = partial(self._practice.break_glass, reason, words, turn=self._practice.turn)
        self.run("break_glass", work, self.tr("Accès en bris de glace…"), self._with_list)

    def ask_oppositions(self) -> None:
        """TD1.3a: before an emergency, did the patient refuse it?"""
        work = partial(self._practice.ask_oppositions, turn=self._practice.turn)
        self.run("oppositions", work, self.tr("Recherche d’une opposition du patient…"), self._changed)

    def end_emergency(self) -> None:
        """Back to normal access."""
        if self.case and self.case.access.mode is not AccessMode.NORMAL:
            self._drop()
            self._practice.end_emergency()
            self.listed = False
            self.case_changed.emit()
            self._list_if_allowed()

    def open_document(self, entry: DocumentEntry) -> None:
        """TD3.2."""
        work = partial(self._practice.open_document, entry, turn=self._practice.turn)
        doing = self.tr("Téléchargement du document…")
        self.run("document", work, doing, lambda document: self.document_ready.emit(entry, document))

    def _changed(self, _case: Case) -> None:
        self.case_changed.emit()

    def _then(self, _case: Case | None) -> None:
        self.case_changed.emit()
        self._list_if_allowed()

    def _list_if_allowed(self) -> None:
        verdict = self._practice.verdict()
        if verdict and verdict.allowed:
            self.list_documents()

    def _with_fresh_list(self, case: Case) -> None:
        self._with_list(case)
        work = partial(self._practice.find_news, turn=self._practice.turn)
        task = self._tasks.start(work, self.tr("Recherche de ce qui est nouveau…"))
        task.on_success(lambda _case: self.case_changed.emit())
        task.on_failure(lambda _error: None)  # the list is there; only what is new in it stays unsaid

    def _with_list(self, _case: Case) -> None:
        self.listed = True
        self.case_changed.emit()
