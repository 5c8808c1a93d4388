"""Writing a package from the list, and opening one for the patient who is open."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from praticien.documents.model import Party
from praticien.errors import EnvironmentProblem, PatientChanged, Refused
from praticien.identity import Ins
from praticien.metadata import DocumentEntry
from praticien.ports import Packager, PackedDocument
from praticien.practice import Case, Practice
from ui.messages import Message, sentence
from ui.packages.conformity import Departures, departures_of
from ui.pages import Page
from ui.text import count

if TYPE_CHECKING:
    from ui.main_window import MainWindow

MAX_FILE = 400 * 1024 * 1024


class PackageOfAnother(Refused):
    """The package is about another patient than the one who is open."""

    code = "xdm.of_another"


class CannotWrite(EnvironmentProblem):
    """The chosen place cannot be written to, or the chosen file cannot be read."""

    code = "xdm.file"


class Packages(QObject):
    """Every public method is an act of the user."""

    def __init__(self, window: MainWindow, practice: Practice, packager: Packager | None) -> None:
        super().__init__(window)
        self._window, self._practice, self._packager = window, practice, packager
        self._pages, self._tasks = window.pages, window.tasks
        self._of: Ins | None = None

    def follow(self, case: Case | None) -> None:
        """Another patient: what was opened for the former one is forgotten."""
        ins = case.patient.ins if case else None
        if ins != self._of:
            self._of = ins
            self._pages.package.forget()

    def export_selected(self) -> None:
        """Ctrl+S: the document under the cursor."""
        entry = self._pages.dossier.documents.selected
        self._export((entry,) if entry else ())

    def export_listed(self) -> None:
        """Ctrl+Shift+S: all documents that the list shows now."""
        self._export(self._pages.dossier.documents.listed)

    def open_package(self) -> None:
        """Ctrl+Shift+P: a file that somebody sent about the open patient."""
        case = self._practice.case
        if self._packager is None or not self._practice.is_unlocked:
            return
        if case is None or case.patient.ins is None:
            self._window.notice.say(self.tr("Ouvrez d’abord le patient que ces documents concernent (F2)."))
            return
        path = self._window.choose_package()
        if path:
            work = partial(_read, self._packager, path, case.patient.ins)
            task = self._tasks.start(work, self.tr("Ouverture du fichier…"), lane="file")
            task.on_success(lambda opened: self._show(path.name, opened, case.patient.ins))
            task.on_failure(self._failed)

    def _show(self, name: str, opened: Opened, ins: Ins | None) -> None:
        case = self._practice.case
        if case and case.patient.ins == ins:
            self._pages.package.show_package(name, *opened)
            self._pages.go(Page.PACKAGE)

    def _export(self, entries: tuple[DocumentEntry, ...]) -> None:
        holder, situation, case = self._practice.holder, self._practice.situation, self._practice.case
        in_list = self._pages.current is Page.DOSSIER and self._pages.dossier.view == "documents"
        if not (self._packager and holder and situation and case and in_list):
            return
        if not entries:
            self._window.notice.say(self.tr("Choisissez d’abord un document dans la liste."))
            return
        path = self._window.choose_export()
        if path:
            by = Party(holder.professional, situation.structure)
            pack = partial(self._packager.pack, by=by, now=datetime.now(UTC))
            work = partial(_write, partial(_fetch, self._practice, entries, self._practice.turn), pack, path)
            task = self._tasks.start(work, self.tr("Préparation du fichier…"))
            task.on_success(lambda _done: self._written(len(entries), path))
            task.on_failure(self._failed)

    def _written(self, number: int, path: Path) -> None:
        words = count(number, "document écrit", "documents écrits")
        text = self.tr("{words} dans {name}.").format(words=words, name=path.name)
        advice = self.tr("Ce fichier n’est pas chiffré : protégez-le, et supprimez-le dès qu’il ne sert plus.")
        self._window.notice.say(Message(text, advice))

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, PatientChanged):
            self._window.notice.say(sentence(error))


Opened = tuple[tuple[PackedDocument, ...], tuple[Departures, ...]]
Fetched = list[tuple[DocumentEntry, bytes]]


def _fetch(practice: Practice, entries: tuple[DocumentEntry, ...], turn: int) -> Fetched:
    return [(entry, practice.open_document(entry, turn=turn).content) for entry in entries]


def _write(fetch: Callable[[], Fetched], pack: Callable[[Fetched], bytes], path: Path) -> None:
    """In the background: fetch, pack, write aside and put in place."""
    packed = pack(fetch())
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_bytes(packed)
        os.replace(aside, path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise CannotWrite("write") from None


def _read(packager: Packager, path: Path, ins: Ins) -> Opened:
    """The documents, and where each departs from the rules.

    Raises CannotWrite, PackageOfAnother, the package's refusals.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise CannotWrite("size")
        data = path.read_bytes()
    except OSError:
        raise CannotWrite("read") from None
    found = packager.unpack(data)
    if any(packed.entry.patient_id.matricule != ins.matricule for packed in found):
        raise PackageOfAnother(rule="INS")
    return found, departures_of(found)


def ask_where_to_export(window: MainWindow) -> Path | None:
    """The system's dialog."""
    title = window.tr("Exporter des documents (fichier non chiffré)")
    name, _filter = QFileDialog.getSaveFileName(window, title, "IHE_XDM.ZIP", "IHE XDM (*.zip *.ZIP)")
    return Path(name) if name else None


def ask_package(window: MainWindow) -> Path | None:
    """The system's dialog."""
    title = window.tr("Ouvrir un fichier de documents")
    name, _filter = QFileDialog.getOpenFileName(window, title, "", "IHE XDM (*.zip *.ZIP)")
    return Path(name) if name else None
