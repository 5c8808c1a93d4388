"""Which person of the Vitale card is in the room."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from praticien.identity import calendar_date
from praticien.vitale import Beneficiary, BeneficiaryQuality, VitaleReading
from ui.digits import digit_of
from ui.flow_row import FlowRow
from ui.messages import sentence
from ui.text import date_text
from ui.theme import GRID
from ui.widgets import Notice, button, column, label

QUALITY_WORDS = {
    BeneficiaryQuality.INSURED: "assuré(e)",
    BeneficiaryQuality.ASCENDANT_DESCENDANT: "ascendant ou descendant",
    BeneficiaryQuality.SPOUSE: "conjoint(e)",
    BeneficiaryQuality.DIVORCED: "divorcé(e)",
    BeneficiaryQuality.COHABITANT: "concubin(e)",
    BeneficiaryQuality.SEPARATED: "séparé(e)",
    BeneficiaryQuality.CHILD: "enfant",
    BeneficiaryQuality.OUTSIDE_ART_313: "bénéficiaire hors article L. 313-3",
    BeneficiaryQuality.WIDOWED: "conjoint(e) veuf(ve)",
    BeneficiaryQuality.OTHER: "autre ayant droit",
}


class _List(QListWidget):
    """Digits 1 to 9 select a row."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        if 1 <= digit <= self.count():
            self.setCurrentRow(digit - 1)
        else:
            super().keyPressEvent(event)


class Beneficiaries(QWidget):
    """Emits ``chosen(reading, beneficiary)``."""

    chosen = Signal(object, object)
    search_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("beneficiaries")
        self.notice = Notice("beneficiaries.notice")
        self._list = _List()
        self._list.setObjectName("beneficiaries.list")
        self._list.setAccessibleName(self.tr("Bénéficiaires de la carte Vitale"))
        self._list.itemActivated.connect(lambda _item: self._choose())
        choose = button(self.tr("Ouvrir ce patient (Entrée)"), self._choose, "primary", "beneficiaries.choose")
        search = button(self.tr("Chercher par les traits (F2)"), self.search_asked.emit, "", "beneficiaries.search")
        buttons = FlowRow(choose, search)
        self._century = label("", "strong", "beneficiaries.century")
        self._years = [button("", None, "", f"beneficiaries.year{number}") for number in (0, 1)]
        for number, year in enumerate(self._years):
            year.clicked.connect(lambda _checked=False, n=number: self._choose_year(n))
        years = FlowRow(*self._years)
        title = label(self.tr("Qui est devant vous ?"), "heading")
        text = label(self.tr("Bénéficiaires de la carte Vitale : flèches ou chiffre, puis Entrée."), "muted")
        self.setLayout(column(title, text, self.notice, self._list, self._century, years, buttons, gap=GRID * 2))
        for before, after in pairwise((self._list, *self._years, choose, search)):
            QWidget.setTabOrder(before, after)
        self._reading: VitaleReading | None = None
        self._today = date.min
        self._ask_century(None)

    @property
    def rows(self) -> tuple[str, ...]:
        """What the list says."""
        return tuple(self._list.item(i).text() for i in range(self._list.count()))

    def offer(self, reading: VitaleReading, today: date) -> None:
        """Fill the list with the card's beneficiaries."""
        self._reading, self._today = reading, today
        self.notice.clear()
        self._ask_century(None)
        self._list.clear()
        for number, beneficiary in enumerate(reading.beneficiaries, 1):
            item = QListWidgetItem(self._words(number, beneficiary, today))
            item.setData(Qt.ItemDataRole.UserRole, beneficiary)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def refused(self, error: BaseException) -> None:
        """Say why the chosen one could not be opened; the list stays."""
        self.notice.say(sentence(error))
        self.take_focus()

    def forget(self) -> None:
        """Nothing of this card stays."""
        self._reading = None
        self._ask_century(None)
        self._list.clear()
        self.notice.clear()

    def take_focus(self) -> None:
        """Where arrows go."""
        self._list.setFocus()

    def _words(self, number: int, person: Beneficiary, today: date) -> str:
        born = calendar_date(person.birth_date)
        age = ""
        if born:
            years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
            age = self.tr(" ({years} ans)").format(years=years) if years > 1 else ""
        rights = self.tr("droits non lus")
        if person.rights:
            end = max((p.end or "99999999") for p in person.rights)
            rights = self._rights_words(end, today)
        name = f"{person.birth_name} {person.first_name}"
        quality = QUALITY_WORDS[person.quality]
        return f"{number}   {name} · {date_text(person.birth_date)}{age}\n     {quality} · {rights}"

    def _rights_words(self, end: str, today: date) -> str:
        if end == "99999999":
            return self.tr("droits ouverts")
        if end < today.strftime("%Y%m%d"):
            return self.tr("droits échus le {day}").format(day=date_text(end))
        return self.tr("droits ouverts jusqu’au {day}").format(day=date_text(end))

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item and self._reading:
            self.notice.clear()
            person: Beneficiary = item.data(Qt.ItemDataRole.UserRole)
            self._ask_century(person if person.lacks_century else None)
            if not person.lacks_century:
                self.chosen.emit(self._reading, person)

    def _ask_century(self, person: Beneficiary | None) -> None:
        """The card says two digits of the year: the user says the rest; no year is in hand, Enter guesses nothing."""
        self._without_century = person
        years = person.possible_years(self._today.year) if person else ()
        self._century.setVisible(person is not None)
        if person:
            words = self.tr("La carte ne dit pas le siècle de naissance de {name} : en quelle année est-ce ?")
            self._century.setText(words.format(name=f"{person.birth_name} {person.first_name}"))
        for number, shown in enumerate(self._years):
            shown.setVisible(number < len(years))
            shown.setText(str(years[number]) if number < len(years) else "")

    def _choose_year(self, number: int) -> None:
        person = self._without_century
        if person and self._reading:
            year = person.possible_years(self._today.year)[number]
            self._ask_century(None)
            self.chosen.emit(self._reading, person.born_in(year))
