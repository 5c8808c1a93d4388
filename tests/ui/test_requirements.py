"""Requirements of the DMP that concern the window alone and have no journey of their own."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from connectors.errors import Fault, FunctionNotAllowed
from demonstration.people import LILAS, NORA, SOLO
from praticien.document_acts import DocumentAct
from praticien.documents.model import DocumentKind
from praticien.metadata import Availability, Confidentiality
from tests.ui.fakes import sample
from tests.ui.test_properties_journey import go
from ui.document_warnings import visibility_warning
from ui.document_words import state_words
from ui.pages import Page

HIDDEN = {
    "states.masque_ps": Confidentiality.MASKED,
    "states.invisible_patient": Confidentiality.INVISIBLE_TO_PATIENT,
    "states.invisible_representants_legaux": Confidentiality.INVISIBLE_TO_REPRESENTATIVES,
}


@pytest.fixture
def nora(world, hands, gp):
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance", "Repos fictif")]
    hands.search(NORA)
    hands.press("Ctrl+I")


@pytest.mark.parametrize("box", HIDDEN)
@pytest.mark.usefixtures("nora")
def test_each_restricted_state_is_said_and_can_be_left_out(world, window, hands, box):
    """EX_3.1-1030, EX_3.1-1080."""
    entry, content = world.documents[NORA.ins.matricule][0]
    hidden = replace(entry, confidentiality=(Confidentiality.NORMAL, HIDDEN[box]), unique_id="2.25.7", title="Caché")
    world.documents[NORA.ins.matricule].append((hidden, content))
    hands.press("F5")
    documents = window.pages.dossier.documents
    assert documents.titles == ("Ordonnance", "Caché")
    assert state_words(hidden)[0] in documents.model.lines(1)[2]
    assert state_words(entry) == ()  # nothing is said of a plain document
    hands.press("Ctrl+E")
    hands.find(box).setChecked(False)
    assert documents.titles == ("Ordonnance",)


@pytest.mark.parametrize("box,state", [("states.archived", "ARCHIVED"), ("states.deprecated", "DEPRECATED")])
@pytest.mark.usefixtures("nora")
def test_archived_and_old_versions_are_listed_when_wished(world, window, hands, box, state):
    entry, content = world.documents[NORA.ins.matricule][0]
    other = replace(entry, availability=Availability[state], unique_id="2.25.8", title="Autre état")
    world.documents[NORA.ins.matricule].append((other, content))
    hands.press("F5")
    documents = window.pages.dossier.documents
    assert documents.titles == ("Ordonnance",)
    hands.press("Ctrl+E")
    hands.find(box).setChecked(True)
    hands.wait()
    assert documents.titles == ("Ordonnance", "Autre état")


@pytest.mark.parametrize(
    "code,who",
    [
        (Confidentiality.INVISIBLE_TO_PATIENT, "le patient ne voit pas encore"),
        (Confidentiality.INVISIBLE_TO_REPRESENTATIVES, "les représentants légaux ne voient pas"),
    ],
)
@pytest.mark.usefixtures("nora")
def test_a_document_hidden_from_somebody_warns_when_it_is_read(world, window, hands, code, who):
    """EX_3.2-1025."""
    entry, content = world.documents[NORA.ins.matricule][0]
    hidden = replace(entry, confidentiality=(Confidentiality.NORMAL, code))
    world.documents[NORA.ins.matricule][0] = (hidden, content)
    hands.press("F5", "Return")
    shown = hands.find("viewer.warning", window.pages.dossier)
    assert not shown.isHidden()
    assert who in shown.text()
    assert visibility_warning(entry) == ""


@pytest.mark.usefixtures("nora")
def test_the_header_of_a_document_can_be_read(window, hands):
    """EX_3.2-1030: patient, author, structure, dates, versions."""
    hands.press("Return")
    header = hands.find("viewer.header", window.pages.dossier).toPlainText()
    for words in (NORA.traits.birth_name, "TESTMED", LILAS.name, "Version", "Confidentialité"):
        assert words in header


@pytest.mark.usefixtures("nora")
def test_what_the_server_says_is_shown_and_not_copied(world, window, hands):
    """PRE_ERR: its code and its message with the details, a sentence of ours and what to do before them."""
    said = Fault("Sender", "DMPFunctionNotAllowed", "Fonction refusée pour TESTFAMILLE")
    world.dmp.failing = FunctionNotAllowed(said)
    hands.press("F5")
    assert window.notice.text
    details, told = hands.find("notice.details"), hands.find("notice.told")
    assert (details.isHidden(), told.isHidden()) == (True, True)
    hands.find("notice.more").click()
    assert "DMPFunctionNotAllowed" in details.text()
    assert said.text in told.text()
    hands.find("notice.copy").click()
    assert "TESTFAMILLE" not in QGuiApplication.clipboard().text()
    assert "DMPFunctionNotAllowed" in QGuiApplication.clipboard().text()
    world.dmp.failing = None
    hands.find("notice.act").click()  # and one can act on it
    hands.wait()
    assert window.notice.text == ""


@pytest.mark.usefixtures("nora")
def test_nothing_downloaded_is_left(world, window, hands, tmp_path, monkeypatch):
    """REC_3.2-1020: neither on disk nor on the clipboard, nor in memory once the patient or the card is gone."""
    import gc
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    QGuiApplication.clipboard().clear()
    hands.press("Return")
    viewer = window.pages.dossier.viewer
    assert viewer.shown_document is not None
    content = viewer.shown_document[1].content
    assert [path for path in tmp_path.rglob("*") if path.is_file() and b"Repos fictif" in path.read_bytes()] == []
    assert list((tmp_path / "temporary").iterdir()) == []
    hands.press("F2")
    hands.search(SOLO)
    assert (viewer.shown_document, viewer.pages.content, viewer.text) == (None, b"", "")
    hands.press("F2")
    hands.search(NORA)
    hands.press("Ctrl+I", "Return", "Ctrl+L")
    assert (viewer.shown_document, viewer.pages.content, viewer.text) == (None, b"", "")
    assert QGuiApplication.clipboard().text() == ""
    world.documents.clear()
    gc.collect()
    kept = [one for one in gc.get_referrers(content) if isinstance(one, dict | tuple | list) and one is not locals()]
    assert all("content" in one for one in kept if isinstance(one, dict))  # this test's own names alone


@pytest.mark.usefixtures("gp")
def test_who_works_is_named_on_every_page(window, hands):
    """EX_AIR-085: nobody consults in another's name without its being seen."""
    for keys in ("F1", "Ctrl+M", "F10", "Ctrl+F9"):
        hands.press(keys)
        assert "Jeanne TESTMED" in hands.find("session_bar.who").text()
        assert hands.find("session_bar.who").isVisible()
    assert window.page is Page.REVIEWS


@pytest.mark.parametrize(
    "code,act",
    [
        (Confidentiality.INVISIBLE_TO_PATIENT, DocumentAct.SHOW_TO_PATIENT),
        (Confidentiality.INVISIBLE_TO_REPRESENTATIVES, DocumentAct.SHOW_TO_REPRESENTATIVES),
    ],
)
@pytest.mark.usefixtures("nora")
def test_showing_to_somebody_takes_a_second_act(world, window, hands, code, act):
    """EX_3.3-1045: it cannot be undone, which is said before."""
    entry, content = world.documents[NORA.ins.matricule][0]
    hidden = replace(entry, confidentiality=(Confidentiality.NORMAL, code))
    world.documents[NORA.ins.matricule][0] = (hidden, content)
    hands.press("F5", "Ctrl+P")
    go(hands, act)
    said = " ".join(label.text() for label in hands.find("properties.confirmation").findChildren(QLabel))
    assert "Définitif" in said
    hands.press("Ctrl+Return")  # without the box
    assert world.documents[NORA.ins.matricule][0][0].has(code)
    hands.press("Space", "Ctrl+Return")
    assert not world.documents[NORA.ins.matricule][0][0].has(code)
