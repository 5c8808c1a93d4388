"""Hundreds of generated dossiers: every value that may be counted on is in its series, right; nothing else is.

The factors are written out here from tables of clinical chemistry, so that they are not those of the code under test.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praticien.documents import cda_reader
from praticien.documents.coded.lab_table import Aside, Report, lab_table
from praticien.documents.coded.reading import read_facts
from tests.praticien.documents.coded.pages import page, pq, report, result, table

# LOINC by kind of unit, the value's usual range, and how many of the first unit each other makes.
_MASS, _MOLES = ("g/L", "mg/dL", "mg/L", "g/dL"), ("mmol/L", "umol/L", "mol/m3")
_ANALYTES = {
    "glucose": ({**dict.fromkeys(_MASS, "2345-7"), **dict.fromkeys(_MOLES, "14749-6")}, "180.156"),
    "creatinine": ({**dict.fromkeys(_MASS, "2160-0"), **dict.fromkeys(_MOLES, "14682-9")}, "113.12"),
    "cholesterol": ({**dict.fromkeys(_MASS, "2093-3"), **dict.fromkeys(_MOLES, "14647-2")}, "386.65"),
    "calcium": ({**dict.fromkeys(_MASS, "17861-6"), **dict.fromkeys(_MOLES, "2000-8")}, "40.078"),
}
_IN_G_PER_L = {"g/L": 1, "mg/dL": 0.01, "mg/L": 0.001, "g/dL": 10}
_IN_MMOL_PER_L = {"mmol/L": 1, "umol/L": 0.001, "mol/m3": 1}
_PLAIN = {
    "26464-8": {"10*9/L": 1, "G/L": 1, "10*3/uL": 1, "/mm3": 0.001, "10*6/L": 0.001},
    "789-8": {"10*12/L": 1, "T/L": 1, "10*6/uL": 1, "/mm3": 1e-6},
    "718-7": {"g/dL": 1, "g/L": 0.1, "g/l": 0.1},
    "1742-6": {"U/L": 1, "nkat/L": 0.06, "ukat/L": 60},
    "3016-3": {"m[IU]/L": 1, "u[IU]/mL": 1, "mUI/L": 1, "mUI/l": 1},
    "4544-3": {"%": 1},
}


def grams_or_moles(unit, mass):
    """How many mmol/L one ``unit`` of a substance of that molar mass makes."""
    return _IN_MMOL_PER_L[unit] if unit in _IN_MMOL_PER_L else _IN_G_PER_L[unit] / float(mass) * 1000


@dataclass(frozen=True)
class Given:
    """One report with one result; ``fate`` says whether it may be counted on."""

    loinc: str
    value: str
    unit: str
    in_first: float
    rank: int
    fate: str


FATES = ["kept"] * 5 + ["active", "aborted", "missing", "old version", "named", "registry", "text", "negated", "wished"]
numbers = st.decimals(min_value="0.01", max_value="9000", places=2).map(lambda number: f"{number:f}")


@st.composite
def dossiers(draw):
    """Reports of one analyte in its units, on different days, in any order."""
    name = draw(st.sampled_from([*_ANALYTES, *_PLAIN]))
    if name in _ANALYTES:
        codes, mass = _ANALYTES[name]
        choices = [(loinc, unit, grams_or_moles(unit, mass)) for unit, loinc in codes.items()]
    else:
        choices = [(name, unit, factor) for unit, factor in _PLAIN[name].items()]
    ranks = draw(st.lists(st.integers(0, 4000), min_size=1, max_size=7, unique=True))
    chosen = [(*draw(st.sampled_from(choices)), draw(numbers), draw(st.sampled_from(FATES)), rank) for rank in ranks]
    return [Given(loinc, value, unit, factor, rank, fate) for loinc, unit, factor, value, fate, rank in chosen]


def written(one, number, *, version=1, replaces="", twin=0):
    """The report as a document that is read; its text says the same, but for the fate "text"."""
    day = f"{date(2015, 1, 1) + timedelta(days=one.rank):%Y%m%d}"
    status = one.fate if one.fate in ("active", "aborted") else "completed"
    entry = result(pq(one.value, one.unit), loinc=one.loinc, when=day, status=status)
    if one.fate == "missing":
        entry = entry.replace('<statusCode code="completed"/>', "")
    if one.fate == "negated":
        entry = entry.replace("<observation ", '<observation negationInd="true" ', 1)
    if one.fate == "wished":
        entry = entry.replace('moodCode="EVN"', 'moodCode="GOL"', 1)
    said = f"{Decimal(one.value) * 3:f}" if one.fate == "text" else one.value
    narrative = table(["Analyse", "Résultat"], ['<content ID="r1">X</content>', said.replace(".", ",")])
    related = (
        f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{replaces}"/></parentDocument></relatedDocument>'
    )
    header = f'<setId root="2.25.{number}.7"/><versionNumber value="{version}"/>' + (related if replaces else "")
    content = page(narrative, report(entry), header=header)
    content = content.replace(b'<id root="2.25.1"/>', f'<id root="2.25.{number}.{twin}"/>'.encode(), 1)
    return Report(cda_reader.read(content).header, read_facts(content).results, is_current=one.fate != "registry")


def reports_of(one, number):
    """A replaced report stands with the one that replaces it, which says nothing of the analyte."""
    empty = Given("1-8", "1", "mg/L", 1, one.rank, "kept")
    if one.fate == "old version":
        return [written(one, number), written(empty, number, version=2, twin=1)]
    if one.fate == "named":
        return [written(one, number), written(empty, f"{number}.9", replaces=f"2.25.{number}.0")]
    return [written(one, number)]


@settings(max_examples=300, deadline=None)
@given(dossiers(), st.randoms(use_true_random=False))
def test_every_value_to_count_on_is_right_and_alone(dossier, chance):
    reports = [each for number, one in enumerate(dossier, 1) for each in reports_of(one, number)]
    chance.shuffle(reports)
    found = lab_table(reports)
    kept = sorted((one for one in dossier if one.fate == "kept"), key=lambda one: one.rank)
    series = [one for one in found.series if any(point.loinc != "1-8" for point in one.points)]
    assert len(series) == bool(kept)
    if kept:
        (only,) = series
        assert [point.given.text.split()[0] for point in only.points] == [one.value.replace(".", ",") for one in kept]
        for one, point in zip(kept, only.points, strict=True):
            wanted = float(one.value) * one.in_first / kept[-1].in_first
            assert isclose(float(point.value), wanted, rel_tol=2e-3), (one, point.value)
    wished = sum(one.fate == "wished" for one in dossier)
    assert len(found.aside) == len(dossier) - len(kept) - wished
    assert not found.local


@pytest.mark.parametrize(
    "one, other",
    [
        ("%", "1"),  # a haematocrit of 45 whose unit was forgotten is not 4500 %
        ("%", ""),
        ("ng/mL{FEU}", "ng/mL{DDU}"),
        ("mmol/L", "meq/L"),
        ("U/L", "[IU]/L"),
        ("Cel", "K"),
    ],
)
def test_what_only_looks_alike_never_meets(one, other):
    for units in ((one, other), (other, one)):
        given_ = [Given("1-8", "45", unit, 1, rank, "kept") for rank, unit in enumerate(units)]
        found = lab_table([written(each, number) for number, each in enumerate(given_, 1)])
        assert [point.value for point in found.series[0].points] == [45]
        assert [reason for _result, reason in found.aside] == [Aside.OTHER_UNIT]


@pytest.mark.parametrize(
    "one, other",
    [("", "1"), ("{cells}/uL", "/uL"), ("mL/min/{1.73_m2}", "mL/min/{1,73m2}"), ("mL/min/{1.73_m2}", "mL/min")],
)
def test_what_is_only_written_otherwise_meets(one, other):
    given_ = [Given("1-8", "45", unit, 1, rank, "kept") for rank, unit in enumerate((one, other))]
    found = lab_table([written(each, number) for number, each in enumerate(given_, 1)])
    assert [[point.value for point in series.points] for series in found.series] == [[45, 45]]
    assert not found.aside
