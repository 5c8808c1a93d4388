"""Quick entry of a posology: what is understood, what stays free text, and the reading that is shown."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.documents.prescription import (
    COUNT,
    Dose,
    Duration,
    DurationUnit,
    Moment,
    Posology,
    Prescription,
    PrescriptionLine,
    Take,
)
from praticien.documents.prescription_check import PrescriptionProblem, check_prescription
from praticien.documents.prescription_posology import UNITS, parse, parse_quantity, words
from tests.praticien.documents.prescriptions import prescriptions, structured, tapered
from tests.praticien.forms import NOW

TABLET, CAPSULE = list(UNITS)[:2]
PUFF = next(unit for unit in UNITS if unit.code == "{puff}")
GRAM = next(unit for unit in UNITS if unit.code == "g")


@pytest.mark.parametrize(
    "typed, read",
    [
        ("1 matin 1 soir 5 j", "1 comprimé le matin, 1 comprimé le soir, pendant 5 jours"),
        ("1-0-1 7j", "1 comprimé le matin, 1 comprimé le soir, pendant 7 jours"),
        ("1-1-1-2", "1 comprimé le matin, 1 comprimé à midi, 1 comprimé le soir, 2 comprimés au coucher"),
        ("2 cp matin, midi et soir", "2 comprimés le matin, 2 comprimés à midi, 2 comprimés le soir"),
        ("1 soir 2 matin", "2 comprimés le matin, 1 comprimé le soir"),
        ("½ matin", "0,5 comprimé le matin"),
        ("1/2 cp matin 1 soir 1 mois", "0,5 comprimé le matin, 1 comprimé le soir, pendant 1 mois"),
        (
            "1 à 2 cp 3/j si douleur max 6/j",
            "1 à 2 comprimés 3 fois par jour, si douleur, au plus 6 comprimés par jour",
        ),
        ("1 CP X 3/J 8J", "1 comprimé 3 fois par jour, pendant 8 jours"),
        ("2 bouffées toutes les 6 h", "2 bouffées toutes les 6 heures"),
        ("1 cp/j", "1 comprimé 1 fois par jour"),
        ("10 gouttes 3 fois par jour pendant 2 semaines", "10 gouttes 3 fois par jour, pendant 2 semaines"),
        ("1 gél le soir si besoin, 10 j", "1 gélule le soir, si besoin, pendant 10 jours"),
        ("1,5 ml 2x/j", "1,5 mL 2 fois par jour"),
        (
            "2 cp 3 j puis 1 cp 4 j",
            "2 comprimés 1 fois par jour, pendant 3 jours, puis 1 comprimé 1 fois par jour, pendant 4 jours",
        ),
        (
            "3 cp/j 5 j, puis 2 matin 5 j puis 1-0-1",
            "3 comprimés 1 fois par jour, pendant 5 jours, puis 2 comprimés le matin, pendant 5 jours, "
            "puis 1 comprimé le matin, 1 comprimé le soir",
        ),
    ],
)
def test_what_is_understood(typed, read):
    posology = parse(typed, TABLET)
    assert posology.is_structured
    assert words(posology) == read


@pytest.mark.parametrize(
    "typed",
    [
        "selon schéma remis",
        "3 cp par jour",  # at once or not?
        "1 g par jour",
        "1 cp 3 fois par jour si douleur 5 j",  # five days of pain, or of treatment?
        "1 cp 3 fois par jour, si fièvre depuis 3 jours",
        "1 cp le soir au coucher",  # one or two?
        "1 cp matin 1 cp matin",
        "1 cp matin puis arrêt",
        "2 à 1 cp matin",
        "0 cp matin",
        "1 1/2 matin",
        "1 cp 0 fois par jour",
        "1 cp 99 fois par jour",
        "1 g toutes les 6 h max 4 cp/j",  # a maximum in another unit
        "1",
        "2 cp 3 j puis arrêt",
        "2 cp puis 1 cp 4 j",  # the first for how long?
        "2 cp 3 j puis 1 cp 4 j si douleur",
        "2 cp 3 j",  # at once or not? Only a taper makes it plain
        "matin",
        "5 j",
    ],
)
def test_what_is_not_understood_whole_stays_free_text(typed):
    posology = parse(typed, TABLET)
    assert not posology.is_structured
    assert posology.text == typed
    assert words(posology) == typed


def test_values_of_the_structure():
    posology = parse("1 à 2 cp matin ½ soir, si besoin, max 4/j, 3 sem")
    tablets = Dose(Decimal(1), Decimal(2), TABLET)
    half = Dose(Decimal("0.5"), Decimal("0.5"), TABLET)
    assert posology == Posology(
        takes=(Take(Moment.MORNING, tablets), Take(Moment.EVENING, half)),
        condition="besoin",
        max_per_day=Decimal(4),
        duration=Duration(3, DurationUnit.WEEK),
    )
    assert parse("1 matin").doses[0].unit is COUNT
    assert parse("1 matin", PUFF).doses[0].unit is PUFF
    assert parse("1 g matin", PUFF).doses[0].unit is GRAM


def test_free_text_knows_a_duration_that_ends_it():
    assert parse("selon schéma remis 10 j") == Posology(text="selon schéma remis 10 j", duration=Duration(10))
    assert parse("si douleur 10 j").duration is None


@given(structured() | tapered())
def test_the_reading_is_read_back_as_the_same(posology):
    assert parse(words(posology)) == posology


@given(st.text(max_size=60) | st.text("01235,½ -/jxàmatinsoirmidcpgéulesfospr\t", max_size=40))
def test_anything_typed_is_structured_or_kept_word_for_word(typed):
    posology = parse(typed)
    plain = re.sub(r"\s+", " ", typed).strip()
    assert posology.is_structured or posology.text == plain
    assert not (posology.is_structured and posology.text)
    if posology.is_structured:
        assert parse(words(posology)) == posology


def test_a_taper_ends_when_its_last_stage_does():
    first = date(2026, 11, 20)
    assert parse("2 cp 3 j puis 1 cp 4 j").last_day(first) == date(2026, 11, 26)
    assert parse("2 cp 1 mois puis 1 cp 1 sem").last_day(first) == date(2026, 12, 26)
    assert parse("2 cp 3 j puis 1 cp matin").last_day(first) is None


@pytest.mark.parametrize(
    "stages",
    [
        (parse("1 matin 3 j"),),
        (parse("1 matin"), parse("1 soir")),
        (parse("1 matin 3 j"), Posology(text="selon douleur")),
        (parse("1 matin 3 j"), parse("1 soir si besoin")),
        (parse("1 matin 3 j"),) * 13,
    ],
)
def test_stages_that_make_no_taper_are_refused(stages):
    line = PrescriptionLine("Test", Posology(stages=stages))
    with pytest.raises(PrescriptionProblem):
        check_prescription(Prescription((line,), NOW.date()), NOW.date())


@given(prescriptions)
def test_generated_prescriptions_are_sound(prescription):
    check_prescription(prescription, NOW.date())


@given(st.text(max_size=40))
def test_what_the_parser_structures_the_check_accepts(typed):
    posology = parse(typed)
    if posology.is_structured:
        try:
            check_prescription(Prescription((PrescriptionLine("Test", posology),), NOW.date()), NOW.date())
        except PrescriptionProblem as error:
            assert "range" in error.detail  # noqa: PT017


@pytest.mark.parametrize(
    "typed, expected",
    [
        ("2", (2, None)),
        ("1 boîte 30 j", (1, Duration(30))),
        ("1 pendant 3 mois", (1, Duration(3, DurationUnit.MONTH))),
        ("2 paires", (2, None)),
        ("6 mois", (1, Duration(6, DurationUnit.MONTH))),
        ("0", None),
        ("beaucoup", None),
        ("", None),
    ],
)
def test_quantity_of_a_device(typed, expected):
    assert parse_quantity(typed) == expected


@pytest.mark.parametrize(
    "duration, last",
    [
        (Duration(1), date(2027, 1, 31)),
        (Duration(5), date(2027, 2, 4)),
        (Duration(2, DurationUnit.WEEK), date(2027, 2, 13)),
        (Duration(1, DurationUnit.MONTH), date(2027, 2, 27)),
        (Duration(12, DurationUnit.MONTH), date(2028, 1, 30)),
    ],
)
def test_last_day_of_a_treatment(duration, last):
    assert duration.last_day(date(2027, 1, 31)) == last
