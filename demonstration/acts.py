"""Acts that several jobs share, each with what must be seen after it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from demonstration.people import CALLED_FOR, CARDS, LINA, OPPOSED, SCANNED, UNCONSCIOUS
from demonstration.scene import Scene
from reference_server.seeds import DossierSeed
from ui.pages import Page
from ui.session import Phase

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def insert_professional(scene: Scene, card: str) -> None:
    scene.insert(card)
    scene.hand.wait("la demande de code", lambda: scene.window.page is Page.PIN)
    scene.hand.wait_for_text("3 essais", "pin_panel.tries")


def wrong_pin(scene: Scene) -> None:
    scene.hand.write("0000\n")
    scene.hand.wait_for_text("2 essais", "pin_panel.tries")


def right_pin(scene: Scene, card: str, page: Page) -> None:
    scene.hand.write(CARDS[card].pin + "\n")
    scene.hand.wait("la session ouverte", lambda: scene.window.page is page)


def unlock(scene: Scene, card: str, page: Page = Page.PATIENT) -> None:
    """A card used for the first time."""
    insert_professional(scene, card)
    right_pin(scene, card, Page.PLEDGE)
    understand(scene, page)


def unlock_again(scene: Scene, card: str, page: Page = Page.PATIENT) -> None:
    """A card that confirmed the notice already; its structure is remembered."""
    insert_professional(scene, card)
    right_pin(scene, card, page)


def understand(scene: Scene, page: Page) -> None:
    """A first use: the notice is read and confirmed."""
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("la session ouverte", lambda: scene.window.page is page)


def choose_structure(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("la notice", lambda: scene.window.page is Page.PLEDGE)


def insert_vitale(scene: Scene) -> None:
    scene.insert("vitale-famille")
    scene.hand.wait("les bénéficiaires", lambda: scene.window.page is Page.BENEFICIARIES)


def withdraw_professional(scene: Scene, card: str) -> None:
    scene.withdraw(card)
    scene.hand.wait("le verrouillage", lambda: scene.window.phase is Phase.NO_CARD)
    shown = scene.hand.read()
    for seed in (LINA, UNCONSCIOUS, OPPOSED, SCANNED, CALLED_FOR):
        assert seed.traits.birth_name not in shown, "a patient is still on screen"


def choose_beneficiary(scene: Scene, down: int) -> None:
    for _ in range(down):
        scene.hand.press(Qt.Key.Key_Down)
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait_for_text(LINA.traits.birth_name, "patient_banner.name")


def type_identity(scene: Scene, seed: DossierSeed) -> None:
    hand, traits = scene.hand, seed.traits
    born = traits.birth_date
    hand.fill("patient_form.ins", seed.ins.matricule)
    hand.fill("patient_form.birth_name", traits.birth_name)
    hand.fill("patient_form.birth_first_name", traits.first_name)
    hand.fill("patient_form.birth_date", born[6:] + born[4:6] + born[:4])
    hand.press(Qt.Key.Key_Return, _CONTROL)
    hand.wait_for_text(traits.birth_name, "patient_banner.name")


def find(scene: Scene, seed: DossierSeed) -> None:
    type_identity(scene, seed)


def find_next(scene: Scene, seed: DossierSeed) -> None:
    scene.hand.press(Qt.Key.Key_F2)
    scene.hand.wait("la recherche", lambda: scene.window.page is Page.PATIENT)
    type_identity(scene, seed)
    check_identity(scene, "consent.declare")


def check_identity(scene: Scene, then: str) -> None:
    scene.hand.press(Qt.Key.Key_I, _CONTROL)
    scene.hand.wait(then, lambda: visible(scene, then))


def visible(scene: Scene, name: str) -> bool:
    return any(widget.isVisible() for widget in scene.window.findChildren(QWidget, name))


def consent(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Space)  # the box has the focus: the patient was told and agrees
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("la liste", lambda: scene.window.pages.dossier.documents.titles)


def go_to_newest(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Down)
    scene.hand.press(Qt.Key.Key_Home, _CONTROL)


def open_first(scene: Scene) -> None:
    go_to_newest(scene)
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("le document", lambda: scene.window.pages.dossier.viewer.pages.is_drawn)


def deposit_and_see(scene: Scene, title: str) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait(title, lambda: title in scene.window.pages.dossier.documents.titles)


def reopen(scene: Scene, title: str) -> None:
    documents = scene.window.pages.dossier.documents
    documents.take_focus()
    go_to_newest(scene)
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait_for_text(title, "viewer.title")
    scene.hand.wait("le document", lambda: scene.window.pages.dossier.viewer.pages.is_drawn)


def look_as_patient(scene: Scene, expected: str) -> None:
    view = scene.window.patient_view
    assert view is not None
    view.show()
    view.refresh()
    scene.hand.wait(expected, lambda: expected in view.text)


def deposit_report(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait_for_text("a été reçu par le DMP", "notice.text")
