"""Laboratory reports at the desk: received, matched in words, deposited from the form; files chosen and dropped."""

from datetime import datetime

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from connectors.hl7v2.oru import read_reports
from demonstration.laboratory import blood_test, urine_culture
from demonstration.people import NORA, RADIOLOGIST, SOLO
from praticien.documents.cda_model import StructuredBody
from praticien.documents.cda_reader import read
from praticien.outbox import DeliveryState
from tests.praticien.forms import pdf_saying
from ui.pages import Page

NOW = datetime(2026, 11, 20, 9, 30, 15)
OWN = blood_test(SOLO, NOW).encode()


def arrive(world, hands, text):
    """The laboratory sends this."""
    content = text if isinstance(text, bytes) else text.encode()
    world.inbox.put(content, read_reports(content, production=False))
    QApplication.processEvents()
    hands.wait()


@pytest.fixture
def solo(world, hands, gp):
    """The GP with SOLO open, identity checked."""
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I")


@pytest.fixture
def page(window):
    return window.pages.lab_inbox


def test_an_empty_list_says_what_it_is(window, hands, gp, page):
    hands.press("Shift+F7")
    assert window.page is Page.LAB_INBOX
    assert "Aucun résultat reçu" in hands.find("lab_inbox.empty").text()
    assert hands.focus() == "lab_inbox.import"
    hands.press("Esc")
    assert window.page is Page.PATIENT


def test_received_found_by_its_traits_and_deposited(world, window, hands, gp, page):
    arrive(world, hands, OWN)
    assert ": 1" in hands.find("deposit_bar.received").text()
    hands.press("Shift+F7")
    assert page.rows[0].startswith("TESTEXEMPLE ZOÉ LÉA\nà traiter")
    assert "dossier de ce patient" in page.why
    assert "à identifier" in page.whose.verdict
    hands.press("F2")
    assert window.page is Page.PATIENT
    hands.press("Ctrl+Return")
    assert window.page is Page.LAB_INBOX, "back where one came from"
    assert "identité" in page.why
    hands.press("Ctrl+I")
    assert page.why == ""
    assert "concordent" in page.whose.verdict
    hands.press("Shift+F7", "Return")
    assert window.page is Page.DEPOSIT
    form = window.pages.deposit
    assert form.draft().lab.line
    hands.press("Ctrl+Return")
    (delivery,) = world.outbox.deliveries()
    assert delivery.state is DeliveryState.SENT
    entry, content = world.documents[SOLO.ins.matricule][0]
    assert entry.format_code.code == "urn:ihe:lab:xd-lab:2008"
    assert isinstance(read(content).body, StructuredBody)
    hands.press("Shift+F7")
    assert "reçu par le DMP" in page.rows[0]
    (line,) = world.inbox.reports()
    assert (line.document_id, line.version) == (entry.unique_id, 1)
    assert line.sent_at
    assert ": 0" in hands.find("deposit_bar.received").text()


@pytest.mark.usefixtures("solo")
def test_a_correction_replaces_what_was_deposited(world, window, hands, page):
    arrive(world, hands, OWN)
    hands.press("Shift+F7", "Return", "Ctrl+Return")
    first = world.documents[SOLO.ins.matricule][0][0]
    arrive(world, hands, blood_test(SOLO, NOW, status="C"))
    hands.press("Shift+F7", "Home", "Return")
    assert "remplacera" in window.pages.deposit.parts.lab.state
    hands.press("Ctrl+Return")
    second = world.documents[SOLO.ins.matricule][0][0]
    assert second.unique_id != first.unique_id
    submitted = world.dmp.submitted[-1].documents[0]
    assert submitted.replaces == f"urn:uuid:{first.unique_id}"
    assert b'<versionNumber value="2"/>' in submitted.content
    assert {line.version for line in world.inbox.reports()} == {1, 2}


@pytest.mark.usefixtures("solo")
def test_a_correction_of_what_the_registry_forgot_is_stopped(world, window, hands, page):
    arrive(world, hands, OWN)
    hands.press("Shift+F7", "Return", "Ctrl+Return")
    world.documents.clear()
    arrive(world, hands, blood_test(SOLO, NOW, status="C"))
    hands.press("Shift+F7", "Home", "Return", "Ctrl+Return")
    assert window.page is Page.DEPOSIT
    assert "n’est plus dans le dossier" in window.pages.deposit.notice.text
    assert len(world.outbox.deliveries()) == 1


