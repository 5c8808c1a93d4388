"""The window: three zones and their keys. What happens when is in ``ui.conductor``."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout, QWidget

from praticien.documents.model import DocumentKind
from ui import theme
from ui.card_table import CardTable
from ui.clock_watch import ClockBar, ClockWatch
from ui.comparing import Comparing
from ui.conductor import Conductor
from ui.dependencies import Dependencies
from ui.deposit.files import Choosers
from ui.emergency.band import Bands
from ui.emergency.reviewing import OverdueBar
from ui.footer import DepositBar, ProgressStrip
from ui.laboratory.received import Kept, ReceivedReports
from ui.outgoing import Outgoing
from ui.packages.conduct import ask_package, ask_where_to_export
from ui.pages import Page, Pages
from ui.patient_banner import PatientBanner
from ui.patient_flow import PatientFlow
from ui.patient_view import PatientView
from ui.pin_care import PinCare
from ui.secrecy import SecretBand
from ui.session import Phase, Session
from ui.session_bar import SessionBar
from ui.tasks import Tasks
from ui.theme import GRID
from ui.viewer.print_conduct import ask_printer
from ui.widgets import Elided, Notice

THEMES = ("system", "light", "dark")

_DOCUMENTS = "Documents (*.pdf *.txt *.rtf *.jpg *.jpeg *.tif *.tiff)"


class MainWindow(QWidget):
    """Everything is handed in; ``start`` begins to listen to the readers."""

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle(f"{dependencies.software} {dependencies.version}".strip())
        self.settings, self.reception = dependencies.settings, dependencies.reception
        self.lab_inbox, self.physicians = dependencies.lab_inbox, dependencies.radiologists
        self.tasks = Tasks(self)
        self.pages = Pages(dependencies, self._choosers(dependencies), self.tasks)
        self.session_bar = SessionBar(
            with_card_table=dependencies.card_table is not None, with_doctor=dependencies.diagnose is not None
        )
        self.banner = PatientBanner()
        self.bands = Bands()
        self.band = self.bands.new()
        self.overdue = OverdueBar()
        self.secret_band, self.clock_bar = SecretBand(), ClockBar()
        self.notice = Notice("notice")
        self.progress = ProgressStrip()
        self.deposit_bar = DepositBar()
        self.session = Session(dependencies.practice, dependencies.desk, dependencies.settings, self.tasks)
        self.pin_care = PinCare(dependencies.practice, self.session, self.tasks)
        self.flow = PatientFlow(dependencies.practice, dependencies.desk, self.tasks)
        given = dependencies
        self.outgoing = Outgoing(
            given.practice,
            given.outbox,
            given.prepare,
            self.tasks,
            deposited=given.deposited,
            comparisons=given.comparisons,
        )
        cards, patient = dependencies.card_table, dependencies.patient_view
        self.card_table = CardTable(cards, self.tasks, self, dependencies.reader_keys) if cards else None
        self.patient_view = PatientView(patient, self.tasks, self) if patient else None
        self.choose_export = dependencies.choose_export or (lambda: ask_where_to_export(self))
        self.choose_package = dependencies.choose_package or (lambda: ask_package(self))
        self.packager = dependencies.packager
        self.choose_register = dependencies.choose_register or self._ask_where_to_save
        self.choose_printer = dependencies.choose_printer or (lambda printer: ask_printer(self, printer))
        self._lay_out(dependencies.notice)
        self.received_reports = self._received_reports(dependencies)
        self.conductor = Conductor(self, dependencies.practice)
        self._comparing = Comparing(self, given.comparisons, given.choose_comparisons)
        self._clock_watch = ClockWatch(dependencies.compare_clocks, self.clock_bar, self.tasks, self)
        self._bind_keys()
        self.resize(1280, 800)
        self.dress()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)

    # -- what a player or a test may ask ---------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page shown."""
        return self.pages.current

    @property
    def phase(self) -> Phase:
        """Where the session stands."""
        return self.session.phase

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self.tasks.is_busy()

    def start(self) -> None:
        """Look at the readers and follow them."""
        self.session.start()
        self._clock_watch.start()

    # -- layout ----------------------------------------------------------------------------------------------

    def _lay_out(self, notice: str) -> None:
        self._demonstration = Elided("muted", "demonstration_notice")
        self._demonstration.set_text(notice)
        self._demonstration.setContentsMargins(GRID * 2, GRID // 2, GRID * 2, GRID // 2)
        self._demonstration.setVisible(bool(notice))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget in (
            self.session_bar,
            self._demonstration,
            self.banner,
            self.band,
            self.secret_band,
            self.clock_bar,
            self.overdue,
            self.notice,
        ):
            box.addWidget(widget)
        box.addWidget(self.pages, 1)
        box.addWidget(self.progress)
        box.addWidget(self.deposit_bar)
        self.tasks.doing.connect(self.progress.say)
        self.progress.cancelled.connect(self.tasks.cancel_shown)

    def _received_reports(self, given: Dependencies) -> ReceivedReports | None:
        if given.lab_inbox is None:
            return None
        kept = Kept(given.lab_inbox, given.outbox, given.read_lab_file)
        choose = self._choosers(given).lab_file
        return ReceivedReports(kept, self.pages.lab_inbox, self.tasks, choose, given.practice)

    def _choosers(self, given: Dependencies) -> Choosers:
        def file(title: str, pattern: str) -> Path | None:
            name, _filter = QFileDialog.getOpenFileName(self, title, "", pattern)
            return Path(name) if name else None

        def folder() -> Path | None:
            name = QFileDialog.getExistingDirectory(self, self.tr("Choisir le dossier de l’examen"))
            return Path(name) if name else None

        return Choosers(
            pdf=given.choose_pdf or (lambda: file(self.tr("Choisir un PDF"), "PDF (*.pdf)")),
            document=given.choose_pdf or (lambda: file(self.tr("Choisir un fichier"), _DOCUMENTS)),
            lab_file=given.choose_lab_file or (lambda: file(self.tr("Choisir un fichier de résultats"), "")),
            dicom_file=given.choose_dicom_file or (lambda: file(self.tr("Choisir un fichier DICOM"), "")),
            dicom_folder=given.choose_dicom_folder or folder,
        )

    def _ask_where_to_save(self) -> Path | None:
        title = self.tr("Exporter le registre des accès d’urgence")
        name, _filter = QFileDialog.getSaveFileName(self, title, "registre-urgences.csv", "CSV (*.csv)")
        return Path(name) if name else None

    # -- keys ------------------------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        act = self.conductor
        keys = {
            "F1": act.show_keys,
            "?": act.show_keys,
            "Shift+F1": act.explain,
            "Ctrl+F1": act.show_pledge,
            "F2": act.change_patient,
            "Ctrl+F2": act.search_without_card,
            "F3": act.switch_reading,
            "F4": act.change_structure,
            "F5": act.refresh,
            "F6": lambda: act.open_deposit(DocumentKind.PRESCRIPTION),
            "F7": lambda: act.open_deposit(DocumentKind.LAB_RESULT),
            "F8": lambda: act.open_deposit(DocumentKind.IMAGING_REPORT),
            "Shift+F6": lambda: act.open_deposit(DocumentKind.OTHER),
            "Shift+F8": lambda: act.open_deposit(DocumentKind.SUMMARY),
            "Shift+F7": act.laboratory.show,
            "F9": act.emergency.ask,
            "Ctrl+F9": act.show_reviews,
            "Shift+F9": act.emergency.end,
            "F10": act.show_outbox,
            "Ctrl+F10": act.sending.show,
            "F11": self.next_theme,
            "F12": self.show_card_table,
            "Shift+F12": self.show_patient_view,
            "Ctrl+P": act.stewardship.show_properties,
            "Ctrl+G": act.stewardship.show_authorisation,
            "Ctrl+M": act.stewardship.show_my_patients,
            "Ctrl+E": act.show_states,
            "Ctrl+I": act.confirm_identity,
            "Ctrl+Shift+I": act.secrecy.toggle,
            "Ctrl+B": act.show_labs,
            "Ctrl+N": act.viewing.renew,
            "Ctrl+S": act.packages.export_selected,
            "Ctrl+Shift+S": act.packages.export_listed,
            "Ctrl+Shift+P": act.packages.open_package,
            "Ctrl+J": act.viewing.compare,
            "Ctrl+T": act.printing.print_shown,
            "Ctrl+L": act.lock,
            "Ctrl+K": act.show_pin_care,
            "Ctrl+R": act.show_doctor,
            "/": act.search_documents,
            "Esc": act.back,
            "Ctrl++": lambda: self.zoom_text(1),
            "Ctrl+=": lambda: self.zoom_text(1),
            "Ctrl+-": lambda: self.zoom_text(-1),
            "Ctrl+0": lambda: self.zoom_text(0),
        }
        for key, action in keys.items():
            QShortcut(QKeySequence(key), self).activated.connect(action)
        self.session_bar.card_table_asked.connect(self.show_card_table)

    def show_card_table(self) -> None:
        """Demonstration: the cards, in a window of their own."""
        self._bring(self.card_table)

    def show_patient_view(self) -> None:
        """Demonstration: what the patient sees."""
        if self.patient_view:
            self.patient_view.refresh()
        self._bring(self.patient_view)

    @staticmethod
    def _bring(window: QWidget | None) -> None:
        if window:
            window.show()
            window.raise_()
            window.activateWindow()

    # -- looks -----------------------------------------------------------------------------------------------

    @property
    def text_percent(self) -> int:
        """Size of the text, 100 to 200."""
        kept = self.settings.get("text_percent")
        return int(kept) if kept.isdigit() and int(kept) in theme.SCALES else 100

    def zoom_text(self, steps: int) -> None:
        """Larger (1), smaller (-1), or 100 % again (0)."""
        place = theme.SCALES.index(self.text_percent) + steps if steps else 0
        percent = theme.SCALES[min(max(place, 0), len(theme.SCALES) - 1)]
        self.settings.set("text_percent", str(percent))
        self.dress()

    def next_theme(self) -> None:
        """System, light, dark, in turn."""
        kept = self.settings.get("theme")
        place = THEMES.index(kept) if kept in THEMES else 0
        self.settings.set("theme", THEMES[(place + 1) % len(THEMES)])
        self.dress()

    def dress(self) -> None:
        """Colours and sizes as the settings say."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, self.settings.get("theme"), self.text_percent)
        self.pages.dossier.documents.fit()
        dossier = self.pages.dossier
        for part in (self.banner, self.bands, dossier.documents, dossier.viewer, self.pages.package.viewer):
            part.set_compact(self.text_percent >= 150)
        for bar in (self.session_bar, self.deposit_bar):
            bar.fit()

    def _scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        self.dress()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Lock, then let the cards and the network go."""
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._scheme_changed)
        self.conductor.close()
        for window in (self.card_table, self.patient_view):
            if window:
                window.close()
        super().closeEvent(event)
