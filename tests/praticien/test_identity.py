"""INS, strict traits, identity status."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.errors import InvalidInput
from praticien.identity import (
    INS_OIDS,
    IdentityStatus,
    Ins,
    InsOid,
    InvalidIns,
    Patient,
    Sex,
    StrictTraits,
    UnqualifiedIdentity,
    WrongInsKey,
    calendar_date,
    nir_key,
)

departments = st.one_of(st.from_regex(r"[0-9]{2}", fullmatch=True), st.sampled_from(["2A", "2B"]))
nirs = st.builds(
    lambda head, department, tail: head + department + tail,
    st.from_regex(r"[0-9]{5}", fullmatch=True),
    departments,
    st.from_regex(r"[0-9]{6}", fullmatch=True),
)


@pytest.mark.parametrize(
    "nir,key",
    [("1850675999999", "38"), ("2990313999999", "55"), ("185062A999999", "95"), ("185062B999999", "25")],
)
def test_key_of_published_vectors(nir, key):
    assert nir_key(nir) == key


@given(nirs)
def test_key_is_two_digits_between_1_and_97(nir):
    key = nir_key(nir)
    assert len(key) == 2
    assert 1 <= int(key) <= 97


@given(nirs)
def test_number_plus_key_is_a_multiple_of_97(nir):
    number = int(nir.replace("2A", "19") if "2A" in nir[5:7] else nir.replace("2B", "18") if "2B" in nir[5:7] else nir)
    assert (number + int(nir_key(nir))) % 97 == 0


@given(nirs, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_never_passes(nir, place, shift):
    if not nir[place].isdigit() or (place in (5, 6) and not nir[5:7].isdigit()):
        return
    other = nir[:place] + str((int(nir[place]) + shift) % 10) + nir[place + 1 :]
    with pytest.raises(WrongInsKey):
        Ins(other + nir_key(nir), InsOid.TEST)


@given(st.text(max_size=20).filter(lambda text: not re.fullmatch(r"[0-9]{5}([0-9]{2}|2A|2B)[0-9]{6}", text)))
def test_key_refuses_anything_else(text):
    with pytest.raises(InvalidIns) as caught:
        nir_key(text)
    assert caught.value.field == "ins"


@given(nirs, st.sampled_from(sorted(INS_OIDS)))
def test_cx_comes_back(nir, oid):
    ins = Ins(nir + nir_key(nir), oid)
    assert Ins.from_cx(ins.cx) == ins
    assert Ins.from_cx(ins.cx + "^^20200101") == ins


def test_parse_forgives_blanks_and_case():
    assert Ins.parse(" 1 85 06 2a 999 999-95 ", InsOid.TEST).matricule == "185062A99999995"


@pytest.mark.parametrize("cx", ["", "185", "185067599999938^^^", "185067599999938^^^&1.2.3&ISO^NH", "^^^&&^"])
def test_malformed_cx(cx):
    with pytest.raises(InvalidIns):
        Ins.from_cx(cx)


@pytest.mark.parametrize("digits", ["٠" * 15, "²" * 15, "1850675999999", "18506759999993८"])
def test_only_ascii_digits(digits):
    with pytest.raises(InvalidIns):
        Ins(digits, InsOid.TEST)


def test_unknown_authority():
    with pytest.raises(InvalidIns):
        Ins("185067599999938", "1.2.3")


def traits(**changes):
    fields = {
        "birth_name": "TESTEXEMPLE",
        "birth_first_names": ("ZOÉ", "LÉA"),
        "birth_date": "19870312",
        "sex": Sex.FEMALE,
        "birth_place": "99999",
    }
    return StrictTraits(**(fields | changes))


@pytest.mark.parametrize(
    "change,field",
    [
        ({"birth_name": " "}, "birth_name"),
        ({"birth_first_names": ()}, "birth_first_name"),
        ({"birth_first_names": ("",)}, "birth_first_name"),
        ({"birth_date": "1987-03-12"}, "birth_date"),
        ({"birth_date": "198703"}, "birth_date"),
        ({"birth_place": "9999"}, "birth_place"),
        ({"birth_place": "2C004"}, "birth_place"),
    ],
)
def test_each_trait_is_checked(change, field):
    with pytest.raises(InvalidInput) as caught:
        traits(**change)
    assert caught.value.field == field


def test_corsican_and_unknown_birth_places_pass():
    assert traits(birth_place="2A004").birth_place == "2A004"
    assert traits(birth_place="").birth_place == ""


@pytest.mark.parametrize(
    "born,lunar", [("19871312", True), ("19870230", True), ("19870000", True), ("20240229", False)]
)
def test_lunar_dates_are_kept(born, lunar):
    assert traits(birth_date=born).is_lunar is lunar
    assert traits(birth_date=born).birth_date == born


@pytest.mark.parametrize(
    "born,day,age",
    [
        ("20081122", date(2026, 11, 21), 17),
        ("20081122", date(2026, 11, 22), 18),
        ("20080229", date(2026, 2, 28), 17),
        ("20080229", date(2026, 3, 1), 18),
        ("20081342", date(2026, 1, 1), 18),
    ],
)
def test_age(born, day, age):
    assert traits(birth_date=born).age_on(day) == age


@given(st.dates())
def test_calendar_dates_come_back(day):
    assert calendar_date(f"{day:%Y%m%d}".zfill(8)) == day


@given(st.text(max_size=10))
def test_calendar_date_never_raises(text):
    calendar_date(text)


@pytest.mark.parametrize("status", list(IdentityStatus))
def test_only_a_qualified_matricule_leaves(status):
    patient = Patient(traits(), status, people.SOLO.ins)
    if status is IdentityStatus.QUALIFIED:
        assert patient.qualified_ins == people.SOLO.ins
    else:
        with pytest.raises(UnqualifiedIdentity):
            _ = patient.qualified_ins


def test_checking_the_identity_document():
    retrieved = Patient(traits(), IdentityStatus.RETRIEVED, people.SOLO.ins)
    assert retrieved.with_identity_checked().status is IdentityStatus.QUALIFIED
    provisional = Patient(traits(), IdentityStatus.PROVISIONAL)
    assert provisional.with_identity_checked().status is IdentityStatus.VALIDATED


def test_no_repr_tells_who():
    patient = Patient(traits(), IdentityStatus.QUALIFIED, people.SOLO.ins, used_name="TESTUSAGE")
    for value in (patient, patient.traits, patient.ins):
        shown = f"{value!r} {value}"
        assert not any(word in shown for word in ("TEST", "ZOÉ", "1987", people.SOLO.ins.matricule))


def test_errors_quote_no_matricule():
    with pytest.raises(WrongInsKey) as caught:
        Ins("185067599999939", InsOid.TEST)
    assert "1850675" not in f"{caught.value!r} {caught.value}"
