"""Each wrong header field is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.deposit import new_oid
from praticien.documents.cda_check import check_header, is_oid
from praticien.documents.errors import HeaderProblem, MaskedAndInvisible, WrongSigner
from praticien.documents.model import Party, ReplacedVersion
from praticien.identity import IdentityStatus, UnqualifiedIdentity
from praticien.professional import Structure
from tests.praticien.forms import FORMS, GP, NOW, SECRETARY, STUDY, imaging_report, patient, prescription


def doctor(**changes):
    return Party(replace(people.GP, **changes), people.LILAS)


@pytest.mark.parametrize("form", list(FORMS))
def test_the_three_forms_pass(form):
    check_header(FORMS[form]())


BROKEN = {
    "title": [
        prescription(title=""),
        prescription(title="  "),
        prescription(title="x" * 121),
        prescription(title="Ordon\x07nance"),
    ],
    "author": [
        prescription(author=SECRETARY),
        prescription(author=doctor(specialty="")),
        prescription(author=doctor(given_name="")),
        prescription(author=doctor(family_name=" ")),
        prescription(author=doctor(national_id="")),
        prescription(author=doctor(profession="00")),
        prescription(author=Party(people.GP, Structure("", "X", "SA07"))),
        prescription(author=Party(people.GP, Structure("1", "", "SA07"))),
        prescription(author=Party(people.GP, Structure("1", "X", "SA99"))),
    ],
    "legal_authenticator": [
        prescription(legal_authenticator=SECRETARY),
        imaging_report(legal_authenticator=SECRETARY),
    ],
    "entered_by": [imaging_report(entered_by=Party(people.SECRETARY, Structure("1", "X", "")))],
    "created_at": [prescription(created_at=NOW.replace(tzinfo=None))],
    "service_start": [
        prescription(service_start=NOW.replace(tzinfo=None)),
        prescription(service_start=NOW + timedelta(days=2)),
        prescription(service_start=NOW.replace(year=1987, month=3, day=11)),
        prescription(service_start=NOW.replace(year=1970), patient=patient(people.SOLO, birth_date="19711342")),
    ],
    "service_stop": [
        prescription(service_stop=NOW - timedelta(days=1)),
        prescription(service_stop=NOW.replace(tzinfo=None)),
    ],
    "unique_id": [prescription(unique_id=""), prescription(unique_id="urn:uuid:1"), prescription(unique_id="2.25.01")],
    "set_id": [prescription(set_id="x")],
    "version": [
        prescription(version=0),
        prescription(version=2),
        prescription(replaces=ReplacedVersion("2.25.1", "urn:uuid:1")),
        prescription(version=2, replaces=ReplacedVersion("x", "urn:uuid:1")),
    ],
    "study": [
        imaging_report(study=replace(STUDY, study_uid="1.2.840.abc")),
        imaging_report(study=replace(STUDY, study_uid="1." + "2" * 64)),
        imaging_report(study=replace(STUDY, accession_number="9" * 65)),
    ],
    "invisible_to_patient": [prescription(masked_to_professionals=True, invisible_to_patient=True)],
}


@pytest.mark.parametrize("field,document", [(field, d) for field, documents in BROKEN.items() for d in documents])
def test_each_problem_names_its_field(field, document):
    with pytest.raises(HeaderProblem) as caught:
        check_header(document)
    assert caught.value.field == field
    assert "TEST" not in f"{caught.value} {caught.value!r}"


def test_a_secretary_signs_nothing():
    for change in ({"author": SECRETARY}, {"legal_authenticator": SECRETARY}):
        with pytest.raises(WrongSigner):
            check_header(imaging_report(**change))


def test_both_visibilities_at_once():
    with pytest.raises(MaskedAndInvisible) as caught:
        check_header(prescription(masked_to_professionals=True, invisible_to_patient=True))
    assert caught.value.rule == "EX_2.1-1050"
    check_header(prescription(masked_to_professionals=True))
    check_header(prescription(invisible_to_patient=True))


@pytest.mark.parametrize("status", [s for s in IdentityStatus if s is not IdentityStatus.QUALIFIED])
def test_only_qualified_identities(status):
    with pytest.raises(UnqualifiedIdentity):
        check_header(prescription(patient=replace(patient(people.SOLO), status=status)))


@pytest.mark.parametrize(
    "start",
    [
        NOW,
        NOW + timedelta(hours=5),
        NOW.replace(year=1987, month=3, day=12),
    ],
)
def test_dates_that_are_right(start):
    check_header(prescription(service_start=start))


def test_a_form_signed_by_another_physician():
    check_header(prescription(legal_authenticator=replace(GP, professional=people.RADIOLOGIST)))


GOOD_OIDS = ["1.2.250.1", "2.25.0", "0.9", "1." + "9" * 62]
BAD_OIDS = ["", "2", "3.1", "1.02", "1..2", "1.2.", "1.2\n", "1." + "9" * 63, "١.٢", "urn:oid:1.2"]


@pytest.mark.parametrize("text,expected", [(t, True) for t in GOOD_OIDS] + [(t, False) for t in BAD_OIDS])
def test_oids(text, expected):
    assert is_oid(text) is expected


def test_new_oids_are_oids_and_differ():
    made = {new_oid() for _ in range(500)}
    assert len(made) == 500
    assert all(is_oid(oid) and len(oid) <= 44 for oid in made)


@given(st.text(max_size=70))
def test_is_oid_never_raises(text):
    assert is_oid(text) in (True, False)
