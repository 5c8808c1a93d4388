"""Series of values: units meet, what cannot be counted on stays out and says why."""

from decimal import Decimal

import pytest

from praticien.documents import cda_reader
from praticien.documents.coded.analytes import ATOMIC_WEIGHTS, analyte_of, molar_mass
from praticien.documents.coded.lab_table import Aside, Report, lab_table
from praticien.documents.coded.reading import read_facts
from tests.praticien.documents.coded.pages import page, pq, report, result, table


def read(*observations, version=1, set_id="2.25.7", identifier="2.25.1", replaces="", status="completed"):
    related = (
        f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{replaces}"/></parentDocument></relatedDocument>'
    )
    header = f'<setId root="{set_id}"/><versionNumber value="{version}"/>' + (related if replaces else "")
    narrative = table(["Analyse", "Résultat"], ['<content ID="r1">Analyse</content>', ""])
    content = page(narrative, report(*observations, status=status), header=header)
    content = content.replace(b'<id root="2.25.1"/>', f'<id root="{identifier}"/>'.encode(), 1)
    return Report(cda_reader.read(content).header, read_facts(content).results)


def test_one_series_in_the_unit_of_the_newest_value():
    older = read(result(pq("95", "mg/dL"), when="20250101"), set_id="2.25.8")
    newer = read(result(pq("1.02", "g/L"), when="20260101"))
    (series,) = lab_table([newer, older]).series
    assert (series.unit, [point.value for point in series.points]) == ("g/L", [Decimal("0.95"), Decimal("1.02")])
    assert series.points[0].given.text == "95 mg/dL"


def test_mole_and_mass_of_one_analyte_meet():
    mass = read(result(pq("0.99", "g/L"), loinc="2345-7", when="20250101"), set_id="2.25.8")
    moles = read(result(pq("5.50", "mmol/L"), loinc="14749-6", when="20260101"))
    (series,) = lab_table([mass, moles]).series
    assert series.name == "Glucose"
    assert (series.unit, [point.value for point in series.points]) == ("mmol/L", [Decimal("5.495"), Decimal("5.50")])


def test_mole_and_mass_of_something_unknown_do_not():
    one = read(result(pq("1", "g/L"), loinc="99999-9", when="20250101"), set_id="2.25.8")
    other = read(result(pq("1", "mmol/L"), loinc="99999-9", when="20260101"))
    found = lab_table([one, other])
    assert [len(series.points) for series in found.series] == [1]
    assert [reason for _result, reason in found.aside] == [Aside.OTHER_UNIT]


def test_local_codes_are_kept_apart():
    found = lab_table([read(result(pq("1", "g/L"), loinc=""))])
    assert (len(found.series), len(found.local)) == (0, 1)


@pytest.mark.parametrize(
    "observation, reason",
    [
        (result(pq("1", "g/L"), status="active"), Aside.PRELIMINARY),
        (result(pq("1", "g/L"), status="aborted"), Aside.ABORTED),
        (result(pq("1", "g/L"), status="surprise"), Aside.PRELIMINARY),
        (result(pq("1", "g/L"), when="2026"), Aside.NO_DATE),
        (result(pq("1", "g/L"), when="20261345"), Aside.NO_DATE),
        (result('<value xsi:type="ST">illisible</value>'), Aside.NO_NUMBER),
        (result(""), Aside.NO_NUMBER),
    ],
)
def test_what_cannot_be_counted_on_is_set_aside(observation, reason):
    found = lab_table([read(observation)])
    assert ([why for _result, why in found.aside], found.series) == ([reason], ())


def test_a_report_begun_makes_all_its_results_preliminary():
    assert [why for _result, why in lab_table([read(result(pq("1", "g/L")), status="active")]).aside] == [
        Aside.PRELIMINARY
    ]


def test_earlier_versions_are_set_aside_by_set_or_by_name():
    first = read(result(pq("1", "g/L")), version=1)
    second = read(result(pq("2", "g/L")), version=2, identifier="2.25.2")
    other_set = read(result(pq("3", "g/L")), set_id="2.25.9", identifier="2.25.3", replaces="2.25.2")
    found = lab_table([first, second, other_set])
    assert [point.value for series in found.series for point in series.points] == [3]
    assert [why for _result, why in found.aside] == [Aside.REPLACED, Aside.REPLACED]


def test_a_report_the_registry_replaced_is_set_aside():
    one = read(result(pq("1", "g/L")))
    assert lab_table([Report(one.header, one.results, is_current=False)]).aside[0][1] is Aside.REPLACED


def test_a_contradicted_value_enters_no_series():
    narrative = table(["Analyse", "Résultat"], ['<content ID="r1">Glycémie</content>', "5,1 g/L"])
    content = page(narrative, report(result(pq("1.5", "g/L"))))
    found = lab_table([Report(cda_reader.read(content).header, read_facts(content).results)])
    assert (found.series, [why for _result, why in found.aside]) == ((), [Aside.CONFLICT])


def test_a_bound_keeps_its_sign():
    value = '<value xsi:type="IVL_PQ"><high value="5" unit="mg/L" inclusive="false"/></value>'
    (series,) = lab_table([read(result(value))]).series
    assert (series.points[0].sign, series.points[0].value) == ("<", 5)


@pytest.mark.parametrize(
    "loinc, grams_per_mole", [("2345-7", "180.16"), ("2160-0", "113.12"), ("2093-3", "386.7"), ("3024-7", "776.9")]
)
def test_molar_masses(loinc, grams_per_mole):
    assert abs(analyte_of(loinc).molar_mass - Decimal(grams_per_mole)) < Decimal("0.1")


def test_molar_mass_of_water():
    assert molar_mass("H2O") == 2 * Decimal(ATOMIC_WEIGHTS["H"]) + Decimal(ATOMIC_WEIGHTS["O"])
