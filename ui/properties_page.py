"""Properties of one document (REC_3.3-1010): its state, what may be done with it and why not, what belongs with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from praticien.document_acts import IRREVERSIBLE, ActVerdict, DocumentAct
from praticien.metadata import Availability, Confidentiality, DocumentEntry
from praticien.practice import Relations
from ui.act_words import DOCUMENT_WORDS
from ui.confirmation import Confirmation, Intent
from ui.document_words import author_words, kind_words, moment_of, state_words
from ui.flow_row import FlowRow
from ui.messages import Message, for_code
from ui.text import day_text
from ui.theme import GRID
from ui.widgets import Notice, button, column, label

Verdicts = Mapping[DocumentAct, ActVerdict]
_ROWS = (
    (DocumentAct.MASK, DocumentAct.UNMASK),
    (DocumentAct.SHOW_TO_PATIENT,),
    (DocumentAct.SHOW_TO_REPRESENTATIVES,),
    (DocumentAct.ARCHIVE, DocumentAct.UNARCHIVE),
    (DocumentAct.REPLACE,),
    (DocumentAct.DELETE,),
)
"""One row each; of two opposite acts, the one that the document's state calls for."""


def acts_for(entry: DocumentEntry) -> tuple[DocumentAct, ...]:
    """The act of each row."""
    opposite = {
        DocumentAct.MASK: entry.has(Confidentiality.MASKED),
        DocumentAct.ARCHIVE: entry.availability is Availability.ARCHIVED,
    }
    return tuple(row[-1] if opposite.get(row[0]) else row[0] for row in _ROWS)


def facts(entry: DocumentEntry) -> str:
    """Type, day, author."""
    return " · ".join(part for part in (kind_words(entry), day_text(moment_of(entry)), author_words(entry)) if part)


class PropertiesPage(QWidget):
    """Emits ``confirmed(act, entry)``, ``opened(entry)`` for a related document, ``left``."""

    confirmed = Signal(object, object)
    opened = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("properties")
        self.entry: DocumentEntry | None = None
        self.confirmation = Confirmation("properties.confirmation")
        self.confirmation.given_up.connect(self.back)
        self.notice = Notice("properties.notice")
        self._title = label("", "strong", "properties.title")
        self._facts = label("", "muted", "properties.facts")
        self._states = label("", "", "properties.states")
        self._buttons: list[QPushButton] = []
        self._acts = QVBoxLayout()
        self._acts.setSpacing(GRID)
        self._relations = QVBoxLayout()
        self._relations.setSpacing(GRID)
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "properties.back")
        head = column(self._title, self._facts, self._states, gap=GRID // 2)
        sheet = QWidget()
        sheet.setLayout(
            column(
                label(self.tr("Propriétés du document"), "heading"),
                head,
                self.notice,
                self._acts,
                self._relations,
                FlowRow(self._back),
                gap=GRID * 2,
            )
        )
        sheet.layout().addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(sheet)
        self._stack.addWidget(self.confirmation)
        self.setLayout(column(self._stack))

    @property
    def is_confirming(self) -> bool:
        """Whether an act waits for its confirmation."""
        return self._stack.currentIndex() == 1

    def show_entry(self, entry: DocumentEntry, verdicts: Verdicts) -> None:
        """Show a document anew."""
        self.entry = entry
        self.notice.clear()
        self._stack.setCurrentIndex(0)
        self._title.setText(entry.title or kind_words(entry))
        self._facts.setText(facts(entry))
        states = ", ".join(state_words(entry)) or self.tr("visible de tous ceux qui ont accès au dossier")
        self._states.setText(self.tr("État : {states}").format(states=states))
        _empty(self._acts)
        self._buttons.clear()
        for act in acts_for(entry):
            self._add_act(act, verdicts[act])
        self.say_relations(self.tr("Recherche des documents liés…"))

    def forget(self) -> None:
        """Nothing of this patient stays."""
        self.entry = None
        for words in (self._title, self._facts, self._states):
            words.clear()
        self._buttons.clear()
        _empty(self._acts)
        _empty(self._relations)
        self.notice.clear()
        self.confirmation.forget()
        self._stack.setCurrentIndex(0)

    def say_relations(self, text: str) -> None:
        """One quiet line in place of the related documents."""
        _empty(self._relations)
        self._relations.addWidget(label(text, "muted", "properties.relations"))

    def show_relations(self, relations: Relations) -> None:
        """Other versions, documents of the same sending (REC_3.2-1080), of the same examination."""
        others = tuple(one for one in relations.versions if self.entry and one.entry_uuid != self.entry.entry_uuid)
        groups = (
            (self.tr("Autres versions"), others),
            (self.tr("Documents du même envoi"), relations.same_sending),
            (self.tr("Documents du même examen"), relations.same_examination),
        )
        if not any(entries for _caption, entries in groups):
            self.say_relations(self.tr("Aucune autre version, aucun autre document dans le même envoi."))
            return
        _empty(self._relations)
        for caption, entries in groups:
            if entries:
                self._relations.addWidget(label(caption, "strong"))
                for entry in entries:
                    opener = QWidget()
                    opener.setLayout(FlowRow(self._opener(entry)))
                    self._relations.addWidget(opener)

    def _opener(self, entry: DocumentEntry) -> QPushButton:
        """Opens a related document; the whole of its title is in the tooltip."""
        title = entry.title or kind_words(entry)
        short = title if len(title) <= 40 else f"{title[:39]}…"
        words = (short, day_text(moment_of(entry)), *state_words(entry))
        made = button(" · ".join(words), partial(self.opened.emit, entry), "quiet", "properties.other")
        made.setToolTip(f"{title} · {facts(entry)}")
        return made

    def back(self) -> None:
        """From the confirmation to the sheet, from the sheet away."""
        if self.is_confirming:
            self._stack.setCurrentIndex(0)
            self.take_focus()
        else:
            self.left.emit()

    def refused(self, message: Message) -> None:
        """The act was not done."""
        if self.is_confirming:
            self.confirmation.refused(message)
        else:
            self.notice.say(message)

    def take_focus(self) -> None:
        """The first act that is possible, else the way back."""
        if self.is_confirming:
            self.confirmation.take_focus()
            return
        next((each for each in self._buttons if each.isEnabled()), self._back).setFocus()

    def _add_act(self, act: DocumentAct, verdict: ActVerdict) -> None:
        words = DOCUMENT_WORDS[act]
        made = button(f"{words.button}…", partial(self._ask, act), "", f"properties.act.{act.value}")
        made.setEnabled(verdict.allowed)
        self._buttons.append(made)
        why = for_code(verdict.rule.value).whole
        reason = label("" if verdict.allowed else why, "muted", f"properties.why.{act.value}")
        made.setAccessibleDescription("" if verdict.allowed else why)
        row = QWidget()
        row.setLayout(column(FlowRow(made), *(() if verdict.allowed else (reason,)), gap=GRID // 2))
        self._acts.addWidget(row)

    def _ask(self, act: DocumentAct) -> None:
        entry = self.entry
        if entry is None:
            return
        if act is DocumentAct.REPLACE:  # nothing is done before the form is confirmed
            self.confirmed.emit(act, entry)
            return
        words = DOCUMENT_WORDS[act]
        intent = Intent(
            words.button, entry.title or kind_words(entry), words.effect, words.verb, words.boxes, act in IRREVERSIBLE
        )
        self.confirmation.ask(intent, lambda: self.confirmed.emit(act, entry))
        self._stack.setCurrentIndex(1)
        self.confirmation.take_focus()


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        widget = layout.takeAt(0).widget()
        if widget:
            widget.hide()
            widget.deleteLater()
