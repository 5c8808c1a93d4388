"""HL7, JSON and CSV files: the same results whatever the form; refusals that say where."""

import json
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hl7v2.errors import Hl7Problem
from connectors.lab_files.csv_report import COLUMNS
from connectors.lab_files.errors import LabFileTooBig, SeveralPatientsInFile, UnusableLabFile
from connectors.lab_files.reading import read_file
from demonstration import people
from demonstration.laboratory import blood_test, urine_culture
from praticien.documents.lab_report import (
    CodedValue,
    Identifier,
    Interval,
    Quantity,
    ResultStatus,
    TextValue,
    Titre,
)
from praticien.documents.lab_source import lab_differences
from praticien.errors import InvalidInput
from praticien.identity import InsOid
from tests.praticien.forms import patient

NOW = datetime(2026, 11, 20, 9, 30, 15)
SOLO = people.SOLO
WHOLE = {
    "format": "praticien-lab/1",
    "patient": {
        "birth_name": SOLO.traits.birth_name,
        "given_names": "ZOÉ LÉA",
        "birth_date": "1987-03-12",
        "sex": "F",
        "ins": SOLO.ins.matricule,
        "ins_oid": InsOid.TEST,
    },
    "order": {"number": "ORD-1"},
    "request": {"number": "TEST-9", "authority": "1.2.250.1.999.8"},
    "collected_at": "2026-11-19T08:15:00+01:00",
    "released_at": "2026-11-19T17:00:00+01:00",
    "prescriber": {"family_name": "TESTMED", "given_name": "Jeanne", "rpps": "99700000123"},
    "comment": "Bilan de contrôle.",
    "chapters": [
        {
            "code": "18719-5",
            "specimens": [{"code": "BLDV", "collected_at": "2026-11-19T08:15:00+01:00"}],
            "batteries": [
                {
                    "name": "Ionogramme",
                    "results": [
                        {"name": "Potassium", "loinc": "2823-3", "value": 4.10, "unit": "mmol/L", "low": 3.5, "high": 5,
                         "previous": {"value": "3,9", "unit": "mmol/L", "observed_at": "2026-05-02T08:00:00+02:00"}},
                        {"name": "CRP", "local_code": "CRP", "value": 5, "comparator": "<", "unit": "mg/L",
                         "reference": "<5", "flags": ["N"]},
                        {"name": "Aspect", "value": "limpide"},
                        {"name": "Titre", "value": {"numerator": 1, "denominator": 80}, "flags": ["POS"]},
                        {"name": "Diurèse", "value": {"low": 1, "high": 2}, "unit": "L"},
                        {"name": "Groupe", "value": {"code": "112144000", "system": "2.16.840.1.113883.6.96",
                                                     "label": "A"}},
                        {"name": "Sodium", "status": "cancelled"},
                    ],
                }
            ],
        },
        {
            "code": "18725-2",
            "isolates": [
                {
                    "name": "Escherichia coli",
                    "snomed": "112283007",
                    "antibiogram": [{"name": "Gentamicine", "value": 1, "comparator": "<", "unit": "ug/mL",
                                     "flags": ["S"]}],
                }
            ],
        },
    ],
}  # fmt: skip


def read_json(changes=None, at=None):
    raw = json.loads(json.dumps(WHOLE))
    if at:
        holder = raw
        for step in at[:-1]:
            holder = holder[step]
        holder[at[-1]] = changes
    (report,) = read_file(json.dumps(raw, ensure_ascii=False).encode())
    return report


