"""Professionals, Vitale readings, metadata, errors: the small value types."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from demonstration import people
from praticien.errors import EnvironmentProblem, InvalidInput, PraticienError, Refused
from praticien.metadata import Confidentiality
from praticien.practice import error_code
from praticien.professional import Professional
from praticien.vitale import MAX_READING_AGE, BeneficiaryQuality, VitaleHolder, VitaleReading
from tests.praticien import forms

READ_AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
FAMILY = people.VITALES["vitale-famille"].beneficiaries


def reading(**changes):
    holder = VitaleHolder("1", "TEST", "A", "19000101")
    return replace(VitaleReading("99000002", READ_AT, holder, FAMILY), **changes)


@pytest.mark.parametrize(
    "age,fresh",
    [
        (timedelta(0), True),
        (timedelta(minutes=19, seconds=59), True),
        (MAX_READING_AGE, True),
        (timedelta(minutes=20, seconds=1), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_a_reading_serves_twenty_minutes(age, fresh):
    assert reading().is_fresh(READ_AT + age) is fresh


def test_own_nir():
    insured, spouse, child, _ = FAMILY
    assert insured.own_nir == people.NORA.ins.matricule
    assert replace(insured, certified_nir="").own_nir == insured.nir
    assert spouse.own_nir == people.YANN.ins.matricule
    assert replace(child, certified_nir="").own_nir == ""


def test_the_insured_is_the_only_one_whose_nir_is_the_cards():
    for quality in BeneficiaryQuality:
        person = replace(FAMILY[0], quality=quality, certified_nir="")
        assert bool(person.own_nir) is (quality is BeneficiaryQuality.INSURED)


def test_nothing_of_a_reading_shows():
    shown = f"{reading()!r} {FAMILY[0]!r} {reading().holder!r}"
    assert people.NORA.ins.matricule not in shown
    assert "TESTFAMILLE" not in shown


@pytest.mark.parametrize(
    "who,code",
    [
        (people.GP, "G15_10/SM54"),
        (Professional("1", "A", "B", profession="60"), "G15_60"),
        (people.SECRETARY, "SECRETARIAT_MEDICAL"),
    ],
)
def test_author_specialty(who, code):
    assert who.author_specialty == code


def test_only_g15_10_is_a_physician():
    assert people.GP.is_physician
    assert not people.SECRETARY.is_physician
    assert not Professional("1", "A", "B", profession="21").is_physician


@pytest.mark.parametrize("kind", list(forms.FORMS))
def test_metadata_shows_no_patient(kind):
    from praticien.deposit import prepare

    submission = prepare(forms.FORMS[kind](), software_oid=forms.SOFTWARE_OID)
    document = submission.documents[0]
    shown = f"{submission!r} {document!r} {document.entry!r} {submission.submission_set!r}"
    assert "TESTEXEMPLE" not in shown
    assert document.entry.patient_id.matricule not in shown
    assert document.entry.has(Confidentiality.NORMAL)
    assert not document.entry.has(Confidentiality.MASKED)


def test_error_tree():
    assert issubclass(InvalidInput, PraticienError)
    assert issubclass(InvalidInput, ValueError)
    error = InvalidInput("detail", field="ins", rule="INS")
    assert (error.field, error.rule, error.detail, error.code) == ("ins", "INS", "detail", "input.invalid")
    assert str(Refused()) == "refused"
    assert error_code(EnvironmentProblem()) == "environment"
    assert error_code(KeyError("x")) == "internal"


@pytest.mark.parametrize(
    "digits,years",
    [
        ("12", (2012, 1912)),
        ("26", (2026, 1926)),
        ("27", (1927,)),
        ("87", (1987,)),
        ("06", (2006, 1906)),
        ("05", (2005,)),
    ],
)
def test_years_that_a_missing_century_leaves(digits, years):
    person = replace(people.VITALES["vitale-seule"].beneficiaries[0], birth_date=f"??{digits}1300")
    assert person.lacks_century
    assert person.possible_years(2026) == years
    assert person.born_in(years[0]).birth_date == f"{years[0]}1300"  # a lunar month stays as it is
