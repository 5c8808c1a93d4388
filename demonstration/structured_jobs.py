"""The three structured documents of one patient, deposited by those who make them, read back by somebody else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QTabWidget

from demonstration import acts
from demonstration.people import NORA
from demonstration.scene import Scene
from ui.pages import Page

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PRESCRIPTION, REPORT, IMAGING = "Ordonnance structurée", "Compte rendu d’examens biologiques", "IRM du genou gauche"


def structured_documents(scene: Scene) -> None:
    """eP-MED-DM and CR-BIO by the physician, CR-IMG by the secretary, all read by the emergency physician."""
    scene.recorder.job = "Documents structurés"
    scene.step("CPS et code", lambda: acts.unlock_again(scene, "cps-medecin"))
    scene.step("Patiente connue", lambda: known_patient(scene))
    scene.step("Ordonnance en lignes", lambda: _prescribe(scene))
    scene.step("Ordonnance déposée", lambda: acts.deposit_and_see(scene, PRESCRIPTION))
    scene.step("Résultats du laboratoire", lambda: _import_results(scene))
    scene.step("Biologie déposée", lambda: acts.deposit_and_see(scene, REPORT))
    scene.step("Retirer la CPS", lambda: acts.withdraw_professional(scene, "cps-medecin"))
    scene.step("CPE : le compte rendu dicté", lambda: _dictate(scene))
    scene.step("Imagerie déposée", lambda: acts.deposit_report(scene))
    scene.step("Retirer la CPE", lambda: acts.withdraw_professional(scene, "cpe-secretaire"))
    scene.step("Un autre médecin, l’accord donné", lambda: _agree_with_another(scene))
    scene.step("Ordonnance relue : données codées", lambda: read_back(scene, PRESCRIPTION, "TESTAMINE"))
    scene.step("Imagerie relue", lambda: read_back(scene, IMAGING, "IRM du genou"))
    scene.step("Biologie relue", lambda: read_back(scene, REPORT, "Hémoglobine"))
    scene.step("Biologie dans le temps", lambda: _over_time(scene))
    scene.step("Retirer la CPS", lambda: acts.withdraw_professional(scene, "cps-urgentiste"))


def known_patient(scene: Scene) -> None:
    acts.type_identity(scene, NORA)
    acts.check_identity(scene, "documents.table")


def _prescribe(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F6)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.fill("deposit.title", PRESCRIPTION)
    lines = (("TESTAMINE 500 mg comprimé", "1 cp 3/j 5 j"), ("AUTRAMINE 20 mg gélule", "1 gél le soir 1 mois"))
    for number, (name, posology) in enumerate(lines):
        _name(scene, f"deposit.lines.{number}.name", name)
        scene.hand.fill(f"deposit.lines.{number}.posology", posology)
        scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait_for_text("3 fois par jour", "deposit.lines.0.reading")


def _import_results(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F7)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.click("deposit.lab.import")
    scene.hand.wait_for_text("5 résultats")


def _dictate(scene: Scene) -> None:
    acts.unlock_again(scene, "cpe-secretaire", Page.WORK_LIST)
    scene.hand.press(Qt.Key.Key_F2)
    scene.hand.wait("la recherche", lambda: scene.window.page is Page.PATIENT)
    acts.type_identity(scene, NORA)
    acts.check_identity(scene, "work_list.imaging")
    scene.hand.press(Qt.Key.Key_F8)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.fill("deposit.title", IMAGING)
    author = scene.hand.find("deposit.author")
    assert isinstance(author, QComboBox)
    author.setFocus()
    scene.hand.press(Qt.Key.Key_Down)
    _name(scene, "deposit.acts.0.name", "IRM du genou")
    for name, words in (
        ("indication", "Gonalgie mécanique."),
        ("technique", "Séquences T1, T2 et densité de protons."),
        ("findings", "Ménisques et ligaments croisés d’aspect normal."),
        ("conclusion", "Examen sans particularité."),
    ):
        scene.hand.fill(f"deposit.{name}", words)


def _name(scene: Scene, field: str, words: str) -> None:
    """Type a name; without a screen nobody gives the window its activity back when the proposals close."""
    scene.hand.fill(field, words)
    popup = QApplication.activePopupWidget()
    if popup:
        popup.hide()
    scene.window.activateWindow()
    scene.hand.wait("la fenêtre active", scene.window.isActiveWindow)


def _agree_with_another(scene: Scene) -> None:
    acts.unlock_again(scene, "cps-urgentiste")
    acts.type_identity(scene, NORA)
    acts.check_identity(scene, "consent.declare")
    acts.consent(scene)


def read_back(scene: Scene, title: str, coded: str) -> None:
    """Open it from the list, then look at its coded entries when it has some."""
    documents = scene.window.pages.dossier.documents
    scene.hand.wait(title, lambda: title in documents.titles)
    documents.take_focus()
    acts.go_to_newest(scene)
    for _ in documents.titles[: documents.titles.index(title)]:
        scene.hand.press(Qt.Key.Key_Down)
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait_for_text(title, "viewer.title")
    viewer = scene.window.pages.dossier.viewer
    scene.hand.wait(coded, lambda: coded in viewer.text.replace("\u00a0", " "))
    tabs = scene.hand.find("viewer.tabs")
    assert isinstance(tabs, QTabWidget)
    places = [number for number in range(tabs.count()) if tabs.tabText(number) == "Données codées"]
    tabs.setCurrentIndex(places[0] if places else 0)


def _over_time(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_B, _CONTROL)
    scene.hand.wait("la page", lambda: scene.window.page is Page.LABS)
    scene.hand.wait_for_text("comptes rendus lus", "labs.state")
