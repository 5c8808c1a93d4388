"""The patient, or who speaks for them, agrees: said by an act of the user, never by default (EX_0.3-1010)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QWidget

from praticien.access import Rule
from praticien.administrative import Representative
from praticien.consents import Consent, Giver, Recorded
from ui.consent_words import (
    ASKING,
    BOXES,
    GIVERS,
    TEAM,
    TOLD_TO_MINOR,
    before_words,
    representatives_words,
    told_words,
)
from ui.flow_row import FlowRow
from ui.messages import Message
from ui.theme import GRID
from ui.widgets import Notice, button, column, label

MAJORITY = 18


class ConsentPanel(QWidget):
    """Emits ``agreed(consent)`` once the box is ticked and the button pressed, ``representatives_wanted`` as soon as
    somebody else is to agree for the patient.
    """

    agreed = Signal(object)
    representatives_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("consent")
        self.notice = Notice("consent.notice")
        self._why = label("", "", "consent.why")
        self._before = label("", "muted", "consent.before")
        self._givers = self._choices({giver.value: words for giver, words in GIVERS.items()}, "consent.giver")
        self._team = self._choices({"in": TEAM[True], "out": TEAM[False]}, "consent.team")
        self._represented = label("", "muted", "consent.representatives")
        self._known: tuple[Representative, ...] | None = None
        self._told = label("", "quote", "consent.told")
        self._box = QCheckBox()
        self._box.setObjectName("consent.box")
        self._go = button(self.tr("Déclarer l’accord (Entrée)"), self._agree, "primary", "consent.declare")
        self._box.toggled.connect(self._ticked)
        self._secret = False
        self._lay_out()
        self._say()

    def _choices(self, words: dict[str, str], name: str) -> QButtonGroup:
        group = QButtonGroup(self)
        for key, text in words.items():
            choice = QRadioButton(text)
            choice.setObjectName(f"{name}.{key}")
            group.addButton(choice)
        group.buttons()[0].setChecked(True)
        group.buttonClicked.connect(lambda _choice: self._say())
        return group

    def _lay_out(self) -> None:
        title = label(self.tr("L’accord du patient est nécessaire"), "heading")
        who = column(label(self.tr("Qui donne l’accord"), "strong"), FlowRow(*self._givers.buttons()), gap=GRID // 2)
        team = column(label(self.tr("À quel titre"), "strong"), FlowRow(*self._team.buttons()), gap=GRID // 2)
        later = label(
            self.tr("En cas de refus, rien n’est consulté ; vous pouvez déposer des documents (F6 à F8)."), "muted"
        )
        parts = (
            title,
            self._why,
            self._before,
            who,
            team,
            self._represented,
            self._told,
            self._box,
            self.notice,
            FlowRow(self._go),
            later,
        )
        inner = column(*parts, gap=GRID + GRID // 2)
        inner.addStretch(1)
        self.setLayout(inner)

    @property
    def consent(self) -> Consent:
        """What is chosen now."""
        giver = str(self._givers.checkedButton().objectName()).rpartition(".")[2]
        return Consent(Giver(giver), self._team.checkedButton().objectName().endswith(".in"))

    def ask(self, why: Message, rule: Rule, age: int, last: Recorded | None, *, secret: bool = False) -> None:
        """Show why the agreement is needed; nothing is ticked. ``age`` in years, ``last`` what was stated before.

        In a secret connection the minor agrees in person.
        """
        self._why.setText(why.text)
        self._before.setText(before_words(rule, last))
        self._before.setVisible(bool(self._before.text()))
        self._secret, minor = secret, age < MAJORITY and not secret
        for giver, choice in zip(Giver, self._givers.buttons(), strict=True):
            choice.setVisible(giver is Giver.PATIENT if secret else (giver is Giver.PARENT) is minor)
            choice.setChecked(giver is (Giver.PARENT if minor else Giver.PATIENT))
        outside = last is not None and not last.consent.care_team
        self._team.buttons()[1 if outside else 0].setChecked(True)
        self.notice.clear()
        self._known = None
        self._represented.clear()
        self._say()

    def show_representatives(self, known: tuple[Representative, ...]) -> None:
        """The DMP named them. What is said stays as it was once it has been said."""
        self._known = known
        self.say_represented(representatives_words(known))
        if not self._box.isChecked():
            self._told.setText(told_words(self.consent.giver, known))

    def say_represented(self, words: str) -> None:
        """In place of the names."""
        self._represented.setText(words)

    def forget(self) -> None:
        """Nothing of this patient stays."""
        self.notice.clear()
        self._known = None
        self._represented.clear()
        self._told.clear()

    def refused(self, error_message: Message) -> None:
        """The declaration failed."""
        self.notice.say(error_message)
        self._go.setEnabled(self._box.isChecked())
        self.take_focus()

    def take_focus(self) -> None:
        """The box: Space ticks it, Enter on the button declares."""
        self._box.setFocus()

    def _say(self) -> None:
        """Another giver, another title: what had been ticked was something else."""
        consent = self.consent
        represented = consent.giver is not Giver.PATIENT
        self._represented.setVisible(represented)
        if represented and self._known is None and not self._represented.text():
            self._represented.setText(ASKING)
            self.representatives_wanted.emit()
        self._told.setText(TOLD_TO_MINOR if self._secret else told_words(consent.giver, self._known or ()))
        once = "" if consent.care_team else self.tr(", pour cette consultation")
        self._box.setText(f"{BOXES[consent.giver]}{once}")
        self._box.setChecked(False)
        self._go.setEnabled(False)

    def _ticked(self, ticked: bool) -> None:
        self._go.setEnabled(ticked)
        if ticked:
            self._go.setFocus()

    def _agree(self) -> None:
        if self._box.isChecked():
            self._go.setEnabled(False)
            self.agreed.emit(self.consent)
