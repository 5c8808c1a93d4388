"""The imaging report in the form: filled from PDF and images, by the keyboard, refused next to its fields, kept."""

import pytest
from PySide6.QtCore import QMimeData

from demonstration.people import SCANNED, SOLO
from demonstration.study import write_report, write_study
from praticien.documents.cda_model import StructuredBody
from praticien.documents.cda_reader import read
from praticien.documents.dicom import _headers, _opener, read_study
from praticien.documents.received import ReceivedStudies, Reception
from tests.ui.test_prescription import close_completion
from ui.pages import Page

URL = "https://drim.test.invalid/wado-rs"


@pytest.fixture
def reception(request, tmp_path):
    """A store of examinations received, or with a parameter the code why there is none."""
    if hasattr(request, "param"):
        yield Reception(problem=request.param)
        return
    store = ReceivedStudies(tmp_path / "received", bytes(32))
    yield Reception(store, URL)
    store.close()


@pytest.fixture
def given(world, reception):
    return world.dependencies(reception=reception)


@pytest.fixture
def files(world, tmp_path):
    world.chosen["folder"] = write_study(tmp_path / "study", SCANNED)
    world.chosen["pdf"] = write_report(tmp_path / "cr.pdf", SCANNED)


@pytest.fixture
def form(window, hands, secretary, files):
    hands.press("F2")
    hands.search(SCANNED)
    hands.press("Ctrl+I", "F8")
    hands.find("deposit.author").setCurrentIndex(1)
    return window.pages.deposit


def sent(world):
    return world.documents[SCANNED.ins.matricule]


def text_of(hands, name):
    editor = hands.find(f"deposit.{name}")
    return editor.toPlainText() if hasattr(editor, "toPlainText") else editor.text()


def test_pdf_and_images_fill_the_report_which_goes_with_its_manifest(world, window, hands, form):
    hands.press("Ctrl+O", "Ctrl+Shift+D")
    assert text_of(hands, "indication") == "gonalgie mécanique."
    assert text_of(hands, "conclusion") == "méniscopathie dégénérative médiale."
    assert text_of(hands, "acts.0.name") == "IRM du genou"
    assert hands.find("deposit.acts.0.side").currentText() == "côté gauche"
    assert text_of(hands, "requester") == "Jeanne TESTMED"
    hands.press("Ctrl+Return")
    assert window.page is Page.WORK_LIST
    by_type = {entry.type_code.code: (entry, content) for entry, content in sent(world)}
    assert set(by_type) == {"18748-4", "IMG-KOS"}
    entry, content = by_type["18748-4"]
    assert entry.format_code.code == "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013"
    body = read(content).body
    assert isinstance(body, StructuredBody)
    assert "Conclusion" in [section.title for section in body.sections]


def test_without_the_tick_no_manifest_goes(world, hands, form):
    hands.press("Ctrl+O", "Ctrl+Shift+D")
    hands.find("deposit.manifest").setChecked(False)
    hands.press("Ctrl+Return")
    assert [entry.type_code.code for entry, _ in sent(world)] == ["18748-4"]


def test_the_pdf_alone_stays_level_1(world, hands, form):
    hands.press("Ctrl+O")
    hands.find("deposit.pdf_only").setChecked(True)
    hands.press("Ctrl+Return")
    assert sent(world)[0][0].format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"


def test_typed_by_the_keyboard_alone(world, window, hands, form):
    hands.find("deposit.acts.0.name").setFocus()
    hands.type("Scanner thoracique")
    close_completion(hands)
    hands.press("Return")
    assert hands.focus() == "deposit.indication"
    assert hands.find("deposit.acts.0.location").currentText() == "thorax"
    hands.find("deposit.conclusion").setFocus()
    hands.type("Normal.")
    hands.find("deposit.dose").setFocus()
    hands.type("PDL 540,2 ; IDSV 13,6")
    hands.press("Ctrl+Return")
    assert b'value="540.2" unit="mGy.cm"' in sent(world)[0][1]


