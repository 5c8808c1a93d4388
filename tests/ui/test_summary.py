"""A GP's medical synthesis by the keyboard, from what was read and from a former one; any other document."""

from datetime import date

import pytest

from demonstration.people import NORA, SOLO
from praticien.comparisons import Comparisons
from praticien.deposited import Deposited
from praticien.document_acts import DocumentAct
from praticien.documents.cda_reader import read
from praticien.documents.coded.reading import read_facts
from praticien.documents.model import DocumentKind
from praticien.documents.prescription import Prescription, PrescriptionLine
from praticien.documents.prescription_posology import parse
from praticien.documents.summary import Condition, MedicalSummary
from tests.praticien.forms import GP
from tests.ui.fakes import sample
from ui.pages import Page


def open_form(world, window, hands, key):
    hands.insert(world.desk, "vitale-seule")
    hands.press("Return", "Ctrl+I", key)
    assert window.page is Page.DEPOSIT
    return window.pages.deposit


@pytest.fixture
def synthesis(world, window, hands, gp):
    return open_form(world, window, hands, "Shift+F8")


@pytest.fixture
def other(world, window, hands, gp):
    return open_form(world, window, hands, "Shift+F6")


def deposited(world):
    entry, content, *_ = world.documents[SOLO.ins.matricule][0]
    return entry, content


def test_a_synthesis_is_typed_by_the_keyboard_alone(world, window, hands, synthesis):
    assert hands.focus() == "deposit.summary.problems"
    hands.type("2012 hta")
    hands.press("Return")
    hands.type("asthme depuis 2004")
    hands.press("Tab")
    hands.type("2018 amoxicilline : urticaire")
    hands.press("Tab", "Tab")
    hands.type("2012 Amlodipine 5 mg : 1 matin (HTA)")
    hands.press("Ctrl+Return")
    assert window.page is not Page.DEPOSIT
    entry, content = deposited(world)
    assert entry.type_code.code == "SYNTH"
    facts = read_facts(content)
    assert [problem.code.code for problem in facts.problems] == ["I10", "J45.9"]
    assert [allergy.agent.text for allergy in facts.allergies] == ["amoxicilline"]
    assert [drug.product.text for drug in facts.treatments] == ["Amlodipine 5 mg"]


def test_what_is_understood_is_said_beneath(hands, synthesis):
    hands.type("2012 hta")
    shown = hands.find("deposit.summary.problems.field").findChildren(type(synthesis.parts.heading))
    assert any("2012 · Hypertension artérielle · I10" in one.text() for one in shown)


def test_allergies_must_be_said_next_to_them(world, hands, synthesis):
    hands.type("hta")
    hands.press("Ctrl+Return")
    assert "allergies" in synthesis.field_error("summary.allergies")
    assert hands.focus() == "deposit.summary.allergies"
    assert world.outbox.deliveries() == ()
    hands.find("deposit.summary.no_known_allergy").setChecked(True)
    assert synthesis.field_error("summary.allergies") == ""
    hands.press("Ctrl+Return")
    assert read_facts(deposited(world)[1]).allergies[0].is_absence


def test_a_wrong_date_is_said_with_its_line(hands, synthesis):
    hands.type("2012 hta")
    hands.press("Return")
    hands.type("30/02/2019 zona")
    hands.find("deposit.summary.no_known_allergy").setChecked(True)
    hands.press("Ctrl+Return")
    assert "30/02/2019 zona" in synthesis.field_error("summary.problems")


def test_an_empty_synthesis_is_refused(hands, synthesis):
    hands.press("Ctrl+Return")
    assert "ne dit rien" in synthesis.field_error("summary.problems")


def test_a_draft_is_found_again(hands, window, synthesis):
    hands.type("2012 hta")
    hands.press("Esc", "Shift+F8")
    assert window.pages.deposit.draft().summary.texts == {"problems": "2012 hta"}


def read_lines(*lines):
    """Nora's dossier with a prescription of these lines, opened."""
    body = Prescription(lines, date(2027, 2, 20))
    return sample(NORA, DocumentKind.PRESCRIPTION, "Ordonnance lue", "", body=body)


def read_first(hands):
    hands.press("F2")
    hands.search(NORA)
    hands.press("Ctrl+I", "Home", "Return")


SURE = PrescriptionLine("TESTAMINE 500 mg comprimé", parse("1 cp 3/j 3 mois"))