@pytest.mark.usefixtures("solo")
def test_another_patient_is_said_in_words_and_not_deposited(world, window, hands, page):
    arrive(world, hands, blood_test(NORA, NOW))
    hands.press("Shift+F7")
    assert "autre personne" in page.whose.verdict
    assert {row[0] for row in page.whose.rows if row[3] == "différent"} == {
        "Nom de naissance",
        "Prénom(s)",
        "Né(e) le",
        "Matricule INS",
    }
    assert "changez de patient" in page.why
    hands.press("Return")
    assert window.page is Page.LAB_INBOX
    assert world.outbox.deliveries() == ()


@pytest.mark.usefixtures("solo")
def test_an_incomplete_report_waits(world, window, hands, page):
    arrive(world, hands, blood_test(SOLO, NOW, status="P"))
    hands.press("Shift+F7")
    assert "incomplet" in page.why
    assert "provisoire" in {row[6] for row in page.table.rows if len(row) > 1}
    hands.press("Return")
    assert window.page is Page.LAB_INBOX


@pytest.mark.usefixtures("solo")
def test_erasing_asks_twice(world, window, hands, page):
    arrive(world, hands, OWN)
    hands.press("Shift+F7", "Del")
    assert "définitif" in hands.find("lab_inbox.confirm").text()
    assert len(world.inbox.reports()) == 1
    hands.press("Del")
    assert world.inbox.reports() == ()
    assert page.rows == ()


@pytest.mark.usefixtures("solo")
def test_locking_leaves_no_name(world, window, hands, page):
    arrive(world, hands, OWN)
    hands.press("Shift+F7")
    assert page.rows
    hands.withdraw(world.desk, "cps-medecin")
    assert page.rows == ()
    assert page.whose.rows == ()
    assert page.table.rows == ()
    arrive(world, hands, urine_culture(SOLO, NOW).encode("latin-1"))
    assert page.rows == (), "nobody is there to see it"


def test_the_secretary_deposits_for_the_physician(world, window, hands, secretary, page):
    arrive(world, hands, OWN)
    hands.press("Shift+F7", "F2", "Ctrl+Return", "Ctrl+I", "Shift+F7", "Return")
    hands.find("deposit.author").setCurrentIndex(1)
    hands.press("Ctrl+Return")
    entry = world.documents[SOLO.ins.matricule][0][0]
    assert entry.authors[0].person.identifier == RADIOLOGIST.national_id
    assert [name for name, *_ in world.dmp.calls] == ["status", "deposit"]


@pytest.mark.usefixtures("solo")
def test_what_was_discarded_in_the_outbox_is_to_be_handled_again(world, window, hands, page):
    from praticien.errors import EnvironmentProblem

    class Down(EnvironmentProblem):
        code = "server.unreachable"

    arrive(world, hands, OWN)
    hands.press("Shift+F7", "Return")
    world.dmp.failing = Down()
    hands.press("Ctrl+Return")
    hands.press("Shift+F7")
    assert "en attente" in page.rows[0]
    hands.press("F10", "Del", "Del")
    hands.press("Shift+F7")
    assert "à traiter" in page.rows[0]


# -- the form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def choose(world, tmp_path):
    """A file of results that the chooser offers."""

    def write(content):
        path = tmp_path / "resultats.hl7"
        path.write_bytes(content)
        world.chosen["lab"] = path
        return path

    return write


@pytest.mark.usefixtures("solo")
def test_a_file_is_imported_looked_at_and_deposited(world, choose, window, hands):
    choose(OWN)
    hands.press("F7", "Ctrl+Shift+O")
    panel = window.pages.deposit.parts.lab
    assert "concordent" in panel.whose.verdict
    cells = [row for row in panel.table.rows if len(row) > 1]
    assert cells[1][:5] == ("Leucocytes", "12,4", "G/L", "4,0 à 10,0", "H")
    assert window.pages.deposit.draft().day == "19/11/2026"
    assert hands.find("deposit.text.field").isHidden()
    hands.press("Ctrl+Return")
    entry, content = world.documents[SOLO.ins.matricule][0]
    assert entry.service_start.strftime("%Y%m%d") == "20261119"
    assert b"TEST-2026-000123" in content


