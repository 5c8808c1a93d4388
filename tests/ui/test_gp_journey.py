"""A general practitioner's consultation, by the keyboard alone."""

from demonstration.people import NORA, TOM, YANN
from praticien.access import AccessMode
from praticien.documents.model import DocumentKind
from praticien.outbox import DeliveryState
from tests.ui.fakes import sample
from ui.pages import Page
from ui.session import Phase


def test_whole_consultation(world, window, hands):
    report = sample(YANN, DocumentKind.IMAGING_REPORT, "IRM du genou droit", "Pas de lésion.")
    world.documents[YANN.ins.matricule] = [report]

    hands.insert(world.desk, "cps-medecin")
    assert window.page is Page.PIN
    assert hands.focus() == "pin_panel.field"
    assert "3 essais" in window.pages.pin.tries.replace("\u00a0", " ")
    hands.unlock()
    assert window.page is Page.STRUCTURE
    hands.press("Return")
    assert window.phase is Phase.READY

    hands.insert(world.desk, "vitale-famille")
    assert window.page is Page.BENEFICIARIES
    assert len(window.pages.beneficiaries.rows) == 4
    hands.press("2", "Return")
    assert window.page is Page.DOSSIER
    assert "identité à contrôler" in window.banner.words
    assert world.dmp.calls == []  # nothing is asked of the DMP before the identity is checked

    hands.press("Ctrl+I")
    assert "INS qualifiée" in window.banner.words
    assert "autorisation expirée" in window.banner.words
    assert window.pages.dossier.view == "consent"
    assert [name for name, *_ in world.dmp.calls] == ["status"]

    hands.press("Space", "Return")
    assert window.pages.dossier.documents.titles == ("IRM du genou droit",)
    assert [name for name, *_ in world.dmp.calls] == ["status", "declare", "status", "list"]

    hands.press("Return")
    assert window.pages.dossier.viewer.title == "IRM du genou droit"
    assert window.pages.dossier.viewer.pages.page_count == 1
    assert "TESTMED" in window.pages.dossier.viewer.text

    hands.press("F6")
    assert window.page is Page.DEPOSIT
    hands.find("deposit.text").setFocus()
    hands.type("Paracétamol 1 g, 3 fois par jour")
    hands.press("Ctrl+Return")
    assert window.page is Page.DOSSIER
    assert "reçu par le DMP" in window.notice.text
    assert window.pages.dossier.documents.titles == ("Ordonnance", "IRM du genou droit")
    assert [d.state for d in world.outbox.deliveries()] == [DeliveryState.SENT]
    assert {mode for *_, mode in world.dmp.calls} == {AccessMode.NORMAL}


def test_authorised_patient_is_listed_at_once(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance", "Repos")]
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I")
    assert window.pages.dossier.documents.titles == ("Ordonnance",)
    assert "médecin traitant : oui" in window.banner.words.replace("\u00a0", " ")


def test_no_dossier_says_so_and_refuses_a_deposit(world, window, hands, gp):
    hands.insert(world.desk, "vitale-famille")
    hands.press("4", "Return", "Ctrl+I")
    assert TOM.traits.first_name in window.banner.words
    assert "Pas de dossier" in window.pages.dossier.state.text
    hands.press("F6")
    assert window.page is Page.DOSSIER
    assert "pas de dossier" in window.notice.text


def test_vitale_already_there_is_read_after_the_pin(world, window, hands):
    hands.insert(world.desk, "vitale-seule")
    hands.insert(world.desk, "cps-medecin")
    hands.unlock()
    hands.press("Return")
    assert window.page is Page.BENEFICIARIES


def test_search_and_filters(world, window, hands, gp):
    kinds = (DocumentKind.PRESCRIPTION, DocumentKind.LAB_RESULT, DocumentKind.IMAGING_REPORT)
    world.documents[NORA.ins.matricule] = [sample(NORA, kind, f"Document {kind.value}", "Texte") for kind in kinds]
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I")
    documents = window.pages.dossier.documents
    hands.press("/")
    hands.type("imaging")
    assert documents.titles == ("Document imaging_report",)
    hands.press("Return")
    assert hands.focus() == "documents.table"
    hands.press("/")
    hands.press("Delete")
    hands.find("documents.filter.prescriptions").click()
    assert documents.titles == ("Document prescription",)


def test_structure_is_remembered_by_card(world, window, hands, gp):
    chosen = world.practice.situation
    hands.press("Ctrl+L")
    assert window.page is Page.PIN
    hands.unlock()
    assert window.phase is Phase.READY
    assert world.practice.situation == chosen


def test_structure_can_be_changed_and_forgets_the_patient(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return")
    hands.press("F4", "Down", "Return")
    assert world.practice.situation.structure.name == "MAISON DE SANTE FICTIVE"
    assert world.practice.case is None
    assert "TESTEXEMPLE" not in window.banner.words


def test_another_vitale_proposes_a_change_and_changes_nothing_by_itself(world, window, hands, gp):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I")
    hands.withdraw(world.desk, "vitale-seule")
    hands.wait()
    assert "TESTEXEMPLE" in window.banner.words
    hands.insert(world.desk, "vitale-famille")
    assert "TESTEXEMPLE" in window.banner.words
    assert "carte Vitale" in window.notice.text
    hands.find("notice.act").click()
    assert window.page is Page.BENEFICIARIES


def test_draft_waits_for_its_own_patient(world, window, hands, gp):
    hands.insert(world.desk, "vitale-famille")
    hands.press("1", "Return", "Ctrl+I", "F6")
    hands.find("deposit.text").setFocus()
    hands.type("Pour Nora")
    hands.press("F2")
    assert window.page is Page.BENEFICIARIES
    hands.press("2", "Return", "Ctrl+I", "F6")
    assert window.pages.deposit.draft().text == ""
    hands.press("F2", "1", "Return", "Ctrl+I", "F6")
    assert window.pages.deposit.draft().text == "Pour Nora"


def test_keys_card_and_back(window, hands, gp):
    hands.press("F1")
    assert window.page is Page.KEYS
    hands.press("Esc")
    assert window.page is Page.PATIENT