@pytest.mark.parametrize(
    "name, typed, place, words",
    [
        ("conclusion", "", "conclusion.error", "pas de conclusion"),
        ("acts.0.name", "", "acts.error", "Aucun acte"),
        ("acts.0.name", "Radio du pouce droit", "acts.0.error", "pas dans la liste"),
        ("acts.0.ccam", "ZZ1", "acts.0.error", "CCAM"),
        ("dose", "beaucoup", "dose.error", "ne se lit pas"),
        ("technique", "測", "technique.error", "caractère"),
    ],
)
@pytest.mark.usefixtures("form")
def test_a_refusal_sits_next_to_its_field_and_nothing_is_built(request, name, typed, place, words):
    world, window, hands = (request.getfixturevalue(each) for each in ("world", "window", "hands"))
    hands.press("Ctrl+Shift+D")
    hands.find("deposit.conclusion").setPlainText("Normal.")
    editor = hands.find(f"deposit.{name}")
    (editor.setPlainText if hasattr(editor, "setPlainText") else editor.setText)(typed)
    hands.press("Ctrl+Return")
    assert words in hands.find(f"deposit.{place}").text()
    assert window.page is Page.DEPOSIT
    assert world.outbox.deliveries() == ()
    assert hands.focus().startswith("deposit.")


def test_a_whole_dictation_pasted_or_typed_is_spread(window, hands, form):
    source = QMimeData()
    source.setText("Indication : chute\nRésultat : fracture\nConclusion : fracture du col")
    hands.find("deposit.technique").insertFromMimeData(source)
    assert (text_of(hands, "indication"), text_of(hands, "conclusion")) == ("chute", "fracture du col")
    assert text_of(hands, "technique") == ""
    hands.find("deposit.findings").setPlainText("Technique : T1\nConclusion : bis")
    hands.press("Ctrl+Shift+R")
    assert (text_of(hands, "technique"), text_of(hands, "findings")) == ("T1", "")
    assert text_of(hands, "conclusion") == "fracture du col\nbis"


def test_several_acts_are_kept_in_a_draft(window, hands, form):
    hands.find("deposit.acts.0.name").setText("IRM du genou")
    hands.press("Ctrl+Shift+A")
    assert hands.focus() == "deposit.acts.1.name"
    hands.type("IRM de la cheville")
    close_completion(hands)
    hands.press("Esc")
    assert window.page is Page.WORK_LIST
    hands.press("F8")
    assert [act.name for act in form.draft().imaging.acts] == ["IRM du genou", "IRM de la cheville"]


# -- received ------------------------------------------------------------------------------------------------------


def receive(reception, folder, seed):
    write_study(folder, seed)
    for header in _headers(_opener(file) for file in sorted(folder.iterdir())):
        reception.store.keep(header)
    return read_study(folder)


def test_examinations_received_are_matched_and_chosen(hands, form, reception, tmp_path):
    receive(reception, tmp_path / "a", SOLO)
    mine = receive(reception, tmp_path / "b", SCANNED)
    hands.press("Ctrl+Shift+E")
    rows = form.study_panel.received.rows
    assert "concorde avec le patient choisi" in rows[0]
    assert "autre personne" in rows[1]
    assert hands.focus() == "deposit.received.list"
    hands.press("Return")
    assert form.draft().study.study_uid == mine.study_uid
    assert "concordent" in form.study_panel.verdict
    assert text_of(hands, "acts.0.name") == "IRM du genou"


def test_one_is_taken_away_when_asked_twice(window, hands, form, reception, tmp_path):
    receive(reception, tmp_path / "a", SCANNED)
    hands.press("Ctrl+Shift+E", "Del")
    assert len(reception.store.studies()) == 1
    hands.press("Del")
    assert reception.store.studies() == ()
    assert "Aucun examen reçu" in form.study_panel.received.state


@pytest.mark.usefixtures("secretary")
def test_the_secretarys_page_lists_them_and_opens_a_report(window, hands, reception, tmp_path):
    mine = receive(reception, tmp_path / "b", SCANNED)
    hands.press("F10", "F8", "Esc")
    hands.wait()
    panel = window.pages.work_list.received
    assert "TESTIMAGE" in panel.rows[0] or SCANNED.traits.birth_name in panel.rows[0]
    hands.find("work_list.received.list").setFocus()
    hands.press("Down", "Return")
    assert window.page is Page.DEPOSIT
    assert window.pages.deposit.draft().study.study_uid == mine.study_uid


def test_a_locked_window_forgets_their_names(window, hands, secretary, reception, tmp_path):
    receive(reception, tmp_path / "b", SCANNED)
    hands.press("F8", "Esc")
    hands.wait()
    hands.press("Ctrl+L")
    assert window.pages.work_list.received.rows == ()


@pytest.mark.parametrize("reception", ["dicom.port"], indirect=True)
def test_a_receiver_that_could_not_start_is_said(window, hands, secretary):
    hands.press("F8", "Esc")
    assert "ne peut pas démarrer" in window.pages.work_list.received.state
    hands.press("F8", "Ctrl+Shift+E")
    assert window.page is Page.DEPOSIT
