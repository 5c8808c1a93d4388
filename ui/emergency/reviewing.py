"""Who has to look back upon what, and when: said at each unlock, and without end once it is overdue."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from praticien.practice import Practice
from praticien.reviews import Review
from ui.messages import Message, sentence
from ui.notice_bar import NoticeBar
from ui.pages import Page
from ui.text import count, moment_text

if TYPE_CHECKING:
    from ui.main_window import MainWindow

EVERY_MS = 60_000


class OverdueBar(NoticeBar):
    """Stays on every page until the answer is given; names nobody."""

    answer_asked = Signal()

    def __init__(self) -> None:
        super().__init__("overdue", "overdue.answer")
        self.act.setText(self.tr("Répondre (Ctrl+F9)"))
        self.act.clicked.connect(lambda _checked=False: self.answer_asked.emit())


class Reviewing(QObject):
    """The page of reviews, the bar, and the reminder at unlock."""

    def __init__(self, window: MainWindow, practice: Practice, choose_file: Callable[[], Path | None]) -> None:
        super().__init__(window)
        self._window, self._practice, self._choose = window, practice, choose_file
        self._page = window.pages.reviews
        self._page.answered.connect(self._answer)
        self._page.export_asked.connect(self._export)
        window.overdue.answer_asked.connect(self.show)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        window.flow.case_changed.connect(self.look)

    # -- acts ------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Ctrl+F9."""
        if self._who:
            self._page.notice.clear()
            self.look()
            self._window.pages.go(Page.REVIEWS)

    def unlocked(self) -> bool:
        """A session begins: True when something is overdue and its page should come first."""
        self._timer.start()
        self.look()
        waiting = self._waiting()
        if waiting and not self._overdue(waiting):
            self._window.notice.say(
                Message(
                    self.tr("Un accès d’urgence attend votre explication, avant le {due}.").format(
                        due=moment_text(waiting[0].due)
                    )
                ),
                self.tr("Répondre (Ctrl+F9)"),
                self.show,
            )
        return bool(self._overdue(waiting))

    def forget(self) -> None:
        """The session ends."""
        self._timer.stop()
        self._page.forget()
        self._window.overdue.show_words("")

    def look(self) -> None:
        """What is waiting, and since when."""
        queue, who = self._practice.reviews, self._who
        if queue is None or not who:
            return
        waiting, answered = self._waiting(), len(queue.answered(who))
        self._page.show_reviews(waiting, answered, queue.damaged, self._practice.now())
        late = len(self._overdue(waiting))
        words = count(
            late, self.tr("accès d’urgence à justifier, en retard"), self.tr("accès d’urgence à justifier, en retard")
        )
        self._window.overdue.show_words(f"{words}." if late else "")

    # -- inside ----------------------------------------------------------------------------------------------

    @property
    def _who(self) -> str:
        """Empty from the moment the session is over: the practice itself locks a little later."""
        holder = self._practice.holder
        return holder.professional.national_id if holder and self._timer.isActive() else ""

    def _waiting(self) -> tuple[Review, ...]:
        """All but the access under way."""
        queue, case = self._practice.reviews, self._practice.case
        under_way = case.review if case else ""
        return tuple(one for one in queue.waiting(self._who) if one.id != under_way) if queue else ()

    def _overdue(self, waiting: tuple[Review, ...]) -> list[Review]:
        return [one for one in waiting if one.is_overdue(self._practice.now())]

    def _answer(self, id: str, used: list[str], words: str) -> None:
        queue = self._practice.reviews
        if queue is None:
            return
        task = self._window.tasks.start(
            partial(queue.answer, id, used, words), self.tr("Enregistrement de la réponse…"), lane="file"
        )
        task.on_success(lambda _done: self._answered())
        task.on_failure(lambda error: self._page.refused(sentence(error)))

    def _answered(self) -> None:
        self.look()
        self._page.notice.say(self.tr("Réponse enregistrée dans le registre de ce poste."))
        self._page.take_focus()

    def _export(self) -> None:
        queue, path = self._practice.reviews, self._choose()
        if queue is None or path is None:
            return
        text = queue.register(self._who)
        task = self._window.tasks.start(
            lambda: path.write_text(text, "utf-8-sig", newline=""), self.tr("Écriture du registre…"), lane="file"
        )
        done = self.tr("Registre exporté, sans nom de patient.")
        task.on_success(lambda _written: self._page.notice.say(done))
        task.on_failure(
            lambda _error: self._page.notice.say(self.tr("Le registre n’a pas pu être écrit à cet endroit."))
        )
