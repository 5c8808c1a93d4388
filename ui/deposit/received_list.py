"""Examinations received from the PACS, to choose from: of whom, what, when, and whether it is the chosen patient."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from praticien.documents.checks import dicom_discrepancies
from praticien.documents.model import ImagingStudy
from praticien.documents.received import ReceivedStudy
from praticien.identity import Patient
from ui.flow_row import FlowRow
from ui.messages import for_code
from ui.text import count, date_text, moment_text
from ui.theme import GRID
from ui.widgets import button, column, label


class _Rows(QListWidget):
    """Del takes one away."""

    drop_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.drop_pressed.emit()
        else:
            super().keyPressEvent(event)


class ReceivedList(QWidget):
    """Emits ``chosen(ReceivedStudy)`` at Enter, ``dropped(ReceivedStudy)`` when Del was pressed twice."""

    chosen = Signal(object)
    dropped = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._list = _Rows()
        self._list.setObjectName(f"{name}.list")
        self._list.setAccessibleName(self.tr("Examens reçus"))
        self._list.setWordWrap(True)
        self._list.setMinimumHeight(GRID * 16)
        self._list.itemActivated.connect(lambda _item: self._choose())
        self._list.drop_pressed.connect(self._drop)
        self._list.currentItemChanged.connect(lambda _now, _before: self._doubt(False))
        self._state = label("", "muted", f"{name}.state")
        self._sure = label("", "error", f"{name}.sure")
        take = button(self.tr("Choisir (Entrée)"), self._choose, "", f"{name}.choose")
        drop = button(self.tr("Retirer (Suppr)"), self._drop, "quiet", f"{name}.drop")
        self._acts = QWidget()
        self._acts.setLayout(FlowRow(take, drop))
        caption = label(self.tr("Examens reçus"), "strong")
        self.setLayout(column(caption, self._state, self._list, self._sure, self._acts, gap=GRID // 2))
        self.forget()

    @property
    def rows(self) -> tuple[str, ...]:
        """The texts shown."""
        return tuple(self._list.item(n).text() for n in range(self._list.count()))

    @property
    def state(self) -> str:
        """What is said above the rows."""
        return self._state.text()

    def offer(self, found: Sequence[ReceivedStudy], patient: Patient | None) -> None:
        """Show them, those of ``patient`` first, with the focus on the first."""
        self.show_studies(found, patient)
        self.show()
        self._list.setFocus()
        self._list.setCurrentRow(0)

    def show_studies(self, found: Sequence[ReceivedStudy], patient: Patient | None, problem: str = "") -> None:
        """Show them; what stays is chosen as before. ``problem`` is the code why nothing is received."""
        before = self._current()
        ranked = sorted(found, key=lambda one: not _agrees(one.study, patient))
        self._list.clear()
        for one in ranked:
            item = QListWidgetItem(received_words(one, patient))
            item.setData(Qt.ItemDataRole.UserRole, one)
            self._list.addItem(item)
            if before and one.study_uid == before.study_uid:
                self._list.setCurrentItem(item)
        empty = self.tr("Aucun examen reçu pour l’instant : envoyez-le à ce poste depuis le PACS.")
        self._state.setText(for_code(problem).whole if problem else "" if ranked else empty)
        self._state.setVisible(bool(self._state.text()))
        self._list.setVisible(bool(ranked))
        self._acts.setVisible(bool(ranked))

    def forget(self) -> None:
        """No name stays."""
        self._list.clear()
        self._doubt(False)
        self.hide()

    def _current(self) -> ReceivedStudy | None:
        item = self._list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _choose(self) -> None:
        one = self._current()
        if one and one.study:
            self.chosen.emit(one)

    def _drop(self) -> None:
        """Asked twice: the PACS would have to send it again."""
        one = self._current()
        if one and not self._sure.isHidden():
            self.dropped.emit(one)
        elif one:
            self._doubt(True)

    def _doubt(self, asked: bool) -> None:
        self._sure.setText(
            self.tr("Le PACS devra le renvoyer : appuyez encore sur Suppr pour le retirer.") if asked else ""
        )
        self._sure.setVisible(asked)


def _agrees(study: ImagingStudy | None, patient: Patient | None) -> bool:
    return bool(study and patient and not dicom_discrepancies(study, patient))


def received_words(one: ReceivedStudy, patient: Patient | None) -> str:
    """Two lines: whose and what; where it stands."""
    study = one.study
    when = f"reçu le {moment_text(one.received_at)}" if one.is_complete else "réception en cours"
    if study is None:
        return f"Examen inutilisable\n{for_code(one.problem).text} · {when}"
    name = f"{study.patient_family_name} {study.patient_given_name}".strip() or study.patient_id
    born = f"né(e) le {date_text(study.patient_birth_date)}" if study.patient_birth_date else ""
    what = " ".join(part for part in (study.modality, study.description) if part)
    size = count(study.files, "objet", "objets")
    whose = _verdict(study, patient)
    first = " · ".join(part for part in (name, born, what) if part)
    return f"{first}\n{' · '.join(part for part in (whose, size, when) if part)}"


def _verdict(study: ImagingStudy, patient: Patient | None) -> str:
    if patient is None:
        return ""
    return "concorde avec le patient choisi" if _agrees(study, patient) else "autre personne que le patient choisi"
