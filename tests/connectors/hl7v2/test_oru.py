"""ORU^R01 read into reports: names, codes, values, statuses, microbiology, page; and what cannot be used."""

import base64
import re
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hl7v2.errors import (
    Hl7Problem,
    MessageTooBig,
    MissingField,
    NotEr7,
    NotProduction,
    UnsupportedMessage,
    WrongCharset,
)
from connectors.hl7v2.oru import read_reports
from demonstration import people
from demonstration.laboratory import blood_test, header, pid, urine_culture
from praticien.documents.lab_codes import LOINC, SNOMED_CT
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
from praticien.professional import OID_PS
from tests.praticien.forms import patient

NOW = datetime(2026, 11, 20, 9, 30, 15)
SOLO = people.SOLO


def reading(text, encoding="utf-8", **how):
    (report,) = read_reports(text.encode(encoding), **({"production": False} | how))
    return report


def order(number, name, *more):
    """An OBR with its chapter, and whatever follows OBR-25."""
    return "|".join([f"OBR|1||{number}|{name}^{name}^L|||20261119", *[""] * 16, "MB", "F", *more])


def one(*segments):
    """The report of a message with these result segments in one order."""
    return reading("\r".join([header("1", NOW), pid(SOLO), order("77", "NFS"), *segments]))


def analysis(*segments):
    (found,) = one(*segments).analyses
    return found


def test_a_blood_test():
    report = reading(blood_test(SOLO, NOW))
    assert [(c.code.code, c.code.display) for c in report.chapters] == [
        ("18723-7", "Hématologie"),
        ("18719-5", "Biochimie"),
    ]
    assert report.is_complete
    assert not report.is_correction
    hemoglobin, leucocytes, glucose, crp, aspect = report.analyses
    assert hemoglobin.name == "Hémoglobine"
    assert (hemoglobin.code.code, hemoglobin.code.system) == ("718-7", LOINC)
    assert hemoglobin.local_code.code == "HB"
    assert (hemoglobin.value.value, hemoglobin.value.unit) == (Decimal("13.2"), "g/dL")
    assert (hemoglobin.reference.low, hemoglobin.reference.high) == (Decimal("12.0"), Decimal("16.0"))
    assert hemoglobin.method == "Impédance"
    assert (leucocytes.value.unit, leucocytes.flags) == ("10*9/L", ("H",))
    assert glucose.flags == ("N",)
    assert crp.code is None
    assert (crp.value.comparator, crp.value.value, crp.reference.high) == ("<", 5, 5)
    assert "contexte clinique" in crp.comment
    assert aspect.value.text == "légèrement lactescent"
    assert report.prescriber.identifier == Identifier(people.GP.national_id, OID_PS)
    assert report.request == Identifier("TEST-2026-000123", "1.2.250.1.999.8")
    assert report.order == Identifier("ORD-77")
    assert report.collected_at.tzinfo
    assert report.chapters[1].specimens[0].code.code == "BLDV"


@pytest.mark.parametrize("seed", people.DOSSIERS, ids=lambda seed: seed.traits.birth_name)
def test_the_patient_of_the_message_matches_nobody_else(seed):
    report = reading(blood_test(seed, NOW))
    assert lab_differences(report.patient, patient(seed)) == []
    for other in people.DOSSIERS:
        assert other is seed or lab_differences(report.patient, patient(other))


def test_a_urine_culture():
    report = reading(urine_culture(SOLO, NOW), "latin-1")
    (chapter,) = report.chapters
    assert chapter.code.display == "Microbiologie"
    assert [a.name for battery in chapter.batteries for a in battery.analyses] == ["Aspect", "Leucocytes"]
    (isolate,) = chapter.isolates
    assert isolate.name == "Escherichia coli"
    assert (isolate.organism.code, isolate.organism.system) == ("112283007", SNOMED_CT)
    assert [a.name for a in isolate.analyses] == ["Dénombrement"]
    assert [(a.name, a.flags) for a in isolate.antibiogram] == [
        ("Amoxicilline-clavulanate", ("R",)),
        ("Gentamicine", ("S",)),
    ]
    assert chapter.specimens[0].name == "Urine milieu de jet"


def test_two_cultures_keep_their_own_isolates():
    organism = "OBX|1|CWE|630-4^Bactérie identifiée^LN|1|1^{0}^SCT^^^^^^{0}||||||F"
    line = "OBX|1|ST|{0}^{0}^L||sensible|||S|||F"
    parent = "630-4&Bactérie identifiée&LN^1"
    segments = [
        *(order("A", "Hémoculture"), organism.format("Staphylococcus")),
        *(order("B", "Urines"), organism.format("Proteus")),
        *(order("A1", "Antibiogramme", parent, "", "", "^A"), line.format("Oxacilline")),
        *(order("B1", "Antibiogramme", parent, "", "", "^B"), line.format("Amoxicilline")),
    ]
    message = "\r".join([header("1", NOW), pid(SOLO), *segments])
    isolates = [isolate for chapter in reading(message).chapters for isolate in chapter.isolates]
    assert [(i.name, [a.name for a in i.antibiogram]) for i in isolates] == [
        ("Staphylococcus", ["Oxacilline"]),
        ("Proteus", ["Amoxicilline"]),
    ]


