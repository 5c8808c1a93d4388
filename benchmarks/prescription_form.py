"""The deposit form in a window of its own (offscreen), filled by key events alone; says what it cost, one line of JSON.

A process of its own, because a program has one QApplication and the platform is chosen before it is made.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from demonstration.people import GP, LILAS, NORA
from praticien.deposit import new_oid, prepare
from praticien.documents.coded.reading import read_facts
from praticien.documents.imaging_acts import load as acts
from praticien.documents.model import DocumentKind, NewDocument
from praticien.documents.prescription import Prescription
from praticien.documents.prescription_products import load as products
from praticien.documents.received import Reception
from praticien.documents.renewal import renewable
from praticien.identity import IdentityStatus, Patient
from praticien.professional import CardHolder, CardKind, PracticeSituation
from ui.deposit.building import Occasion
from ui.deposit.drafts import Draft
from ui.deposit.files import Choosers
from ui.deposit.form import DepositForm
from ui.deposit.imaging_panel import ImagingPanel
from ui.deposit.lab_panel import LabPanel
from ui.deposit.parts import Parts
from ui.deposit.prescription_panel import PrescriptionPanel
from ui.deposit.prescription_typed import Templates, TypedLine
from ui.deposit.summary_panel import SummaryPanel
from ui.tasks import Tasks

_TYPED = (
    ("amox 1", "Amoxicilline 1 g, comprimé dispersible", "1 matin 1 soir 6 j"),
    ("para 1", "Paracétamol 1 g, comprimé", "1 3/j 5 j"),
    ("predni", "Prednisolone 20 mg, comprimé orodispersible", "2 matin 3 j"),
)
_TEMPLATE = ("Rhume", (TypedLine("Cétirizine 10 mg, comprimé", "1 soir 7 j"),))
_SOFTWARE = new_oid()


@dataclass
class Cost:
    """``keys`` as fingers count them, a modifier being one; ``mental`` acts; milliseconds of the program."""

    keys: int = 0
    mental: int = 0
    spent_ms: float = 0.0
    longest_ms: float = 0.0
    prepared_ms: float = 0.0


class _Memory:
    """Settings that end with the program."""

    def __init__(self) -> None:
        self._held: dict[str, str] = {}

    def get(self, key: str, default: str = "") -> str:
        """See Settings."""
        return self._held.get(key, default)

    def set(self, key: str, value: str) -> None:
        """See Settings."""
        self._held[key] = value


def _nothing() -> Path | None:
    """Nobody chooses a file."""
    return None


class _Person:
    """Presses keys where the focus is; ``thinks`` where somebody would decide or look."""

    def __init__(self, form: DepositForm) -> None:
        self._form, self.cost = form, Cost()

    def thinks(self, times: int = 1) -> None:
        self.cost.mental += times

    def press(self, *names: str) -> None:
        for name in names:
            pressed = QKeySequence(name)[0]  # type: ignore[index]
            self.cost.keys += name.count("+") + 1
            self._timed(partial(_click, self._form, pressed.key(), pressed.keyboardModifiers()))

    def type(self, text: str) -> None:
        for character in text:
            self.cost.keys += 1
            self._timed(partial(_send, self._form, character))

    def takes(self, short: str, name: str) -> None:
        """Types a few letters, by which the list offers ``name`` first, then Down and Enter."""
        edit = QApplication.focusWidget()
        assert isinstance(edit, QLineEdit)
        for character in short:
            self.type(character)
        if edit.completer().completionModel().index(0, 0).data() != name:
            raise AssertionError("the list offers something else first")
        self.press("Down", "Return")
        self._form.window().activateWindow()  # offscreen, nobody gives the window back its activity
        QApplication.processEvents()

    def _timed(self, act: Callable[[], object]) -> None:
        start = time.perf_counter()
        act()
        QApplication.processEvents()
        spent = (time.perf_counter() - start) * 1000
        self.cost.spent_ms += spent
        self.cost.longest_ms = max(self.cost.longest_ms, spent)


def _focus(form: DepositForm) -> QWidget:
    return QApplication.activePopupWidget() or QApplication.focusWidget() or form


def _click(form: DepositForm, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    QTest.keyClick(_focus(form), key, modifiers)


def _send(form: DepositForm, character: str) -> None:
    target = _focus(form)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, character))


def _form(confirmed: list[NewDocument]) -> DepositForm:
    settings = _Memory()
    Templates(settings).keep(*_TEMPLATE)
    known = products()
    parts = Parts(
        (),
        lines=PrescriptionPanel(known, settings),
        lab=LabPanel(None, has_inbox=False),
        imaging=ImagingPanel(acts()),
        summary=SummaryPanel(known),
    )
    form = DepositForm(Tasks(), Choosers(*[_nothing] * 5), parts, Reception())
    form.confirmed.connect(lambda document, _compared: confirmed.append(document))
    return form


def _open(form: DepositForm) -> _Person:
    at_work = PracticeSituation(1, LILAS)
    patient = Patient(NORA.traits, IdentityStatus.QUALIFIED, NORA.ins)
    form.open(
        Occasion(DocumentKind.PRESCRIPTION, patient, CardHolder(CardKind.CPS, "1", GP, (at_work,)), at_work), Draft()
    )
    form.resize(1280, 800)
    form.show()
    form.activateWindow()
    form.take_focus()
    QApplication.processEvents()
    return _Person(form)


def written(form: DepositForm, confirmed: list[NewDocument]) -> Cost:
    """F6, three drugs chosen and dosed, a template, Ctrl+Enter."""
    person = _open(form)
    person.cost.keys += 1
    for short, name, posology in _TYPED:
        person.thinks()
        person.takes(short, name)
        person.thinks()
        person.type(posology)
        person.press("Return")
        person.thinks()
    person.thinks()
    person.takes("rhu", f"Modèle\u00a0: {_TEMPLATE[0]}")
    person.thinks()
    return _confirmed(person, confirmed)


def renewed(form: DepositForm, confirmed: list[NewDocument]) -> Cost:
    """Ctrl+N on what was just written, every line looked at, Ctrl+Enter."""
    former = prepare(confirmed[-1], software_oid=_SOFTWARE).documents[0].content
    person = _open(form)
    person.cost.keys += 2
    person.thinks()
    lines = renewable(read_facts(former))
    form.add_lines(tuple(TypedLine(one.name, one.posology, one.is_device) for one in lines))
    person.thinks(len(lines))
    return _confirmed(person, confirmed)


def _confirmed(person: _Person, confirmed: list[NewDocument]) -> Cost:
    before = len(confirmed)
    person.thinks()
    person.press("Ctrl+Return")
    if len(confirmed) != before + 1:
        raise AssertionError("the form refused")
    body = confirmed[-1].body
    if not isinstance(body, Prescription) or len(body.lines) != len(_TYPED) + len(_TEMPLATE[1]):
        raise AssertionError("lines were lost")
    if not all(line.posology.is_structured for line in body.drugs):
        raise AssertionError("a posology was not understood")
    start = time.perf_counter()
    prepare(confirmed[-1], software_oid=_SOFTWARE)
    person.cost.prepared_ms = (time.perf_counter() - start) * 1000
    return person.cost


def main(arguments: Sequence[str]) -> None:
    """So many runs."""
    application = QApplication(sys.argv[:1])
    confirmed: list[NewDocument] = []
    form = _form(confirmed)
    found = [(asdict(written(form, confirmed)), asdict(renewed(form, confirmed))) for _ in range(int(arguments[0]))]
    print(json.dumps(found))
    form.close()
    application.processEvents()


if __name__ == "__main__":
    main(sys.argv[1:])
