"""What happens to a document: its form, its draft, its way out. The conductor decides when."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from praticien.access import NOT_OPEN, AccessMode, Rule, Verdict
from praticien.documents.model import DocumentKind, NewDocument
from praticien.identity import IdentityStatus, Ins
from praticien.metadata import Confidentiality, DocumentEntry
from praticien.outbox import Delivery, DeliveryState, Owner
from praticien.practice import Case, Practice, PriorVersion
from ui.deposit.building import Occasion
from ui.deposit.drafts import Draft, DraftKey, Drafts, key_of
from ui.deposit.summary_typed import SummaryTyped, former_summary
from ui.footer import DepositBar
from ui.messages import Message, for_code, sentence
from ui.outgoing import Outgoing
from ui.pages import Page, Pages
from ui.patient_flow import PatientFlow
from ui.viewer.read_here import ReadHere
from ui.widgets import Notice


class Depositing(QObject):
    """``owner`` is whoever is unlocked. ``finished`` and ``outbox_asked`` ask the window for another page."""

    finished = Signal()
    outbox_asked = Signal()
    drafts_changed = Signal()

    def __init__(self, practice: Practice, flow: PatientFlow, outgoing: Outgoing, pages: Pages, notice: Notice) -> None:
        super().__init__()
        self._practice, self._flow, self._outgoing = practice, flow, outgoing
        self._pages, self._notice = pages, notice
        self.owner: Owner | None = None
        self.read = ReadHere()
        pages.dossier.viewer.understood.connect(self.read.add)
        self._read_in: tuple[Ins | None, AccessMode, bool] | None = None
        flow.case_changed.connect(self._follow)
        self._drafts = Drafts()
        self._key: DraftKey | None = None
        self._submitted: dict[str, DraftKey] = {}
        pages.deposit.confirmed.connect(self._submit)
        for panel in (pages.outbox, pages.work_list.outbox):
            panel.retried.connect(outgoing.retry)
            panel.discarded.connect(outgoing.discard)
        outgoing.accepted.connect(self._accepted)
        outgoing.rejected.connect(self._not_accepted)
        outgoing.refused.connect(self._failed)
        outgoing.ended.connect(self._ended)

    def follow(self, bar: DepositBar) -> None:
        """Keep the lists and the counts of the bar up to date."""
        self._outgoing.changed.connect(lambda: self._show_deliveries(bar))

    def start(self, owner: Owner | None) -> None:
        """Somebody is unlocked."""
        self.owner = owner
        self._outgoing.start(owner)

    def stop(self) -> None:
        """Locked: the form is put aside, nothing is shown any more."""
        self.leave()
        self.read.forget()
        self.owner = None
        self._outgoing.stop()

    def _follow(self) -> None:
        """What was read in an emergency, or in a minor's secret connection, is proposed nowhere else."""
        case = self._flow.case
        now = (case.patient.ins, case.access.mode, case.access.secret) if case else None
        if now != self._read_in:
            self._read_in = now
            self.read.forget()

    def refusal(self, case: Case | None, *, is_staff: bool) -> Message | None:
        """Why no document can be begun now, None when one can. Staff may begin before the patient is known."""
        if case is None:
            return None if is_staff else Message(self.tr("Aucun patient."), self.tr("Choisissez-le d’abord (F2)."))
        if case.patient.status is not IdentityStatus.QUALIFIED:
            return for_code("ins.unqualified")
        verdict: Verdict | None = self._practice.verdict()
        if verdict and verdict.rule in NOT_OPEN | {Rule.BLOCKED}:
            return for_code(verdict.rule.value)
        return None

    def open(self, kind: DocumentKind) -> None:
        """Show the form, with the draft of this patient if there is one."""
        case, holder, situation = self._flow.case, self._practice.holder, self._practice.situation
        if self.owner and holder and situation:
            patient = case.patient if case else None
            self._key = key_of(self.owner, patient.ins if patient else None, kind)
            draft, secret = self._drafts.take(self._key), case is not None and case.access.secret
            read = self.read.of(patient.ins if patient else None)
            occasion = Occasion(kind, patient, holder, situation)
            self._pages.deposit.open(occasion, draft, secret=secret, read=read)
            self._pages.go(Page.DEPOSIT)

    def open_replacement(self, kind: DocumentKind, entry: DocumentEntry, prior: PriorVersion) -> None:
        """The form of a new version of ``entry``, under its title, in its set and as visible as it is."""
        case, holder, situation = self._flow.case, self._practice.holder, self._practice.situation
        if self.owner and holder and situation and case:
            self._key = key_of(self.owner, case.patient.ins, kind, prior.replaced.unique_id)
            draft = self._drafts.take(self._key)
            if not draft.is_worth_keeping:
                draft = Draft(
                    title=entry.title,
                    type_code=entry.type_code.code,
                    summary=former_summary(prior.content) if kind is DocumentKind.SUMMARY else SummaryTyped(),
                    masked=entry.has(Confidentiality.MASKED),
                    invisible=entry.has(Confidentiality.INVISIBLE_TO_PATIENT),
                    representatives=entry.has(Confidentiality.INVISIBLE_TO_REPRESENTATIVES),
                    set_id=prior.set_id,
                    replaces=prior.replaced,
                    version=prior.next_number,
                )
            read, secret = self.read.of(case.patient.ins), case.access.secret
            occasion = Occasion(kind, case.patient, holder, situation)
            self._pages.deposit.open(occasion, draft, secret=secret, read=read)
            self._pages.go(Page.DEPOSIT)

    def leave(self) -> None:
        """Put the form's content aside, under its patient and its author."""
        if self._key:
            self._drafts.keep(self._key, self._pages.deposit.draft())
            self._key = None
            self._pages.deposit.forget()
            self.show_drafts()

    def show_drafts(self) -> None:
        """Say on the work list what was begun for this patient, or before there was one."""
        case = self._flow.case
        self._pages.work_list.show_case(case, self._practice.verdict(), self._begun(case), self._flow.act)
        self.drafts_changed.emit()

    def drafts(self) -> tuple[tuple[DocumentKind, str], ...]:
        """Everything the owner began, as (kind, matricule or nothing)."""
        return self._drafts.all_of(self.owner) if self.owner else ()

    def _begun(self, case: Case | None) -> tuple[DocumentKind, ...]:
        if self.owner is None:
            return ()
        mine = self._drafts.kinds(self.owner, case.patient.ins) if case else ()
        return tuple(dict.fromkeys((*mine, *self._drafts.kinds(self.owner, None))))

    def _submit(self, document: NewDocument, compared: bool) -> None:
        if self._key:
            self._submitted[document.unique_id] = self._key
            self._outgoing.submit(document, text_compared=compared)

    def _accepted(self, delivery: Delivery) -> None:
        keys = [self._submitted.pop(id, None) for id in delivery.document_ids]
        for key in filter(None, keys):
            if key == self._key:
                self._key = None
                self._pages.deposit.forget()
                self.finished.emit()
            self._drafts.drop(key)
        self.show_drafts()
        if self.owner:
            self._notice.say(self.tr("Document accepté : il part vers le DMP."))

    def _not_accepted(self, document: NewDocument, error: BaseException) -> None:
        """In the form if it still is the one; else by its title: the form may be another patient's by now."""
        key = self._submitted.pop(document.unique_id, None)
        if key and key == self._key:
            self._pages.deposit.refused(error)
        elif self.owner and (key is None or key.owner == self.owner):
            why = sentence(error)
            text = self.tr("« {title} » n’est pas parti : {why}").format(title=document.title, why=why.text)
            self._notice.say(Message(text, why.advice, why.details))

    def _failed(self, error: BaseException) -> None:
        if self.owner:
            self._notice.say(sentence(error))

    def _ended(self, delivery: Delivery) -> None:
        title = delivery.summary.title if delivery.summary else ""
        why = for_code(delivery.error_code, delivery.error_rule)
        if delivery.state is DeliveryState.SENT:
            self._notice.say(self.tr("« {title} » a été reçu par le DMP.").format(title=title))
            self._refresh_after(delivery)
        elif delivery.state.is_refused:
            text = self.tr("« {title} » a été refusé : {why}").format(title=title, why=why.text)
            self._say_with_outbox(Message(text, why.advice, why.details))
        elif delivery.state.is_waiting:
            text = self.tr("« {title} » attend dans les envois : {why}").format(title=title, why=why.text)
            advice = self.tr("Rien n’est perdu : un nouvel essai a lieu chaque minute.")
            self._say_with_outbox(Message(text, advice, why.details))

    def _say_with_outbox(self, message: Message) -> None:
        self._notice.say(message, self.tr("Voir les envois (F10)"), self.outbox_asked.emit)

    def _refresh_after(self, delivery: Delivery) -> None:
        """The list shows what was just deposited, if its patient is still the open one."""
        case, flow = self._flow.case, self._flow
        same = case is not None and self._outgoing.patient_of(delivery) == case.patient.ins
        if same and flow.listed and not flow.act:
            flow.list_documents()

    def _show_deliveries(self, bar: DepositBar) -> None:
        deliveries = self._outgoing.deliveries
        for panel in (self._pages.outbox, self._pages.work_list.outbox):
            panel.show_deliveries(deliveries)
        bar.say_counts(*self._outgoing.counts())