@pytest.mark.parametrize(
    "obx, value",
    [
        ("NM|K^Potassium^L||4,1|mmol/l", Quantity(Decimal("4.1"), "mmol/L")),
        ("NM|K^Potassium^L||-0.50|mmol/L", Quantity(Decimal("-0.50"), "mmol/L")),
        ("ST|K^Potassium^L||>=10|g/L", Quantity(Decimal(10), "g/L", ">=")),
        ("ST|K^Potassium^L||≤ 3|g/L", Quantity(Decimal(3), "g/L", "<=")),
        ("SN|K^Ratio^L||^1^:^160", Titre(1, 160)),
        ("ST|K^Titre^L||1/80", Titre(1, 80)),
        ("SN|K^Zone^L||^2^-^5|mm", Interval(Decimal(2), Decimal(5), "mm")),
        ("NM|K^Globules^L||250|G/L", Quantity(Decimal(250), "10*9/L")),
        ("NM|K^Globules^L||250|g/L", Quantity(Decimal(250), "g/L")),
        ("NM|K^Chose^L||12|pouces", TextValue("12 pouces")),
        ("SN|K^Chose^L||>^12|pouces", TextValue("> 12 pouces")),
        ("NM|K^Gauss^L||3|G/L^^UCUM", TextValue("3 G/L")),
        ("CWE|K^Rhésus^L||10828004^Positif^SCT", CodedValue),
        ("CE|K^Rhésus^L||POS^Positif^L", TextValue("Positif")),
        ("ST|K^Texte^L||a\\T\\b \\F\\ c", TextValue("a&b | c")),
        ("FT|K^Texte^L||ligne 1\\.br\\ligne 2\\H\\!\\N\\", TextValue("ligne 1\nligne 2!")),
        ("TX|K^Texte^L||avec ^ accent et 5 mg/L", TextValue("avec ^ accent et 5 mg/L")),
        ("ST|K^Texte^L||\\XC3A9\\t\\XE9\\", TextValue("été")),
        ("NM|K^Texte^L||non dosable|g/L", TextValue("non dosable")),
        ("ST|K^Texte^L||premier~second", TextValue("premier\nsecond")),
    ],
)
def test_values(obx, value):
    found = analysis(f"OBX|1|{obx}|||||F" if obx.count("|") >= 4 else f"OBX|1|{obx}||||||F").value
    assert isinstance(found, value) if isinstance(value, type) else found == value


@pytest.mark.parametrize(
    "letter, status",
    [("F", "F"), ("C", "C"), ("P", "P"), ("I", "I"), ("X", "X"), ("R", "P"), ("S", "P"), ("U", "F"), ("", "F"),
     ("?", "P")],
)  # fmt: skip
def test_statuses(letter, status):
    found = analysis(f"OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||{letter}")
    assert found.status is ResultStatus(status)
    assert (found.value is None) == (status == "X")


def test_withdrawn_and_unasked_results_are_left_out():
    kept = "OBX|2|NM|NA^Sodium^L||140|mmol/L|||||F"
    for letter in "DWNO":
        assert analysis(f"OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||{letter}", kept).name == "Sodium"


@pytest.mark.parametrize("letter", ["P", "A", "R", "I", "S", "O"])
def test_a_report_still_partial_says_so(letter):
    text = blood_test(SOLO, NOW).replace("||HM|F", f"||HM|{letter}")
    assert not reading(text).is_complete


def test_corrections_are_known():
    assert reading(blood_test(SOLO, NOW, status="C")).is_correction


def test_an_unknown_flag_is_not_lost():
    found = analysis("OBX|1|NM|K^Potassium^L||4.1|mmol/L||H~ZZ|||F")
    assert found.flags == ("H",)
    assert "ZZ" in found.comment


def test_a_long_text_cut_in_several_results_is_one():
    lines = [f"OBX|{n}|TX|CCL^Conclusion^L||ligne {n}||||||F" for n in range(1, 4)]
    assert analysis(*lines).value == TextValue("ligne 1\nligne 2\nligne 3")


def test_a_title_line_is_no_result_and_its_note_is_kept():
    report = one("OBX|1|ST|T^IONOGRAMME^L||||||||F", "NTE|1||À jeun", "OBX|2|NM|K^Potassium^L||4.1|mmol/L|||||F")
    assert [each.name for each in report.analyses] == ["Potassium"]
    assert "À jeun" in report.chapters[0].comment