def test_json():
    report = read_json()
    assert lab_differences(report.patient, patient(SOLO)) == []
    assert report.request == Identifier("TEST-9", "1.2.250.1.999.8")
    assert report.prescriber.identifier.value == "899700000123"
    values = [analysis.value for analysis in report.analyses]
    assert values == [
        Quantity(Decimal("4.1"), "mmol/L"),
        Quantity(Decimal(5), "mg/L", "<"),
        TextValue("limpide"),
        Titre(1, 80),
        Interval(Decimal(1), Decimal(2), "L"),
        CodedValue(values[5].code),
        None,
        Quantity(Decimal(1), "ug/mL", "<"),
    ]
    potassium, crp, *_others = report.analyses
    assert potassium.previous.value == Quantity(Decimal("3.9"), "mmol/L")
    assert (potassium.reference.low, potassium.reference.high) == (Decimal("3.5"), 5)
    assert crp.reference.high == 5
    assert report.chapters[0].specimens[0].name == "Sang veineux"
    assert report.is_complete


RESULT = ("chapters", 0, "batteries", 0, "results", 0)


@pytest.mark.parametrize(
    "at, value, place",
    [
        (("format",), "other/1", "format"),
        (("surprise",), 1, ""),
        ((*RESULT, "valeur"), 1, "chapters[0].batteries[0].results[0]"),
        ((*RESULT, "value"), None, "chapters[0].batteries[0].results[0].value"),
        ((*RESULT, "value"), {"low": 1}, "chapters[0].batteries[0].results[0].value"),
        ((*RESULT, "low"), "bas", "chapters[0].batteries[0].results[0].low"),
        ((*RESULT, "low"), True, "chapters[0].batteries[0].results[0].low"),
        ((*RESULT, "loinc"), "K", "chapters[0].batteries[0].results[0].loinc"),
        ((*RESULT, "flags"), ["TOP"], "chapters[0].batteries[0].results[0].flags"),
        ((*RESULT, "flags"), "H", "chapters[0].batteries[0].results[0].flags"),
        ((*RESULT, "status"), "presque", "chapters[0].batteries[0].results[0].status"),
        ((*RESULT, "previous", "observed_at"), "", "chapters[0].batteries[0].results[0].previous"),
        (("chapters", 0, "code"), "1-1", "chapters[0].code"),
        (("chapters",), {}, "chapters"),
        (("patient", "ins"), "123", "patient.ins"),
        (("patient", "sex"), "X", "patient"),
        (("collected_at",), "hier", "collected_at"),
        (("order",), {"number": "1", "authority": "LABO"}, "order"),
        (("prescriber", "rpps"), "12", "prescriber.rpps"),
    ],
)
def test_a_json_file_that_does_not_follow_the_format_says_where(at, value, place):
    with pytest.raises(UnusableLabFile) as caught:
        read_json(value, at)
    assert caught.value.place == place
    assert "TESTEXEMPLE" not in str(caught.value)


