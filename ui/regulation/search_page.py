"""Search by what the caller says, then three traits confirmed aloud before anybody is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from praticien.access import AccessMode, EmergencyReason
from praticien.errors import InvalidInput
from praticien.notices import MAX_WORDS, access_notice, reason_text
from praticien.regulation import Candidate, Found, SearchCriteria
from ui.beside import Beside
from ui.digits import digit_of
from ui.flow_row import FlowRow
from ui.messages import sentence
from ui.patient_form import SexChooser
from ui.regulation.confirmation import Confirmation
from ui.text import age_text, count, date_text, local_today, parse_date, sex_text
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, label


def candidate_words(one: Candidate, today: date) -> str:
    """One of those found, in short lines; an opposition comes first, so that nothing can cut it off."""
    traits = one.traits
    used = f" (nom utilisé : {one.used_name})" if one.used_name and one.used_name != traits.birth_name else ""
    age = age_text(traits, today)
    born = f"né(e) le {date_text(traits.birth_date)}{f' ({age})' if age else ''}"
    place = f"{one.postal_code} {one.city}".strip() or "commune inconnue"
    name = f"{traits.birth_name} {' '.join(traits.birth_first_names)}{used}"
    lines = [name, f"{sex_text(traits.sex)} · {born}", f"{place} · {one.degree} %"]
    return "\n".join(["S’EST OPPOSÉ(E) : ne s’ouvre pas", *lines] if one.opposed else lines)


class Candidates(QListWidget):
    """Arrows choose; digits tick a trait of the chosen one; Enter opens."""

    trait_pressed = Signal(int)
    open_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        if digit:
            self.trait_pressed.emit(digit)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_pressed.emit()
        else:
            super().keyPressEvent(event)


class RegulationSearch(QWidget):
    """Emits ``asked(criteria, words)`` and ``chosen(found, candidate, confirmed traits, words)``."""

    asked = Signal(object, str)
    chosen = Signal(object, object, object, str)
    left = Signal()

    def __init__(self, today: Callable[[], date] = local_today) -> None:
        super().__init__()
        self.setObjectName("regulation")
        self._today, self._who, self._structure = today, "", ""
        self._found = Found()
        self.notice = Notice("regulation.notice")
        self._sex = SexChooser()
        self._fields = self._make_fields()
        self._told = label("", "muted", "regulation.told")
        self._list = Candidates()
        self._list.setObjectName("regulation.found")
        self._list.setAccessibleName(self.tr("Patients trouvés"))
        self._list.setWordWrap(True)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setMinimumHeight(GRID * 18)
        self._count = label("", "strong", "regulation.count")
        self.confirmation = Confirmation()
        self._search = button(self.tr("Chercher (Ctrl+Entrée)"), self.submit, "primary", "regulation.search")
        self._lay_out()
        self._wire()
        self._show(Found(), answered=False)

    def _make_fields(self) -> dict[str, Field]:
        captions = {
            "family_name": (self.tr("Nom"), ""),
            "given_name": (self.tr("Prénom"), ""),
            "birth_date": (self.tr("Date de naissance (12031987)"), ""),
            "city": (self.tr("Commune"), ""),
            "postal_code": (self.tr("Code postal"), ""),
            "words": (self.tr("Appel : numéro, lieu, circonstances"), ""),
        }
        made = {n: Field(c, QLineEdit(), h, f"regulation.{n}") for n, (c, h) in captions.items()}
        words = made["words"].editor
        assert isinstance(words, QLineEdit)
        words.setMaxLength(MAX_WORDS)
        return made | {"sex": Field(self.tr("Sexe (F ou M)"), self._sex, "", "regulation.sex")}

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GRID)
        order = ("family_name", "given_name", "birth_date", "sex", "postal_code", "city")
        for number, name in enumerate(order):
            place = divmod(number, 3)
            grid.addWidget(self._fields[name], *place, alignment=Qt.AlignmentFlag.AlignTop)
        for number in range(3):
            grid.setColumnStretch(number, 1)
        back = button(self.tr("Retour (Échap)"), self.left.emit, "", "regulation.back")
        title = label(self.tr("Centre 15 : chercher un patient sans carte"), "heading")
        self._rule = label(
            self.tr(
                "Réservé au médecin régulateur (CSP, art. L. 1111-17). Aucune autorisation n’est inscrite ; le patient "
                "et son médecin traitant sont informés."
            ),
            "muted",
        )
        parts = (title, self._rule, grid, self._fields["words"], self._told, FlowRow(self._search, back), self.notice)
        beside = Beside(self._list, self.confirmation, (3, 2), GRID * 2, characters=40)
        self.setLayout(column(*parts, self._count, beside, gap=GRID))

    def _wire(self) -> None:
        for name, field in self._fields.items():
            if isinstance(field.editor, QLineEdit):
                field.editor.returnPressed.connect(self.submit)
                field.editor.textEdited.connect(lambda _text, name=name: self._fields[name].set_error(""))
        self._sex.went_on.connect(self.submit)
        self._edit("words").textChanged.connect(lambda _text: self._retell())
        self._list.currentRowChanged.connect(lambda _row: self._choose())
        self._list.trait_pressed.connect(self.confirmation.toggle)
        self._list.open_pressed.connect(self._open)
        self.confirmation.open_asked.connect(self._open)
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._confirm_key)

    # -- what a conductor asks -------------------------------------------------------------------------------

    def begin(self, who: str, structure: str) -> None:
        """For this professional, in this structure."""
        self._who, self._structure = who, structure
        self._retell()

    def forget(self) -> None:
        """Nothing of any patient stays."""
        for field in self._fields.values():
            field.set_error("")
            if isinstance(field.editor, QLineEdit):
                field.editor.clear()
        self._sex.choose(None)
        self.notice.clear()
        self._show(Found(), answered=False)

    def take_focus(self) -> None:
        """Those found, else the first field."""
        (self._list if self._found.candidates else self._edit("family_name")).setFocus()

    def show_found(self, found: Found) -> None:
        """Those who answer the description: the best match is selected, nothing is confirmed."""
        self.notice.clear()
        self._show(found, answered=True)
        self.take_focus()

    def refused(self, error: BaseException) -> None:
        """The search or the opening was refused; what was typed stays."""
        self.notice.say(sentence(error))

    def submit(self) -> None:
        """Search."""
        self.notice.clear()
        criteria = self._criteria()
        if criteria:
            self.asked.emit(criteria, self._edit("words").text().strip())

    # -- inside ----------------------------------------------------------------------------------------------

    def _edit(self, name: str) -> QLineEdit:
        editor = self._fields[name].editor
        assert isinstance(editor, QLineEdit)
        return editor

    def _criteria(self) -> SearchCriteria | None:
        typed = {name: self._edit(name).text().strip() for name in ("family_name", "given_name", "city", "postal_code")}
        born = self._edit("birth_date").text()
        try:
            birth_date = parse_date(born, today=self._today(), field="birth_date") if born.strip() else ""
            return SearchCriteria(**typed, birth_date=birth_date, sex=self._sex.sex)
        except InvalidInput as error:
            short = self.tr("Deux lettres au moins.")
            self._fields[error.field].set_error(short if error.field == "family_name" else sentence(error).text)
            self._fields[error.field].editor.setFocus()
            return None

    def _show(self, found: Found, *, answered: bool) -> None:
        self._found = found
        self._list.clear()
        for one in found.candidates:
            item = QListWidgetItem(candidate_words(one, self._today()))
            item.setData(Qt.ItemDataRole.UserRole, one)
            self._list.addItem(item)
        self._count.setText(self._count_words(found) if answered else "")
        self._list.setVisible(bool(found.candidates))
        self._rule.setVisible(not found.candidates)  # read already: leaves its room to those found
        self._count.setVisible(answered)
        self._list.setCurrentRow(0)  # else Qt makes one current by itself with the focus, unseen
        self._choose()

    def _count_words(self, found: Found) -> str:
        if not found.candidates:
            return self.tr("Personne ne correspond : vérifiez l’orthographe, ou cherchez avec moins de critères.")
        shown = count(len(found.candidates), self.tr("patient trouvé"), self.tr("patients trouvés"))
        if found.total > len(found.candidates):
            return self.tr("{shown} sur {total} : précisez la recherche.").format(shown=shown, total=found.total)
        return self.tr("{shown}. Flèches pour choisir, puis cochez ce que l’appelant confirme.").format(shown=shown)

    def _choose(self) -> None:
        item = self._list.currentItem()
        self.confirmation.ask(self._found, item.data(Qt.ItemDataRole.UserRole) if item else None)

    def _confirm_key(self) -> None:
        """Ctrl+Enter: open once somebody is chosen from the list, else search."""
        chosen = self._list.currentItem() is not None
        self._open() if chosen and (self._list.hasFocus() or self.confirmation.has_focus) else self.submit()

    def _open(self) -> None:
        one = self.confirmation.candidate
        if one is None:
            return
        refusal = self.confirmation.refusal
        if refusal:
            self.notice.say(refusal)
        else:
            words = self._edit("words").text().strip()
            self.chosen.emit(self._found, one, self.confirmation.confirmed, words)

    def _retell(self) -> None:
        reason = reason_text(EmergencyReason.REGULATION_CALL, self._edit("words").text())
        told = access_notice(self._who, self._structure, AccessMode.REGULATION, reason)
        self._told.setText(self.tr("Ce que le patient recevra : {told}").format(told=told))