def test_the_laboratory_s_page():
    page = base64.b64encode(b"%PDF-1.4 page").decode()
    result = "OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F"
    report = one(f"OBX|2|ED|PDF^Compte rendu^L||^AP^PDF^Base64^{page}||||||F", result)
    assert report.pdf == b"%PDF-1.4 page"
    assert len(tuple(report.analyses)) == 1
    for broken in ("^AP^PDF^A^xx", "^AP^PDF^Base64^@@@"):
        with pytest.raises(Hl7Problem):
            one(f"OBX|2|ED|PDF^Compte rendu^L||{broken}||||||F", result)


def test_another_attachment_is_said_not_sent():
    report = one("OBX|1|ED|IMG^Courbe^L||^IM^PNG^Base64^AAAA||||||F", "OBX|2|NM|K^K^L||4|mmol/L|||||F")
    assert "Courbe" in report.chapters[0].comment
    assert "AAAA" not in report.text


def test_several_patients_are_several_reports():
    first, second = blood_test(SOLO, NOW), urine_culture(people.LINA, NOW)
    both = first + second[second.index("PID") :]
    reports = read_reports(both.encode(), production=False)
    assert [report.patient.ins for report in reports] == [SOLO.ins, people.LINA.ins]


@pytest.mark.parametrize(
    "name, birth, used, given",
    [
        ("MARTIN^Zoé^Zoé Léa^^^^L", "MARTIN", "", "Zoé Léa"),
        ("DUPONT^Zoé^^^^^D~MARTIN^Zoé^Zoé Léa^^^^L", "MARTIN", "DUPONT", "Zoé Léa"),
        ("MARTIN^Zoé", "", "MARTIN", "Zoé"),
        ("MARTIN&de^Zoé^^^^^L", "MARTIN", "", "Zoé"),
        ('""', "", "", ""),
    ],
)
def test_names_by_their_type(name, birth, used, given):
    text = re.sub(r"(?m)^PID.*$", f"PID|1||77||{name}||19870312|F", blood_test(SOLO, NOW).replace("\r", "\n"))
    found = reading(text.replace("\n", "\r")).patient
    assert (found.family_name, found.used_name, found.given_names) == (birth, used, given)


# -- charset -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "declared, encoding",
    [("8859/1", "latin-1"), ("8859/15", "iso8859-15"), ("UNICODE UTF-8", "utf-8"), ("", "utf-8"), ("", "cp1252")],
)
def test_character_sets(declared, encoding):
    text = blood_test(SOLO, NOW).replace("UNICODE UTF-8", declared)
    assert next(reading(text, encoding).analyses).name == "Hémoglobine"


@pytest.mark.parametrize("declared, encoding", [("UNICODE UTF-8", "latin-1"), ("ASCII", "utf-8"), ("EBCDIC", "utf-8")])
def test_another_character_set_than_declared_is_refused(declared, encoding):
    with pytest.raises(WrongCharset):
        reading(blood_test(SOLO, NOW).replace("UNICODE UTF-8", declared), encoding)


# -- former results ------------------------------------------------------------------------------------------------

HB = "OBX|1|NM|718-7^Hémoglobine^LN||{0}|g/dL|||||F|||{1}"
GLUCOSE = "OBX|1|NM|14749-6^Glucose^LN||{0}|mmol/L|||||F|||{1}"


def dated(number, collected, released, *segments):
    """An order of its own filler number, with OBR-7 and OBR-22."""
    return "\r".join([f"OBR|1||{number}|NFS^NFS^L|||{collected}|||||||||||||||{released}||HM|F", *segments])


def with_orders(*orders):
    return reading("\r".join([header("1", NOW), pid(SOLO), *orders]))


def said(analysis):
    """Value, former value, its day."""
    former = analysis.previous
    return analysis.value.value, former and former.value.value, former and f"{former.observed_at:%Y%m%d}"


def test_an_earlier_observation_of_the_same_analysis_is_its_previous_result():
    older, old, today = (HB.format(*pair) for pair in (("11", "20240102"), ("12,1", "20250304"), ("13.2", "")))
    for segments in ((today, old, older), (older, old, today)):
        (found,) = one(*segments).analyses
        assert said(found) == (Decimal("13.2"), Decimal("12.1"), "20250304")
        assert found.comment.replace("\u00a0", " ") == "Résultats plus anciens : 11 g/dL (02/01/2024)"


