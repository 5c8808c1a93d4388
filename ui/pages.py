"""The pages of the window, laid out; no behaviour of their own."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QScrollArea, QStackedWidget, QWidget

from ui.authorisation_page import AuthorisationPage
from ui.beneficiaries import Beneficiaries
from ui.card_chooser import CardChooser
from ui.dependencies import Dependencies
from ui.deposit.files import Choosers
from ui.deposit.form import DepositForm
from ui.deposit.imaging_panel import ImagingPanel
from ui.deposit.lab_panel import LabPanel
from ui.deposit.parts import Parts
from ui.deposit.prescription_panel import PrescriptionPanel
from ui.deposit.summary_panel import SummaryPanel
from ui.doctor_page import DoctorPage
from ui.dossier_page import DossierPage
from ui.emergency.review_page import ReviewPage
from ui.emergency.sheet import EmergencySheet
from ui.key_card import KeyCard
from ui.laboratory.inbox_page import InboxPage
from ui.labs.page import LabPage
from ui.my_patients import MyPatients
from ui.outbox_panel import OutboxPanel
from ui.packages.page import PackagePage
from ui.patient_form import PatientForm
from ui.pin_care_page import PinCarePage
from ui.pin_panel import PinPanel
from ui.pledge_page import PledgePage
from ui.properties_page import PropertiesPage
from ui.regulation.minimum_page import MinimumPage
from ui.regulation.search_page import RegulationSearch
from ui.sending.page import SendingPage
from ui.situation_chooser import SituationChooser
from ui.tasks import Tasks
from ui.theme import GRID
from ui.why_page import WhyPage
from ui.widgets import EmptyState, centred, column, scrolling
from ui.work_list import WorkList


class Page(Enum):
    """What the middle of the window shows; the values are object names."""

    WELCOME = "welcome"
    PIN = "pin_panel"
    STRUCTURE = "situations"
    PATIENT = "patient_form"
    BENEFICIARIES = "beneficiaries"
    DOSSIER = "dossier"
    WORK_LIST = "work_list"
    LAB_INBOX = "lab_inbox"
    DEPOSIT = "deposit"
    EMERGENCY = "emergency"
    REGULATION = "regulation"
    MINIMUM = "minimum"
    REVIEWS = "reviews"
    PLEDGE = "pledge"
    WHY = "why"
    OUTBOX = "outbox"
    SENDING = "sending"
    KEYS = "keys"
    DOCTOR = "doctor"
    PIN_CARE = "pin_care"
    CARDS = "card_chooser"
    LABS = "labs"
    PACKAGE = "package"
    PROPERTIES = "properties"
    AUTHORISATION = "authorisation"
    MY_PATIENTS = "my_patients"


TRANSIENT = frozenset(Page) - {
    Page.WELCOME,
    Page.PIN,
    Page.STRUCTURE,
    Page.DOSSIER,
    Page.WORK_LIST,
    Page.MINIMUM,
}
"""Pages that Esc leaves for the one below."""


class Pages(QStackedWidget):
    """All pages, made once."""

    def __init__(self, dependencies: Dependencies, choosers: Choosers, tasks: Tasks) -> None:
        super().__init__()
        self.welcome = EmptyState("welcome")
        self.pin = PinPanel()
        self.pin_care = PinCarePage()
        self.cards = CardChooser()
        self.situations = SituationChooser()
        self.patient_form = PatientForm(dependencies.ins_oid)
        self.beneficiaries = Beneficiaries()
        self.dossier = DossierPage(tasks)
        self.work_list = WorkList()
        self.labs = LabPage()
        self.package = PackagePage(tasks)
        self.lab_inbox = InboxPage()
        parts = Parts(
            dependencies.radiologists,
            lines=PrescriptionPanel(dependencies.products, dependencies.settings),
            lab=LabPanel(dependencies.read_lab_file, has_inbox=dependencies.lab_inbox is not None),
            imaging=ImagingPanel(dependencies.acts),
            summary=SummaryPanel(dependencies.products),
        )
        self.deposit = DepositForm(tasks, choosers, parts, dependencies.reception)
        self.emergency = EmergencySheet()
        self.reviews = ReviewPage()
        self.pledge = PledgePage()
        self.why = WhyPage()
        self.regulation = RegulationSearch()
        self.minimum = MinimumPage()
        self.sending = SendingPage()
        self.outbox = OutboxPanel("outbox", with_back=True)
        demonstration = dependencies.card_table is not None or dependencies.patient_view is not None
        self.keys = KeyCard(demonstration=demonstration)
        self.doctor = DoctorPage(dependencies.diagnose, f"{dependencies.software} {dependencies.version}", tasks)
        self.properties = PropertiesPage()
        self.authorisation = AuthorisationPage()
        self.my_patients = MyPatients()
        self._panels: dict[Page, QWidget] = {
            Page.WELCOME: self.welcome,
            Page.PIN: self.pin,
            Page.STRUCTURE: self.situations,
            Page.PATIENT: self.patient_form,
            Page.BENEFICIARIES: self.beneficiaries,
            Page.DOSSIER: self.dossier,
            Page.WORK_LIST: self.work_list,
            Page.LAB_INBOX: self.lab_inbox,
            Page.DEPOSIT: self.deposit,
            Page.EMERGENCY: self.emergency,
            Page.REGULATION: self.regulation,
            Page.MINIMUM: self.minimum,
            Page.REVIEWS: self.reviews,
            Page.PLEDGE: self.pledge,
            Page.WHY: self.why,
            Page.OUTBOX: self.outbox,
            Page.SENDING: self.sending,
            Page.KEYS: self.keys,
            Page.DOCTOR: self.doctor,
            Page.PIN_CARE: self.pin_care,
            Page.CARDS: self.cards,
            Page.LABS: self.labs,
            Page.PACKAGE: self.package,
            Page.PROPERTIES: self.properties,
            Page.AUTHORISATION: self.authorisation,
            Page.MY_PATIENTS: self.my_patients,
        }
        self._holders = {page: self._held(page, panel) for page, panel in self._panels.items()}
        for holder in self._holders.values():
            self.addWidget(holder)
        self.setMinimumSize(GRID * 40, GRID * 10)  # pages scroll: bars and traits never lose room to them

    @staticmethod
    def _held(page: Page, panel: QWidget) -> QWidget:
        if page in (Page.DOSSIER, Page.DEPOSIT):
            return panel
        if page in (Page.LABS, Page.PACKAGE):
            return scrolling(panel)
        if page in (Page.WORK_LIST, Page.LAB_INBOX, Page.OUTBOX, Page.DOCTOR):
            holder = QWidget()
            margin = 0 if page is Page.WORK_LIST else GRID * 2
            holder.setLayout(column(panel, margin=margin))
            return scrolling(holder)
        return centred(panel, 110 if page in (Page.REGULATION, Page.MINIMUM) else 90 if page is Page.PATIENT else 80)

    @property
    def current(self) -> Page:
        """The page shown."""
        return next(page for page, holder in self._holders.items() if holder is self.currentWidget())

    def go(self, page: Page) -> None:
        """Show ``page`` from its top and put the focus where the next act is."""
        holder = self._holders[page]
        self.setCurrentWidget(holder)
        if isinstance(holder, QScrollArea):
            holder.verticalScrollBar().setValue(0)
        self._panels[page].take_focus()  # type: ignore[attr-defined]
        QTimer.singleShot(0, self, self._show_field)

    def _show_field(self) -> None:
        """A field that waits for words is in sight, whatever the size of the text."""
        focused = self.focusWidget()
        if isinstance(focused, QLineEdit | QPlainTextEdit):
            for area in self.findChildren(QScrollArea):
                if area.isVisible() and area.isAncestorOf(focused):
                    area.ensureWidgetVisible(focused, GRID, GRID * 6)
