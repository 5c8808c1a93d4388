"""Administrative data of a dossier: shown as lines, corrected in a small form."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from praticien.administrative import AdministrativeData
from ui.consent_words import representative_words
from ui.flow_row import FlowRow
from ui.messages import Message
from ui.text import NBSP, told
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, label

_PHONE = re.compile(r"\+?[0-9]{6,15}")
_POSTAL_CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")


def lines_of(data: AdministrativeData) -> str:
    """One line a fact; what is not known is said."""
    address = ", ".join(part for part in (data.street, f"{data.postal_code} {data.city}".strip()) if part)
    telecoms = ", ".join(told(uri) for uri in data.telecoms)
    oppositions = [
        words
        for words, opposed in (
            ("au bris de glace", data.opposed_to_break_glass),
            ("à l’accès par un centre de régulation", data.opposed_to_regulation),
        )
        if opposed
    ]
    representatives = f"{NBSP}; ".join(representative_words(one) for one in data.representatives)
    belonging = "rattaché à Mon espace santé" if data.attached else "non rattaché à Mon espace santé"
    return "\n".join(
        (
            f"Nom utilisé{NBSP}: {data.used_name or 'non renseigné'}",
            f"Adresse{NBSP}: {address or 'non renseignée'}",
            f"Joindre le patient{NBSP}: {telecoms or 'non renseigné'}",
            f"Représentants légaux{NBSP}: {representatives or 'aucun renseigné'}",
            f"Oppositions{NBSP}: {' ; '.join(oppositions).replace(' ;', NBSP + ';') or 'aucune'}",
            f"Dossier {belonging}",
        )
    )


class AdministrativeForm(QWidget):
    """Emits ``confirmed(AdministrativeData)``, ``given_up``."""

    confirmed = Signal(object)
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("administrative")
        self._kept = AdministrativeData()
        self._others: tuple[str, ...] = ()
        self.notice = Notice("administrative.notice")
        captions = {
            "used_name": self.tr("Nom utilisé"),
            "street": self.tr("Adresse"),
            "postal_code": self.tr("Code postal"),
            "city": self.tr("Commune"),
            "phone": self.tr("Téléphone"),
            "mail": self.tr("Adresse électronique"),
        }
        self._fields = {
            name: Field(words, QLineEdit(), "", f"administrative.{name}") for name, words in captions.items()
        }
        self._break_glass = QCheckBox(self.tr("Le patient s’oppose au bris de glace"))
        self._regulation = QCheckBox(self.tr("Le patient s’oppose à l’accès par un centre de régulation (SAMU)"))
        self._go = button(self.tr("Enregistrer (Ctrl+Entrée)"), self.confirm, "primary", "administrative.go")
        back = button(self.tr("Renoncer (Échap)"), self.given_up.emit, "", "administrative.back")
        traits = label(self.tr("Les traits d’identité viennent de l’INSi : ils ne se corrigent pas ici."), "muted")
        boxes = column(label(self.tr("Accès d’urgence"), "strong"), self._break_glass, self._regulation, gap=GRID // 2)
        parts = (label(self.tr("Corriger les données administratives"), "heading"), traits, self.notice)
        whole = column(*parts, *self._fields.values(), boxes, FlowRow(self._go, back), gap=GRID * 2)
        whole.addStretch(1)
        self.setLayout(whole)
        for field in self._fields.values():
            self._edit(field).returnPressed.connect(self._go_on)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.confirm)

    def edit(self, data: AdministrativeData) -> None:
        """Fill it; a second telephone or address is kept as it is."""
        phones = [uri for uri in data.telecoms if uri.startswith("tel:")]
        mails = [uri for uri in data.telecoms if uri.startswith("mailto:")]
        self._others = tuple(uri for uri in data.telecoms if uri not in (*phones[:1], *mails[:1]))
        self._kept = data
        values = {
            "used_name": data.used_name,
            "street": data.street,
            "postal_code": data.postal_code,
            "city": data.city,
            "phone": told(phones[0]) if phones else "",
            "mail": told(mails[0]) if mails else "",
        }
        for name, field in self._fields.items():
            field.set_error("")
            self._edit(field).setText(values[name])
        self._break_glass.setChecked(data.opposed_to_break_glass)
        self._regulation.setChecked(data.opposed_to_regulation)
        self.notice.clear()
        self._go.setEnabled(True)

    def forget(self) -> None:
        """Nothing of this patient stays."""
        self.edit(AdministrativeData())

    def refused(self, message: Message) -> None:
        """It was not saved; everything typed stays."""
        self.notice.say(message)
        self._go.setEnabled(True)

    def take_focus(self) -> None:
        """The first field."""
        self._edit(self._fields["used_name"]).setFocus()

    def confirm(self) -> None:
        """Check, then ask to save."""
        if not self._go.isEnabled():
            return
        phone = re.sub(r"[\s.\-]", "", self._typed("phone"))
        mail, postal_code = self._typed("mail"), self._typed("postal_code").upper()
        wrong = {
            "phone": phone and not _PHONE.fullmatch(phone) and self.tr("Des chiffres seuls : 01 02 03 04 05."),
            "mail": mail and not re.fullmatch(r"[^@\s]+@[^@\s]+", mail) and self.tr("Comme nom@exemple.fr."),
            "postal_code": postal_code and not _POSTAL_CODE.fullmatch(postal_code) and self.tr("Cinq caractères."),
        }
        for name, words in wrong.items():
            self._fields[name].set_error(words or "")
        first = next((self._fields[name] for name, words in wrong.items() if words), None)
        if first:
            first.editor.setFocus()
            return
        self._go.setEnabled(False)
        self.notice.clear()
        telecoms = (f"tel:{phone}" if phone else "", f"mailto:{mail}" if mail else "", *self._others)
        self.confirmed.emit(self._data(postal_code, tuple(uri for uri in telecoms if uri)))

    def _data(self, postal_code: str, telecoms: tuple[str, ...]) -> AdministrativeData:
        return replace(
            self._kept,
            used_name=self._typed("used_name").upper(),
            street=self._typed("street"),
            postal_code=postal_code,
            city=self._typed("city"),
            telecoms=telecoms,
            opposed_to_break_glass=self._break_glass.isChecked(),
            opposed_to_regulation=self._regulation.isChecked(),
        )

    def _go_on(self) -> None:
        self.focusNextChild()

    def _typed(self, name: str) -> str:
        return self._edit(self._fields[name]).text().strip()

    @staticmethod
    def _edit(field: Field) -> QLineEdit:
        assert isinstance(field.editor, QLineEdit)
        return field.editor
