"""After an emergency access: what served, and why. One access at a time, the oldest first."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout, QWidget

from praticien.access import AccessMode
from praticien.reviews import Review
from ui.flow_row import FlowRow
from ui.messages import Message
from ui.text import count, moment_text
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, label


def mode_words(mode: AccessMode) -> str:
    """The mode as the page and the bar name it."""
    return "Centre 15" if mode is AccessMode.REGULATION else "Bris de glace"


class ReviewPage(QWidget):
    """Emits ``answered(id, titles that served, words)`` and ``export_asked``."""

    answered = Signal(str, object, str)
    export_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reviews")
        self.notice = Notice("reviews.notice")
        self._title = label("", "heading", "reviews.title")
        self._access = label("", "", "reviews.access")
        self._due = label("", "strong", "reviews.due")
        self._made: list[QCheckBox] = []
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(GRID // 2)
        self._used = QWidget()
        self._used.setLayout(column(label(self.tr("Ce qui a servi"), "strong"), self._boxes, gap=GRID // 2))
        self._words = QPlainTextEdit()
        self._words.setTabChangesFocus(True)
        self._words.setFixedHeight(GRID * 12)
        self._field = Field(
            self.tr("Pourquoi cet accès, et ce qu’il a changé"),
            self._words,
            self.tr("Sans nommer le patient : ce texte va dans le registre."),
            "reviews.words",
        )
        self._save = button(self.tr("Enregistrer (Ctrl+Entrée)"), self.submit, "primary", "reviews.save")
        self._export = button(self.tr("Exporter le registre (CSV)"), self.export_asked.emit, "", "reviews.export")
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "reviews.back")
        buttons = FlowRow(self._save, self._export, self._back)
        self._count = label("", "muted", "reviews.count")
        parts = (self._title, self.notice, self._access, self._due, self._used, self._field, buttons, self._count)
        self.setLayout(column(*parts, gap=GRID * 2))
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.submit)
        self._shown: Review | None = None
        self.show_reviews((), 0, 0, None)

    def show_reviews(self, waiting: tuple[Review, ...], answered: int, damaged: int, now: datetime | None) -> None:
        """The oldest of those waiting; what was begun for the same one stays."""
        first = waiting[0] if waiting else None
        if first is None or self._shown is None or first != self._shown:
            same = first is not None and self._shown is not None and first.id == self._shown.id
            self._shown = first
            self._fill(first, keep=same)
        for widget in (self._access, self._due, self._used, self._field, self._save):
            widget.setVisible(first is not None)
        self._used.setVisible(first is not None and bool(first.documents))
        self._title.setText(self._title_words(len(waiting)))
        if first and now:
            self._due.setText(self._due_words(first, now))
        self._export.setVisible(answered > 0)
        self._count.setText(self._count_words(answered, damaged))

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self.notice.clear()
        self.show_reviews((), 0, 0, None)

    def take_focus(self) -> None:
        """The explanation, or the way back."""
        (self._words if self._shown else self._back).setFocus()

    def refused(self, message: Message) -> None:
        """What was typed stays."""
        self.notice.say(message)

    def submit(self) -> None:
        """Ctrl+Enter."""
        if self._shown is None:
            return
        words = self._words.toPlainText().strip()
        self._field.set_error("" if words else self.tr("Dites en quelques mots ce que vous cherchiez."))
        if words:
            used = [box.text() for box in self._checks() if box.isChecked()]
            self.answered.emit(self._shown.id, used, words)
        else:
            self._words.setFocus()

    def _checks(self) -> list[QCheckBox]:
        return self._made

    def _fill(self, review: Review | None, *, keep: bool) -> None:
        checked = {box.text() for box in self._checks() if box.isChecked()} if keep else set()
        for box in self._checks():
            self._boxes.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._made = []
        if not keep:
            self._words.clear()
            self._field.set_error("")
        self._access.setText(self._access_words(review) if review else "")
        for number, title in enumerate(review.documents if review else ()):
            box = QCheckBox(title)
            box.setObjectName(f"reviews.used.{number}")
            box.setChecked(title in checked)
            self._boxes.addWidget(box)
            self._made.append(box)

    def _title_words(self, waiting: int) -> str:
        if not waiting:
            return self.tr("Aucun accès d’urgence à justifier")
        return count(waiting, self.tr("accès d’urgence à justifier"), self.tr("accès d’urgence à justifier"))

    def _access_words(self, review: Review) -> str:
        opened = count(len(review.documents), self.tr("document ouvert"), self.tr("documents ouverts"))
        return self.tr("{mode} du {begun} — {patient}\n{structure}\nMotif : {reasons}\n{opened}").format(
            mode=mode_words(review.mode),
            begun=moment_text(review.begun),
            patient=review.patient,
            structure=review.structure,
            reasons=" ; ".join(review.reasons),
            opened=opened,
        )

    def _due_words(self, review: Review, now: datetime) -> str:
        words = (
            self.tr("En retard : attendu avant le {due}")
            if review.is_overdue(now)
            else self.tr("Attendu avant le {due}")
        )
        return words.format(due=moment_text(review.due))

    def _count_words(self, answered: int, damaged: int) -> str:
        kept = count(answered, self.tr("réponse dans le registre"), self.tr("réponses dans le registre"))
        if not damaged:
            return f"{kept}."
        lost = count(damaged, self.tr("fiche illisible"), self.tr("fiches illisibles"))
        return self.tr("{kept} ; {lost}, mise(s) de côté sur ce poste.").format(kept=kept, lost=lost)
