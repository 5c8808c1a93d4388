"""The regulation centre as a regulator lives it: search, confirm, minimum view, the rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.access import AccessMode
from praticien.practice import Case, Practice
from praticien.regulation import Candidate, Found, SearchCriteria, Trait
from praticien.regulation_desk import RegulationDesk
from ui.messages import for_code
from ui.pages import Page
from ui.text import local_today, professional_name

if TYPE_CHECKING:
    from ui.main_window import MainWindow

ACTS = ("regulation_search", "regulation_open")


class RegulationConduct(QObject):
    """Every act runs on the patient flow: one at a time, dropped when the patient changes."""

    def __init__(self, window: MainWindow, practice: Practice) -> None:
        super().__init__(window)
        self._window, self._practice = window, practice
        self._desk = RegulationDesk(practice)
        self._flow, self._pages = window.flow, window.pages
        self._search, self._minimum = window.pages.regulation, window.pages.minimum
        self._shown: Case | None = None
        self._search.asked.connect(self._ask)
        self._search.chosen.connect(self._open)
        self._minimum.rest_asked.connect(self._open_rest)
        self._flow.case_changed.connect(self._follow)

    @property
    def is_open(self) -> bool:
        """Whether this professional, in this structure, is a regulator."""
        return self._practice.is_unlocked and self._desk.verdict().allowed

    @property
    def is_minimum(self) -> bool:
        """Whether the minimum view is what may be seen of the open patient."""
        case = self._flow.case
        return bool(case and case.minimum and not self._flow.listed)

    def begin(self) -> None:
        """Ctrl+F2: the search without card, or why not."""
        holder, situation = self._practice.holder, self._practice.situation
        if holder is None or situation is None:
            return
        verdict = self._desk.verdict()
        if verdict.allowed:
            self._search.begin(professional_name(holder.professional), situation.structure.name)
            self._pages.go(Page.REGULATION)
        else:
            self._window.notice.say(for_code(verdict.rule.value))

    def extend(self, words: str) -> None:
        """For a reason said anew."""
        doing = self.tr("Prolongation de l’accès…")
        self._flow.run("extend", partial(self._desk.extend, words), doing, lambda _case: self._flow.case_changed.emit())

    def failed(self, error: BaseException) -> None:
        """An act of ``ACTS`` was refused: nobody is open."""
        self._pages.go(Page.REGULATION)
        self._search.refused(error)

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self._search.forget()
        self._minimum.forget()
        self._shown = None

    def _ask(self, criteria: SearchCriteria, words: str) -> None:
        self._flow.forget()
        self._pages.go(Page.REGULATION)
        work = partial(self._desk.search, criteria, words)
        self._flow.run("regulation_search", work, self.tr("Recherche dans le DMP…"), self._search.show_found)

    def _open(self, found: Found, one: Candidate, confirmed: frozenset[Trait], words: str) -> None:
        work = partial(self._desk.open, found, one, confirmed, words, turn=self._practice.turn)
        self._flow.run("regulation_open", work, self.tr("Lecture de la vue minimale…"), self._opened)

    def _opened(self, _case: Case) -> None:
        self._flow.listed = False
        self._flow.case_changed.emit()

    def _open_rest(self) -> None:
        if self.is_minimum:
            self._flow.list_documents()

    def _follow(self) -> None:
        """A patient was opened, the rest too, or it is over."""
        case = self._flow.case
        if case is None or case.access.mode is not AccessMode.REGULATION or case.minimum is None:
            self._minimum.forget()
            self._shown = None
        elif self._shown is None or self._shown.review != case.review or self._shown.minimum is not case.minimum:
            self._shown = case
            self._minimum.show_view(case.minimum, local_today())
            self._search.forget()
            self._pages.go(Page.MINIMUM)
        elif self._pages.current is Page.MINIMUM and not self.is_minimum:
            self._pages.go(Page.DOSSIER)
