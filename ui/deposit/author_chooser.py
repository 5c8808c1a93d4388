"""The physician who validated the report, chosen by the secretary: never the secretary."""

from __future__ import annotations

import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from praticien.documents.nomenclatures import PHYSICIAN_SPECIALTIES
from praticien.professional import Professional
from ui.text import activity_text, professional_name
from ui.theme import GRID
from ui.widgets import Field, column

_OTHER = "other"
_RPPS = re.compile(r"[0-9]{11}")


class AuthorChooser(QWidget):
    """A list of physicians, and free entry for another one."""

    changed = Signal()

    def __init__(self, physicians: tuple[Professional, ...]) -> None:
        super().__init__()
        self.setObjectName("deposit.authors")
        self._physicians = physicians
        self._combo = QComboBox()
        self._combo.addItem(self.tr("à choisir"), None)
        for physician in physicians:
            self._combo.addItem(f"{professional_name(physician)} · {activity_text(physician)}", physician)
        self._combo.addItem(self.tr("Autre médecin…"), _OTHER)
        self._field = Field(self.tr("Médecin auteur et responsable du compte rendu"), self._combo, "", "deposit.author")
        self._rpps, self._family, self._given = QLineEdit(), QLineEdit(), QLineEdit()
        self._specialty = QComboBox()
        for code, words in PHYSICIAN_SPECIALTIES.items():
            self._specialty.addItem(words, code)
        self._specialty.setCurrentIndex(self._specialty.findData("SM44"))
        self._specialty.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._others = {
            "rpps": Field(self.tr("Numéro RPPS"), self._rpps, self.tr("11 chiffres"), "deposit.author.rpps"),
            "family": Field(self.tr("Nom"), self._family, "", "deposit.author.family"),
            "given": Field(self.tr("Prénom"), self._given, "", "deposit.author.given"),
            "specialty": Field(self.tr("Spécialité"), self._specialty, "", "deposit.author.specialty"),
        }
        self._other = QWidget()
        grid = QGridLayout(self._other)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID)
        for number, field in enumerate(self._others.values()):
            grid.addWidget(field, number // 2, number % 2)
        self.setLayout(column(self._field, self._other))
        self._other.hide()
        self._combo.currentIndexChanged.connect(lambda _index: self._chosen())

    def suggest(self, national_id: str) -> None:
        """Choose the listed physician of this PS_IdNat while nobody is chosen."""
        known = [who.national_id for who in self._physicians]
        if national_id in known and self._combo.currentIndex() == 0:
            self._combo.setCurrentIndex(known.index(national_id) + 1)

    def choose(self, physician: Professional | None, other: dict[str, str]) -> None:
        """Show what a draft holds."""
        if other:
            self._combo.setCurrentIndex(self._combo.count() - 1)
        else:
            self._combo.setCurrentIndex(self._physicians.index(physician) + 1 if physician in self._physicians else 0)
        for name, editor in (("rpps", self._rpps), ("family", self._family), ("given", self._given)):
            editor.setText(other.get(name, ""))
        self.clear_errors()

    @property
    def names(self) -> tuple[str, ...]:
        """Family names of those listed."""
        return tuple(who.family_name for who in self._physicians)

    @property
    def listed(self) -> Professional | None:
        """The physician chosen in the list, None for free entry or nothing."""
        data = self._combo.currentData()
        return data if isinstance(data, Professional) else None

    @property
    def typed(self) -> dict[str, str]:
        """The free entry, empty unless it is chosen."""
        if self._combo.currentData() != _OTHER:
            return {}
        return {"rpps": self._rpps.text(), "family": self._family.text(), "given": self._given.text()}

    def professional(self) -> Professional | None:
        """Who was chosen; None, with sentences next to the fields, when it is incomplete."""
        self.clear_errors()
        if self.listed:
            return self.listed
        if self._combo.currentData() is None:
            self._field.set_error(self.tr("Choisissez le médecin qui a validé le compte rendu."))
            return None
        return self._typed_professional()

    def take_focus(self) -> None:
        """To choose in the list."""
        self._combo.setFocus()

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """Show a sentence under the list; False when it speaks of something else."""
        if place != "author":
            return False
        self._field.set_error(text)
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for field in (self._field, *self._others.values()):
            field.set_error("")

    def focus_error(self) -> bool:
        """The first field that a sentence is about gets the focus; False when none is."""
        wrong = next((field for field in (self._field, *self._others.values()) if field.error), None)
        if wrong:
            wrong.editor.setFocus()
        return wrong is not None

    def error_of(self, place: str) -> str:
        """The sentence under the list, empty when none."""
        return self._field.error if place == "author" else ""

    # -- what is typed ---------------------------------------------------------------------------------------

    def _typed_professional(self) -> Professional | None:
        rpps = re.sub(r"\s", "", self._rpps.text())
        family, given = self._family.text().strip(), self._given.text().strip()
        self._others["rpps"].set_error("" if _RPPS.fullmatch(rpps) else self.tr("Le numéro RPPS a 11 chiffres."))
        self._others["family"].set_error("" if family else self.tr("À remplir."))
        self._others["given"].set_error("" if given else self.tr("À remplir."))
        if any(f.error for f in self._others.values()):
            return None
        return Professional(f"8{rpps}", family, given, profession="10", specialty=self._specialty.currentData())

    def _chosen(self) -> None:
        self._other.setVisible(self._combo.currentData() == _OTHER)
        self._field.set_error("")
        self.changed.emit()
