"""The application's window on the demonstration's stage, an emergency entered by keys alone; says how long each took.

One line of JSON per entry: ``way``, ``keys`` (presses since the patient is on screen) and ``ms`` (from the last of them
to the painted list). Ends by itself.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from composition.demonstrating import parts
from composition.wiring import close, dependencies
from demonstration import acts
from demonstration.people import UNCONSCIOUS
from demonstration.scene import Scene
from demonstration.stage import Stage
from ui.application import create
from ui.pages import Page

CARD = "cps-urgentiste"
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Key(NamedTuple):
    """One press."""

    code: Qt.Key
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier


WAYS = {
    "F9, Ctrl+1": (Key(Qt.Key.Key_F9), Key(Qt.Key.Key_1, _CONTROL)),
    "F9, 1, Ctrl+Enter": (Key(Qt.Key.Key_F9), Key(Qt.Key.Key_1), Key(Qt.Key.Key_Return, _CONTROL)),
}


def enter(scene: Scene, keys: Iterable[Key]) -> float:
    """Press ``keys``; milliseconds from the last one to the painted list. Raises NotSeen."""
    began = 0.0
    for key in keys:
        QApplication.processEvents()  # a hand is slower than a page is drawn
        began = time.perf_counter()
        QTest.keyClick(QApplication.focusWidget() or scene.window, key.code, key.held)
    documents = scene.window.pages.dossier.documents
    deadline = began + 15.0
    while not (scene.window.page is Page.DOSSIER and documents.titles) and time.perf_counter() < deadline:
        QApplication.processEvents()
    scene.window.repaint()
    taken = (time.perf_counter() - began) * 1000
    scene.hand.wait("la liste", lambda: documents.titles and scene.window.band.text)
    return taken


def leave(scene: Scene) -> None:
    """Back to normal access, where the list is shut."""
    scene.hand.press(Qt.Key.Key_F9, _SHIFT)
    scene.hand.wait("l’accord demandé", lambda: acts.visible(scene, "consent.declare"))


def say(scene: Scene, runs: int) -> None:
    """Each way so many times."""
    for _ in range(runs):
        for way, keys in WAYS.items():
            taken = enter(scene, keys)
            sys.stdout.write(json.dumps({"way": way, "keys": len(keys), "ms": taken}) + "\n")
            leave(scene)
    sys.stdout.flush()


def main(folder: Path, runs: int) -> int:
    """0, or an exception with what was on screen."""
    create()
    with Stage(folder / "break_glass", in_process=True) as stage:
        given = dependencies(parts(stage, None, None))
        scene = Scene(given, stage, folder)
        try:
            scene.open()
            acts.unlock(scene, CARD)
            acts.find(scene, UNCONSCIOUS)
            acts.check_identity(scene, "consent.declare")
            say(scene, runs)
        finally:
            scene.window.close()
            close(given)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
