"""What happens when: connects the session, the patient's flow and what leaves with the pages of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.access import NORMAL, AccessMode
from praticien.documents.model import DocumentKind
from praticien.documents.received import ReceivedStudy
from praticien.identity import IdentityStatus, Ins
from praticien.outbox import Owner
from praticien.ports import DeskState, PadAct, SlotState
from praticien.practice import Case, Practice
from praticien.professional import CardKind
from praticien.vitale import VitaleReading
from ui.choosing import Choosing, Reading
from ui.depositing import Depositing
from ui.emergency.conduct import ACTS as EMERGENCY_ACTS
from ui.emergency.conduct import EmergencyConduct
from ui.emergency.reviewing import Reviewing
from ui.explaining import Explaining
from ui.laboratory.conduct import LaboratoryConduct
from ui.labs.reading import LabReading
from ui.messages import Message, for_code, sentence
from ui.packages.conduct import Packages
from ui.pages import Page
from ui.receiving import Receiving
from ui.regulation.conduct import ACTS as REGULATION_ACTS
from ui.regulation.conduct import RegulationConduct
from ui.secrecy import SecretConduct
from ui.sending.conduct import SendingConduct
from ui.session import Phase
from ui.stewardship import Stewardship
from ui.text import local_today
from ui.viewer.conduct import Viewing
from ui.viewer.print_conduct import Printing
from ui.welcome import welcome_words

if TYPE_CHECKING:
    from ui.main_window import MainWindow

_TRANSIENT = (
    Page.DEPOSIT,
    Page.LAB_INBOX,
    Page.EMERGENCY,
    Page.REVIEWS,
    Page.PLEDGE,
    Page.WHY,
    Page.REGULATION,
    Page.OUTBOX,
    Page.SENDING,
    Page.KEYS,
    Page.DOCTOR,
    Page.PIN_CARE,
    Page.PATIENT,
    Page.BENEFICIARIES,
    Page.CARDS,
    Page.LABS,
    Page.PACKAGE,
    Page.PROPERTIES,
    Page.AUTHORISATION,
    Page.MY_PATIENTS,
)
_OF_CASE = (Page.PROPERTIES, Page.AUTHORISATION)
_CARD_LOST_PIN = ("pin.needed", "card.reset_by_other")


class Conductor(QObject):
    """Every public method is an act of the user (a key, a button)."""

    def __init__(self, window: MainWindow, practice: Practice) -> None:
        super().__init__(window)
        self._window, self._practice = window, practice
        self._pages, self._session = window.pages, window.session
        self._flow = window.flow
        self._depositing = Depositing(practice, window.flow, window.outgoing, window.pages, window.notice)
        self.stewardship = Stewardship(window, practice, self._depositing, self._home, self.leave_page)
        self._choosing = Choosing(window.session, window.flow, window.pages, self._offer)
        self.emergency = EmergencyConduct(window, practice, self._home)
        self._explaining = Explaining(practice, self._depositing, lambda: self._is_staff)
        self.regulation = RegulationConduct(window, practice)
        self.secrecy = SecretConduct(window, practice, self.leave_page, self._home)
        self.emergency.regulation_extended.connect(self.regulation.extend)
        self.reviewing = Reviewing(window, practice, window.choose_register)
        self.viewing = Viewing(window, practice, self.open_deposit)
        self.printing = Printing(window, practice)
        self.packages = Packages(window, practice, window.packager)
        self._labs = LabReading(practice, window.tasks, window.pages.labs)
        self.sending = SendingConduct(window, practice, self._depositing, self)
        self._search_kept: tuple[Owner, dict[str, str]] | None = None
        self._shown: Ins | None = None
        self._view = ""
        self._offer_wanted = False
        self._pin_care_wanted = False
        self.laboratory = LaboratoryConduct(window, self.leave_page, self.open_deposit, self.back)
        self._pages.currentChanged.connect(lambda _index: self._show_bars())
        self._wire_session()
        self._pages.pin.care_asked.connect(self.show_pin_care)
        window.pin_care.follow(self._pages.pin_care, window.notice)
        self._wire_patient()
        self._wire_deposit()
        self._enter(self._session.phase)

    def close(self) -> None:
        """The window is closing."""
        self._session.close()
        self._depositing.stop()
        self.laboratory.close()
        self._window.tasks.close()

    def _wire_session(self) -> None:
        session, pages, bar = self._session, self._pages, self._window.session_bar
        session.phase_changed.connect(self._enter)
        session.locked.connect(self._forget_everything)
        session.pin_refused.connect(lambda error: pages.pin.refused(error, session.tries_left))
        session.pad_left.connect(lambda: self._window.notice.say(for_code("pin.pad_left")))
        session.vitale_inserted.connect(lambda _reader: self._vitale_inserted())
        session.vitale_withdrawn.connect(self._vitale_withdrawn)
        session.bystander_changed.connect(self._look_at_other_cards)
        pages.pin.submitted.connect(lambda pin, sure: session.unlock(pin, last_try_confirmed=sure))
        pages.situations.chosen.connect(session.choose)
        pages.pledge.understood.connect(session.understood)
        bar.structure_asked.connect(self.change_structure)
        bar.lock_asked.connect(self.lock)
        bar.keys_asked.connect(self.show_keys)
        bar.doctor_asked.connect(self.show_doctor)

    def _wire_patient(self) -> None:
        flow, pages, banner = self._flow, self._pages, self._window.banner
        flow.case_changed.connect(self._render)
        flow.busy_changed.connect(self._render)
        flow.vitale_read.connect(self._vitale_read)
        flow.vitales_read.connect(self._vitales_read)
        flow.failed.connect(self._failed)
        flow.document_ready.connect(self._show_document)
        pages.patient_form.asked.connect(flow.take_traits)
        pages.patient_form.cancelled.connect(self.back)
        pages.beneficiaries.chosen.connect(flow.take_beneficiary)
        pages.beneficiaries.search_asked.connect(lambda: pages.go(Page.PATIENT))
        for asked in (banner.identity_checked, pages.dossier.identity_checked, pages.work_list.identity_checked):
            asked.connect(self.confirm_identity)
        for asked in (banner.change_asked, pages.work_list.patient_asked, pages.deposit.patient_asked):
            asked.connect(self.change_patient)
        for asked in (banner.emergency_asked, pages.dossier.emergency_asked):
            asked.connect(self.emergency.ask)
        banner.why_asked.connect(self.explain)
        pages.dossier.look_asked.connect(self.refresh)
        pages.dossier.documents.refresh_asked.connect(lambda _checked=False: self.refresh())
        pages.dossier.documents.opened.connect(self._open_document)
        pages.dossier.consent.agreed.connect(flow.record_consent)
        pages.dossier.last_consent = lambda: self._practice.last_consent
        pages.emergency.cancelled.connect(self.back)

    def _wire_deposit(self) -> None:
        pages, bar = self._pages, self._window.deposit_bar
        for asked in (bar.asked, pages.work_list.report_asked):
            asked.connect(self.open_deposit)
        for asked in (bar.outbox_asked, self._depositing.outbox_asked):
            asked.connect(self.show_outbox)
        forms = (pages.deposit, pages.outbox, pages.sending, pages.pin_care)
        sheets = (pages.keys, pages.doctor, pages.reviews, pages.labs, pages.package, pages.regulation, pages.why)
        for page in (*forms, *sheets, pages.pledge):
            page.left.connect(self.back)
        pages.labs.again_asked.connect(self._labs.read)
        self._depositing.finished.connect(self._home)
        self._receiving = Receiving(
            self._window.reception, pages.work_list, self._window.tasks, lambda: self._flow.case, self._report_on
        )
        self._depositing.follow(bar)

    # -- acts of the user ------------------------------------------------------------------------------------

    def lock(self) -> None:
        """Ctrl+L."""
        self._session.lock()

    def back(self) -> None:
        """Esc: stop waiting, else leave the page for the one below."""
        if self._window.tasks.cancel_shown() or self.stewardship.back():
            return
        if not self._window.notice.isHidden() and self._pages.current not in _TRANSIENT:
            self._window.notice.clear()
        elif self._pages.current in _TRANSIENT:
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
        self.leave_page()
        if self._session.phase in (Phase.READY, Phase.STRUCTURE, Phase.PLEDGE):
            self._pin_care_wanted = True
            self.lock()
        elif self._session.phase is Phase.PIN:
            self._pages.pin.wipe()
            self._pages.pin_care.begin()
            self._pages.go(Page.PIN_CARE)
            self._window.pin_care.count()

    def show_outbox(self) -> None:
        """F10."""
        if self._is_ready:
            self.leave_page()
            self._pages.go(Page.WORK_LIST if self._is_staff else Page.OUTBOX)

    def show_reviews(self) -> None:
        """Ctrl+F9: the emergency accesses to look back upon."""
        if self._is_ready:
            self.leave_page()
            self.reviewing.show()

    def change_structure(self) -> None:
        """F4: choose again; the open patient is forgotten when one does."""
        if self._is_ready and len(self._session.situations) > 1:
            self.leave_page()
            self._pages.situations.offer(self._session.situations)
            self._pages.go(Page.STRUCTURE)

    def change_patient(self) -> None:
        """F2: from the Vitale when there is one, else by traits; pressed again, by traits."""
        if not self._is_ready or self.laboratory.ask_search():
            return
        self.leave_page()
        asked = self._pages.current in (Page.BENEFICIARIES, Page.PATIENT, Page.CARDS)
        if self._session.vitale_reader and not asked:
            self._offer_wanted = self._choosing.read_vitale()
        else:
            self._pages.go(Page.PATIENT)

    def show_pledge(self) -> None:
        """Ctrl+F1: what was confirmed, to be read again."""
        if self._is_ready:
            self.leave_page()
            self._pages.pledge.ask(again=True)
            self._pages.go(Page.PLEDGE)

    def search_without_card(self) -> None:
        """Ctrl+F2: for a regulation centre."""
        if self._is_ready:
            self.leave_page()
            self.regulation.begin()

    def confirm_identity(self) -> None:
        """Ctrl+I."""
        self._flow.confirm_identity()

    def refresh(self) -> None:
        """F5: dossier and list again, or the diagnosis."""
        case = self._flow.case
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
        if self._is_ready:
            self.leave_page()
            self._pages.why.show_possibilities(self._explaining.possibilities())
            self._pages.go(Page.WHY)

    def open_deposit(self, kind: DocumentKind) -> None:
        """F6 to F8."""
        if not self._is_ready:
            return
        refusal = self._depositing.refusal(self._flow.case, is_staff=self._is_staff)
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

    # -- the session -----------------------------------------------------------------------------------------

    @property
    def _is_ready(self) -> bool:
        return self._session.phase is Phase.READY

    @property
    def _is_staff(self) -> bool:
        holder = self._practice.holder
        return holder is not None and holder.card_kind in (CardKind.CPE, CardKind.CPA)

    def _enter(self, phase: Phase) -> None:
        self._show_session()
        if phase is Phase.PIN:
            on_pad = PadAct.VERIFY in self._practice.on_pad
            self._pages.pin.ask(self._practice.holder, self._session.tries_left, on_pad=on_pad)
            self._pages.go(Page.PIN)
            wanted, self._pin_care_wanted = self._pin_care_wanted, False
            if wanted:
                self.show_pin_care()
        elif phase is Phase.SEVERAL:
            self._choosing.ask_professional()
        elif phase is Phase.STRUCTURE:
            self._window.notice.clear()
            self._pages.situations.offer(self._session.situations)
            self._pages.go(Page.STRUCTURE)
        elif phase is Phase.PLEDGE:
            self._window.notice.clear()
            self._pages.pledge.ask(again=False)
            self._pages.go(Page.PLEDGE)
        elif phase is Phase.READY:
            self._begin_work()
        else:
            self._say_welcome(phase)

    def _say_welcome(self, phase: Phase) -> None:
        title, text = welcome_words(phase)
        self._pin_care_wanted = self._pin_care_wanted and phase is Phase.READING
        error = self._session.error
        if phase is Phase.UNUSABLE and error:
            text = sentence(error).whole
        again = self.tr("Relire la carte") if phase is Phase.UNUSABLE else ""
        self._pages.welcome.say(title, text, again, self._session.reopen)
        self._pages.go(Page.WELCOME)

    def _begin_work(self) -> None:
        self._flow.forget()
        self._depositing.start(self._session.owner)
        self.laboratory.start()
        if self._search_kept and self._search_kept[0] == self._depositing.owner:
            self._pages.patient_form.restore(self._search_kept[1])
        self._search_kept = None
        self._home()
        self._choosing.read_vitale()
        if self.reviewing.unlocked():
            self.reviewing.show()

    def _forget_everything(self) -> None:
        """The card is gone (or Ctrl+L): nothing of the patient stays anywhere on screen."""
        if self._depositing.owner:
            self._search_kept = (self._depositing.owner, self._pages.patient_form.snapshot())
            self.emergency.keep(self._depositing.owner, self._shown)
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

    def _show_session(self) -> None:
        case = self._flow.case
        access = case.access if case else NORMAL
        locked = self._session.phase in (Phase.NO_SERVICE, Phase.NO_READER, Phase.NO_CARD, Phase.READING)
        holder = None if locked else self._practice.holder
        situation = self._practice.situation if self._is_ready else None
        self._window.session_bar.show_session(self._session.phase, holder, situation, access.mode)
        self._show_bars()

    def _show_bars(self) -> None:
        """A form or a sheet in hand needs no offer to begin another one."""
        begun = self._pages.current in (Page.DEPOSIT, Page.EMERGENCY, Page.REVIEWS)
        self._window.banner.setVisible(self._is_ready and self._pages.current is not Page.REVIEWS)
        self._window.deposit_bar.setVisible(self._is_ready and not begun)

    def _home(self) -> None:
        if not self._is_ready:
            self._enter(self._session.phase)
        elif self._is_staff:
            self._pages.go(Page.WORK_LIST)
        elif self.regulation.is_minimum:
            self._pages.go(Page.MINIMUM)
        elif self._flow.case:
            self._pages.go(Page.DOSSIER)
        elif self.regulation.is_open:
            self.regulation.begin()
        else:
            self._pages.go(Page.PATIENT)

    # -- the patient -----------------------------------------------------------------------------------------

    def _vitale_inserted(self) -> None:
        if self._is_ready:
            self._choosing.read_vitale()

    def _vitale_withdrawn(self) -> None:
        self._pages.beneficiaries.forget()
        if self._is_ready:
            self._pages.cards.forget()
        if self._pages.current is Page.BENEFICIARIES or (self._is_ready and self._pages.current is Page.CARDS):
            self._home()

    def _vitales_read(self, found: tuple[Reading, ...]) -> None:
        if not self._is_ready or self._session.vitale_readers != tuple(reader for reader, _reading in found):
            return
        wanted, self._offer_wanted = self._offer_wanted, False
        if wanted or not self._is_occupied:
            self.leave_page()
            self._choosing.ask_vitale(found)
        else:
            self._window.notice.say(
                self.tr("Plusieurs cartes Vitale sont insérées. Le patient ouvert ne change pas seul."),
                self.tr("Changer de patient"),
                self.change_patient,
            )

    @property
    def _is_occupied(self) -> bool:
        return bool(self._flow.case or self._pages.current is Page.DEPOSIT or self._flow.act)

    def _vitale_read(self, reading: VitaleReading) -> None:
        if not self._is_ready or not self._session.vitale_reader:
            return
        wanted, self._offer_wanted = self._offer_wanted, False
        if wanted or not self._is_occupied:
            self._offer(reading)
        elif reading.serial != self._flow.vitale_serial:
            self._window.notice.say(
                Message(
                    self.tr("Une carte Vitale vient d’être insérée."), self.tr("Le patient ouvert ne change pas seul.")
                ),
                self.tr("Changer de patient"),
                lambda: self._offer(reading),
            )

    def _offer(self, reading: VitaleReading) -> None:
        self._depositing.leave()
        self._pages.beneficiaries.offer(reading, local_today())
        self._pages.go(Page.BENEFICIARIES)

    def _look_at_other_cards(self, state: DeskState) -> None:
        if state.first(SlotState.MUTE):
            self._window.notice.say(for_code("card.mute"))
        elif state.first(SlotState.UNKNOWN_CARD):
            self._window.notice.say(for_code("card.unknown_vitale"))

    def _render(self) -> None:
        """Make the whole window say what the practice says of the open patient."""
        case = self._flow.case
        self._labs.follow(case)
        self.packages.follow(case)
        self._show_session()
        if case is None or case.patient.ins != self._shown:
            self._pages.dossier.forget()
            self.stewardship.forget()
            self._shown = case.patient.ins if case else None
            self._view = ""
            self._window.notice.clear()
        if case is None:
            self._window.banner.show_nobody()
            self._leave_case_pages()
        else:
            self._render_case(case)
        self._depositing.show_drafts()
        self._window.deposit_bar.allow(self._depositing.refusal(case, is_staff=self._is_staff) is None)

    def _render_case(self, case: Case) -> None:
        verdict, emergency = self._practice.verdict(), self._practice.emergency_verdict()
        useful = bool(emergency and emergency.allowed and case.access.mode is AccessMode.NORMAL)
        self._window.banner.show_case(case, verdict, useful, local_today())
        self._pages.dossier.show_case(case, verdict, listed=self._flow.listed, act=self._flow.act)
        self._arrive(case)

    def _arrive(self, case: Case) -> None:
        """Once a patient is open, or the emergency door too, leave the page that asked; focus the next act."""
        page = self._pages.current
        entered = page is Page.EMERGENCY and self.emergency.has_entered(case)
        found = page in (Page.PATIENT, Page.BENEFICIARIES) and self._view == ""
        view = f"{case.patient.status.value}/{self._pages.dossier.view}"
        if entered or found:
            self._pages.patient_form.forget()
            self._pages.beneficiaries.forget()
            self._home()
            if found:
                self.laboratory.found()
        elif view != self._view and page in (Page.DOSSIER, Page.WORK_LIST):
            self._pages.go(page)
        self._view = view

    def _leave_case_pages(self) -> None:
        if self._is_ready and self._pages.current in (
            Page.DOSSIER,
            Page.MINIMUM,
            Page.EMERGENCY,
            Page.WHY,
            Page.LABS,
            *_OF_CASE,
        ):
            self._home()

    def leave_page(self) -> None:
        """The user goes elsewhere: what was said about the page before is over."""
        self._depositing.leave()
        self._window.notice.clear()

    def _open_document(self, entry) -> None:
        self._pages.dossier.show_viewer()
        self._pages.dossier.viewer.expect(entry)
        self._flow.open_document(entry)

    def _show_document(self, entry, document) -> None:
        self._pages.dossier.show_viewer()
        self._pages.dossier.viewer.show_document(entry, document)

    def _failed(self, act: str, error: BaseException) -> None:
        """The sentence goes where the act was made."""
        message = sentence(error)
        if getattr(error, "code", "") in _CARD_LOST_PIN:
            self._window.notice.say(message, self.tr("Saisir le code"), self.lock)
        elif self.stewardship.failed(act, error):
            pass
        elif act == "vitale":
            self._vitale_unread(message)
        elif act == "beneficiary":
            self._pages.beneficiaries.refused(error)
        elif act == "traits":
            self._pages.patient_form.refused(error)
        elif act == "consent":
            self._pages.dossier.consent.refused(message)
        elif act in REGULATION_ACTS:
            self.regulation.failed(error)
        elif act in EMERGENCY_ACTS:
            self.emergency.failed(act, message)
        elif act == "document":
            self._pages.dossier.viewer.notice.say(message)
        else:
            retry = self.tr("Réessayer (F5)") if act in ("look", "list") else ""
            self._window.notice.say(message, retry, self.refresh)

    def _vitale_unread(self, message: Message) -> None:
        """The card could not be read: by traits then."""
        if self._offer_wanted:
            self._offer_wanted = False
            self._pages.go(Page.PATIENT)
        self._window.notice.say(message)
