"""Files and examinations that come into the form: asked for, read in the background, handed over when ready."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Signal

from praticien.documents.dicom import read_study
from praticien.documents.model import AttachedFile, DocumentKind, PdfFile
from praticien.documents.pdf import text_of
from praticien.documents.received import ReceivedStudy, Reception
from praticien.identity import Patient
from ui.deposit.files import Choosers, read_file, read_pdf
from ui.deposit.parts import Parts
from ui.messages import sentence
from ui.tasks import Tasks


def dropped_file(data: QMimeData) -> Path | None:
    """The first file of what is dropped."""
    return next((Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()), None)


class Loading(QObject):
    """``begin`` says for whom; answers about anybody else are dropped. Refusals go next to the buttons."""

    document_read = Signal(object)
    report_read = Signal(object)
    study_read = Signal(object, str)

    def __init__(self, tasks: Tasks, choosers: Choosers, reception: Reception, parts: Parts) -> None:
        super().__init__(parts)
        self._tasks, self._choosers, self._reception, self._parts = tasks, choosers, reception, parts
        self._kind = DocumentKind.PRESCRIPTION
        self._patient: Patient | None = None
        self._round = 0

    def begin(self, kind: DocumentKind, patient: Patient | None) -> None:
        """A form is opened, or left (no patient)."""
        self._round += 1
        self._kind, self._patient = kind, patient

    # -- the document ----------------------------------------------------------------------------------------

    def choose_document(self) -> None:
        """Ask for a PDF, or for any file where any will do, and check it."""
        path = self._choosers.document() if self._kind is DocumentKind.OTHER else self._choosers.pdf()
        if path and self._kind is not DocumentKind.SUMMARY:
            self._read_document(path)

    def _read_document(self, path: Path) -> None:
        reader = read_file if self._kind is DocumentKind.OTHER else read_pdf
        self._read(partial(reader, path), self.tr("Lecture du fichier…"), "pdf", self._take_document)

    def _take_document(self, file: PdfFile | AttachedFile) -> None:
        """A report printed elsewhere fills the sections too."""
        self.document_read.emit(file)
        if self._kind is DocumentKind.IMAGING_REPORT:
            doing = self.tr("Lecture du compte rendu…")
            self._read(partial(text_of, file.content), doing, "pdf", self._parts.imaging.take_print)

    def drop(self, path: Path) -> None:
        """A PDF is joined; another file is read as results where they are asked for."""
        pdf = path.suffix.lower() == ".pdf" and self._kind is not DocumentKind.SUMMARY
        if pdf or self._kind is DocumentKind.OTHER:
            self._read_document(path)
        elif self._kind is DocumentKind.LAB_RESULT and self._parts.lab.can_read:
            self._read_report(path)

    # -- results ---------------------------------------------------------------------------------------------

    def choose_report(self) -> None:
        """Ask for a file of results."""
        lab = self._parts.lab
        path = self._choosers.lab_file() if self._kind is DocumentKind.LAB_RESULT and lab.can_read else None
        if path:
            self._read_report(path)

    def _read_report(self, path: Path) -> None:
        reading = self._parts.lab.reading(path, self._patient)
        self._read(reading, self.tr("Lecture des résultats…"), "lab", self.report_read.emit)

    # -- examinations ----------------------------------------------------------------------------------------

    def choose_dicom_file(self) -> None:
        """Ask for one DICOM file."""
        self._choose_study(self._choosers.dicom_file)

    def choose_dicom_folder(self) -> None:
        """Ask for the folder of a study."""
        self._choose_study(self._choosers.dicom_folder)

    def _choose_study(self, chooser: Callable[[], Path | None]) -> None:
        path = chooser() if self._kind is DocumentKind.IMAGING_REPORT else None
        if path:
            doing, name = self.tr("Lecture de l’examen DICOM…"), path.name
            self._read(partial(read_study, path), doing, "dicom", lambda study: self.study_read.emit(study, name))

    def choose_received(self) -> None:
        """The examinations received, beside the patient."""
        store, received = self._reception.store, self._parts.study.received
        if store and self._kind is DocumentKind.IMAGING_REPORT:
            doing = self.tr("Lecture des examens reçus…")
            self._read(store.studies, doing, "dicom", lambda found: received.offer(found, self._patient))

    def take_received(self, received: ReceivedStudy) -> None:
        """The examination chosen among those received."""
        self._parts.study.received.hide()
        if received.study:
            self.study_read.emit(received.study, self.tr("Examen reçu"))
            self._parts.take_focus()

    def drop_received(self, received: ReceivedStudy) -> None:
        """It is wanted no more."""
        store = self._reception.store
        if store:
            drop = partial(store.drop, received.study_uid)
            self._read(drop, self.tr("Retrait de l’examen…"), "dicom", lambda _done: self.choose_received())

    # -- background ------------------------------------------------------------------------------------------

    def _read(self, work: Callable[[], Any], doing: str, place: str, then: Callable[[Any], object]) -> None:
        errors, round_ = self._parts.errors, self._round
        errors.show(place, "")
        task = self._tasks.start(work, doing, lane="file")
        task.on_success(lambda result: then(result) if round_ == self._round else None)
        task.on_failure(lambda e: errors.show(place, sentence(e).whole) if round_ == self._round else None)
