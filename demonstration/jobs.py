"""What each of the three users does, key by key, and what they must see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from demonstration.people import CARDS, LINA, OPPOSED, RADIOLOGIST, SCANNED, UNCONSCIOUS
from praticien.documents.cda_reader import read
from reference_server.seeding import DossierSeed
from ui.pages import Page
from ui.session import Phase

if TYPE_CHECKING:
    from demonstration.player import Player

SECRETARY_PATIENT = SCANNED
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def general_practitioner(player: Player) -> None:
    """CPS, PIN, Vitale, beneficiary, existence and right, consent, list, report, prescription, list again."""
    player.recorder.job = "Médecin généraliste"
    hand = player.hand
    player.step("Avant toute carte", lambda: hand.wait_for_text("Insérez", "welcome.title"))
    player.step("Insérer la CPS", lambda: _insert_professional(player, "cps-medecin"))
    player.step("Code porteur faux", lambda: _wrong_pin(player))
    player.step("Code porteur juste", lambda: _right_pin(player, "cps-medecin", Page.STRUCTURE))
    player.step("Choisir le cabinet", lambda: _choose_structure(player))
    player.step("Insérer la Vitale", lambda: _insert_vitale(player))
    player.step("Choisir le bénéficiaire", lambda: _choose_beneficiary(player, 2))
    player.step("Identité contrôlée, dossier trouvé", lambda: _check_identity(player, "consent.declare"))
    player.step("Confirmer l’accord du patient", lambda: _consent(player))
    player.step("Ouvrir un compte rendu", lambda: _open_first(player))
    player.step("Rédiger une ordonnance", lambda: _write_prescription(player))
    player.step("Déposer, voir paraître", lambda: _deposit_and_see(player, "Ordonnance de la démonstration"))
    player.step("Relire ce qui est déposé", lambda: _reopen(player, "Ordonnance de la démonstration"))
    player.step("Retirer la CPS", lambda: _withdraw_professional(player, "cps-medecin"))
    player.withdraw("vitale-famille")


def emergency_physician(player: Player) -> None:
    """INS, normal access refused, break-glass, reading, trace and notification; a patient who opposed it."""
    player.recorder.job = "Médecin urgentiste"
    view = player.window.patient_view
    player.step("CPS et code", lambda: _unlock(player, "cps-urgentiste"))
    player.step("Chercher par INS", lambda: _find(player, UNCONSCIOUS))
    player.step("Accès normal refusé", lambda: _check_identity(player, "consent.declare"))
    player.step("Motif du bris de glace", lambda: _state_emergency(player))
    player.step("Bris de glace", lambda: _confirm_emergency(player))
    player.step("Lire en urgence", lambda: _open_first(player))
    player.step("Ce que voit le patient", lambda: _look_as_patient(player, "bris de glace"), of=view)
    player.step("Fin de l’urgence", lambda: _end_emergency(player))
    player.step("Patient opposé : recherche", lambda: _find_next(player, OPPOSED))
    player.step("Patient opposé : motif", lambda: _state_emergency(player))
    player.step("Patient opposé : refus", lambda: _refused_emergency(player))
    player.step("Tentative tracée", lambda: _look_as_patient(player, "efus"), of=view)
    player.step("Retirer la CPS", lambda: _withdraw_professional(player, "cps-urgentiste"))


def radiology_secretary(player: Player) -> None:
    """PDF and DICOM, patient matched by INS and traits, author is the radiologist, deposit, no reading."""
    player.recorder.job = "Secrétaire de radiologie"
    hand = player.hand
    player.step("CPE et code", lambda: _unlock(player, "cpe-secretaire", Page.WORK_LIST))
    player.step("Chercher le patient", lambda: _search_for_report(player))
    player.step("Identité contrôlée", lambda: _check_identity(player, "work_list.imaging"))
    player.step("Lecture refusée à une CPE", lambda: hand.wait_for_text("CPE", "work_list.why"))
    player.step("Compte rendu, PDF et examen", lambda: _fill_report(player))
    player.step("Déposer, voir l’accusé", lambda: _deposit_report(player))
    player.step("Retirer la CPE", lambda: _withdraw_professional(player, "cpe-secretaire"))


# -- cards -----------------------------------------------------------------------------------------------------------


def _insert_professional(player: Player, card: str) -> None:
    player.insert(card)
    player.hand.wait("la demande de code", lambda: player.window.page is Page.PIN)
    player.hand.wait_for_text("3 essais", "pin_panel.tries")


def _wrong_pin(player: Player) -> None:
    player.hand.write("0000\n")
    player.hand.wait_for_text("2 essais", "pin_panel.tries")


def _right_pin(player: Player, card: str, page: Page) -> None:
    player.hand.write(CARDS[card].pin + "\n")
    player.hand.wait("la session ouverte", lambda: player.window.page is page)


def _unlock(player: Player, card: str, page: Page = Page.PATIENT) -> None:
    _insert_professional(player, card)
    _right_pin(player, card, page)


def _choose_structure(player: Player) -> None:
    player.hand.press(Qt.Key.Key_Return)
    player.hand.wait("la session ouverte", lambda: player.window.phase is Phase.READY)


def _insert_vitale(player: Player) -> None:
    player.insert("vitale-famille")
    player.hand.wait("les bénéficiaires", lambda: player.window.page is Page.BENEFICIARIES)


def _withdraw_professional(player: Player, card: str) -> None:
    player.withdraw(card)
    player.hand.wait("le verrouillage", lambda: player.window.phase is Phase.NO_CARD)
    shown = player.hand.read()
    for seed in (LINA, UNCONSCIOUS, OPPOSED, SCANNED):
        assert seed.traits.birth_name not in shown, "a patient is still on screen"


# -- patients --------------------------------------------------------------------------------------------------------


def _choose_beneficiary(player: Player, down: int) -> None:
    for _ in range(down):
        player.hand.press(Qt.Key.Key_Down)
    player.hand.press(Qt.Key.Key_Return)
    player.hand.wait_for_text(LINA.traits.birth_name, "patient_banner.name")


def _type_identity(player: Player, seed: DossierSeed) -> None:
    hand, traits = player.hand, seed.traits
    born = traits.birth_date
    hand.fill("patient_form.ins", seed.ins.matricule)
    hand.fill("patient_form.birth_name", traits.birth_name)
    hand.fill("patient_form.birth_first_name", traits.first_name)
    hand.fill("patient_form.birth_date", born[6:] + born[4:6] + born[:4])
    hand.press(Qt.Key.Key_Return, _CONTROL)
    hand.wait_for_text(traits.birth_name, "patient_banner.name")


def _find(player: Player, seed: DossierSeed) -> None:
    _type_identity(player, seed)


def _find_next(player: Player, seed: DossierSeed) -> None:
    player.hand.press(Qt.Key.Key_F2)
    player.hand.wait("la recherche", lambda: player.window.page is Page.PATIENT)
    _type_identity(player, seed)
    _check_identity(player, "consent.declare")


def _check_identity(player: Player, then: str) -> None:
    player.hand.press(Qt.Key.Key_I, _CONTROL)
    player.hand.wait(then, lambda: _visible(player, then))


def _visible(player: Player, name: str) -> bool:
    return any(widget.isVisible() for widget in player.window.findChildren(QWidget, name))


def _consent(player: Player) -> None:
    player.hand.press(Qt.Key.Key_Space)  # the box has the focus: the patient was told and agrees
    player.hand.press(Qt.Key.Key_Return)
    player.hand.wait("la liste", lambda: player.window.pages.dossier.documents.titles)


# -- documents -------------------------------------------------------------------------------------------------------


def _go_to_newest(player: Player) -> None:
    player.hand.press(Qt.Key.Key_Down)
    player.hand.press(Qt.Key.Key_Home, _CONTROL)


def _open_first(player: Player) -> None:
    _go_to_newest(player)
    player.hand.press(Qt.Key.Key_Return)
    player.hand.wait("le document", lambda: player.window.pages.dossier.viewer.pages.is_drawn)


def _write_prescription(player: Player) -> None:
    player.hand.press(Qt.Key.Key_F6)
    player.hand.wait("le formulaire", lambda: player.window.page is Page.DEPOSIT)
    player.hand.fill("deposit.title", "Ordonnance de la démonstration")
    player.hand.fill(
        "deposit.text",
        "Paracétamol 500 mg : un comprimé si fièvre, au plus quatre par jour, pendant trois jours.\n\n"
        "Lavages de nez au sérum physiologique, trois fois par jour.",
    )


def _deposit_and_see(player: Player, title: str) -> None:
    player.hand.press(Qt.Key.Key_Return, _CONTROL)
    player.hand.wait(title, lambda: title in player.window.pages.dossier.documents.titles)


def _reopen(player: Player, title: str) -> None:
    documents = player.window.pages.dossier.documents
    documents.take_focus()
    _go_to_newest(player)
    player.hand.press(Qt.Key.Key_Return)
    player.hand.wait_for_text(title, "viewer.title")
    player.hand.wait("le document", lambda: player.window.pages.dossier.viewer.pages.is_drawn)


def pdf_inside(cda: bytes) -> bytes:
    """The PDF that a level 1 CDA carries."""
    body = read(cda).body
    return body.content  # type: ignore[union-attr]


# -- emergency -------------------------------------------------------------------------------------------------------


def _state_emergency(player: Player) -> None:
    player.hand.press(Qt.Key.Key_F9)
    player.hand.wait("le bris de glace", lambda: player.window.page is Page.EMERGENCY)
    player.hand.write("1")
    player.hand.write("Amené inconscient par les pompiers")


def _confirm_emergency(player: Player) -> None:
    player.hand.press(Qt.Key.Key_Return, _CONTROL)
    player.hand.wait_for_text("BRIS DE GLACE", "emergency_band.text")


def _refused_emergency(player: Player) -> None:
    player.hand.press(Qt.Key.Key_Return, _CONTROL)
    player.hand.wait_for_text("opposé", "emergency.notice.text")
    assert player.window.pages.dossier.documents.titles == (), "a document of a patient who opposed it is shown"


def _end_emergency(player: Player) -> None:
    player.hand.press(Qt.Key.Key_F9, _SHIFT)
    player.hand.wait("l’accès normal", lambda: not _visible(player, "emergency_band.text"))


def _look_as_patient(player: Player, expected: str) -> None:
    view = player.window.patient_view
    assert view is not None
    view.show()
    view.refresh()
    player.hand.wait(expected, lambda: expected in view.text)


# -- the secretary ---------------------------------------------------------------------------------------------------


def _search_for_report(player: Player) -> None:
    player.hand.press(Qt.Key.Key_F2)
    player.hand.wait("la recherche", lambda: player.window.page is Page.PATIENT)
    _type_identity(player, SCANNED)


def _fill_report(player: Player) -> None:
    player.hand.press(Qt.Key.Key_F8)
    player.hand.wait("le formulaire", lambda: player.window.page is Page.DEPOSIT)
    player.hand.fill("deposit.title", "IRM du genou gauche")
    player.hand.find("deposit.author").setFocus()
    player.hand.press(Qt.Key.Key_Down)  # the radiologist, never the secretary
    player.hand.wait_for_text(RADIOLOGIST.family_name, "deposit.author")
    player.hand.click("deposit.pdf.choose")
    player.hand.wait_for_text("compte-rendu.pdf", "deposit.pdf.name")
    player.hand.click("deposit.study.folder")
    player.hand.wait_for_text("TEST2026001234", "deposit.study.summary")


def _deposit_report(player: Player) -> None:
    player.hand.press(Qt.Key.Key_Return, _CONTROL)
    player.hand.wait_for_text("a été reçu par le DMP", "notice.text")
