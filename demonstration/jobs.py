"""What each of the three users does, key by key, and what they must see."""

from __future__ import annotations

from PySide6.QtCore import Qt

from demonstration import acts
from demonstration.people import CALLED_FOR, OPPOSED, RADIOLOGIST, SCANNED, UNCONSCIOUS
from demonstration.scene import Scene
from ui.pages import Page

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def general_practitioner(scene: Scene) -> None:
    """CPS, PIN, Vitale, beneficiary, existence and right, consent, list, report, prescription, list again."""
    scene.recorder.job = "Médecin généraliste"
    hand = scene.hand
    scene.step("Avant toute carte", lambda: hand.wait_for_text("Insérez", "welcome.title"))
    scene.step("Insérer la CPS", lambda: acts.insert_professional(scene, "cps-medecin"))
    scene.step("Code porteur faux", lambda: acts.wrong_pin(scene))
    scene.step("Code porteur juste", lambda: acts.right_pin(scene, "cps-medecin", Page.STRUCTURE))
    scene.step("Choisir le cabinet, lire la notice", lambda: acts.choose_structure(scene))
    scene.step("« J’ai compris »", lambda: acts.understand(scene, Page.PATIENT))
    scene.step("Insérer la Vitale", lambda: acts.insert_vitale(scene))
    scene.step("Choisir le bénéficiaire", lambda: acts.choose_beneficiary(scene, 2))
    scene.step("Identité contrôlée, dossier trouvé", lambda: acts.check_identity(scene, "consent.declare"))
    scene.step("Confirmer l’accord du patient", lambda: acts.consent(scene))
    scene.step("Ouvrir un compte rendu", lambda: acts.open_first(scene))
    scene.step("Rédiger une ordonnance", lambda: _write_prescription(scene))
    scene.step("Déposer, voir paraître", lambda: acts.deposit_and_see(scene, "Ordonnance de la démonstration"))
    scene.step("Relire ce qui est déposé", lambda: acts.reopen(scene, "Ordonnance de la démonstration"))
    scene.step("Retirer la CPS", lambda: acts.withdraw_professional(scene, "cps-medecin"))
    scene.withdraw("vitale-famille")


def emergency_physician(scene: Scene) -> None:
    """INS, normal access refused, break-glass, reading, trace and notification; a patient who opposed it."""
    scene.recorder.job = "Médecin urgentiste"
    view = scene.window.patient_view
    scene.step("CPS et code", lambda: acts.unlock(scene, "cps-urgentiste"))
    scene.step("Chercher par INS", lambda: acts.find(scene, UNCONSCIOUS))
    scene.step("Accès normal refusé", lambda: acts.check_identity(scene, "consent.declare"))
    scene.step("Motif du bris de glace", lambda: _state_emergency(scene))
    scene.step("Bris de glace", lambda: _confirm_emergency(scene))
    scene.step("Lire en urgence", lambda: acts.open_first(scene))
    scene.step("Ce que voit le patient", lambda: acts.look_as_patient(scene, "bris de glace"), of=view)
    scene.step("Prolonger : un nouveau motif", lambda: _extend(scene))
    scene.step("Bris de glace prolongé", lambda: _confirm_extension(scene))
    scene.step("Fin de l’urgence", lambda: _end_emergency(scene))
    scene.step("Justifier après coup", lambda: _look_back(scene))
    scene.step("Réponse au registre", lambda: _answer_review(scene))
    scene.step("Patient opposé : recherche", lambda: acts.find_next(scene, OPPOSED))
    scene.step("Patient opposé : dit avant d’essayer", lambda: _refused_emergency(scene))
    scene.step("Rien n’a été tenté", lambda: acts.look_as_patient(scene, "données administratives"), of=view)
    scene.step("Retirer la CPS", lambda: acts.withdraw_professional(scene, "cps-urgentiste"))


def regulating_physician(scene: Scene) -> None:
    """Search without card, homonyms, minimum view, the whole dossier, the end; a patient who opposed it."""
    scene.recorder.job = "Médecin régulateur (centre 15)"
    view = scene.window.patient_view
    scene.step("CPS du régulateur et code", lambda: acts.unlock(scene, "cps-regulateur", Page.REGULATION))
    scene.step("Chercher sans carte : homonymes", lambda: _search_by_phone(scene))
    scene.step("Homonyme non distingué", lambda: _confirm_too_little(scene))
    scene.step("Vue minimale", lambda: _open_minimum(scene))
    scene.step("Tout le dossier, second geste", lambda: _open_rest(scene))
    scene.step("Ce que voit le patient régulé", lambda: acts.look_as_patient(scene, "régulation"), of=view)
    scene.step("Fin de la régulation", lambda: _end_regulation(scene))
    scene.step("Patient opposé au centre 15", lambda: _meet_opposition(scene))
    scene.step("Retirer la CPS du régulateur", lambda: acts.withdraw_professional(scene, "cps-regulateur"))


