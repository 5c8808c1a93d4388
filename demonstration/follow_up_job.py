"""After a first visit: renewal, medical synthesis, a certificate; read by somebody else, who takes them along."""

from __future__ import annotations

from PySide6.QtCore import Qt

from demonstration import acts
from demonstration.people import NORA
from demonstration.scene import Scene
from demonstration.structured_jobs import PRESCRIPTION, known_patient, read_back
from ui.pages import Page

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RENEWAL, SYNTHESIS, CERTIFICATE = "Ordonnance renouvelée", "Synthèse médicale", "Certificat médical de sport"


def follow_up(scene: Scene) -> None:
    """Renewal, VSM and level 1 by the physician, read by the emergency physician, exported and opened as IHE XDM."""
    scene.recorder.job = "Suivi, synthèse et échange"
    scene.step("CPS et code", lambda: acts.unlock_again(scene, "cps-medecin"))
    scene.step("Patiente suivie", lambda: known_patient(scene))
    scene.step("Ordonnance relue, à renouveler", lambda: _renew(scene))
    scene.step("Renouvellement déposé", lambda: acts.deposit_and_see(scene, RENEWAL))
    scene.step("Synthèse, d’après ce qui est lu", lambda: _summarise(scene))
    scene.step("Synthèse déposée", lambda: acts.deposit_and_see(scene, SYNTHESIS))
    scene.step("Autre document : un certificat", lambda: _certify(scene))
    scene.step("Certificat déposé", lambda: acts.deposit_and_see(scene, CERTIFICATE))
    scene.step("Retirer la CPS", lambda: acts.withdraw_professional(scene, "cps-medecin"))
    scene.step("Un autre médecin", lambda: _come_back(scene))
    scene.step("Synthèse relue : données codées", lambda: read_back(scene, SYNTHESIS, "Hypertension"))
    scene.step("Certificat relu", lambda: _read_certificate(scene))
    scene.step("Renouvellement relu", lambda: read_back(scene, RENEWAL, "TESTAMINE"))
    scene.step("Emporter le dossier (IHE XDM)", lambda: _export(scene))
    scene.step("Ouvrir ce qui fut emporté", lambda: _open_package(scene))
    scene.step("Retirer la CPS", lambda: acts.withdraw_professional(scene, "cps-urgentiste"))


def _come_back(scene: Scene) -> None:
    """The patient's agreement holds: it is not asked again."""
    acts.unlock_again(scene, "cps-urgentiste")
    known_patient(scene)
    scene.hand.wait("la liste", lambda: scene.window.pages.dossier.documents.titles)


def _renew(scene: Scene) -> None:
    read_back(scene, PRESCRIPTION, "TESTAMINE")
    scene.hand.press(Qt.Key.Key_N, _CONTROL)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.wait_for_text("3 fois par jour", "deposit.lines.0.reading")
    scene.hand.fill("deposit.title", RENEWAL)
    scene.hand.fill("deposit.lines.1.posology", "1 gél le soir 3 mois")  # the same on the same day would be refused


def _summarise(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F8, _SHIFT)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.fill("deposit.title", SYNTHESIS)
    for part, words in (
        ("problems", "2012 hta\nasthme depuis 2004"),
        ("allergies", "2018 amoxicilline : urticaire"),
        ("treatments", "2012 Amlodipine 5 mg : 1 matin (HTA)"),
        ("family", "père : infarctus à 52 ans"),
    ):
        scene.hand.fill(f"deposit.summary.{part}", words)


def _certify(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F6, _SHIFT)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.write("certificat")
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.fill("deposit.title", CERTIFICATE)
    scene.hand.fill("deposit.text", "Examen de ce jour : pas de contre-indication à la pratique de la randonnée.")


def _read_certificate(scene: Scene) -> None:
    """Its text is on a page, not in sections."""
    read_back(scene, CERTIFICATE, CERTIFICATE)
    scene.hand.wait("la page", lambda: scene.window.pages.dossier.viewer.pages.is_drawn)


def _export(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_S, _CONTROL | _SHIFT)
    scene.hand.wait_for_text("n’est pas chiffré")


def _open_package(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_P, _CONTROL | _SHIFT)
    scene.hand.wait("les documents du fichier", lambda: scene.window.page is Page.PACKAGE)
    found = scene.window.pages.package.titles
    assert {RENEWAL, SYNTHESIS, CERTIFICATE} <= set(found), found
    assert NORA.traits.birth_name in scene.hand.read(), "the patient is not named"
