"""Narrative against codes: what agrees stays silent, what a reader would stumble on is a conflict."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.documents.coded.facts import Conflict
from praticien.documents.coded.reading import read_facts
from praticien.documents.coded.wording import per_day, polarity, strengths, total_per_day, written_numbers
from tests.praticien.documents.coded.pages import ivl, page, pq, report, result, table

LABEL = '<content ID="r1">Glycémie</content>'


def conflicts(cell, value, *, headings=("Analyse", "Résultat", "Valeurs de référence"), bounds="", flag=""):
    written = table(list(headings), [LABEL, cell, "(0,70 - 1,10)"])
    found = read_facts(page(written, report(result(value, flag=flag, bounds=bounds))))
    return found.results[0].conflicts


@pytest.mark.parametrize(
    "cell, value",
    [
        ("0,95 g/L", pq("0.95", "g/L")),
        ("0.95 g/l", pq("0.95", "g/L")),
        ("95 mg/dL", pq("0.95", "g/L")),
        ("0,9 g/L", pq("0.94", "g/L")),
        ("1 250 /mm3", pq("1.25", "10*9/L")),
        ("1,25 G/L", pq("1.25", "10*9/L")),
        ("100 000 /mL", pq("100000", "/mL")),
        ("10^5 UFC/mL", pq("100000", "/mL")),
        ("10⁵ /mL", pq("1e5", "/mL")),
        ("0,95 unités maison", pq("0.95", "g/L")),
        ("voir commentaire", pq("0.95", "g/L")),
        ("", pq("0.95", "g/L")),
        ("&lt; 5 mg/L", '<value xsi:type="IVL_PQ"><high value="5" unit="mg/L" inclusive="false"/></value>'),
        (
            "1/80",
            '<value xsi:type="RTO"><numerator value="1"/><denominator value="80"/></value>',
        ),
        ("Négatif", '<value xsi:type="CD" code="260385009"/>'),
        ("Absence", '<value xsi:type="CD" displayName="négatif"/>'),
        ("Non détecté", '<value xsi:type="CD" code="260415000"/>'),
        ("Positif", '<value xsi:type="ST">positif</value>'),
        ("Présence", '<value xsi:type="CD" code="10828004"/>'),
    ],
)
def test_agreement(cell, value):
    assert conflicts(cell, value) == ()


@pytest.mark.parametrize(
    "cell, value, expected",
    [
        ("0,95 g/L", pq("9.5", "g/L"), Conflict.VALUE),
        ("0,95 g/L", pq("0.59", "g/L"), Conflict.VALUE),
        ("0,95 g/L", pq("0.95", "mg/L"), Conflict.UNIT),
        ("95 mg/dL", pq("9.5", "g/L"), Conflict.VALUE),
        ("&gt; 5 mg/L", '<value xsi:type="IVL_PQ"><high value="5" unit="mg/L"/></value>', Conflict.VALUE),
        ("Négatif", '<value xsi:type="CD" code="10828004"/>', Conflict.POLARITY),
        ("Positif", '<value xsi:type="CD" code="260385009"/>', Conflict.POLARITY),
        ("Absence de germe", '<value xsi:type="CD" displayName="Présence"/>', Conflict.POLARITY),
    ],
)
def test_conflict(cell, value, expected):
    assert conflicts(cell, value) == (expected,)


def test_a_reference_range_is_not_the_result():
    """The upper limit is written in the row, but is not what was found."""
    assert conflicts("0,95 g/L", pq("1.10", "g/L")) == (Conflict.VALUE,)
    assert conflicts("0,95 g/L", pq("1.10", "g/L"), headings=("", "", "")) == (Conflict.VALUE,)


@pytest.mark.parametrize(
    'value, flag, expected',
    [("0.95", "N", ()), ("0.95", "H", (Conflict.FLAG,)), ("1.50", "H", ()), ("1.50", "N", (Conflict.FLAG,)),
     ("1.50", "L", (Conflict.FLAG,)), ("0.50", "L", ()), ("0.95", "A", ())],
)  # fmt: skip
def test_flag_against_its_own_range(value, flag, expected):
    bounds = ivl("0.70", "1.10", "g/L")
    assert conflicts(f"{value} g/L", pq(value, "g/L"), flag=flag, bounds=bounds) == expected
    in_other_unit = ivl("70", "110", "mg/dL")
    assert conflicts(f"{value} g/L", pq(value, "g/L"), flag=flag, bounds=in_other_unit) == expected


@given(value=st.decimals("0.01", "9999", places=2), printed=st.sampled_from([".", ","]))
def test_any_number_agrees_with_itself_and_with_no_other(value, printed):
    cell = f"{value} g/L".replace(".", printed)
    assert conflicts(cell, pq(str(value), "g/L")) == ()
    assert conflicts(cell, pq(str(value + 1), "g/L")) != ()


def drug(words, *, dose, every, cell, name="TESTAMINE 500 mg"):
    rows = table(["Médicament", "Posologie"], [f'<content ID="m1">{words}</content>', cell])
    administration = (
        '<substanceAdministration classCode="SBADM" moodCode="INT"><templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.7"/>'
        f'<text><reference value="#m1"/></text>{every}'
        f'<doseQuantity><low value="{dose}" unit="{{tablet}}"/><high value="{dose}" unit="{{tablet}}"/></doseQuantity>'
        "<consumable><manufacturedProduct><manufacturedMaterial>"
        f'<code code="6" displayName="{name}"/></manufacturedMaterial></manufacturedProduct></consumable>'
        "</substanceAdministration>"
    )
    return read_facts(page(rows, administration)).treatments[0]


HOURS_8 = '<effectiveTime xsi:type="PIVL_TS"><period value="8" unit="h"/></effectiveTime>'
MEALS = "".join(f'<effectiveTime xsi:type="EIVL_TS"><event code="{code}"/></effectiveTime>' for code in ("CM", "CV"))


@pytest.mark.parametrize(
    "dose, every, cell, expected",
    [
        ("1", HOURS_8, "1 comprimé 3 fois par jour", ()),
        ("1", HOURS_8, "un comprimé toutes les 8 h", ()),
        ("0.5", HOURS_8, "½ comprimé trois fois par jour", ()),
        ("1", MEALS, "1 cp matin et soir", ()),
        ("1", HOURS_8, "3 cp/j", (Conflict.DOSE,)),
        ("2", HOURS_8, "1 comprimé 3 fois par jour", (Conflict.DOSE,)),
        ("1", HOURS_8, "1 comprimé 2 fois par jour", (Conflict.FREQUENCY,)),
        ("1", MEALS, "1 comprimé matin, midi et soir", (Conflict.FREQUENCY,)),
        ("1", HOURS_8, "1 cp/j", (Conflict.FREQUENCY,)),
        ("1", HOURS_8, "selon le schéma remis", ()),
    ],
)
def test_posology(dose, every, cell, expected):
    assert drug("TESTAMINE 500 mg", dose=dose, every=every, cell=cell).conflicts == expected


def test_another_strength_than_the_words():
    found = drug("TESTAMINE 50 mg", dose="1", every=HOURS_8, cell="1 cp 3 fois par jour", name="TESTAMINE 500 mg")
    assert found.conflicts == (Conflict.PRODUCT,)
    same = drug("TESTAMINE 0,5 g", dose="1", every=HOURS_8, cell="1 cp 3 fois par jour", name="TESTAMINE 500 mg")
    assert same.conflicts == ()


def allergy(words, *, negated, label="Allergie à la testamine"):
    observation = (
        f'<observation classCode="OBS" moodCode="EVN" negationInd="{str(negated).lower()}">'
        '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.6"/><code code="416098002"/>'
        '<text><reference value="#a1"/></text>'
        f'<value xsi:type="CD" code="1" displayName="{label}"/></observation>'
    )
    return read_facts(page(f'<paragraph ID="a1">{words}</paragraph>', observation)).allergies[0].conflicts


@pytest.mark.parametrize(
    "words, negated, expected",
    [
        ("Allergie à la testamine", False, ()),
        ("Pas d’allergie à la testamine", True, ()),
        ("Aucune allergie connue", True, ()),
        ("Pas d'allergie à la testamine", False, (Conflict.NEGATION,)),
        ("Allergie à la testamine, urticaire en 2019", True, (Conflict.NEGATION,)),
    ],
)
def test_negated_allergy(words, negated, expected):
    assert allergy(words, negated=negated) == expected


def test_a_code_may_itself_be_an_absence():
    assert allergy("Aucune allergie connue", negated=False, label="Aucune allergie connue") == ()


def test_no_words_no_conflict():
    assert read_facts(page("", report(result(pq("1", "g/L"))))).results[0].conflicts == ()


@pytest.mark.parametrize(
    "text, values",
    [
        ("1,950 mUI/l", ["1.950"]),
        ("1 à 2 cp", ["1", "2"]),
        ("100 000 UFC", ["100000"]),
        ("2,5 x 10^9/L", ["2.5e9"]),
        ("3 10⁵ /mL", ["3e5"]),
        ("un demi", ["0.5", "1"]),
        ("rien", []),
    ],
)
def test_numbers(text, values):
    assert sorted(number.value for number in written_numbers(text)) == sorted(Decimal(value) for value in values)


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text):
    written_numbers(text)
    polarity(text)
    per_day(text)
    total_per_day(text)
    strengths(text)
