"""Text, list model, card table, patient's space, and the PySide6 canary."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from demonstration.people import CARDS, GP, NORA, SECRETARY
from praticien.documents.model import DocumentKind
from praticien.documents.prescription_products import load as products
from praticien.identity import Sex, StrictTraits
from praticien.metadata import Availability, Confidentiality
from tests.ui.fakes import sample
from ui.deposit.named_model import NamedModel
from ui.document_model import DocumentModel, Filter
from ui.document_words import state_words
from ui.text import InvalidDate, activity_text, age_text, count, date_text, parse_date, professional_name

TODAY = date(2026, 11, 22)


@given(st.dates(date(1851, 1, 1), TODAY), st.sampled_from(["%d%m%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %m %Y"]))
def test_every_date_typed_is_read_back(day, shape):
    compact = parse_date(day.strftime(shape), today=TODAY, field="x")
    assert compact == day.strftime("%Y%m%d")
    assert parse_date(date_text(compact), today=TODAY, field="x") == compact


@given(st.text(max_size=12))
def test_other_dates_are_refused_not_broken(typed):
    field = ""
    try:
        assert len(parse_date(typed, today=TODAY, field="x")) == 8
    except InvalidDate as error:
        field = error.field
    assert field in ("", "x")


def test_lunar_date_is_kept():
    assert parse_date("31021950", today=TODAY, field="x") == "19500231"


@pytest.mark.parametrize(
    "born,words",
    [
        ("19870312", "39 ans"),
        ("20251122", "12 mois"),
        ("20251123", "11 mois"),
        ("20261110", "12 jours"),
        ("20241122", "2 ans"),
    ],
)
def test_age(born, words):
    traits = StrictTraits("TEST", ("A",), born, Sex.FEMALE)
    assert age_text(traits, TODAY).replace("\u00a0", " ") == words


def test_names():
    assert professional_name(GP) == "Dr Jeanne TESTMED"
    assert activity_text(GP) == "médecine générale"
    assert professional_name(SECRETARY) == "Odile TESTSECRETAIRE"
    assert activity_text(SECRETARY) == "secrétariat médical"
    assert count(0, "envoi", "envois") == "0\u00a0envoi"
    assert count(2, "envoi", "envois") == "2\u00a0envois"


# -- list ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def entry():
    return sample(NORA, DocumentKind.IMAGING_REPORT, "Écho du cœur", "Normale")[0]


def test_states_have_words(entry):
    assert state_words(entry) == ()
    every = replace(
        entry,
        availability=Availability.DEPRECATED,
        confidentiality=(*entry.confidentiality, Confidentiality.MASKED, Confidentiality.INVISIBLE_TO_PATIENT),
        version="2",
    )
    assert state_words(every) == ("remplacé", "masqué aux professionnels", "invisible au patient", "version 2")
    mine = replace(entry, authors=(replace(entry.authors[0], person=replace(entry.authors[0].person, kind="INS")),))
    assert state_words(mine) == ("écrit par le patient",)


def test_search_ignores_accents_and_order(entry):
    model = DocumentModel()
    model.set_entries((entry,))
    for words, found in (("coeur echo", 1), ("TESTMED", 1), ("rein", 0), ("", 1)):
        model.narrow(words, Filter.ALL)
        assert model.rowCount() == found
    model.narrow("", Filter.PRESCRIPTIONS)
    assert model.rowCount() == 0


def test_model_says_everything_to_a_screen_reader(entry):
    model = DocumentModel()
    model.set_entries((replace(entry, confidentiality=(*entry.confidentiality, Confidentiality.MASKED)),))
    said = model.data(model.index(0, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert "Écho du cœur" in said
    assert "masqué aux professionnels" in said


def test_ten_thousand_documents_are_listed_and_searched(entry, qtbot):
    born = datetime(2000, 1, 1, tzinfo=UTC)
    many = tuple(
        replace(entry, unique_id=str(i), title=f"n{i}", service_start=born + timedelta(i)) for i in range(10_000)
    )
    model = DocumentModel()
    model.set_entries(many)
    model.narrow("n9999", Filter.ALL)
    assert model.rowCount() == 1
    assert model.row_of("9999") == 0


# -- demonstration ---------------------------------------------------------------------------------------------------


def test_card_table_inserts_withdraws_and_breaks(world, window, hands):
    hands.press("F12")
    table = window.card_table
    assert table.isVisible()
    pin = CARDS["cps-medecin"].pin
    assert any(pin in w.text() for w in table.card("cps-medecin").findChildren(type(hands.find("pin_panel.tries"))))
    table.card("cps-medecin").toggle_button.click()
    hands.wait()
    assert window.page.value == "pin_panel"
    assert table.card("cps-medecin").toggle_button.text() == "Retirer"
    table.card("cps-medecin").toggle_button.click()
    hands.wait()
    assert window.page.value == "welcome"
    table.cause("cps-medecin", "mute")
    hands.wait()


def test_card_table_prints_the_present_pin(world, window, hands, monkeypatch):
    hands.press("F12")
    table = window.card_table
    asked, face = table._backend, table._backend.face
    monkeypatch.setattr(asked, "face", lambda name: replace(face(name), pin="4321" if face(name).pin else ""))
    window.activateWindow()
    hands.wait()
    table.activateWindow()
    hands.wait()
    printed = [table.findChild(object, f"card.{name}.pin").text() for name in ("cps-medecin", "vitale-seule")]
    assert printed == ["Code porteur : 4321", ""]


def test_patients_space_is_shown_without_reaching_anything(world, window, hands):
    hands.press("Shift+F12")
    assert window.patient_view.isVisible()
    assert "Accès" in window.patient_view.text


def test_notice_of_the_demonstration_is_in_sight(window, hands):
    assert "fictifs" in hands.find("demonstration_notice").whole


# -- PySide6 ---------------------------------------------------------------------------------------------------------


class _Nothing(QAbstractTableModel):
    def rowCount(self, parent=QModelIndex()):  # noqa: B008
        return 1

    def columnCount(self, parent=QModelIndex()):  # noqa: B008
        return 1

    def data(self, index, role=0):
        return None


def test_returning_none_to_qt_costs_no_reference():
    """PySide6 6.12.0 under CPython 3.11 loses a reference to None at each such call, and ends the interpreter."""
    model = _Nothing()
    before = sys.getrefcount(None)
    for _ in range(3000):
        model.data(model.index(0, 0))
        QAbstractTableModel.headerData(model, 0, Qt.Orientation.Horizontal)
        model.itemData(model.index(0, 0))
    assert sys.getrefcount(None) > before - 300


@pytest.mark.parametrize(
    "typed, first",
    [
        ("amox 1", "Amoxicilline 1 g, comprimé dispersible"),
        ("1 amox", "Amoxicilline 1 g, comprimé dispersible"),
        ("ÉCHO", ""),
        ("", ""),
        ("paracet", "Paracétamol 500 mg, comprimé"),
        ("cetamol", "Paracétamol 500 mg, comprimé"),
        ("gri", "Modèle\u00a0: Grippe"),
        ("modele", "Modèle\u00a0: Grippe"),
    ],
)
def test_names_are_found_by_the_beginnings_of_their_words(typed, first):
    model = NamedModel(products())
    model.offer_templates(["Grippe"])
    assert next(iter(model.found_by(typed)), "") == first