def radiology_secretary(scene: Scene) -> None:
    """PDF and DICOM, patient matched by INS and traits, author is the radiologist, deposit, no reading."""
    scene.recorder.job = "Secrétaire de radiologie"
    hand = scene.hand
    scene.step("CPE et code", lambda: acts.unlock(scene, "cpe-secretaire", Page.WORK_LIST))
    scene.step("Chercher le patient", lambda: _search_for_report(scene))
    scene.step("Identité contrôlée", lambda: acts.check_identity(scene, "work_list.imaging"))
    scene.step("Lecture refusée à une CPE", lambda: hand.wait_for_text("CPE", "work_list.why"))
    scene.step("Compte rendu, PDF et examen", lambda: _fill_report(scene))
    scene.step("Déposer, voir l’accusé", lambda: acts.deposit_report(scene))
    scene.step("Retirer la CPE", lambda: acts.withdraw_professional(scene, "cpe-secretaire"))


# -- cards -----------------------------------------------------------------------------------------------------------


# -- patients --------------------------------------------------------------------------------------------------------


# -- documents -------------------------------------------------------------------------------------------------------


def _write_prescription(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F6)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.fill("deposit.title", "Ordonnance de la démonstration")
    scene.hand.fill(
        "deposit.text",
        "Paracétamol 500 mg : un comprimé si fièvre, au plus quatre par jour, pendant trois jours.\n\n"
        "Lavages de nez au sérum physiologique, trois fois par jour.",
    )


# -- emergency -------------------------------------------------------------------------------------------------------


def _state_emergency(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F9)
    scene.hand.wait("le bris de glace", lambda: scene.window.page is Page.EMERGENCY)
    scene.hand.write("1")
    scene.hand.write("Amené inconscient par les pompiers")


def _confirm_emergency(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait_for_text("BRIS DE GLACE", "emergency_band.text")


def _refused_emergency(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F9)
    scene.hand.wait_for_text("opposé", "emergency.notice.text")
    assert scene.window.pages.dossier.documents.titles == (), "a document of a patient who opposed it is shown"


def _end_emergency(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F9, _SHIFT)
    scene.hand.wait("l’accès normal", lambda: not acts.visible(scene, "emergency_band.text"))


def _extend(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F9)
    scene.hand.wait_for_text("Prolonger", "emergency.title")
    scene.hand.write("2")
    scene.hand.write("Passage en réanimation")


def _confirm_extension(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait_for_text("Passage en réanimation", "emergency_band.text")


def _look_back(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F9, _CONTROL)
    scene.hand.wait("les accès à justifier", lambda: scene.window.page is Page.REVIEWS)
    scene.hand.find("reviews.used.0").setFocus()
    scene.hand.press(Qt.Key.Key_Space)
    scene.hand.find("reviews.words").setFocus()
    scene.hand.write("Anticoagulant et chirurgie récente recherchés avant le bloc.")


def _answer_review(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait_for_text("Réponse enregistrée", "reviews.notice.text")
    scene.hand.press(Qt.Key.Key_Escape)


# -- regulation ------------------------------------------------------------------------------------------------------


def _search_by_phone(scene: Scene) -> None:
    scene.hand.fill("regulation.family_name", CALLED_FOR.traits.birth_name)
    scene.hand.fill("regulation.words", "Appel 2026-0042, chute dans l’escalier")
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait_for_text("3 patients", "regulation.count")


def _confirm_too_little(scene: Scene) -> None:
    scene.hand.write("145")  # name, sex, city: also those of the homonym
    scene.hand.wait_for_text("homonyme", "regulation.verdict")


def _open_minimum(scene: Scene) -> None:
    scene.hand.write("3")
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("la vue minimale", lambda: scene.window.page is Page.MINIMUM)
    for words in ("Amoxicilline", "Apixaban", "Stimulateur", "Directives anticipées"):
        assert words in scene.window.pages.minimum.text, words


def _open_rest(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait("la liste", lambda: scene.window.pages.dossier.documents.titles)


def _end_regulation(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F9, _SHIFT)
    scene.hand.wait("la recherche", lambda: scene.window.page is Page.REGULATION)
    assert CALLED_FOR.traits.birth_name not in scene.hand.read(), "the patient is still on screen"


def _meet_opposition(scene: Scene) -> None:
    _search_by_phone(scene)
    scene.hand.press(Qt.Key.Key_End)
    scene.hand.wait_for_text("opposé", "regulation.verdict")


# -- the secretary ---------------------------------------------------------------------------------------------------


def _search_for_report(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F2)
    scene.hand.wait("la recherche", lambda: scene.window.page is Page.PATIENT)
    acts.type_identity(scene, SCANNED)


def _fill_report(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F8)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.fill("deposit.title", "IRM du genou gauche")
    scene.hand.find("deposit.author").setFocus()
    scene.hand.press(Qt.Key.Key_Down)  # the radiologist, never the secretary
    scene.hand.wait_for_text(RADIOLOGIST.family_name, "deposit.author")
    scene.hand.click("deposit.pdf.choose")
    scene.hand.wait_for_text("compte-rendu.pdf", "deposit.pdf.name")
    scene.hand.click("deposit.study.folder")
    scene.hand.wait_for_text("TEST2026001234", "deposit.study.summary")
