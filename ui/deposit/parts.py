"""Every widget of the deposit form, where it stands, and which of them a kind of document shows."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from praticien.documents.model import DocumentKind
from praticien.professional import Professional
from ui.beside import Beside
from ui.deposit.author_chooser import AuthorChooser
from ui.deposit.building import Occasion
from ui.deposit.chosen_file import ChosenFile
from ui.deposit.error_places import ErrorPlaces, FieldPart
from ui.deposit.imaging_panel import ImagingPanel
from ui.deposit.lab_panel import LabPanel
from ui.deposit.prescription_panel import PrescriptionPanel
from ui.deposit.rights_words import rights_words
from ui.deposit.study_panel import StudyPanel
from ui.deposit.summary_panel import SummaryPanel
from ui.deposit.type_chooser import TypeChooser
from ui.deposit.visibility import VisibilityBoxes
from ui.flow_row import FlowRow
from ui.text import professional_name
from ui.theme import GRID
from ui.widgets import Field, Notice, button, column, holding, label, scrolling


class Parts(QWidget):
    """``title``, ``day`` and ``text`` are their editors; the panels are handed in or made here."""

    def __init__(
        self,
        physicians: tuple[Professional, ...],
        *,
        lines: PrescriptionPanel,
        lab: LabPanel,
        imaging: ImagingPanel,
        summary: SummaryPanel,
    ) -> None:
        super().__init__()
        self.lines, self.lab, self.imaging, self.summary = lines, lab, imaging, summary
        self.authors = AuthorChooser(physicians)
        self.type, self.file = TypeChooser(), ChosenFile()
        self.study, self.visibility = StudyPanel(), VisibilityBoxes()
        self._make_fields()
        self._lay_out()
        self.errors = ErrorPlaces(
            (
                self.imaging,
                self.lines,
                self.type,
                self.summary,
                FieldPart("title", self._title),
                FieldPart("text", self._text),
                self.file,
                FieldPart("day", self._day),
                self.authors,
                self.study,
                self.lab,
                self.visibility,
            )
        )

    def _make_fields(self) -> None:
        self.notice = Notice("deposit.notice")
        self.heading = label("", "heading", "deposit.heading")
        self.title, self.day, self.text = QLineEdit(), QLineEdit(), QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(GRID * 24)
        self._title = Field(self.tr("Titre"), self.title, "", "deposit.title")
        self._text = Field(self.tr("Texte du document"), self.text, "", "deposit.text")
        self._day = Field(self.tr("Date de l’acte"), self.day, self.tr("12102026 ou 12/10/2026"), "deposit.day")
        self._rights = label("", "strong", "deposit.rights")
        self._author = label("", "", "deposit.author.holder")
        self._author_caption = label(self.tr("Auteur et responsable"), "strong")
        self.confirm = button(self.tr("Déposer (Ctrl+Entrée)"), None, "primary", "deposit.confirm")
        self.back = button(self.tr("Retour (Échap)"), None, "", "deposit.back")

    def _lay_out(self) -> None:
        author = column(self._author_caption, self._author, self.authors, gap=GRID // 2)
        parts = (self.type, self._rights, self._title, self.lines, self._text, self.file, self.imaging)
        left = column(*parts, gap=GRID * 2)
        left.addStretch(1)
        left.setStretch(parts.index(self._text), 8)
        right = column(self._day, author, self.study, self.visibility, gap=GRID * 2)
        right.addStretch(1)
        both = Beside(holding(left), holding(right), (3, 2), GRID * 4)
        wide = (self.lab, self.summary)  # tables need the whole width
        everything = column(self.heading, self.notice, both, *wide, gap=GRID * 2)
        fields = holding(everything)
        everything.setContentsMargins(0, 0, GRID, 0)
        whole = column(scrolling(fields), FlowRow(self.confirm, self.back), margin=GRID * 2, gap=GRID * 2)
        whole.setStretch(0, 1)
        self.setLayout(whole)

    # -- what is in sight ------------------------------------------------------------------------------------

    def show_for(self, occasion: Occasion) -> None:
        """The parts of this kind of document and of this author."""
        kind, who = occasion.kind, occasion.holder.professional
        mine = who.is_physician or bool(who.profession)
        self.authors.setVisible(not mine)
        self._author_caption.setVisible(mine)
        self._author.setVisible(mine)
        self._author.setText(f"{professional_name(who)} · {occasion.situation.structure.name}")
        self.type.setVisible(kind is DocumentKind.OTHER)
        self.file.offer(any_file=kind is DocumentKind.OTHER, none=kind is DocumentKind.SUMMARY)
        self.summary.setVisible(kind is DocumentKind.SUMMARY)
        self.study.setVisible(kind is DocumentKind.IMAGING_REPORT)
        self.study.received.hide()
        self.imaging.setVisible(kind is DocumentKind.IMAGING_REPORT)
        self.lab.setVisible(kind is DocumentKind.LAB_RESULT)
        prescribing = kind is DocumentKind.PRESCRIPTION
        words = self.tr("Commentaire, ou texte libre sans lignes") if prescribing else self.tr("Texte du document")
        self._text.set_caption(words)
        self.show_text(kind)
        self.show_rights(occasion)

    def show_rights(self, occasion: Occasion) -> None:
        """What this profession may write of the type, as soon as it is known."""
        chosen = self.type.type.codes if self.type.type else None
        codes = chosen if occasion.kind is DocumentKind.OTHER else occasion.kind.codes
        self._rights.setText(rights_words(occasion.holder.professional, codes) if codes else "")
        self._rights.setVisible(bool(self._rights.text()))

    def show_text(self, kind: DocumentKind) -> None:
        """Typed text is what one has when there is neither a file nor results; some kinds have parts instead."""
        parts = kind in (DocumentKind.IMAGING_REPORT, DocumentKind.SUMMARY)
        chosen = self.file.file is not None
        self._text.setVisible(not chosen and self.lab.loaded is None and not parts)
        self.lines.setVisible(not chosen and kind is DocumentKind.PRESCRIPTION)
        self.file.say_left_out(typed=bool(self.lines.typed or self.text.toPlainText().strip()) and not parts)

    def take_focus(self) -> None:
        """The first thing to fill."""
        if not self.authors.isHidden() and not self.file.file:
            self.file.take_focus()
        elif not self.lines.isHidden():
            self.lines.take_focus()
        elif not self.imaging.isHidden():
            self.imaging.take_focus()
        elif not self.summary.isHidden():
            self.summary.take_focus()
        elif not self.type.isHidden() and self.type.type is None:
            self.type.take_focus()
        elif self.text.isVisibleTo(self):
            self.text.setFocus()
        else:
            self.take_focus_after_file()

    def take_focus_after_file(self) -> None:
        """What is left to look at once there is a file: not the button, which a second Enter would press."""
        if not self.authors.isHidden() and self.authors.listed is None:
            self.authors.take_focus()
        else:
            self.day.setFocus()

    def show_first_error(self) -> None:
        """Focus on it, and scroll to it."""
        self.errors.focus_first()
        area, focused = self.findChild(QScrollArea), self.focusWidget()
        if area and focused and area.isAncestorOf(focused):
            area.ensureWidgetVisible(focused, GRID, GRID * 8)
