"""The emergency as a user lives it: the door, the time that runs, the end, and what is asked afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from praticien.access import Access, AccessMode, Oppositions, Rule
from praticien.identity import Ins
from praticien.outbox import Owner
from praticien.practice import Case, Practice
from ui.emergency.sheet import Begun
from ui.messages import Message, for_code
from ui.pages import Page
from ui.text import professional_name

if TYPE_CHECKING:
    from ui.main_window import MainWindow

EVERY_MS = 1000
ACTS = ("break_glass", "oppositions", "extend")


class EmergencyConduct(QObject):
    """Break-glass, and the countdown of both modes. ``home`` leaves the sheet."""

    regulation_extended = Signal(str)

    def __init__(self, window: MainWindow, practice: Practice, home: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._practice, self._home = window, practice, home
        self._pages, self._flow, self._sheet = window.pages, window.flow, window.pages.emergency
        self._kept: tuple[Owner, Ins, Begun] | None = None
        self._asked_in: Access | None = None  # the access in which the sheet was opened
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.tick)
        self._sheet.confirmed.connect(self._confirmed)
        self._flow.case_changed.connect(self._follow)
        window.bands.end_asked.connect(self.end)
        window.bands.extend_asked.connect(self.ask)

    # -- acts of the user ------------------------------------------------------------------------------------

    def ask(self) -> None:
        """F9: the sheet, to enter or to go on; or why it is of no use here."""
        case = self._flow.case
        if case and case.access.mode is not AccessMode.NORMAL:
            self._open_sheet(case)
            return
        refusal = self._refusal(case)
        if refusal:
            self._window.notice.say(refusal)
        elif case:
            self._open_sheet(case)
            self._resume(case)
            self._look_for_opposition(case)

    def end(self) -> None:
        """Shift+F9: what was read leaves the screen."""
        case = self._flow.case
        if case and case.access.mode is not AccessMode.NORMAL:
            self._close_views()

    def tick(self) -> None:
        """The time that is left, told; at its end everything read is closed."""
        case, left = self._flow.case, self._practice.time_left
        if case is None or left is None:
            self._timer.stop()
            self._window.bands.forget()
        elif left:
            self._window.bands.show_access(case, self._practice.holder, left)
        else:
            self._close_views()
            self._window.notice.say(for_code(Rule.EMERGENCY_OVER.value))

    def failed(self, act: str, message: Message) -> None:
        """An act of ``ACTS`` was refused."""
        if act == "oppositions":
            unknown = self.tr("Son opposition éventuelle n’a pas pu être vérifiée : dans ce cas l’accès sera refusé.")
            self._sheet.say_check(unknown)
        else:
            self._sheet.refused(message)

    # -- the session -----------------------------------------------------------------------------------------

    def keep(self, owner: Owner, shown: Ins | None) -> None:
        """The card is gone: what had been stated comes back for the same patient and professional."""
        begun = self._sheet.begun
        if begun and shown and self._pages.current is Page.EMERGENCY:
            self._kept = owner, shown, begun

    def forget(self) -> None:
        """Nothing of any patient stays."""
        self._sheet.forget()

    def has_entered(self, case: Case) -> bool:
        """Whether the sheet did what it was opened for."""
        return case.access.mode is not AccessMode.NORMAL and case.access != self._asked_in

    # -- inside ----------------------------------------------------------------------------------------------

    def _refusal(self, case: Case | None) -> Message | None:
        emergency = self._practice.emergency_verdict()
        if case is None or emergency is None:
            return Message(
                self.tr("Le bris de glace demande un patient dont l’identité est contrôlée et le dossier recherché.")
            )
        return None if emergency.allowed else for_code(emergency.rule.value)

    def _open_sheet(self, case: Case) -> None:
        holder, situation = self._practice.holder, self._practice.situation
        if holder is None or situation is None:
            return
        extends = case.access.mode is not AccessMode.NORMAL
        mode = case.access.mode if extends else AccessMode.BREAK_GLASS
        self._asked_in = case.access
        self._sheet.ask(professional_name(holder.professional), situation.structure.name, mode, extends=extends)
        self._pages.go(Page.EMERGENCY)

    def _resume(self, case: Case) -> None:
        kept, self._kept = self._kept, None
        if kept and kept[:2] == (self._window.session.owner, case.patient.ins):
            self._sheet.resume(kept[2])

    def _look_for_opposition(self, case: Case) -> None:
        self._say_opposition(case.oppositions)
        if case.oppositions is None:
            self._flow.ask_oppositions()

    def _say_opposition(self, oppositions: Oppositions | None) -> None:
        needed = self.tr("Nécessaire : vous n’avez pas d’accord en cours sur ce dossier.")
        known = (
            self.tr("Opposition du patient : recherche en cours…")
            if oppositions is None
            else self.tr("Le patient ne s’est pas opposé à cet accès.")
        )
        self._sheet.say_check(f"{needed} {known}")

    def _confirmed(self, reason, words: str) -> None:
        case = self._flow.case
        if case and case.access.mode is AccessMode.REGULATION:
            self.regulation_extended.emit(words)
        else:
            self._flow.break_glass(reason, words)

    def _follow(self) -> None:
        """The case changed: an opposition is known, an emergency began, went on or ended."""
        case = self._flow.case
        if case and case.oppositions and self._pages.current is Page.EMERGENCY:
            self._tell_opposition(case)
        if case is None or case.access.mode is AccessMode.NORMAL:
            self._window.bands.forget()
        else:
            self.tick()
            self._timer.start()

    def _tell_opposition(self, case: Case) -> None:
        verdict = self._practice.emergency_verdict()
        if case.access.mode is not AccessMode.NORMAL or verdict is None:
            return
        if verdict.rule is Rule.BREAK_GLASS_OPPOSED:
            self._sheet.refuse_beforehand(for_code(verdict.rule.value))
        else:
            self._say_opposition(case.oppositions)

    def _close_views(self) -> None:
        self._timer.stop()
        for page in (self._pages.dossier, self._pages.labs, self._pages.properties):
            page.forget()
        self._flow.end_emergency()
        if self._pages.current in (Page.LABS, Page.PROPERTIES):
            self._home()
