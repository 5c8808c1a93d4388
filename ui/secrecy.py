"""The secret connection that a minor asks for: proposed, begun and ended by an act, said in words while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame

from praticien.errors import PraticienError
from praticien.identity import IdentityStatus
from praticien.practice import Practice
from ui.messages import Message, for_code, sentence
from ui.theme import GRID
from ui.widgets import button, label, row

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class SecretBand(QFrame):
    """On every page, as long as the connection is secret."""

    end_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setObjectName("secret_band")
        self._text = label(
            self.tr(
                "CONNEXION SECRÈTE — les représentants légaux du mineur n’en sont pas prévenus et ne voient pas vos "
                "dépôts."
            ),
            "strong",
            "secret_band.text",
        )
        end = button(self.tr("Y mettre fin (Ctrl+Maj+I)"), self.end_asked.emit, "", "secret_band.end")
        band = row(self._text, end, gap=GRID * 2)
        band.setContentsMargins(GRID * 2, GRID // 2, GRID * 2, GRID // 2)
        band.setStretch(0, 1)
        self.setLayout(band)
        self.setAccessibleName(self._text.text())
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty when hidden."""
        return "" if self.isHidden() else self._text.text()


class SecretConduct(QObject):
    """``leave`` puts aside the page in hand, ``home`` shows the patient again."""

    def __init__(
        self, window: MainWindow, practice: Practice, leave: Callable[[], None], home: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window, self._practice, self._leave, self._home = window, practice, leave, home
        self._flow, self._pages = window.flow, window.pages
        self._flow.case_changed.connect(self._follow)
        window.secret_band.end_asked.connect(self.toggle)
        window.banner.secret_asked.connect(self.toggle)

    def toggle(self) -> None:
        """Ctrl+Shift+I: begin it, or end it; everything about the patient is asked for again."""
        verdict, case = self._practice.secret_verdict(), self._flow.case
        if case is None or verdict is None:
            self._window.notice.say(Message(self.tr("Aucun patient."), self.tr("Choisissez-le d’abord (F2).")))
        elif not case.access.secret and not verdict.allowed:
            self._window.notice.say(for_code(verdict.rule.value))
        else:
            self._begin(not case.access.secret)

    def _begin(self, wanted: bool) -> None:
        self._leave()
        for page in (self._pages.dossier, self._pages.labs, self._pages.properties):
            page.forget()
        try:
            case = self._practice.keep_secret(wanted)
        except PraticienError as error:  # the patient changed meanwhile
            self._window.notice.say(sentence(error))
            return
        self._flow.listed = False
        self._flow.case_changed.emit()
        self._home()
        if case.patient.status is IdentityStatus.QUALIFIED:
            self._flow.look()

    def _follow(self) -> None:
        case, verdict = self._flow.case, self._practice.secret_verdict()
        secret = case is not None and case.access.secret
        self._window.secret_band.setVisible(secret)
        self._window.banner.propose_secret(bool(verdict and verdict.allowed) and not secret)
