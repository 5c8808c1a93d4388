"""How one stands towards the open dossier, and the dossier's own data: authorisation, médecin traitant, who may
consult, administrative data, closing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from praticien.access import Authorisation, DossierStatus
from praticien.administrative import AdministrativeData
from praticien.documents.nomenclatures import PHYSICIAN_SPECIALTIES, PROFESSIONS
from praticien.dossier_acts import DossierAct, DossierVerdict
from praticien.habilitations import AuthorisedHolder
from ui.act_words import DOSSIER_WORDS
from ui.administrative_form import AdministrativeForm, lines_of
from ui.confirmation import Confirmation, Intent
from ui.flow_row import FlowRow
from ui.messages import Message, for_code
from ui.patient_banner import AUTHORISATION_WORDS
from ui.text import day_text
from ui.theme import GRID
from ui.widgets import button, column, label

Verdicts = Mapping[DossierAct, DossierVerdict]
_MINE = (DossierAct.WITHDRAW, DossierAct.BECOME_TREATING, DossierAct.STOP_TREATING)


def specialty_words(told: str) -> str:
    """``G15_10/SM54`` as its label; anything else as it was told."""
    profession, _, specialty = told.removeprefix("G15_").partition("/")
    label_ = PHYSICIAN_SPECIALTIES.get(specialty) or PROFESSIONS.get(profession, told)
    return label_.replace("'", "’")


def holder_words(one: AuthorisedHolder) -> str:
    """Name, specialty, since when, médecin traitant or blocked."""
    parts = [f"{one.family_name} {one.given_name}".strip(), specialty_words(one.specialty)]
    parts.append(f"depuis le {day_text(one.since)}" if one.since and not one.blocked else "")
    parts.append("médecin traitant" if one.treating else "")
    parts.append("bloqué par le patient" if one.blocked else "")
    return " · ".join(part for part in parts if part)


class AuthorisationPage(QWidget):
    """Emits ``confirmed(act)``, ``corrected(data)``, ``left``."""

    confirmed = Signal(object)
    corrected = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("authorisation")
        self.confirmation = Confirmation("authorisation.confirmation")
        self.confirmation.given_up.connect(self.back)
        self.form = AdministrativeForm()
        self.form.confirmed.connect(self.corrected)
        self.form.given_up.connect(self.back)
        self._data = AdministrativeData()
        self._standing = label("", "", "authorisation.standing")
        self._places = {act: _Act(act, partial(self._ask, act)) for act in DossierAct}
        self._holders = label("", "", "authorisation.holders")
        self._blocking = label(
            self.tr(
                "Bloquer ou débloquer un professionnel : le patient le fait dans Mon espace santé, ou son médecin "
                "traitant, à sa demande, sur le site du DMP."
            ),
            "muted",
        )
        self._told = label("", "", "authorisation.data")
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "authorisation.back")
        self._stack = QStackedWidget()
        for page in (self._sheet(), self.confirmation, self.form):
            self._stack.addWidget(page)
        self.setLayout(column(self._stack))

    def _sheet(self) -> QWidget:
        sheet = QWidget()
        mine = column(*(self._places[act] for act in _MINE))
        whole = column(
            label(self.tr("Autorisation et dossier"), "heading"),
            _section(self.tr("Mon autorisation"), self._standing, mine),
            _section(self.tr("Qui peut consulter ce dossier"), self._holders, self._blocking),
            _section(self.tr("Données administratives"), self._told, self._places[DossierAct.CORRECT]),
            _section(self.tr("Fermeture"), self._places[DossierAct.CLOSE]),
            FlowRow(self._back),
            gap=GRID * 3,
        )
        whole.addStretch(1)
        sheet.setLayout(whole)
        return sheet

    @property
    def is_deep(self) -> bool:
        """Whether a confirmation or the form is shown."""
        return self._stack.currentIndex() != 0

    def show_status(self, status: DossierStatus, verdicts: Verdicts) -> None:
        """Show the sheet for this dossier; the rest comes as it is answered."""
        self._stack.setCurrentIndex(0)
        treating = self.tr("médecin traitant") if status.treating_physician else self.tr("pas médecin traitant")
        self._standing.setText(f"{AUTHORISATION_WORDS[status.authorisation].capitalize()} · {treating}")
        for act, place in self._places.items():
            place.show_verdict(verdicts[act])
        offered = DossierAct.STOP_TREATING if status.treating_physician else DossierAct.BECOME_TREATING
        for act in (DossierAct.BECOME_TREATING, DossierAct.STOP_TREATING):
            self._places[act].setVisible(act is offered)
        self.say_holders(self.tr("Lecture…"))
        self.say_data(self.tr("Lecture…"))

    def show_holders(self, holders: tuple[AuthorisedHolder, ...], me: str, status: DossierStatus) -> None:
        """Those who may consult and those who are blocked; since when oneself."""
        self.say_holders("\n".join(holder_words(one) for one in holders) or self.tr("Personne d’autre."))
        mine = next((one for one in holders if one.national_id == me), None)
        if mine and mine.until and status.authorisation is Authorisation.VALID:
            since = self.tr(
                "Déclarée le {since}. Le DMP ne dit pas quand elle prend fin : un an après, en principe le {until}."
            )
            words = since.format(since=day_text(mine.since), until=day_text(mine.until))
            self._standing.setText(f"{self._standing.text()}\n{words}")

    def say_holders(self, text: str) -> None:
        """In place of the list."""
        self._holders.setText(text)

    def show_data(self, data: AdministrativeData) -> None:
        """What the DMP keeps."""
        self._data = data
        self.say_data(lines_of(data))

    def say_data(self, text: str) -> None:
        """In place of the data."""
        self._told.setText(text)

    def forget(self) -> None:
        """Nothing of this patient stays."""
        self._data = AdministrativeData()
        for words in (self._standing, self._holders, self._told):
            words.clear()
        self.confirmation.forget()
        self.form.forget()
        self._stack.setCurrentIndex(0)

    def back(self) -> None:
        """From a confirmation or the form to the sheet, from the sheet away."""
        if self.is_deep:
            self._stack.setCurrentIndex(0)
            self.take_focus()
        else:
            self.left.emit()

    def refused(self, message: Message) -> None:
        """What was asked was not done; what was typed stays."""
        (self.form if self._stack.currentWidget() is self.form else self.confirmation).refused(message)

    def take_focus(self) -> None:
        """The first act that is possible, else the way back."""
        if self.is_deep:
            self._stack.currentWidget().take_focus()
            return
        possible = (place.button for place in self._places.values() if place.button.isEnabled() and place.isVisible())
        next(possible, self._back).setFocus()

    def _ask(self, act: DossierAct) -> None:
        if act is DossierAct.CORRECT:
            self.form.edit(self._data)
            self._stack.setCurrentWidget(self.form)
        else:
            words = DOSSIER_WORDS[act]
            intent = Intent(words.button, "", words.effect, words.verb, words.boxes)
            self.confirmation.ask(intent, lambda: self.confirmed.emit(act))
            self._stack.setCurrentWidget(self.confirmation)
        self.take_focus()


class _Act(QWidget):
    """A button, and the reason when it cannot be pressed."""

    def __init__(self, act: DossierAct, action) -> None:
        super().__init__()
        self.button = button(f"{DOSSIER_WORDS[act].button}…", action, "", f"authorisation.act.{act.value}")
        self._why = label("", "muted", f"authorisation.why.{act.value}")
        self.setLayout(column(FlowRow(self.button), self._why, gap=GRID // 2))

    def show_verdict(self, verdict: DossierVerdict) -> None:
        """Press it, or read why not."""
        why = "" if verdict.allowed else for_code(verdict.rule.value).whole
        self.button.setEnabled(verdict.allowed)
        self.button.setAccessibleDescription(why)
        self._why.setText(why)
        self._why.setVisible(bool(why))


def _section(caption: str, *parts) -> QVBoxLayout:
    return column(label(caption, "strong"), *parts, gap=GRID)
