"""The medical synthesis in the deposit form: a text a part, one line a thing, what is understood of it beneath."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from praticien.documents.prescription_products import Product
from praticien.documents.summary import MedicalSummary
from praticien.documents.summary_entry import READERS, lines_of, write_line
from praticien.documents.summary_sources import Proposal, ReadDocument, proposals
from praticien.documents.summary_words import parts_of
from ui.deposit.summary_typed import SummaryTyped
from ui.theme import GRID
from ui.widgets import Field, button, column, label

_MOST_LINES = 10
_MOST_FOUND = 6
_LEFT = ("problems", "allergies", "treatments", "vigilance")
_PROPOSAL = Qt.ItemDataRole.UserRole


class SummaryPanel(QWidget):
    """Emits ``changed`` when something is typed or taken."""

    changed = Signal()

    def __init__(self, products: Sequence[Product]) -> None:
        super().__init__()
        self.setObjectName("deposit.summary")
        self._products = tuple(products)
        self._held = SummaryTyped()
        self._documents: tuple[ReadDocument, ...] = ()
        self._fields = {name: self._field(name, caption, example) for name, caption, example in self._captions()}
        self._none = QCheckBox(self.tr("Aucune allergie connue"))
        self._none.setObjectName("deposit.summary.no_known_allergy")
        self._none.toggled.connect(self._typed)
        self._found_caption = label(self.tr("Trouvé dans les documents lus de ce dossier"), "strong")
        self._found = QListWidget()
        self._found.setObjectName("deposit.summary.found")
        self._found.setAccessibleName(self._found_caption.text())
        self._found.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._found.itemActivated.connect(self._take)
        self._found.installEventFilter(self)
        self._take_all = button(
            self.tr("Tout reprendre, sauf ce qui est à vérifier (Ctrl+Maj+T)"), self.take_all, "", "deposit.summary.all"
        )
        self._lay_out()
        self._offer()

    def _captions(self) -> tuple[tuple[str, str, str], ...]:
        return (
            ("problems", self.tr("Pathologies en cours"), self.tr("2012 HTA")),
            ("allergies", self.tr("Allergies et intolérances"), self.tr("2018 amoxicilline\u00a0: urticaire")),
            ("treatments", self.tr("Traitements au long cours"), self.tr("2012 Amlodipine 5 mg\u00a0: 1 matin (HTA)")),
            ("history", self.tr("Antécédents médicaux"), self.tr("1998-2003 dépression")),
            ("interventions", self.tr("Antécédents chirurgicaux et actes"), self.tr("1988 appendicectomie")),
            ("habits", self.tr("Mode de vie"), self.tr("tabac\u00a0: 20 PA, sevré en 2015")),
            ("work", self.tr("Risques professionnels"), self.tr("exposition à l’amiante")),
            ("family", self.tr("Antécédents familiaux"), self.tr("père\u00a0: infarctus à 52 ans")),
            ("vigilance", self.tr("Points de vigilance"), self.tr("anticoagulant à ne pas interrompre")),
        )

    def _field(self, name: str, caption: str, example: str) -> Field:
        editor = QPlainTextEdit()
        editor.setTabChangesFocus(True)
        editor.setPlaceholderText(example)
        editor.textChanged.connect(partial(self._edited, name))
        return Field(caption, editor, "", f"deposit.summary.{name}")

    def _lay_out(self) -> None:
        hint = label(self.tr("Une ligne par élément\u00a0; la date, facultative, au début."), "muted")
        found = column(self._found_caption, self._found, self._take_all, gap=GRID // 2)
        self._found_box = QWidget()
        self._found_box.setLayout(found)
        sides = QGridLayout()
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setHorizontalSpacing(GRID * 4)
        for side, names in enumerate((_LEFT, [name for name in self._fields if name not in _LEFT])):
            parts: list[QWidget] = [self._fields[name] for name in names]
            if "allergies" in names:
                parts.insert(names.index("allergies") + 1, self._none)
            box = column(*parts, gap=GRID * 2)
            box.addStretch(1)
            sides.addLayout(box, 0, side)
            sides.setColumnStretch(side, 1)
        self.setLayout(column(hint, self._found_box, sides, gap=GRID * 2))

    # -- content ---------------------------------------------------------------------------------------------

    @property
    def typed(self) -> SummaryTyped:
        """What the panel holds."""
        texts = {name: text for name, field in self._fields.items() if (text := _editor(field).toPlainText())}
        return SummaryTyped(texts, self._none.isChecked(), self._held.codes, self._held.drugs)

    def summary(self) -> MedicalSummary:
        """The synthesis typed; its checks are the document's."""
        return self.typed.summary(self._products)

    def restore(self, typed: SummaryTyped, documents: Sequence[ReadDocument] = ()) -> None:
        """Show what a draft or a former synthesis holds; ``documents`` are those that were opened."""
        self._held, self._documents = typed, tuple(documents)
        for name, field in self._fields.items():
            _editor(field).setPlainText(typed.texts.get(name, ""))
            self._grow(name)
        self._none.setChecked(typed.no_known_allergy)
        self.clear_errors()
        self._offer()

    def take_focus(self) -> None:
        """What was found, else the first part."""
        if self._found.count() and self.typed.is_empty:
            self._found.setCurrentRow(0)
            self._found.setFocus()
        else:
            self._fields["problems"].editor.setFocus()

    # -- what was read ---------------------------------------------------------------------------------------

    def take_all(self) -> None:
        """Every proposal whose source does not contradict itself."""
        items = [self._found.item(row) for row in range(self._found.count())]
        taken = [item.data(_PROPOSAL) for item in items]
        self._put([one for one in taken if one.is_sure])

    def _take(self, item: QListWidgetItem) -> None:
        self._put([item.data(_PROPOSAL)])

    def _put(self, found: Sequence[Proposal]) -> None:
        typed, row = self.typed, self._found.currentRow()
        for one in found:
            typed = typed.with_line(one)
        self.restore(typed, self._documents)
        self._found.setCurrentRow(min(max(row, 0), self._found.count() - 1))
        if not self._found.count():
            self.take_focus()
        self.changed.emit()

    def _offer(self) -> None:
        """What is not in the synthesis yet; nothing shown when there is nothing."""
        found = proposals(self._documents, self.summary())
        self._found.clear()
        for one in found:
            item = QListWidgetItem(self._words(one))
            item.setData(_PROPOSAL, one)
            item.setToolTip(item.text())
            self._found.addItem(item)
        line = self._found.fontMetrics().lineSpacing() + GRID
        self._found.setFixedHeight(min(len(found), _MOST_FOUND) * line + GRID * 2)
        self._found_box.setVisible(bool(found))

    def _words(self, one: Proposal) -> str:
        part = next(caption for name, caption, _example in self._captions() if name == one.part)
        said = self.tr("{part}\u00a0: {line} — {source}").format(
            part=part, line=write_line(one.line), source=one.source
        )
        if one.is_sure:
            return said
        return self.tr("{said} · à vérifier\u00a0: le texte et les codes du document se contredisent").format(said=said)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the line, and does not confirm the form."""
        if watched is self._found and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            item = self._found.currentItem()
            if plain and item and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
                self._take(item)
                return True
        return super().eventFilter(watched, event)

    # -- what is understood ----------------------------------------------------------------------------------

    def _edited(self, name: str) -> None:
        self._fields[name].set_error("")
        self._grow(name)
        self._read(name)
        self._typed()

    def _typed(self) -> None:
        self._fields["allergies"].set_error("")
        self.changed.emit()

    def _grow(self, name: str) -> None:
        editor = _editor(self._fields[name])
        lines = min(max(editor.blockCount(), 2), _MOST_LINES)
        editor.setFixedHeight(editor.fontMetrics().lineSpacing() * lines + GRID * 4)

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs taller editors."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            for name in self._fields:
                self._grow(name)

    def _read(self, name: str) -> None:
        self._fields[name].set_hint(_reading(name, self.summary()) if name in _TOLD else "")

    # -- errors ----------------------------------------------------------------------------------------------

    def show_error(self, place: str, text: str) -> bool:
        """Next to the part it speaks of (``problems.0``), naming the line; False when it is another's."""
        name, _dot, number = place.partition(".")
        if name not in self._fields:
            return False
        lines = lines_of(_editor(self._fields[name]).toPlainText())
        at = int(number) if number.isdigit() else len(lines)
        self._fields[name].set_error(f"«\u00a0{lines[at]}\u00a0» — {text}" if text and at < len(lines) else text)
        return True

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for field in self._fields.values():
            field.set_error("")

    def focus_error(self) -> bool:
        """The first part that a sentence is about gets the focus; False when none is."""
        wrong = next((field for field in self._fields.values() if field.error), None)
        if wrong:
            wrong.editor.setFocus()
        return wrong is not None

    def error_of(self, place: str) -> str:
        """The sentence next to a part (``summary.problems``)."""
        root, _dot, name = place.partition(".")
        return self._fields[name].error if root == "summary" and name in self._fields else ""


_TOLD = frozenset(READERS) - {"work", "vigilance"}


def _editor(field: Field) -> QPlainTextEdit:
    assert isinstance(field.editor, QPlainTextEdit)
    return field.editor


def _reading(name: str, summary: MedicalSummary) -> str:
    """The lines as they will be written, with their codes."""
    part = next(part for part in parts_of(summary) if part.name == name)
    said = []
    for row, line in zip(part.rows, part.lines, strict=True):
        if line is None:
            continue
        code = getattr(line, "code", None)
        cells = [cell.text for cell in row if cell.text not in ("", "-")]
        said.append(" · ".join([*cells, *([code.code] if code else [])]))
    return "\n".join(f"Compris\u00a0: {line}" for line in said)