@pytest.mark.usefixtures("solo")
def test_a_chosen_pdf_is_the_laboratory_s_page(choose, world, tmp_path, window, hands):
    choose(OWN)
    page = pdf_saying("Compte rendu du laboratoire fictif").content
    world.chosen["pdf"] = tmp_path / "cr.pdf"
    world.chosen["pdf"].write_bytes(page)
    hands.press("F7", "Ctrl+Shift+O", "Ctrl+O", "Ctrl+Return")
    (copy,) = read(world.documents[SOLO.ins.matricule][0][1]).body.attachments
    assert copy.content == page


@pytest.mark.usefixtures("solo")
def test_a_file_of_several_patients_gives_the_one_of_the_open_patient(world, choose, window, hands):
    choose((blood_test(NORA, NOW) + blood_test(SOLO, NOW)).encode())
    hands.press("F7", "Ctrl+Shift+O")
    assert window.pages.deposit.draft().lab.report.patient.ins == SOLO.ins


@pytest.mark.parametrize(
    "content, words",
    [
        ((blood_test(NORA, NOW) + blood_test(NORA, NOW)).encode(), "plusieurs comptes rendus"),
        (b"%PDF-1.4", "ne suit pas le format"),
        (OWN.replace(b"UNICODE UTF-8", b"ASCII"), "jeu de caractères"),
        (OWN.replace(b"ORU^R01", b"ADT^A01"), "ORU^R01"),
    ],
)
@pytest.mark.usefixtures("solo")
def test_a_file_that_cannot_be_used_is_said_and_nothing_is_lost(choose, window, hands, content, words):
    choose(content)
    hands.press("F7")
    hands.find("deposit.text").setFocus()
    hands.type("Déjà saisi")
    hands.press("Ctrl+Shift+O")
    assert words in window.pages.deposit.field_error("lab")
    assert window.pages.deposit.draft().text == "Déjà saisi"


@pytest.mark.usefixtures("solo")
def test_an_incomplete_file_is_refused_next_to_it(world, choose, window, hands):
    choose(blood_test(SOLO, NOW, status="P").encode())
    hands.press("F7", "Ctrl+Shift+O")
    assert "incomplet" in window.pages.deposit.parts.lab.state
    hands.press("Ctrl+Return")
    assert "seul un compte rendu complet" in window.pages.deposit.field_error("lab")
    assert world.outbox.deliveries() == ()


@pytest.mark.usefixtures("solo")
def test_a_file_of_another_patient_is_never_sent(world, choose, window, hands):
    choose(blood_test(NORA, NOW).encode())
    hands.press("F7", "Ctrl+Shift+O", "Ctrl+Return")
    assert "autre personne" in window.pages.deposit.notice.text
    assert world.outbox.deliveries() == ()


@pytest.mark.usefixtures("solo")
def test_removed_results_leave_the_text(world, choose, window, hands):
    choose(OWN)
    hands.press("F7", "Ctrl+Shift+O")
    hands.find("deposit.lab.remove").click()
    assert window.pages.deposit.draft().lab is None
    assert hands.find("deposit.text.field").isVisible()


@pytest.mark.usefixtures("solo")
def test_a_draft_keeps_the_results(world, choose, window, hands):
    choose(OWN)
    hands.press("F7", "Ctrl+Shift+O", "Esc", "F7")
    assert window.pages.deposit.draft().lab.name == "resultats.hl7"


def drop(widget, path):
    """A file let fall on ``widget``."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    widget.dragEnterEvent(entering)
    assert entering.isAccepted()
    widget.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


@pytest.mark.usefixtures("solo")
def test_files_dropped_on_the_form_and_on_the_list(world, choose, window, hands, page):
    hands.press("F7")
    drop(window.pages.deposit, choose(OWN))
    hands.wait()
    assert window.pages.deposit.draft().lab
    hands.press("Shift+F7")
    drop(page, choose(blood_test(NORA, NOW).encode()))
    hands.wait()
    hands.wait()
    assert [row.split("\n")[0] for row in page.rows] == ["TESTFAMILLE NORA"]


@pytest.mark.usefixtures("solo")
def test_a_bad_file_dropped_on_the_list_is_said(world, choose, window, hands, page):
    hands.press("Shift+F7")
    drop(page, choose(b"nothing"))
    hands.wait()
    assert "ne suit pas le format" in page.notice.text
