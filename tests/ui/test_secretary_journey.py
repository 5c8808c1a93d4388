"""The radiology secretary: deposits for the radiologist, reads nothing."""

import pytest

from demonstration.people import RADIOLOGIST, SCANNED, SECRETARY, SOLO
from demonstration.study import write_report, write_study
from praticien.metadata import Person
from praticien.outbox import DeliveryState
from ui.pages import Page


@pytest.fixture
def files(world, tmp_path):
    """A report and its study, offered by the choosers."""
    world.chosen["folder"] = write_study(tmp_path / "study", SCANNED)
    world.chosen["pdf"] = write_report(tmp_path / "cr.pdf", SCANNED)


def test_whole_deposit_files_first(world, window, hands, secretary, files):
    assert window.page is Page.WORK_LIST
    hands.press("F8", "Ctrl+O", "Ctrl+Shift+D")
    study = window.pages.deposit.study_panel
    assert "à identifier" in study.verdict
    hands.press("F2")
    hands.search(SCANNED)
    assert window.page is Page.WORK_LIST
    hands.press("Ctrl+I")
    assert "commencé vous attend" in hands.find("work_list.drafts").text()
    hands.press("F8")
    assert "concordent" in study.verdict
    hands.press("Ctrl+Return")
    assert hands.find("deposit.author.field").error
    hands.press("Down", "Ctrl+Return")
    assert window.page is Page.WORK_LIST
    (delivery,) = world.outbox.deliveries()
    assert delivery.state is DeliveryState.SENT
    assert "reçu par le DMP" in window.pages.work_list.outbox.rows[0]
    assert "commencé" not in hands.find("work_list.drafts").text()
    entry = world.documents[SCANNED.ins.matricule][0][0]
    assert entry.authors[0].person.identifier == RADIOLOGIST.national_id
    assert isinstance(entry.legal_authenticator, Person)
    assert entry.legal_authenticator.identifier == RADIOLOGIST.national_id
    assert SECRETARY.national_id not in {a.person.identifier for a in entry.authors}


def sent_report(hands, world):
    hands.press("F8", "Ctrl+O", "Ctrl+Shift+D", "F2")
    hands.search(SCANNED)
    hands.press("Ctrl+I", "F8", "Ctrl+Return", "Down", "Ctrl+Return")
    (delivery,) = world.outbox.deliveries()
    assert delivery.state is DeliveryState.SENT


def test_a_report_sent_in_error_is_taken_out_of_the_dossier_by_its_line(world, window, hands, secretary, files):
    sent_report(hands, world)
    window.pages.work_list.outbox.take_focus()
    hands.press("S")
    assert "appuyez encore sur S" in hands.find("work_list.outbox.confirm").text()
    assert world.documents[SCANNED.ins.matricule]
    hands.press("S")
    assert world.documents[SCANNED.ins.matricule] == []
    assert world.outbox.deliveries() == ()
    assert "est supprimé du dossier" in window.notice.text


def test_the_other_key_between_asks_again(world, window, hands, secretary, files):
    sent_report(hands, world)
    window.pages.work_list.outbox.take_focus()
    hands.press("S", "Delete")  # the line alone goes
    assert world.documents[SCANNED.ins.matricule]
    assert world.outbox.deliveries() == ()


def test_a_document_of_a_patient_who_is_not_open_stays(world, window, hands, secretary, files):
    sent_report(hands, world)
    hands.press("F2")
    hands.search(SOLO)
    hands.press("Ctrl+I")
    window.pages.work_list.outbox.take_focus()
    hands.press("S", "S")
    assert "n’est pas ouvert" in window.notice.text
    assert world.documents[SCANNED.ins.matricule]


def test_what_a_staff_card_cannot_do_to_a_document_is_said(world, window, hands, secretary):
    hands.press("F2")
    hands.search(SCANNED)
    hands.press("Ctrl+I", "Shift+F1")
    assert "Masquer, rendre visible" in window.pages.why.text
    assert "ne permet pas de changer un document" in window.pages.why.text


def test_reading_is_refused_and_explained(world, window, hands, secretary):
    hands.press("F2")
    hands.search(SCANNED)
    hands.press("Ctrl+I")
    assert window.page is Page.WORK_LIST
    assert "CPE ne permet pas" in hands.find("work_list.why").text()
    assert [name for name, *_ in world.dmp.calls] == ["status"]
    hands.find("patient_banner.why").click()
    assert "CPE ne permet pas" in window.pages.why.text


def test_study_of_another_patient_is_said_and_never_sent(world, window, hands, secretary, files):
    hands.press("F2")
    hands.search(SOLO)
    hands.press("Ctrl+I", "F8", "Ctrl+O", "Ctrl+Shift+D")
    panel = window.pages.deposit.study_panel
    assert "autre personne" in panel.verdict
    assert {row[0] for row in panel.rows if row[3] == "différent"} == {"Nom", "Prénom", "Né(e) le"}
    hands.find("deposit.author").setCurrentIndex(1)
    hands.press("Ctrl+Return")
    assert "autre personne" in window.pages.deposit.notice.text
    assert window.page is Page.DEPOSIT
    assert world.outbox.deliveries() == ()


def test_radiologist_typed_by_hand(world, window, hands, secretary, files):
    hands.press("F2")
    hands.search(SCANNED)
    hands.press("Ctrl+I", "F8", "Ctrl+O")
    hands.find("deposit.pdf_only").setChecked(True)
    hands.find("deposit.author").setCurrentIndex(2)
    hands.find("deposit.author.rpps").setFocus()
    hands.type("9970000015")
    hands.press("Ctrl+Return")
    assert "11 chiffres" in hands.find("deposit.author.rpps.field").error
    hands.type("6")
    for name, text in (("family", "TESTAUTRE"), ("given", "Luc")):
        hands.find(f"deposit.author.{name}").setFocus()
        hands.type(text)
    hands.press("Ctrl+Return")
    entry = world.documents[SCANNED.ins.matricule][0][0]
    assert entry.authors[0].person.identifier == "899700000156"


def test_no_patient_is_said_in_the_form(world, window, hands, secretary, files):
    hands.press("F8", "Ctrl+O")
    hands.find("deposit.author").setCurrentIndex(1)
    hands.press("Ctrl+Return")
    assert "Aucun patient" in window.pages.deposit.notice.text
    assert world.outbox.deliveries() == ()
