"""Find a patient by matricule INS and strict traits. What was typed survives every failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from praticien.errors import InvalidInput
from praticien.identity import Ins, Sex, StrictTraits
from ui.flow_row import FlowRow
from ui.messages import sentence
from ui.text import date_text, local_today, parse_date
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, label

_SEX_DIGITS = {"1": Sex.MALE, "3": Sex.MALE, "7": Sex.MALE, "2": Sex.FEMALE, "4": Sex.FEMALE, "8": Sex.FEMALE}


class SexChooser(QComboBox):
    """``F`` or ``M`` chooses; Enter goes on."""

    went_on = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.addItem(self.tr("à choisir"), None)
        self.addItem(self.tr("Féminin"), Sex.FEMALE)
        self.addItem(self.tr("Masculin"), Sex.MALE)

    @property
    def sex(self) -> Sex | None:
        """What is chosen."""
        return self.currentData()

    def choose(self, sex: Sex | None) -> None:
        """Show ``sex``."""
        self.setCurrentIndex((None, Sex.FEMALE, Sex.MALE).index(sex))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went_on.emit()
        else:
            super().keyPressEvent(event)


class PatientForm(QWidget):
    """Emits ``asked(traits, ins or None)``."""

    asked = Signal(object, object)
    cancelled = Signal()

    def __init__(self, ins_oid: str, today: Callable[[], date] = local_today) -> None:
        super().__init__()
        self.setObjectName("patient_form")
        self._oid, self._today = ins_oid, today
        self.notice = Notice("patient_form.notice")
        self._sex = SexChooser()
        self._fields = {
            "ins": Field(
                self.tr("Matricule INS"), QLineEdit(), self.tr("15 caractères, espaces permis"), "patient_form.ins"
            ),
            "birth_name": Field(self.tr("Nom de naissance"), QLineEdit(), "", "patient_form.birth_name"),
            "birth_first_name": Field(self.tr("Premier prénom"), QLineEdit(), "", "patient_form.birth_first_name"),
            "birth_date": Field(
                self.tr("Date de naissance"), QLineEdit(), self.tr("12031987 ou 12/03/1987"), "patient_form.birth_date"
            ),
            "sex": Field(self.tr("Sexe"), self._sex, self.tr("touche F ou M"), "patient_form.sex"),
            "birth_place": Field(
                self.tr("Lieu de naissance"),
                QLineEdit(),
                self.tr("code INSEE à 5 caractères, facultatif"),
                "patient_form.birth_place",
            ),
        }
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GRID * 2)
        places = {
            "ins": (0, 0, 1, 2),
            "birth_name": (1, 0, 1, 1),
            "birth_first_name": (1, 1, 1, 1),
            "birth_date": (2, 0, 1, 1),
            "sex": (2, 1, 1, 1),
            "birth_place": (3, 0, 1, 1),
        }
        for name, place in places.items():
            grid.addWidget(self._fields[name], *place, alignment=Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._search = button(self.tr("Chercher (Ctrl+Entrée)"), self.submit, "primary", "patient_form.search")
        back = button(self.tr("Retour (Échap)"), self.cancelled.emit, "", "patient_form.back")
        buttons = FlowRow(self._search, back)
        title = label(self.tr("Chercher un patient"), "heading")
        text = label(
            self.tr("Ou insérez sa carte Vitale. Le matricule et les traits sont vérifiés auprès de l’INSi."), "muted"
        )
        self.setLayout(column(title, text, self.notice, grid, buttons, gap=GRID * 2))

    def _wire(self) -> None:
        for name, field in self._fields.items():
            editor = field.editor
            if isinstance(editor, QLineEdit):
                editor.returnPressed.connect(lambda name=name: self._go_on(name))
                editor.editingFinished.connect(lambda name=name: self._look_at(name))
                editor.textEdited.connect(lambda _text, name=name: self._fields[name].set_error(""))
        self._sex.went_on.connect(lambda: self._go_on("sex"))
        self._sex.activated.connect(lambda _index: self._fields["sex"].set_error(""))
        self._edit("ins").textEdited.connect(lambda _text: self._suggest_when_whole())
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.submit)

    def take_focus(self) -> None:
        """The first field."""
        self._edit("ins").setFocus()
        self._edit("ins").selectAll()

    def field_error(self, name: str) -> str:
        """The sentence next to a field."""
        return self._fields[name].error

    def forget(self) -> None:
        """Empty every field."""
        for field in self._fields.values():
            field.set_error("")
            if isinstance(field.editor, QLineEdit):
                field.editor.clear()
        self._sex.choose(None)
        self.notice.clear()

    def snapshot(self) -> dict[str, str]:
        """What was typed, to be put back for the same professional."""
        typed = {name: f.editor.text() for name, f in self._fields.items() if isinstance(f.editor, QLineEdit)}
        return typed | {"sex": self._sex.sex.value if self._sex.sex else ""}

    def restore(self, typed: dict[str, str]) -> None:
        """Put back a snapshot."""
        for name, field in self._fields.items():
            if isinstance(field.editor, QLineEdit):
                field.editor.setText(typed.get(name, ""))
        self._sex.choose(Sex(typed["sex"]) if typed.get("sex") else None)

    def refused(self, error: BaseException) -> None:
        """The search failed: say why, mark the fields it speaks of, keep everything."""
        message = sentence(error)
        self.notice.say(message)
        for name in getattr(error, "differing", ()):
            field = self._fields.get({"first_name": "birth_first_name"}.get(name, name))
            if field:
                field.set_error(self.tr("Ne correspond pas à la réponse de l’INSi."))
        self._edit("ins").setFocus()

    def submit(self) -> None:
        """Check every field, then ask."""
        self.notice.clear()
        ins, traits = self._ins(), self._traits()
        wrong = next((f for f in self._fields.values() if f.error), None)
        if wrong:
            wrong.editor.setFocus()
        elif traits:
            self.asked.emit(traits, ins)

    # -- one field -------------------------------------------------------------------------------------------

    def _edit(self, name: str) -> QLineEdit:
        editor = self._fields[name].editor
        assert isinstance(editor, QLineEdit)
        return editor

    def _typed(self, name: str) -> str:
        return self._edit(name).text().strip()

    def _go_on(self, name: str) -> None:
        names = list(self._fields)
        following = names.index(name) + 1
        if following == len(names):
            self.submit()
        else:
            self._fields[names[following]].editor.setFocus()

    def _look_at(self, name: str) -> None:
        if name == "ins" and self._typed("ins"):
            self._ins()
        if name == "birth_date" and self._typed("birth_date"):
            born = self._birth_date()
            if born:
                self._edit("birth_date").setText(date_text(born))

    def _ins(self) -> Ins | None:
        typed = self._typed("ins")
        self._fields["ins"].set_error("")
        if not typed:
            return None
        return self._checked("ins", lambda: Ins.parse(typed, self._oid))

    def _birth_date(self) -> str | None:
        self._fields["birth_date"].set_error("")
        typed = self._typed("birth_date")
        return self._checked("birth_date", lambda: parse_date(typed, today=self._today(), field="birth_date"))

    def _traits(self) -> StrictTraits | None:
        for name in ("birth_name", "birth_first_name"):
            self._fields[name].set_error("" if self._typed(name) else self.tr("À remplir."))
        self._fields["sex"].set_error("" if self._sex.sex else self.tr("À choisir."))
        self._fields["birth_place"].set_error("")
        born, sex = self._birth_date(), self._sex.sex
        if born is None or sex is None or not self._typed("birth_name") or not self._typed("birth_first_name"):
            return None
        first_names = tuple(self._typed("birth_first_name").split())
        place = self._typed("birth_place").upper()
        return self._checked(
            "birth_place", lambda: StrictTraits(self._typed("birth_name"), first_names, born, sex, place)
        )

    def _checked(self, name, make):
        try:
            return make()
        except InvalidInput as error:
            where = self._fields.get(error.field, self._fields[name])
            if error.field == "birth_place":
                where.set_error(self.tr("Le code INSEE d’un lieu a 5 caractères, par exemple 35238."))
            else:
                where.set_error(sentence(error).whole)
            return None

    def _suggest_when_whole(self) -> None:
        """A good matricule says the sex and the birth place; never over what was typed."""
        try:
            ins = Ins.parse(self._typed("ins"), self._oid)
        except InvalidInput:
            return
        if self._sex.sex is None:
            self._sex.choose(_SEX_DIGITS.get(ins.matricule[0]))
        if not self._typed("birth_place"):
            self._edit("birth_place").setText(ins.matricule[5:10])
