"""The dossiers that one may consult (TD0.4): a list to choose from; the patient is then looked for as any other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from praticien.habilitations import AuthorisedDossier
from praticien.matching import fold
from ui.flow_row import FlowRow
from ui.messages import Message
from ui.text import count, date_text, day_text
from ui.theme import GRID
from ui.widgets import Notice, button, column, label, line


def words_of(one: AuthorisedDossier) -> str:
    """Two lines: who; médecin traitant, last document."""
    used = f" ({one.used_name})" if one.used_name and one.used_name != one.birth_name else ""
    who = f"{one.birth_name}{used} {one.first_name} · {date_text(one.birth_date)}"
    facts = ["médecin traitant" if one.treating else ""]
    facts.append(f"dernier document reçu le {day_text(one.last_addition)}" if one.last_addition else "aucun document")
    return f"{who}\n     {' · '.join(part for part in facts if part)}"


class MyPatients(QWidget):
    """Emits ``chosen(AuthorisedDossier)``, ``left``, ``asked_again``."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("my_patients")
        self.notice = Notice("my_patients.notice")
        self._heading = label(self.tr("Mes patients"), "heading")
        self._text = label("", "muted", "my_patients.text")
        self._search = QLineEdit()
        self._search.setObjectName("my_patients.search")
        self._search.setPlaceholderText(self.tr("Nom, prénom ou date…"))
        self._search.setAccessibleName(self.tr("Chercher parmi mes patients"))
        self._list = QListWidget()
        self._list.setObjectName("my_patients.list")
        self._list.setAccessibleName(self.tr("Dossiers que vous pouvez consulter"))
        self._list.setMinimumHeight(GRID * 24)
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._count = line("", "muted", "my_patients.count")
        self._open = button(self.tr("Ouvrir ce patient (Entrée)"), self._choose, "primary", "my_patients.open")
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "my_patients.back")
        parts = (self._heading, self._text, self.notice, self._search, self._list, self._count)
        self.setLayout(column(*parts, FlowRow(self._open, self._back), gap=GRID * 2))
        self._search.textChanged.connect(lambda _text: self._narrow())
        self._search.returnPressed.connect(self._list.setFocus)
        self._list.itemActivated.connect(lambda _item: self._choose())

    @property
    def rows(self) -> tuple[str, ...]:
        """What the list says."""
        items = (self._list.item(i) for i in range(self._list.count()))
        return tuple(item.text() for item in items if not item.isHidden())

    def wait(self, *, staff: bool) -> None:
        """The DMP was asked."""
        self.forget()
        self._heading.setText(self.tr("Patients de la structure") if staff else self.tr("Mes patients"))
        self._text.setText(self.tr("Le DMP est interrogé."))

    def show_dossiers(self, dossiers: tuple[AuthorisedDossier, ...]) -> None:
        """Fill, by name."""
        self._list.clear()
        self._text.setText(
            self.tr("Dossiers où une autorisation est en cours. L’identité du patient reste à contrôler.")
            if dossiers
            else self.tr(
                "Aucune autorisation en cours : elles se déclarent dossier par dossier, avec l’accord du patient."
            )
        )
        for one in sorted(dossiers, key=lambda d: (fold(d.birth_name), fold(d.first_name))):
            item = QListWidgetItem(words_of(one))
            item.setData(Qt.ItemDataRole.UserRole, one)
            self._list.addItem(item)
        self._narrow()
        self.take_focus()

    def refused(self, message: Message) -> None:
        """The list could not be read."""
        self._text.setText("")
        self.notice.say(message)

    def forget(self) -> None:
        """Nobody stays on this page."""
        self._list.clear()
        self._search.clear()
        self._text.clear()
        self._narrow()
        self.notice.clear()

    def take_focus(self) -> None:
        """The list; without one the way back."""
        (self._list if self._list.count() else self._back).setFocus()

    def _narrow(self) -> None:
        wanted = fold(self._search.text()).split()
        for number in range(self._list.count()):
            item = self._list.item(number)
            item.setHidden(not all(word in fold(item.text()) for word in wanted))
        shown = [i for i in range(self._list.count()) if not self._list.item(i).isHidden()]
        self._list.setCurrentRow(shown[0] if shown else -1)
        self._count.setText(count(len(shown), "dossier", "dossiers") if self._list.count() else "")
        for each in (self._search, self._list, self._open, self._count):
            each.setVisible(self._list.count() > 0)  # nothing to choose from, nothing to choose with
        self._open.setEnabled(bool(shown))

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item and not item.isHidden():
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
