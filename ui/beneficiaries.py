"""Which person of the Vitale card is in the room."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from praticien.identity import calendar_date
from praticien.vitale import Beneficiary, BeneficiaryQuality, VitaleReading
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
        digit = event.text()
        if digit.isdigit() and 1 <= int(digit) <= self.count():
            self.setCurrentRow(int(digit) - 1)
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
        title = label(self.tr("Qui est devant vous ?"), "heading")
        text = label(self.tr("Bénéficiaires de la carte Vitale : flèches ou chiffre, puis Entrée."), "muted")
        self.setLayout(column(title, text, self.notice, self._list, buttons, gap=GRID * 2))
        self._reading: VitaleReading | None = None

    @property
    def rows(self) -> tuple[str, ...]:
        """What the list says."""
        return tuple(self._list.item(i).text() for i in range(self._list.count()))

    def offer(self, reading: VitaleReading, today: date) -> None:
        """Fill the list with the card's beneficiaries."""
        self._reading = reading
        self.notice.clear()
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
            self.chosen.emit(self._reading, item.data(Qt.ItemDataRole.UserRole))
