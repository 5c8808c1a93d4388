"""Coded entries on screen: by kind, in words, with the narrative beside them where the two disagree."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QPushButton

from demonstration.people import NORA, SOLO
from praticien.documents.cda_model import Timestamp
from praticien.documents.coded.facts import Conflict, Step
from praticien.documents.coded.lab_table import Aside
from praticien.documents.coded.model import Interval, Period, Quantity
from praticien.documents.coded.reading import read_facts
from praticien.documents.model import DocumentKind
from praticien.metadata import RetrievedDocument
from tests.praticien.documents.coded.pages import page, pq, report, result, table
from tests.ui.fakes import sample
from ui.messages.coded import ASIDE_WORDS, CONFLICT_WORDS
from ui.tasks import Tasks
from ui.viewer.facts_html import conflict_notice, dates_words, facts_page, step_words
from ui.viewer.panel import ViewerPanel
from ui.viewer.safe_browser import SafeBrowser

REVERSED = page(
    table(["Analyse", "Résultat"], ['<content ID="r1">Glycémie &lt;script&gt;</content>', "5,1 g/L"]),
    report(result(pq("1.5", "g/L"), flag="N")),
)


@pytest.fixture
def panel(qtbot):
    tasks = Tasks()
    made = ViewerPanel(tasks)
    qtbot.addWidget(made)
    made.show()
    yield made
    tasks.close()


def show(qtbot, panel, content, mime="text/xml"):
    entry, _content = sample(NORA, DocumentKind.LAB_RESULT, "Bilan", "essai")
    with qtbot.waitSignal(panel.shown, timeout=10_000):
        panel.show_document(entry, RetrievedDocument(entry.unique_id, mime, content))


def test_every_conflict_and_reason_has_words():
    assert set(CONFLICT_WORDS) == set(Conflict)
    assert set(ASIDE_WORDS) == set(Aside)


def test_a_disagreement_is_announced_and_one_press_away(qtbot, panel):
    show(qtbot, panel, REVERSED)
    assert "donnée codée ne dit pas la même chose" in panel.notice.text
    panel.notice._do()
    assert panel.findChild(SafeBrowser, "viewer.coded").isVisible()
    assert "la valeur codée n’est pas celle du texte" in panel.text
    assert "5,1 g/L" in panel.text


def test_a_sound_document_says_nothing(qtbot, panel):
    show(qtbot, panel, REVERSED.replace(b"5,1 g/L", b"1,5 g/L"))
    assert panel.notice.text == ""
    assert "1,5 g/L" in panel.text


def test_text_of_the_document_never_becomes_markup():
    assert "<script>" not in facts_page(read_facts(REVERSED))


def test_nothing_stays_once_cleared(qtbot, panel):
    show(qtbot, panel, REVERSED)
    panel.clear()
    assert panel.text == ""


def test_broken_document_as_raw_text_on_demand(qtbot, panel):
    show(qtbot, panel, b"<ClinicalDocument>cass\xc3\xa9 <b>")
    assert panel.text == ""
    panel.notice._do()
    assert panel.text == "<ClinicalDocument>cassé <b>"


def test_document_of_another_is_not_offered_as_raw_text(qtbot, panel):
    entry, content = sample(NORA, DocumentKind.LAB_RESULT, "Bilan", "essai")
    stranger = replace(entry, patient_id=SOLO.ins)
    with qtbot.waitSignal(panel.shown, timeout=10_000):
        panel.show_document(stranger, RetrievedDocument("1", "text/xml", content))
    assert panel.findChild(QPushButton, "viewer.notice.act").isHidden()


def test_rtf_is_shown_as_its_words(qtbot, panel):
    show(qtbot, panel, rb"{\rtf1 essai}", "text/rtf")
    assert panel.text == "essai"


DAY, LATER = Timestamp("20260302"), Timestamp("20260308")


@pytest.mark.parametrize(
    "period,words",
    [
        (Period(DAY, DAY), "02/03/2026"),
        (Period(DAY, LATER), "du 02/03/2026 au 08/03/2026"),
        (Period(DAY), "depuis le 02/03/2026"),
        (Period(None, LATER), "jusqu’au 08/03/2026"),
        (Period(DAY, width=Quantity(Decimal(6), "d")), "à partir du 02/03/2026 pendant 6\u00a0jour(s)"),
        (None, ""),
    ],
)
def test_dates(period, words):
    assert dates_words(period) == words


def test_step_of_a_posology():
    one = Quantity(Decimal(1), "{tablet}", "1")
    step = Step(Interval(one, one), (Period(event="CM"), Period(event="CV")))
    assert step_words(step) == "1 comprimé le matin, le soir"
    two = Quantity(Decimal(2), "{capsule}", "2")
    thrice = Period(every=Quantity(Decimal(8), "h"), institution_specified=True)
    assert step_words(Step(Interval(replace(two, value=Decimal(1), written="1"), two), (thrice,))) == (
        "1 à 2 gélules 3\u00a0fois par jour"
    )
    hours = Step(None, (Period(every=Quantity(Decimal(8), "h")),))
    assert step_words(hours) == "toutes les 8\u00a0h"


def test_no_notice_without_conflict():
    assert conflict_notice(read_facts(page(""))) == ""


@pytest.mark.parametrize(
    "low, high, said",
    [
        ("20120312", "", "depuis le 12/03/2012"),
        ("2012", "", "depuis 2012"),
        ("2012", "2015", "de 2012 à 2015"),
        ("", "2015", "jusqu’en 2015"),
        ("20120312", "20120318", "du 12/03/2012 au 18/03/2012"),
    ],
)
def test_dates_without_a_day_have_no_article(low, high, said):
    ends = [Timestamp(raw) if raw else None for raw in (low, high)]
    assert dates_words(Period(*ends)) == said