def test_what_was_read_is_proposed_with_its_source_and_taken_by_a_key(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [read_lines(SURE)]
    read_first(hands)
    hands.press("Shift+F8")
    found = hands.find("deposit.summary.found")
    assert found.count() == 1
    assert "TESTAMINE 500 mg" in found.item(0).text()
    assert "Ordonnance lue" in found.item(0).text()
    assert hands.focus() == "deposit.summary.found"
    hands.press("Return")
    assert window.page is Page.DEPOSIT
    assert (
        "TESTAMINE 500 mg comprimé : 1 comprimé 3 fois par jour"
        in window.pages.deposit.draft().summary.texts["treatments"]
    )
    assert found.count() == 0
    assert hands.focus() == "deposit.summary.problems"


def test_what_contradicts_itself_is_marked_and_never_taken_with_the_rest(world, window, hands, gp):
    entry, content = read_lines(SURE)
    world.documents[NORA.ins.matricule] = [
        (entry, content.replace(b'value="1" unit="{tablet}"', b'value="2" unit="{tablet}"'))
    ]
    read_first(hands)
    hands.press("Shift+F8")
    found = hands.find("deposit.summary.found")
    assert "se contredisent" in found.item(0).text()
    hands.press("Ctrl+Shift+T")
    assert found.count() == 1
    assert window.pages.deposit.draft().summary.texts == {}


def test_nothing_read_of_one_patient_is_proposed_for_another(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [read_lines(SURE)]
    read_first(hands)
    hands.press("F2")
    hands.search(SOLO)
    hands.press("Ctrl+I", "Shift+F8")
    assert hands.find("deposit.summary.found").count() == 0
    hands.press("Ctrl+L")
    assert window.conductor._depositing.read.of(NORA.ins) == ()


def test_a_new_version_goes_on_from_the_former_and_must_say_something_else(world, window, hands, gp):
    body = MedicalSummary(
        problems=(Condition("Asthme", since="2004"),), no_known_allergy=True, vigilance=("Vit seule",)
    )
    entry, content = sample(
        NORA, DocumentKind.SUMMARY, "Synthèse médicale", "", body=body, author=GP, legal_authenticator=GP
    )
    world.documents[NORA.ins.matricule] = [(entry, content)]
    read_first(hands)
    window.conductor.stewardship._change(DocumentAct.REPLACE, entry)
    hands.wait()
    assert window.page is Page.DEPOSIT
    held = window.pages.deposit.draft().summary
    assert held.texts == {"problems": "2004 Asthme", "vigilance": "Vit seule"}
    assert held.no_known_allergy
    hands.press("Ctrl+Return")
    assert "dit la même chose" in window.pages.deposit.notice.text
    hands.find("deposit.summary.treatments").setFocus()
    hands.type("Salbutamol : 2 bouffées si besoin")
    hands.press("Ctrl+Return")
    header = read(world.documents[NORA.ins.matricule][0][1]).header
    assert header.version == 2
    assert [one.relation for one in header.related] == ["RPLC"]


# -- any other document ----------------------------------------------------------------------------------------------


def test_another_document_is_chosen_by_a_few_letters(world, window, hands, other):
    assert hands.focus() == "deposit.type"
    hands.type("cr op")
    hands.press("Return")
    assert hands.find("deposit.type").text() == "CR opératoire"
    assert hands.find("deposit.title").text() == "CR opératoire"
    assert hands.focus() == "deposit.text"
    hands.type("Cholécystectomie sans incident.")
    hands.press("Ctrl+Return")
    entry, content = deposited(world)
    assert (entry.type_code.code, entry.class_code.code) == ("34874-8", "10")
    assert read(content).header.type_code.code == "34874-8"
    assert world.outbox.deliveries()[0].summary.kind is DocumentKind.OTHER


def test_the_type_must_be_chosen(world, hands, other):
    hands.find("deposit.text").setFocus()
    hands.type("Texte")
    hands.press("Ctrl+Return")
    assert "type" in other.field_error("type")
    assert hands.focus() == "deposit.type"
    hands.type("zzz")
    hands.press("Return")
    assert "type" in other.field_error("type")
    assert world.outbox.deliveries() == ()


def test_a_text_file_travels_as_it_is(world, tmp_path, hands, other):
    path = tmp_path / "note.txt"
    path.write_text("Vu ce jour, va bien.", "utf-8")
    world.chosen["pdf"] = path
    hands.type("consultation")
    hands.press("Return", "Ctrl+O", "Ctrl+Return")
    entry, content = deposited(world)
    assert entry.format_code.code == "urn:ihe:iti:xds-sd:text:2008"
    assert read(content).body.text == "Vu ce jour, va bien."


def test_a_file_that_is_none_is_said(world, tmp_path, hands, other):
    path = tmp_path / "note.docx"
    path.write_bytes(b"PK\x03\x04")
    world.chosen["pdf"] = path
    hands.press("Ctrl+O")
    assert "ni un PDF" in other.field_error("pdf")


# -- nothing twice ---------------------------------------------------------------------------------------------------


def test_the_same_twice_is_refused_with_what_it_equals(world, window, tmp_path, hands, other):
    window.outgoing._deposited = Deposited(tmp_path / "deposited.json", b"k" * 32)
    for _time in range(2):
        hands.type("consultation")
        hands.press("Return")
        hands.type("Vu ce jour, va bien.")
        hands.press("Ctrl+Return")
        if window.page is not Page.DEPOSIT:
            hands.press("Shift+F6")
    assert window.page is Page.DEPOSIT
    assert "CR ou fiche de consultation" in window.pages.deposit.notice.text
    assert "déjà déposé" in window.pages.deposit.notice.text
    assert len(world.outbox.deliveries()) == 1


# -- a text that seems to name somebody else -------------------------------------------------------------------------


def test_going_on_with_a_doubtful_text_is_traced_and_exported(world, window, tmp_path, hands, other):
    register = Comparisons(tmp_path / "comparisons.jsonl", b"k" * 32)
    window.outgoing._comparisons = window._comparing._register = register
    window._comparing._choose = lambda: tmp_path / "registre.csv"
    hands.type("consultation")
    hands.press("Return")
    hands.type("Patient : M. TESTAUTRE Jean")
    hands.press("Ctrl+Return")
    assert window.page is Page.DEPOSIT
    assert "nom de naissance" in other.field_error("text")
    hands.find("deposit.text_compared").setChecked(True)
    hands.press("Ctrl+Return")
    assert window.page is not Page.DEPOSIT
    hands.press("F10", "E")
    exported = (tmp_path / "registre.csv").read_text("utf-8-sig")
    assert exported.count("birth_name") == 1
    assert "TESTAUTRE" not in exported
    assert "sans nom de patient" in window.notice.text