def test_an_order_released_before_today_s_was_collected_is_a_former_one():
    former = dated("REQ-1", "20260301", "20260302", HB.format("12", ""), GLUCOSE.format("5", ""))
    today = dated("REQ-2", "20261119", "20261120", HB.format("13", ""))
    for orders in ((former, today), (today, former)):
        report = with_orders(*orders)
        assert (report.request.value, f"{report.collected_at:%Y%m%d}") == ("REQ-2", "20261119")
        told = {a.name: (*said(a), f"{a.observed_at:%Y%m%d}") for a in report.analyses}
        assert told == {
            "Hémoglobine": (13, 12, "20260301", "20261119"),
            "Glucose": (5, None, None, "20260301"),  # nothing of today to stand beside
        }


@pytest.mark.parametrize(
    "orders",
    [
        [dated("R", "20261119", "", GLUCOSE.format("5", "202611190800"), GLUCOSE.format("9", "202611190900"))],
        [
            dated("R", "20261117", "20261118", HB.format("12", "")),
            dated("R", "20261119", "20261120", HB.format("13", "")),
        ],
        [
            dated("R", "20261117", "20261120", HB.format("12", "")),
            dated("S", "20261119", "20261120", HB.format("13", "")),
        ],
        [dated("R", "20261119", "", GLUCOSE.format("5", "20261118"))],
        [dated("R", "20261119", "", HB.format("", "20251118").replace("|F|", "|P|"), HB.format("13", ""))],
    ],
    ids=["curve", "same request", "not released before", "alone", "former awaited"],
)
def test_results_of_today_stay_results(orders):
    wanted = sum(each.count("OBX|") for each in orders)
    found = list(with_orders(*orders).analyses)
    assert len(found) == wanted
    assert not any(each.previous for each in found)


def test_a_former_culture_is_no_isolate_of_today():
    organism = "OBX|1|CWE|630-4^Bactérie^LN|1|1^{0}^SCT^^^^^^{0}||||||F"
    report = with_orders(
        dated("OLD", "20260301", "20260303", organism.format("Proteus")),
        dated("NEW", "20261119", "20261120", organism.format("Klebsiella")),
    )
    (chapter,) = report.chapters
    assert [isolate.name for isolate in chapter.isolates] == ["Klebsiella"]
    assert [a.value for b in chapter.batteries for a in b.analyses] == []
    assert "Culture antérieure du 01/03/2026 : Proteus" in chapter.comment


def test_orders_each_released_before_the_other_was_collected_are_no_crash():
    orders = (
        dated("A", "20261119", "20250101", HB.format("1", "")),
        dated("B", "20261118", "20250101", HB.format("2", "")),
    )
    assert len(list(with_orders(*orders).analyses)) == 2


def test_the_end_of_a_former_text_is_no_end_of_today_s():
    line = "OBX|{0}|TX|CCL^Conclusion^L||{1}||||||F|||{2}"
    (found,) = one(line.format(1, "Normal.", "20250101"), line.format(2, "Anormal.", "20261119")).analyses
    assert (found.value.text, found.previous.value.text) == ("Anormal.", "Normal.")


# -- what cannot be used -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change, kind",
    [
        (lambda t: "", NotEr7),
        (lambda t: "H|^~\\&|hprim", NotEr7),
        (lambda t: t.replace("MSH|^~\\&", "MSH|||||"), NotEr7),
        (lambda t: t.replace("ORU^R01^ORU_R01", "ADT^A01^ADT_A01"), UnsupportedMessage),
        (lambda t: t.replace("|2.5|", "|3.0|"), UnsupportedMessage),
        (lambda t: t.replace("MSG-TEST-2026-000123-F", ""), MissingField),
        (lambda t: re.sub(r"OB[RX][^\r]*\r", "", t), MissingField),
        (lambda t: t + "plain words\r", NotEr7),
        (lambda t: t + "NTE|1||x\r" * 20_001, MessageTooBig),
    ],
)
def test_what_is_no_report(change, kind):
    with pytest.raises(kind) as caught:
        reading(change(blood_test(SOLO, NOW)))
    assert "TESTEXEMPLE" not in str(caught.value)


def test_a_training_message_never_becomes_a_patient_s_report():
    with pytest.raises(NotProduction):
        reading(blood_test(SOLO, NOW), production=True)
    assert reading(blood_test(SOLO, NOW).replace("|T|2.5|", "|P|2.5|"), production=True)


@given(st.binary(max_size=400))
def test_random_bytes_are_refused_or_read_never_crash(noise):
    for content in (noise, b"MSH|^~\\&|" + noise, blood_test(SOLO, NOW).encode()[:300] + noise):
        try:
            read_reports(content, production=False)
        except Hl7Problem:
            continue


@given(st.data())
def test_a_damaged_message_is_refused_or_read_never_crashes(data):
    whole = bytearray(urine_culture(SOLO, NOW).encode())
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_reports(bytes(whole), production=False)
    except Hl7Problem:
        return
