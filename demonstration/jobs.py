"""What each of the three users does, key by key, and what they must see."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from demonstration.people import CALLED_FOR, CARDS, LINA, OPPOSED, RADIOLOGIST, SCANNED, UNCONSCIOUS
from demonstration.scene import Scene
from reference_server.seeds import DossierSeed
from ui.pages import Page
from ui.session import Phase

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def general_practitioner(scene: Scene) -> None:
    """CPS, PIN, Vitale, beneficiary, existence and right, consent, list, report, prescription, list again."""
    scene.recorder.job = "Médecin généraliste"
    hand = scene.hand
    scene.step("Avant toute carte", lambda: hand.wait_for_text("Insérez", "welcome.title"))
    scene.step("Insérer la CPS", lambda: _insert_professional(scene, "cps-medecin"))
    scene.step("Code porteur faux", lambda: _wrong_pin(scene))
    scene.step("Code porteur juste", lambda: _right_pin(scene, "cps-medecin", Page.STRUCTURE))
    scene.step("Choisir le cabinet, lire la notice", lambda: _choose_structure(scene))
    scene.step("« J’ai compris »", lambda: _understand(scene, Page.PATIENT))
    scene.step("Insérer la Vitale", lambda: _insert_vitale(scene))
    scene.step("Choisir le bénéficiaire", lambda: _choose_beneficiary(scene, 2))
    scene.step("Identité contrôlée, dossier trouvé", lambda: _check_identity(scene, "consent.declare"))
    scene.step("Confirmer l’accord du patient", lambda: _consent(scene))
    scene.step("Ouvrir un compte rendu", lambda: _open_first(scene))
    scene.step("Rédiger une ordonnance", lambda: _write_prescription(scene))
    scene.step("Déposer, voir paraître", lambda: _deposit_and_see(scene, "Ordonnance de la démonstration"))
    scene.step("Relire ce qui est déposé", lambda: _reopen(scene, "Ordonnance de la démonstration"))
    scene.step("Retirer la CPS", lambda: _withdraw_professional(scene, "cps-medecin"))
    scene.withdraw("vitale-famille")


def emergency_physician(scene: Scene) -> None:
    """INS, normal access refused, break-glass, reading, trace and notification; a patient who opposed it."""
    scene.recorder.job = "Médecin urgentiste"
    view = scene.window.patient_view
    scene.step("CPS et code", lambda: _unlock(scene, "cps-urgentiste"))
    scene.step("Chercher par INS", lambda: _find(scene, UNCONSCIOUS))
    scene.step("Accès normal refusé", lambda: _check_identity(scene, "consent.declare"))
    scene.step("Motif du bris de glace", lambda: _state_emergency(scene))
    scene.step("Bris de glace", lambda: _confirm_emergency(scene))
    scene.step("Lire en urgence", lambda: _open_first(scene))
    scene.step("Ce que voit le patient", lambda: _look_as_patient(scene, "bris de glace"), of=view)
    scene.step("Prolonger : un nouveau motif", lambda: _extend(scene))
    scene.step("Bris de glace prolongé", lambda: _confirm_extension(scene))
    scene.step("Fin de l’urgence", lambda: _end_emergency(scene))
    scene.step("Justifier après coup", lambda: _look_back(scene))
    scene.step("Réponse au registre", lambda: _answer_review(scene))
    scene.step("Patient opposé : recherche", lambda: _find_next(scene, OPPOSED))
    scene.step("Patient opposé : dit avant d’essayer", lambda: _refused_emergency(scene))
    scene.step("Rien n’a été tenté", lambda: _look_as_patient(scene, "données administratives"), of=view)
    scene.step("Retirer la CPS", lambda: _withdraw_professional(scene, "cps-urgentiste"))


def regulating_physician(scene: Scene) -> None:
    """Search without card, homonyms, minimum view, the whole dossier, the end; a patient who opposed it."""
    scene.recorder.job = "Médecin régulateur (centre 15)"
    view = scene.window.patient_view
    scene.step("CPS du régulateur et code", lambda: _unlock(scene, "cps-regulateur", Page.REGULATION))
    scene.step("Chercher sans carte : homonymes", lambda: _search_by_phone(scene))
    scene.step("Homonyme non distingué", lambda: _confirm_too_little(scene))
    scene.step("Vue minimale", lambda: _open_minimum(scene))
    scene.step("Tout le dossier, second geste", lambda: _open_rest(scene))
    scene.step("Ce que voit le patient régulé", lambda: _look_as_patient(scene, "régulation"), of=view)
    scene.step("Fin de la régulation", lambda: _end_regulation(scene))
    scene.step("Patient opposé au centre 15", lambda: _meet_opposition(scene))
    scene.step("Retirer la CPS du régulateur", lambda: _withdraw_professional(scene, "cps-regulateur"))


def radiology_secretary(scene: Scene) -> None:
    """PDF and DICOM, patient matched by INS and traits, author is the radiologist, deposit, no reading."""
    scene.recorder.job = "Secrétaire de radiologie"
    hand = scene.hand
    scene.step("CPE et code", lambda: _unlock(scene, "cpe-secretaire", Page.WORK_LIST))
    scene.step("Chercher le patient", lambda: _search_for_report(scene))
    scene.step("Identité contrôlée", lambda: _check_identity(scene, "work_list.imaging"))
    scene.step("Lecture refusée à une CPE", lambda: hand.wait_for_text("CPE", "work_list.why"))
    scene.step("Compte rendu, PDF et examen", lambda: _fill_report(scene))
    scene.step("Déposer, voir l’accusé", lambda: _deposit_report(scene))
    scene.step("Retirer la CPE", lambda: _withdraw_professional(scene, "cpe-secretaire"))


# -- cards -----------------------------------------------------------------------------------------------------------


def _insert_professional(scene: Scene, card: str) -> None:
    scene.insert(card)
    scene.hand.wait("la demande de code", lambda: scene.window.page is Page.PIN)
    scene.hand.wait_for_text("3 essais", "pin_panel.tries")


def _wrong_pin(scene: Scene) -> None:
    scene.hand.write("0000\n")
    scene.hand.wait_for_text("2 essais", "pin_panel.tries")


def _right_pin(scene: Scene, card: str, page: Page) -> None:
    scene.hand.write(CARDS[card].pin + "\n")
    scene.hand.wait("la session ouverte", lambda: scene.window.page is page)


def _unlock(scene: Scene, card: str, page: Page = Page.PATIENT) -> None:
    _insert_professional(scene, card)
    _right_pin(scene, card, Page.PLEDGE)
    _understand(scene, page)


def _understand(scene: Scene, page: Page) -> None:
    """A first use: the notice is read and confirmed."""
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("la session ouverte", lambda: scene.window.page is page)


def _choose_structure(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("la notice", lambda: scene.window.page is Page.PLEDGE)


def _insert_vitale(scene: Scene) -> None:
    scene.insert("vitale-famille")
    scene.hand.wait("les bénéficiaires", lambda: scene.window.page is Page.BENEFICIARIES)


def _withdraw_professional(scene: Scene, card: str) -> None:
    scene.withdraw(card)
    scene.hand.wait("le verrouillage", lambda: scene.window.phase is Phase.NO_CARD)
    shown = scene.hand.read()
    for seed in (LINA, UNCONSCIOUS, OPPOSED, SCANNED, CALLED_FOR):
        assert seed.traits.birth_name not in shown, "a patient is still on screen"


# -- patients --------------------------------------------------------------------------------------------------------


def _choose_beneficiary(scene: Scene, down: int) -> None:
    for _ in range(down):
        scene.hand.press(Qt.Key.Key_Down)
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait_for_text(LINA.traits.birth_name, "patient_banner.name")


def _type_identity(scene: Scene, seed: DossierSeed) -> None:
    hand, traits = scene.hand, seed.traits
    born = traits.birth_date
    hand.fill("patient_form.ins", seed.ins.matricule)
    hand.fill("patient_form.birth_name", traits.birth_name)
    hand.fill("patient_form.birth_first_name", traits.first_name)
    hand.fill("patient_form.birth_date", born[6:] + born[4:6] + born[:4])
    hand.press(Qt.Key.Key_Return, _CONTROL)
    hand.wait_for_text(traits.birth_name, "patient_banner.name")


def _find(scene: Scene, seed: DossierSeed) -> None:
    _type_identity(scene, seed)


def _find_next(scene: Scene, seed: DossierSeed) -> None:
    scene.hand.press(Qt.Key.Key_F2)
    scene.hand.wait("la recherche", lambda: scene.window.page is Page.PATIENT)
    _type_identity(scene, seed)
    _check_identity(scene, "consent.declare")


def _check_identity(scene: Scene, then: str) -> None:
    scene.hand.press(Qt.Key.Key_I, _CONTROL)
    scene.hand.wait(then, lambda: _visible(scene, then))


def _visible(scene: Scene, name: str) -> bool:
    return any(widget.isVisible() for widget in scene.window.findChildren(QWidget, name))


def _consent(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Space)  # the box has the focus: the patient was told and agrees
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("la liste", lambda: scene.window.pages.dossier.documents.titles)


# -- documents -------------------------------------------------------------------------------------------------------


def _go_to_newest(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Down)
    scene.hand.press(Qt.Key.Key_Home, _CONTROL)


def _open_first(scene: Scene) -> None:
    _go_to_newest(scene)
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait("le document", lambda: scene.window.pages.dossier.viewer.pages.is_drawn)


def _write_prescription(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F6)
    scene.hand.wait("le formulaire", lambda: scene.window.page is Page.DEPOSIT)
    scene.hand.fill("deposit.title", "Ordonnance de la démonstration")
    scene.hand.fill(
        "deposit.text",
        "Paracétamol 500 mg : un comprimé si fièvre, au plus quatre par jour, pendant trois jours.\n\n"
        "Lavages de nez au sérum physiologique, trois fois par jour.",
    )


def _deposit_and_see(scene: Scene, title: str) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait(title, lambda: title in scene.window.pages.dossier.documents.titles)


def _reopen(scene: Scene, title: str) -> None:
    documents = scene.window.pages.dossier.documents
    documents.take_focus()
    _go_to_newest(scene)
    scene.hand.press(Qt.Key.Key_Return)
    scene.hand.wait_for_text(title, "viewer.title")
    scene.hand.wait("le document", lambda: scene.window.pages.dossier.viewer.pages.is_drawn)


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
    scene.hand.wait("l’accès normal", lambda: not _visible(scene, "emergency_band.text"))


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


def _look_as_patient(scene: Scene, expected: str) -> None:
    view = scene.window.patient_view
    assert view is not None
    view.show()
    view.refresh()
    scene.hand.wait(expected, lambda: expected in view.text)


# -- the secretary ---------------------------------------------------------------------------------------------------


def _search_for_report(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_F2)
    scene.hand.wait("la recherche", lambda: scene.window.page is Page.PATIENT)
    _type_identity(scene, SCANNED)


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


def _deposit_report(scene: Scene) -> None:
    scene.hand.press(Qt.Key.Key_Return, _CONTROL)
    scene.hand.wait_for_text("a été reçu par le DMP", "notice.text")
