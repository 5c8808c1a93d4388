"""The minimum view: five topics, each with its source and age; what was not found is said, and is not "none"."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from praticien.metadata import DocumentEntry
from praticien.minimum_view import MOST_LINES, Fact, MinimumView, Topic
from ui.flow_row import FlowRow
from ui.text import count, day_text
from ui.theme import GRID
from ui.widgets import button, column, label, surface

_TITLES = {
    Topic.ALLERGIES: "Allergies",
    Topic.TREATMENTS: "Traitements",
    Topic.IMPLANTS: "Implants",
    Topic.DIRECTIVES: "Directives anticipées",
    Topic.CONTACTS: "Personnes à prévenir",
}
_NOTHING = {
    Topic.ALLERGIES: "Rien de documenté. Cela ne veut pas dire : aucune allergie.",
    Topic.TREATMENTS: "Rien de documenté. Cela ne veut pas dire : aucun traitement.",
    Topic.IMPLANTS: "Rien de documenté. Cela ne veut pas dire : aucun implant.",
    Topic.DIRECTIVES: "Aucun document trouvé.",
    Topic.CONTACTS: "Personne n’est indiqué.",
}


def source_words(entry: DocumentEntry, today: date) -> str:
    """``Synthèse médicale, 12/10/2026 (41 jours)``."""
    day = entry.creation_time.astimezone().date()
    age = (today - day).days
    old = f" ({count(age, 'jour', 'jours')})" if age > 0 else ""
    return f"{entry.title}, {day_text(entry.creation_time)}{old}"


class MinimumPage(QWidget):
    """Emits ``rest_asked``: the second act."""

    rest_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("minimum")
        self._said: list[tuple[str, str]] = []
        self._topics = QVBoxLayout()
        self._topics.setSpacing(GRID)
        self._looked = label("", "muted", "minimum.looked")
        self._rest = button(self.tr("Ouvrir tout le dossier (Ctrl+Entrée)"), self.rest_asked.emit, "", "minimum.rest")
        shortcut = QShortcut(QKeySequence("Ctrl+Return"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.rest_asked)
        title = label(self.tr("Vue minimale"), "heading")
        self.setLayout(column(title, self._topics, self._looked, FlowRow(self._rest), gap=GRID * 2))

    @property
    def text(self) -> str:
        """All that is said."""
        return "\n".join([*(words for words, _role in self._said), self._looked.text()])

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self._said = []
        self._looked.clear()
        while self._topics.count():
            widget = self._topics.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()

    def show_view(self, view: MinimumView, today: date) -> None:
        """All five topics, always in the same order."""
        self.forget()
        for topic in Topic:
            self._add(topic, view.about(topic), today)
        self._looked.setText(self._looked_words(view))

    def take_focus(self) -> None:
        """The second act."""
        self._rest.setFocus()

    def _add(self, topic: Topic, facts: tuple[Fact, ...], today: date) -> None:
        lines = [(_TITLES[topic], "strong")]
        shown = facts[:MOST_LINES]
        for fact, after in zip(shown, (*shown[1:], None), strict=False):
            lines += self._fact_lines(fact)
            if after is None or after.source is not fact.source:
                lines.append((source_words(fact.source, today), "muted"))
        if not facts:
            lines.append((_NOTHING[topic], "muted"))
        elif len(facts) > MOST_LINES:
            more = count(len(facts) - MOST_LINES, self.tr("autre ligne"), self.tr("autres lignes"))
            lines.append((self.tr("… et {more} dans les documents.").format(more=more), "muted"))
        self._said += lines
        frame = surface(name=f"minimum.{topic.value}")
        made = [label(words, role) for words, role in lines]
        frame.setLayout(column(*made, margin=GRID, gap=GRID // 2))
        self._topics.addWidget(frame)

    def _fact_lines(self, fact: Fact) -> list[tuple[str, str]]:
        read = self.tr("à lire dans le document : ") if fact.is_whole_document else ""
        lines = [(f"{read}{fact.text}", "")]
        if fact.is_doubtful:
            doubt = self.tr("Le texte et les données codées de ce document ne disent pas la même chose : à vérifier.")
            lines.append((doubt, "error"))
        return lines

    def _looked_words(self, view: MinimumView) -> str:
        looked = count(len(view.looked_at), self.tr("document lu"), self.tr("documents lus"))
        words = self.tr("D’après {looked}.").format(looked=looked)
        if view.unread:
            titles = ", ".join(entry.title for entry in view.unread)
            words += " " + self.tr("Illisible : {titles}.").format(titles=titles)
        if view.others:
            others = count(view.others, self.tr("autre document"), self.tr("autres documents"))
            words += " " + self.tr("Le dossier en contient {others}.").format(others=others)
        return words
