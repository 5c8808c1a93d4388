"""Acts on the document that is read: prescribing it again, what changed since the version before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from praticien.documents import cda_reader
from praticien.documents.difference import SectionDifference, difference
from praticien.documents.model import DocumentKind
from praticien.documents.renewal import RenewedLine, to_check
from praticien.errors import PatientChanged, Refused
from praticien.metadata import DocumentEntry, RetrievedDocument
from praticien.practice import Practice
from ui.deposit.prescription_typed import TypedLine
from ui.document_words import moment_of
from ui.messages import Message, sentence
from ui.pages import Page
from ui.text import count, day_text

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class NoEarlierVersion(Refused):
    """The document is the first of its set, or the one before may not be seen."""

    code = "document.no_earlier_version"


@dataclass(frozen=True, slots=True, repr=False)
class Compared:
    """Two versions and what differs."""

    old: DocumentEntry
    new: DocumentEntry
    sections: tuple[SectionDifference, ...]


class Viewing(QObject):
    """Every public method is an act of the user."""

    def __init__(self, window: MainWindow, practice: Practice, open_deposit: Callable[[DocumentKind], None]) -> None:
        super().__init__(window)
        self._window, self._practice, self._open_deposit = window, practice, open_deposit
        self._pages, self._tasks = window.pages, window.tasks
        self._viewer = window.pages.dossier.viewer
        self._viewer.renewal_asked.connect(self._renew)

    def renew(self) -> None:
        """Ctrl+N: the lines of the prescription that is read, in a new one."""
        if self._pages.current is Page.DOSSIER:
            self._viewer.renew()

    def _renew(self, lines: tuple[RenewedLine, ...]) -> None:
        self._open_deposit(DocumentKind.PRESCRIPTION)
        if self._pages.current is not Page.DEPOSIT:
            return
        self._pages.deposit.add_lines(tuple(_typed(line) for line in lines))
        taken = count(len(lines), "ligne reprise", "lignes reprises")
        missing = to_check(lines)
        words = self.tr("{taken} de l’ordonnance lue. Vérifiez chaque ligne avant de signer.").format(taken=taken)
        why = self.tr("{what} : l’ordonnance lue se contredit ou ne le dit pas.")
        what = count(missing, "ligne à compléter", "lignes à compléter")
        self._window.notice.say(Message(words, why.format(what=what) if missing else ""))

    def compare(self) -> None:
        """Ctrl+J: what changed in the document that is read since the version before."""
        shown = self._viewer.shown_document
        if shown is None or self._pages.current is not Page.DOSSIER:
            return
        entry, document = shown
        work = partial(_compare, self._practice, entry, document, self._practice.turn)
        task = self._tasks.start(work, self.tr("Comparaison avec la version précédente…"))
        task.on_success(lambda found: self._viewer.show_difference(found.sections, _versions(found), found.new))
        task.on_failure(self._failed)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PatientChanged):
            self._viewer.notice.say(sentence(error))


def _typed(line: RenewedLine) -> TypedLine:
    return TypedLine(line.name, line.posology, line.is_device, line.renewals, line.substitution, line.flags)


def _compare(practice: Practice, entry: DocumentEntry, document: RetrievedDocument, turn: int) -> Compared:
    """In the background: the chain of versions, the one before, both read. Raises NoEarlierVersion, InvalidCda."""
    versions = practice.relations(entry, turn=turn).versions
    place = next((at for at, one in enumerate(versions) if one.unique_id == entry.unique_id), len(versions))
    if place + 1 >= len(versions):
        raise NoEarlierVersion
    former = versions[place + 1]
    old = cda_reader.read(practice.open_document(former, turn=turn).content)
    return Compared(former, entry, difference(old, cda_reader.read(document.content)))


def _versions(found: Compared) -> str:
    old, new = (f"{entry.title} ({day_text(moment_of(entry))})" for entry in (found.old, found.new))
    return f"{old} → {new}"
