"""Biology over time, by the keyboard: read by an act, shown in one unit, nothing kept for anybody else."""

from dataclasses import replace

import pytest

from demonstration.people import NORA, SOLO
from praticien.documents import cda_reader
from praticien.documents.coded.lab_table import Report, lab_table
from praticien.documents.coded.reading import read_facts
from praticien.documents.model import DocumentKind
from tests.praticien.documents.coded.pages import page, pq, report, result, table
from tests.ui.fakes import sample
from ui.labs.curve import decimated
from ui.labs.model import point_words
from ui.labs.reading import lab_reports
from ui.pages import Page


def lab(seed, day, value, *, written, number, **changes):
    """A CR-BIO of one value in this patient's dossier; ``value`` with its unit."""
    value, _, unit = value.partition(" ")
    entry, _content = sample(seed, DocumentKind.LAB_RESULT, f"Bilan {number}", "x")
    narrative = table(["Analyse", "Résultat"], ['<content ID="r1">Glycémie</content>', written])
    bounds = '<value xsi:type="IVL_PQ"><low value="0.70" unit="g/L"/><high value="1.10" unit="g/L"/></value>'
    observation = result(pq(value, unit), when=day, bounds=bounds if unit == "g/L" else "")
    content = page(narrative, report(observation), header=f'<setId root="2.25.7{number}"/>')
    return replace(entry, unique_id=f"2.25.9{number}", **changes), content


@pytest.fixture
def dossier(world):
    world.documents[NORA.ins.matricule] = [
        lab(NORA, "20260301", "1.32 g/L", written="1,32 g/L", number=1),
        lab(NORA, "20250301", "95 mg/dL", written="95 mg/dL", number=2),
        lab(NORA, "20240301", "5.1 g/L", written="1,5 g/L", number=3),
        sample(NORA, DocumentKind.IMAGING_REPORT, "Radio", "x"),
    ]


def opened(hands, seed):
    hands.press("F2")
    hands.search(seed)
    hands.press("Ctrl+I")


def test_values_in_one_unit_doubtful_ones_aside(world, window, hands, gp, dossier):
    opened(hands, NORA)
    before = len(world.dmp.calls)
    hands.press("Ctrl+B")
    assert window.page is Page.LABS
    shown = window.pages.labs.text
    assert "0,95" in shown
    assert "1,32 haut" in shown
    assert "le texte et le code ne disent pas la même chose" in shown
    assert "3\u00a0comptes rendus lus" in window.pages.labs.state
    assert hands.focus() == "labs.table"
    assert len(world.dmp.calls) == before + 3  # one consultation a report, the imaging report is not asked for

    hands.press("F5")
    assert len(world.dmp.calls) == before + 3  # what was read is not asked for again
    hands.press("Esc")
    assert window.page is Page.DOSSIER


def test_nothing_stays_for_another_patient(world, window, hands, gp, dossier):
    opened(hands, NORA)
    hands.press("Ctrl+B", "Esc")
    opened(hands, SOLO)
    assert "0,95" not in window.pages.labs.text
    assert window.pages.labs.state == ""


def test_locked_session_leaves_nothing(world, window, hands, gp, dossier):
    opened(hands, NORA)
    hands.press("Ctrl+B")
    hands.withdraw(world.desk, "cps-medecin")
    assert window.page is Page.WELCOME
    assert window.pages.labs.text == ""


def test_no_report(world, window, hands, gp):
    world.documents[NORA.ins.matricule] = [sample(NORA, DocumentKind.IMAGING_REPORT, "Radio", "x")]
    opened(hands, NORA)
    hands.press("Ctrl+B")
    assert "aucun compte rendu de biologie" in window.pages.labs.state


def test_failure_is_said_where_one_looks(world, window, hands, gp, dossier):
    opened(hands, NORA)
    world.dmp.failing = OSError("x")
    hands.press("Ctrl+B")
    assert window.pages.labs.notice.text.startswith("Le logiciel a rencontré")
    world.dmp.failing = None
    hands.press("F5")
    assert "0,95" in window.pages.labs.text
    assert window.pages.labs.notice.text == ""


def test_key_does_nothing_without_a_list(window, hands, gp):
    hands.press("Ctrl+B")
    assert window.page is Page.PATIENT


def test_report_of_another_patient_is_not_counted(world, window, hands, gp, dossier):
    entry, _own = lab(NORA, "20260401", "1.0 g/L", written="1,0 g/L", number=4)
    _other, content = sample(SOLO, DocumentKind.LAB_RESULT, "Bilan", "x")
    world.documents[NORA.ins.matricule] = [(entry, content)]
    opened(hands, NORA)
    hands.press("Ctrl+B")
    assert "1\u00a0compte rendu illisible" in window.pages.labs.state


def test_curve_draws_a_long_series():
    assert len(decimated(tuple(range(1000)))) <= 401
    assert decimated(tuple(range(1000)))[-1] == 999


def test_only_laboratory_reports_are_asked_for(world, dossier):
    entries = tuple(entry for entry, _content in world.documents[NORA.ins.matricule])
    assert len(lab_reports(entries)) == 3


def test_flag_words_follow_the_range_when_the_laboratory_says_nothing(world):
    _entry, content = lab(NORA, "20260301", "0.50 g/L", written="0,50 g/L", number=1)
    found = lab_table([Report(cda_reader.read(content).header, read_facts(content).results)])
    assert point_words(found.series[0].points[0]) == "0,50 bas"
