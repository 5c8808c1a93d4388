"""A laboratory report in the deposit form: imported or received, looked at before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from praticien.documents.lab_report import LabReport
from praticien.documents.lab_source import lab_differences
from praticien.errors import InvalidInput
from praticien.identity import Patient
from ui.comparison_table import ComparisonTable
from ui.dependencies import ReadLabFile
from ui.deposit.files import read_bytes
from ui.flow_row import FlowRow
from ui.laboratory.loaded import LoadedReport
from ui.laboratory.results_table import ResultsTable
from ui.laboratory.whose import lab_comparison
from ui.text import count, moment_text
from ui.widgets import button, column, label

MAX_FILE_BYTES = 24_000_000


class SeveralReports(InvalidInput):
    """The file holds several reports and none, or several, of the open patient."""

    code = "lab.several_reports"

    def __init__(self) -> None:
        super().__init__(field="lab")


def read_lab_file(read: ReadLabFile, path: Path, patient: Patient | None) -> LoadedReport:
    """The report of a chosen file (in a background task): the only one, or the only one of this patient.

    Raises SeveralReports, UnreadableFile, and as ``read``.
    """
    reports = read(read_bytes(path, MAX_FILE_BYTES))
    mine = [one for one in reports if patient and not lab_differences(one.patient, patient)]
    found = mine if len(reports) > 1 else list(reports)
    if len(found) != 1:
        raise SeveralReports
    return LoadedReport(found[0], path.name)


class LabPanel(QWidget):
    """Emits what is asked; the form reads the file. ``changed`` when a report comes or goes."""

    import_asked = Signal()
    inbox_asked = Signal()
    changed = Signal()
    removed = Signal(object)

    def __init__(self, read: ReadLabFile | None, *, has_inbox: bool) -> None:
        super().__init__()
        self.setObjectName("deposit.lab")
        self._read = read
        self._loaded: LoadedReport | None = None
        importing = button(
            self.tr("Importer des résultats… (Ctrl+Maj+O)"), self.import_asked.emit, "", "deposit.lab.import"
        )
        importing.setVisible(self.can_read)
        received = button(self.tr("Résultats reçus (Maj+F7)"), self.inbox_asked.emit, "", "deposit.lab.inbox")
        received.setVisible(has_inbox)
        self._remove = button(self.tr("Retirer les résultats"), self.remove, "quiet", "deposit.lab.remove")
        self._hint = label(
            self.tr("Fichier HL7 v2, JSON ou CSV du laboratoire ; il peut aussi être glissé ici."), "muted"
        )
        self._summary = label("", "", "deposit.lab.summary")
        self._state = label("", "strong", "deposit.lab.state")
        self._error = label("", "error", "deposit.lab.error")
        self.whose = ComparisonTable("deposit.lab.whose")
        self.table = ResultsTable("deposit.lab.table")
        caption = label(self.tr("Résultats structurés"), "strong")
        self.setLayout(
            column(
                caption,
                FlowRow(importing, received, self._remove),
                self._hint,
                self._error,
                self._summary,
                self._state,
                self.whose,
                self.table,
            )
        )
        self.show_loaded(None, None)
        self.clear_errors()

    @property
    def can_read(self) -> bool:
        """Files of results can be read here."""
        return self._read is not None

    def reading(self, path: Path, patient: Patient | None) -> Callable[[], LoadedReport]:
        """What reads ``path`` in a background task."""
        assert self._read
        return partial(read_lab_file, self._read, path, patient)

    def end_after(self, start: datetime) -> datetime | None:
        """When the report was released, when that is after ``start``."""
        released = self._loaded.report.released_at if self._loaded else None
        return released if released and released > start else None

    @property
    def loaded(self) -> LoadedReport | None:
        """The report held, None when there is none."""
        return self._loaded

    @property
    def state(self) -> str:
        """Complete or not, correction or not: in words."""
        return self._state.text()

    def show_loaded(self, loaded: LoadedReport | None, patient: Patient | None) -> None:
        """Hold this report and show it beside the patient."""
        self._loaded = loaded
        report = loaded.report if loaded else None
        self._summary.setText(_summary(loaded) if loaded else "")
        self._state.setText(self._state_words(loaded) if loaded else "")
        for widget in (self._summary, self._remove, self.table):
            widget.setVisible(loaded is not None)
        self._state.setVisible(bool(self._state.text()))
        self._hint.setVisible(loaded is None)
        self.whose.compare(lab_comparison(report.patient if report else None, patient))
        self.table.show_report(report)
        self.changed.emit()

    def remove(self) -> None:
        """The user does without it."""
        self.clear_errors()
        former = self._loaded
        self.show_loaded(None, None)
        self.removed.emit(former)

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """A sentence under the buttons, for ``lab`` and what is in it; False when it speaks of something else."""
        if place.split(".", maxsplit=1)[0] != "lab":
            return False
        self._error.setText(text)
        self._error.setVisible(bool(text))
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        self.show_error("lab", "")

    def focus_error(self) -> bool:
        """Nothing here is typed."""
        return False

    def error_of(self, place: str) -> str:
        """The sentence shown, empty when none."""
        return self._error.text() if place == "lab" else ""

    # -- in words --------------------------------------------------------------------------------------------

    def _state_words(self, loaded: LoadedReport) -> str:
        report = loaded.report
        if not report.is_complete:
            waiting = sum(1 for _ in report.incomplete)
            many = count(waiting, "résultat attendu", "résultats attendus") if waiting else self.tr("partiel")
            return self.tr("Compte rendu incomplet ({many}) : il ne peut pas partir.").format(many=many)
        if loaded.former:
            return self.tr("Nouvelle version : remplacera celle déposée le {day}.").format(
                day=moment_text(loaded.former.sent_at)
            )
        return self.tr("Compte rendu corrigé par le laboratoire.") if report.is_correction else ""


def _summary(loaded: LoadedReport) -> str:
    report = loaded.report
    number = f"demande n° {report.request.value}" if report.request else ""
    parts = [loaded.name, number, prescriber_words(report), released_words(report)]
    results = sum(1 for _ in report.analyses)
    return " · ".join(part for part in (*parts, count(results, "résultat", "résultats")) if part)


def prescriber_words(report: LabReport) -> str:
    """Who asked for it."""
    who = report.prescriber
    return f"prescrit par {who.given_name} {who.family_name}".replace("  ", " ") if who else ""


def released_words(report: LabReport) -> str:
    """When the laboratory released it."""
    return f"rendu le {moment_text(report.released_at)}" if report.released_at else ""


def start_of(report: LabReport) -> datetime | None:
    """When the act began: the sample was taken, else the report released."""
    return report.collected_at or report.released_at
