"""My patients, my authorisation, médecin traitant, administrative data, closing: by the keyboard alone."""

import pytest

from demonstration.people import EMERGENCY, NORA, SOLO, YANN
from praticien.access import AccessMode, EmergencyReason
from praticien.documents.model import DocumentKind
from praticien.errors import Refused
from praticien.habilitations import AuthorisedDossier, AuthorisedHolder
from tests.ui.fakes import Unreachable, sample
from ui.pages import Page


def listed(seed, **changes):
    traits = seed.traits
    values = {"used_name": "", "sex": traits.sex, "treating": False} | changes
    return AuthorisedDossier(
        seed.ins, traits.birth_name, first_name=traits.first_name, birth_date=traits.birth_date, **values
    )


@pytest.fixture
def nora(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance fictive", "x")]
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I")


def go(hands, act):
    for _ in range(20):
        if hands.focus() == f"authorisation.act.{act}":
            hands.press("Return")
            return
        hands.press("Tab")
    raise AssertionError(act)


# -- my patients ----------------------------------------------------------------------------------------------------


def test_my_patients_open_one(world, window, hands, gp):
    world.registry.mine = (listed(YANN), listed(NORA, treating=True, used_name="TESTUSAGE"))
    hands.press("Ctrl+M")
    page = window.pages.my_patients
    assert window.page is Page.MY_PATIENTS
    assert [row.split(" · ")[0] for row in page.rows] == ["TESTCONJOINT YANN", "TESTFAMILLE (TESTUSAGE) NORA"]
    assert "médecin traitant" in page.rows[1]
    hands.press("Down", "Return")
    assert window.page is Page.DOSSIER
    assert "TESTFAMILLE" in window.banner.words
    assert "identité à contrôler" in window.banner.words  # the list is no proof of who is in the room
    assert page.rows == ()


def test_one_whose_sex_the_list_does_not_say_is_asked(world, window, hands, gp):
    world.registry.mine = (listed(SOLO, sex=None),)
    hands.press("Ctrl+M", "Return")
    assert window.page is Page.PATIENT
    assert window.pages.patient_form.field_error("sex")
    assert world.practice.case is None


def test_narrowing_my_patients(world, window, hands, gp):
    world.registry.mine = (listed(YANN), listed(NORA))
    hands.press("Ctrl+M")
    hands.find("my_patients.search").setFocus()
    hands.type("nora")
    assert len(window.pages.my_patients.rows) == 1
    hands.press("Return", "Return")
    assert "NORA" in window.banner.words


def test_no_list(world, window, hands, gp):
    world.dmp.failing = Unreachable()
    hands.press("Ctrl+M")
    assert "ne répond pas" in window.pages.my_patients.notice.text
    hands.press("Esc")
    assert window.page is Page.PATIENT
    world.dmp.failing = None
    hands.press("Ctrl+M")
    assert window.pages.my_patients.rows == ()
    assert "Aucune autorisation" in hands.find("my_patients.text").text()


def test_locking_forgets_the_list(world, window, hands, gp):
    world.registry.mine = (listed(NORA),)
    hands.press("Ctrl+M", "Ctrl+L")
    assert window.pages.my_patients.rows == ()


# -- authorisation --------------------------------------------------------------------------------------------------


def test_how_one_stands(world, window, hands, nora):
    world.registry.holders = (
        AuthorisedHolder(EMERGENCY.national_id, "TESTURGENCE", "Karim", "G15_10/SM59", blocked=True, treating=False),
    )
    hands.press("Ctrl+G")
    assert window.page is Page.AUTHORISATION
    standing = hands.find("authorisation.standing").text()
    assert "Accès autorisé · médecin traitant" in standing
    assert "un an après, en principe le" in standing
    holders = hands.find("authorisation.holders").text()
    assert "TESTURGENCE Karim · Médecine d’urgence · bloqué par le patient" in holders
    assert "rattaché à Mon espace santé" in hands.find("authorisation.data").text()
    for act in ("correct", "close"):
        assert not hands.find(f"authorisation.act.{act}").isEnabled()
        assert "Mon espace santé" in hands.find(f"authorisation.why.{act}").text()
    hands.press("Esc")
    assert window.page is Page.DOSSIER


def test_withdrawn_authorisation_takes_the_documents_away(world, window, hands, nora):
    hands.press("Ctrl+G")
    go(hands, "withdraw")
    hands.press("Ctrl+Return")
    assert window.pages.dossier.view == "consent"
    assert world.practice.case.documents == ()
    assert "est retirée" in window.notice.text
    assert "accès non autorisé" in window.banner.words


def test_medecin_traitant_and_back(world, window, hands, nora):
    hands.press("Ctrl+G")
    go(hands, "stop_treating")
    hands.press("Ctrl+Return")
    assert "médecin traitant : non" in window.banner.words.replace("\u00a0", " ")
    assert window.pages.dossier.documents.titles == ("Ordonnance fictive",)
    hands.press("Ctrl+G")
    go(hands, "become_treating")
    hands.press("Ctrl+Return")
    assert "become_treating" not in [name for name, *_ in world.dmp.calls]  # the box first
    hands.press("Space", "Ctrl+Return")
    assert "médecin traitant : oui" in window.banner.words.replace("\u00a0", " ")


def test_an_emergency_changes_no_authorisation(world, window, hands, emergency):
    hands.press("F2")
    hands.search(SOLO)
    hands.press("Ctrl+I")
    world.practice.break_glass(EmergencyReason.UNCONSCIOUS, "Coma")
    window.flow.case_changed.emit()
    assert world.practice.case.access.mode is AccessMode.BREAK_GLASS
    hands.press("Ctrl+G")
    assert not hands.find("authorisation.act.withdraw").isEnabled()
    assert "L. 1111-17" in hands.find("authorisation.why.withdraw").text()


def test_without_a_patient(window, hands, gp):
    hands.press("Ctrl+G")
    assert window.page is Page.PATIENT
    assert "une fois le dossier du patient recherché" in window.notice.text


# -- administrative data --------------------------------------------------------------------------------------------


def test_data_corrected(world, window, hands, nora):
    world.registry.detached.add(NORA.ins.matricule)
    hands.press("F5", "Ctrl+G")
    go(hands, "correct")
    assert hands.focus() == "administrative.used_name"
    for text in ("testusage", "1 rue Fictive", "99999", "TESTVILLE", "01 00 00 00 00", "nora(at)exemple.fr"):
        hands.type(text)
        hands.press("Tab")
    hands.press("Ctrl+Return")
    assert hands.focus() == "administrative.mail"
    assert world.registry.data == {}
    hands.press("Ctrl+A")
    hands.type("nora@exemple.fr")
    hands.press("Ctrl+Return")
    data = world.registry.data[NORA.ins.matricule]
    assert (data.used_name, data.city) == ("TESTUSAGE", "TESTVILLE")
    assert data.telecoms == ("tel:0100000000", "mailto:nora@exemple.fr")
    assert "TESTVILLE" in hands.find("authorisation.data").text()
    assert "sont enregistrées" in window.notice.text


def test_refused_data_stay_in_the_form(world, window, hands, nora):
    world.registry.detached.add(NORA.ins.matricule)
    hands.press("F5", "Ctrl+G")
    go(hands, "correct")
    hands.type("TESTUSAGE")
    world.dmp.failing = Refused(rule="dossier_act.attached")
    hands.press("Ctrl+Return")
    assert "rattaché à Mon espace santé" in window.pages.authorisation.form.notice.text
    assert hands.find("administrative.used_name").text() == "TESTUSAGE"


def test_closing_takes_two_boxes(world, window, hands, nora):
    world.registry.detached.add(NORA.ins.matricule)
    hands.press("F5", "Ctrl+G")
    go(hands, "close")
    hands.press("Space", "Ctrl+Return")
    assert world.registry.closed == set()
    hands.press("Tab", "Space", "Ctrl+Return")
    assert world.registry.closed == {NORA.ins.matricule}
    assert window.page is Page.DOSSIER
    assert "Dossier fermé" in window.banner.words
    assert "à la demande du patient" in window.notice.text


def test_nothing_of_a_patient_stays_on_the_sheets(world, window, hands, nora):
    hands.press("Ctrl+G", "Ctrl+L")
    texts = [hands.find(f"authorisation.{name}").text() for name in ("standing", "holders", "data")]
    assert texts == ["", "", ""]
