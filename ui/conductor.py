"""What happens when: connects the session, the patient's flow and what leaves with the pages of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.documents.model import DocumentKind
from praticien.documents.received import ReceivedStudy
from praticien.identity import IdentityStatus
from praticien.outbox import Owner
from praticien.practice import Practice
from ui.depositing import Depositing
from ui.emergency.conduct import EmergencyConduct
from ui.emergency.reviewing import Reviewing
from ui.explaining import Explaining
from ui.failing import Failing
from ui.laboratory.conduct import LaboratoryConduct
from ui.labs.reading import LabReading
from ui.packages.conduct import Packages
from ui.pages import TRANSIENT, Page
from ui.patient_conduct import PatientConduct
from ui.receiving import Receiving
from ui.regulation.conduct import RegulationConduct
from ui.secrecy import SecretConduct
from ui.sending.conduct import SendingConduct
from ui.session_conduct import SessionConduct
from ui.stewardship import Stewardship
from ui.viewer.conduct import Viewing
from ui.viewer.print_conduct import Printing
from ui.vitale_conduct import VitaleConduct
from ui.withdrawing import Withdrawing

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Conductor(QObject):
    """Every public method is an act of the user (a key, a button)."""

    def __init__(self, window: MainWindow, practice: Practice) -> None:
        super().__init__(window)
        self._window, self._practice = window, practice
        self._pages, self._session = window.pages, window.session
        self._flow = window.flow
        self._search_kept: tuple[Owner, dict[str, str]] | None = None
        self._make_parts()
        self._wire()
        self._professional.enter(self._session.phase)

    def _make_parts(self) -> None:
        window, practice, leave = self._window, self._practice, self.leave_page
        self._depositing = Depositing(practice, window.flow, window.outgoing, window.pages, window.notice)
        self.stewardship = Stewardship(window, practice, self._depositing, self._home, leave)
        self.emergency = EmergencyConduct(window, practice, self._home)
        self._explaining = Explaining(practice, self._depositing, lambda: self._session.is_staff)
        self.regulation = RegulationConduct(window, practice)
        self._withdrawing = Withdrawing(window, practice)
        self.secrecy = SecretConduct(window, practice, leave, self._home)
        self.reviewing = Reviewing(window, practice, window.choose_register)
        self.viewing = Viewing(window, practice, self.open_deposit)
        self.printing = Printing(window, practice)
        self.packages = Packages(window, practice, window.packager)
        self._labs = LabReading(practice, window.tasks, window.pages.labs)
        self.sending = SendingConduct(window, practice, self._depositing, self)
        self.laboratory = LaboratoryConduct(window, leave, self.open_deposit, self.back)
        self._vitale = VitaleConduct(window, self._depositing, self._home, leave, self.change_patient)
        self._professional = SessionConduct(window, practice, self._vitale.choosing, self._begin_work, leave)
        self._patient = PatientConduct(
            window,
            practice,
            stewardship=self.stewardship,
            emergency=self.emergency,
            laboratory=self.laboratory,
            home=self._home,
        )
        self._failing = Failing(
            window,
            self.stewardship,
            self.emergency,
            regulation=self.regulation,
            vitale=self._vitale,
            refresh=self.refresh,
        )
        self._receiving = Receiving(
            window.reception, window.pages.work_list, window.tasks, lambda: self._flow.case, self._report_on
        )

    def _wire(self) -> None:
        session, flow, outgoing, bar = self._session, self._flow, self._depositing, self._window.deposit_bar
        session.locked.connect(self._forget_everything)
        flow.case_changed.connect(self._render)
        flow.busy_changed.connect(self._render)
        self.emergency.regulation_extended.connect(self.regulation.extend)
        outgoing.finished.connect(self._home)
        outgoing.follow(bar)
        self._wire_acts()

    def _wire_acts(self) -> None:
        """The buttons that do what a key does."""
        pages, banner, top, bar = self._pages, self._window.banner, self._window.session_bar, self._window.deposit_bar
        dossier, work_list = pages.dossier, pages.work_list
        forms = (pages.deposit, pages.outbox, pages.sending, pages.pin_care)
        sheets = (pages.keys, pages.doctor, pages.reviews, pages.labs, pages.package, pages.regulation, pages.why)
        left = tuple(page.left for page in (*forms, *sheets, pages.pledge))
        buttons = (
            (self.change_structure, (top.structure_asked,)),
            (self.lock, (top.lock_asked,)),
            (self.show_keys, (top.keys_asked,)),
            (self.show_doctor, (top.doctor_asked,)),
            (self.confirm_identity, (banner.identity_checked, dossier.identity_checked, work_list.identity_checked)),
            (self.change_patient, (banner.change_asked, work_list.patient_asked, pages.deposit.patient_asked)),
            (self.emergency.ask, (banner.emergency_asked, dossier.emergency_asked)),
            (self.explain, (banner.why_asked,)),
            (self.refresh, (dossier.look_asked, dossier.documents.refresh_asked)),
            (self.open_deposit, (bar.asked, work_list.report_asked)),
            (self.show_outbox, (bar.outbox_asked, self._depositing.outbox_asked)),
            (self.back, (pages.patient_form.cancelled, pages.emergency.cancelled, *left)),
            (self._labs.read, (pages.labs.again_asked,)),
        )
        for act, signals in buttons:
            for signal in signals:
                signal.connect(act)

    def close(self) -> None:
        """The window is closing."""
        self._session.close()
        self._depositing.stop()
        self.laboratory.close()
        self._window.tasks.close()

    # -- acts of the user ------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Ctrl+L."""
        self._session.lock()

    def back(self) -> None:
        """Esc: stop waiting, else leave the page for the one below."""
        if self._window.tasks.cancel_shown() or self.stewardship.back() or self._pages.dossier.documents.end_search():
            return
        if not self._window.notice.isHidden() and self._pages.current not in TRANSIENT:
            self._window.notice.clear()
        elif self._pages.current in TRANSIENT:
            self._depositing.leave()
            self._home()

    def show_keys(self) -> None:
        """The card of keys."""
        self.leave_page()
        self._pages.go(Page.KEYS)

    def show_doctor(self) -> None:
        """Ctrl+R, at any time: readers and cards looked at."""
        if self._pages.doctor.is_available:
            self.leave_page()
            self._pages.pin.wipe()
            self._pages.go(Page.DOCTOR)
            self._pages.doctor.look()

    def show_pin_care(self) -> None:
        """Ctrl+K: change or unblock the PIN; an unlocked session is locked first, the card forgets its PIN by it."""
        self._professional.show_pin_care()

    def show_outbox(self) -> None:
        """F10."""
        if self._session.is_ready:
            self.leave_page()
            self._pages.go(Page.WORK_LIST if self._session.is_staff else Page.OUTBOX)

    def show_reviews(self) -> None:
        """Ctrl+F9: the emergency accesses to look back upon."""
        if self._session.is_ready:
            self.leave_page()
            self.reviewing.show()

    def change_structure(self) -> None:
        """F4: choose again; the open patient is forgotten when one does."""
        if self._session.is_ready and len(self._session.situations) > 1:
            self.leave_page()
            self._pages.situations.offer(self._session.situations)
            self._pages.go(Page.STRUCTURE)

    def change_patient(self) -> None:
        """F2: from the Vitale when there is one, else by traits; pressed again, by traits."""
        if not self._session.is_ready or self.laboratory.ask_search():
            return
        self.leave_page()
        asked = self._pages.current in (Page.BENEFICIARIES, Page.PATIENT, Page.CARDS)
        if self._session.vitale_reader and not asked:
            self._vitale.ask()
        else:
            self._pages.go(Page.PATIENT)

    def show_pledge(self) -> None:
        """Ctrl+F1: what was confirmed, to be read again."""
        if self._session.is_ready:
            self.leave_page()
            self._pages.pledge.ask(again=True)
            self._pages.go(Page.PLEDGE)

    def search_without_card(self) -> None:
        """Ctrl+F2: for a regulation centre."""
        if self._session.is_ready:
            self.leave_page()
            self.regulation.begin()

    def confirm_identity(self) -> None:
        """Ctrl+I."""
        self._flow.confirm_identity()

    def refresh(self) -> None:
        """F5: dossier and list again, or the diagnosis; what was said of the try before is over."""
        case = self._flow.case
        self._window.notice.clear()
        if self._pages.current is Page.DOCTOR:
            self._pages.doctor.look()
        elif self._pages.current is Page.LABS:
            self._labs.read()
        elif case and case.patient.status is IdentityStatus.QUALIFIED:
            self._flow.look()

    def switch_reading(self) -> None:
        """F3: from the list to the document and back."""
        dossier = self._pages.dossier
        if self._pages.current is Page.DOSSIER:
            inside = dossier.viewer.isAncestorOf(self._window.focusWidget() or dossier)
            dossier.documents.take_focus() if inside else dossier.viewer.take_focus()

    def search_documents(self) -> None:
        """The search field of the list."""
        if self._pages.current is Page.DOSSIER and self._pages.dossier.view == "documents":
            self._pages.dossier.documents.search_focus()

    def show_labs(self) -> None:
        """Ctrl+B: the values of all laboratory reports of the list."""
        if self._pages.current is Page.DOSSIER and self._pages.dossier.view == "documents":
            self.leave_page()
            self._pages.go(Page.LABS)
            self._labs.read()

    def show_states(self) -> None:
        """Ctrl+E: which states of documents the list shows."""
        if self._pages.current is Page.DOSSIER and self._pages.dossier.view == "documents":
            self._pages.dossier.documents.toggle_states()

    def explain(self) -> None:
        """Shift+F1: what is possible, and why not the rest."""
        if self._session.is_ready:
            self.leave_page()
            self._pages.why.show_possibilities(self._explaining.possibilities())
            self._pages.go(Page.WHY)

    def open_deposit(self, kind: DocumentKind) -> None:
        """F6 to F8."""
        if not self._session.is_ready:
            return
        refusal = self._depositing.refusal(self._flow.case, is_staff=self._session.is_staff)
        if refusal:
            self._window.notice.say(refusal)
        else:
            self.leave_page()
            self._depositing.open(kind)

    def _report_on(self, received: ReceivedStudy) -> None:
        """A report begun from an examination received."""
        self.open_deposit(DocumentKind.IMAGING_REPORT)
        if self._pages.current is Page.DEPOSIT:
            self._pages.deposit.take_received(received)

    # -- between the parts -----------------------------------------------------------------------------------

    def _begin_work(self) -> None:
        self._flow.forget()
        self._depositing.start(self._session.owner)
        self.laboratory.start()
        if self._search_kept and self._search_kept[0] == self._depositing.owner:
            self._pages.patient_form.restore(self._search_kept[1])
        self._search_kept = None
        self._home()
        self._vitale.choosing.read_vitale()
        if self.reviewing.unlocked():
            self.reviewing.show()

    def _forget_everything(self) -> None:
        """The card is gone (or Ctrl+L): nothing of the patient stays anywhere on screen."""
        if self._depositing.owner:
            self._search_kept = (self._depositing.owner, self._pages.patient_form.snapshot())
            self.emergency.keep(self._depositing.owner, self._patient.shown)
        self._depositing.stop()
        self._pages.pin.wipe()
        self._pages.patient_form.forget()
        self._pages.beneficiaries.forget()
        self._pages.cards.forget()
        self._pages.my_patients.forget()
        self.emergency.forget()
        self.reviewing.forget()
        self.regulation.forget()
        self._pages.why.forget()
        self._window.notice.clear()
        self._flow.forget()

    def _home(self) -> None:
        if not self._session.is_ready:
            self._professional.enter(self._session.phase)
        elif self._session.is_staff:
            self._pages.go(Page.WORK_LIST)
        elif self.regulation.is_minimum:
            self._pages.go(Page.MINIMUM)
        elif self._flow.case:
            self._pages.go(Page.DOSSIER)
        elif self.regulation.is_open:
            self.regulation.begin()
        else:
            self._pages.go(Page.PATIENT)

    def leave_page(self) -> None:
        """The user goes elsewhere: what was said about the page before is over."""
        self._depositing.leave()
        self._window.notice.clear()

    def _render(self) -> None:
        """Make the whole window say what the practice says of the open patient."""
        case = self._flow.case
        self._labs.follow(case)
        self.packages.follow(case)
        self._professional.show_session()
        self._patient.render(case)
        self._depositing.show_drafts()
        self._window.deposit_bar.allow(self._depositing.refusal(case, is_staff=self._session.is_staff) is None)
