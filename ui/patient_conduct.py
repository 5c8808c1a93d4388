"""The open patient on every page: who is shown, what is forgotten with them, where the user arrives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.access import AccessMode
from praticien.identity import Ins
from praticien.practice import Case, Practice
from ui.emergency.conduct import EmergencyConduct
from ui.laboratory.conduct import LaboratoryConduct
from ui.pages import Page
from ui.representing import Representing
from ui.stewardship import Stewardship
from ui.text import local_today

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_OF_CASE = (
    Page.DOSSIER,
    Page.MINIMUM,
    Page.EMERGENCY,
    Page.WHY,
    Page.LABS,
    Page.PROPERTIES,
    Page.AUTHORISATION,
)


class PatientConduct(QObject):
    """``home`` goes to the page of the moment."""

    def __init__(
        self,
        window: MainWindow,
        practice: Practice,
        *,
        stewardship: Stewardship,
        emergency: EmergencyConduct,
        laboratory: LaboratoryConduct,
        home: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window, self._practice, self._home = window, practice, home
        self._stewardship, self._emergency, self._laboratory = stewardship, emergency, laboratory
        self._pages, self._flow = window.pages, window.flow
        self.shown: Ins | None = None
        self._view = ""
        self._wire()

    def _wire(self) -> None:
        flow, form, dossier = self._flow, self._pages.patient_form, self._pages.dossier
        flow.document_ready.connect(self._show_document)
        form.asked.connect(flow.take_traits)
        dossier.documents.opened.connect(self._open_document)
        dossier.consent.agreed.connect(flow.record_consent)
        dossier.last_consent = lambda: self._practice.last_consent
        self._representing = Representing(self._window, self._practice)

    def render(self, case: Case | None) -> None:
        """Show what the practice says of the open patient; of a former one nothing stays."""
        if case is None or case.patient.ins != self.shown:
            self._pages.dossier.forget()
            self._stewardship.forget()
            self.shown = case.patient.ins if case else None
            self._view = ""
            self._window.notice.clear()
        if case is None:
            self._window.banner.show_nobody()
            self._leave_case_pages()
        else:
            self._render_case(case)

    def _render_case(self, case: Case) -> None:
        verdict, emergency = self._practice.verdict(), self._practice.emergency_verdict()
        useful = bool(emergency and emergency.allowed and case.access.mode is AccessMode.NORMAL)
        self._window.banner.show_case(case, verdict, useful, local_today())
        self._pages.dossier.show_case(case, verdict, listed=self._flow.listed, act=self._flow.act)
        self._arrive(case)

    def _arrive(self, case: Case) -> None:
        """Once a patient is open, or the emergency door too, leave the page that asked; focus the next act."""
        page = self._pages.current
        entered = page is Page.EMERGENCY and self._emergency.has_entered(case)
        found = page in (Page.PATIENT, Page.BENEFICIARIES) and self._view == ""
        view = f"{case.patient.status.value}/{self._pages.dossier.view}"
        if entered or found:
            self._pages.patient_form.forget()
            self._pages.beneficiaries.forget()
            self._home()
            if found:
                self._laboratory.found()
        elif view != self._view and page in (Page.DOSSIER, Page.WORK_LIST):
            self._pages.go(page)
        self._view = view

    def _leave_case_pages(self) -> None:
        if self._window.session.is_ready and self._pages.current in _OF_CASE:
            self._home()

    def _open_document(self, entry) -> None:
        self._pages.dossier.show_viewer()
        self._pages.dossier.viewer.expect(entry)
        self._flow.open_document(entry)

    def _show_document(self, entry, document) -> None:
        self._pages.dossier.show_viewer()
        self._pages.dossier.viewer.show_document(entry, document)