CSV = """\
patient_birth_name;patient_given_names;patient_birth_date;patient_sex;request;collected_at;chapter;battery;name;loinc;\
value;unit;low;high;flags;comment;previous_value;previous_at
TESTEXEMPLE;ZOÉ LÉA;19870312;F;TEST-9;2026-11-19T08:15;18719-5;Ionogramme;Potassium;2823-3;\
4,10;mmol/l;3,5;5;;;3,9;2026-05-02
TESTEXEMPLE;ZOÉ LÉA;19870312;F;TEST-9;2026-11-19T08:15;18719-5;Ionogramme;CRP;;<5;mg/L;;;N;;;
TESTEXEMPLE;ZOÉ LÉA;19870312;F;TEST-9;2026-11-19T08:15;18723-7;NFS;Leucocytes;26464-8;12,4;G/L;4;10;H;"à revoir; vite";;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv(encoding):
    (report,) = read_file(CSV.encode(encoding))
    assert [chapter.code.display for chapter in report.chapters] == ["Biochimie", "Hématologie"]
    potassium, crp, leucocytes = report.analyses
    assert (potassium.value.value, potassium.value.unit, potassium.code.code) == (Decimal("4.10"), "mmol/L", "2823-3")
    assert potassium.previous.value.value == Decimal("3.9")
    assert (crp.value.comparator, crp.flags) == ("<", ("N",))
    assert (leucocytes.value.unit, leucocytes.flags) == ("10*9/L", ("H",))
    assert leucocytes.comment == "à revoir; vite"
    assert lab_differences(report.patient, patient(SOLO)) == []
    assert report.collected_at.tzinfo


def test_csv_with_tabs_and_commas():
    for delimiter in "\t,":
        text = f"patient_birth_name{delimiter}name{delimiter}value\nTEST{delimiter}Potassium{delimiter}4.1\n"
        (report,) = read_file(text.encode())
        assert next(report.analyses).value.value == Decimal("4.1")


@pytest.mark.parametrize(
    "change, kind",
    [
        (lambda t: t.replace("TESTEXEMPLE;ZOÉ LÉA;19870312;F;TEST-9;2026-11-19T08:15;18723-7",
                             "TESTAUTRE;ZOÉ LÉA;19870312;F;TEST-9;2026-11-19T08:15;18723-7"), SeveralPatientsInFile),
        (lambda t: t.replace(";unit;", ";unite;"), UnusableLabFile),
        (lambda t: t.replace(";value;", ";loinc_label;"), UnusableLabFile),
        (lambda t: t + "une seule cellule\n", UnusableLabFile),
        (lambda t: t + '"guillemet ouvert', UnusableLabFile),
        (lambda t: t.splitlines()[0], UnusableLabFile),
        (lambda t: t.replace("TEST-9", "TEST-8", 1), UnusableLabFile),
    ],
)  # fmt: skip
def test_a_csv_file_that_does_not_follow_the_format(change, kind):
    with pytest.raises(kind):
        read_file(change(CSV).encode())


def test_hl7_files_alone_and_in_a_batch():
    first, second = blood_test(SOLO, NOW), urine_culture(people.LINA, NOW).replace("8859/1", "UNICODE UTF-8")
    assert len(read_file(first.encode(), production=False)) == 1
    batch = f"FHS|^~\\&|LABO\rBHS|^~\\&|LABO\r{first}{second}BTS|2\rFTS|1\r"
    for text in (batch, batch.replace("\r", "\n"), batch.replace("\r", "\r\n"), f"\x0b{first}\x1c\r\x0b{second}\x1c\r"):
        reports = read_file(text.encode(), production=False)
        assert [report.patient.ins for report in reports] == [SOLO.ins, people.LINA.ins]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04\x00\x00", b"\x00\x01", b"{", b"[]", b"plain text"])
def test_what_is_no_file_of_results(content):
    with pytest.raises(UnusableLabFile):
        read_file(content)


def test_too_big():
    with pytest.raises(LabFileTooBig):
        read_file(b"{" + b" " * 24_000_000)


def test_a_status_of_the_whole_report():
    assert read_json("preliminary", ("status",)).status is ResultStatus.PRELIMINARY
    assert not read_json("preliminary", ("status",)).is_complete


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.text('{}[]":,0a\\u', max_size=80).map(str.encode)
)
def test_any_bytes_are_refused_or_read_never_crash(content):
    try:
        read_file(content)
    except InvalidInput:
        return


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["chapters", "batteries", "results", "name", "value", "patient", "code", "flags", "previous"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_any_json_is_refused_or_read_never_crashes(value):
    raw = {"format": "praticien-lab/1", "chapters": value, "patient": value}
    try:
        read_file(json.dumps(raw).encode())
    except InvalidInput:
        return


def test_hl7_errors_are_told_as_such():
    with pytest.raises(Hl7Problem):
        read_file(b"MSH|^~\\&|x")


def test_the_example_of_the_documentation_is_read():
    text = (Path(__file__).parents[3] / "docs" / "documents.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.S)
    (report,) = read_file(example.encode())
    assert next(report.analyses).value == Quantity(Decimal("4.1"), "mmol/L")
    for name in COLUMNS:
        assert name.removeprefix("patient_").removeprefix("prescriber_") in text, name
