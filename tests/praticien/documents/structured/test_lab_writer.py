"""CR-BIO 2024.01: accepted by the official rules, and saying what the model says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from lxml import etree

from demonstration import people
from praticien.documents.cda_model import StructuredBody
from praticien.documents.cda_reader import read
from praticien.documents.coded.reading import read_facts
from praticien.documents.errors import OtherPatient, UnprintableText
from praticien.documents.lab_check import EmptyLabReport, IncompleteLabReport, LabProblem
from praticien.documents.lab_codes import CHAPTERS
from praticien.documents.lab_report import (
    Battery,
    Chapter,
    Identifier,
    Isolate,
    Prescriber,
    Quantity,
    ReferenceRange,
    ResultStatus,
    SourcePatient,
    TextValue,
)
from praticien.documents.model import ReplacedVersion
from praticien.documents.pdf import text_of
from praticien.professional import Professional
from tests.effort import examples
from tests.generated import drawn
from tests.praticien.documents.lab_reports import (
    ASPECT,
    CRP,
    CULTURE,
    GLUCOSE,
    LOST,
    SEROLOGY,
    THYROID,
    TSH,
    document,
    report,
    reports,
    source,
)
from tests.praticien.documents.structured.support import NS, assert_officially_right, submit, without
from tests.praticien.forms import NOW, SOFTWARE_OID, patient, pdf_saying
from tests.validators import judge, official

HEMATOLOGY = CHAPTERS["18723-7"]
BIOCHEMISTRY = CHAPTERS["18719-5"]
LOINC_OID = "2.16.840.1.113883.6.1"


def of(*analyses, **changes):
    return report(Chapter(BIOCHEMISTRY, (Battery("Bilan", analyses),)), **changes)


VARIANTS = {
    "one result": document(of(GLUCOSE)),
    "everything of a result": document(of(TSH)),
    "below a threshold": document(of(CRP)),
    "every kind of value": document(of(TSH, CRP, SEROLOGY, ASPECT, LOST)),
    "microbiology": document(report(CULTURE)),
    "isolate without code": document(report(replace(CULTURE, isolates=(Isolate("Germe non identifié"),)))),
    "three chapters": document(report(THYROID, CULTURE, Chapter(HEMATOLOGY, (Battery("NFS", (GLUCOSE,)),)))),
    "nothing but results": document(replace(of(GLUCOSE), order=None, request=None, prescriber=None, comment="")),
    "prescriber without number": document(of(GLUCOSE, prescriber=Prescriber("TESTAUTRE"))),
    "prescriber of the laboratory": document(
        of(GLUCOSE, prescriber=Prescriber("TESTAUTRE", "", Identifier("0042")), ordered_at=None)
    ),
    "pharmacist director": document(
        of(GLUCOSE, director=Professional("899700000172", "TESTPHARMA", "Élise", profession="21"))
    ),
    "second version": document(of(GLUCOSE), version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:0")),
    "200 results": document(of(*[TSH] * 200)),
    "adult": document(of(GLUCOSE), people.SOLO),
    "lunar birth date": document(
        of(GLUCOSE),
        replace(people.SOLO, traits=replace(people.SOLO.traits, birth_date="19710231")),
    ),
    "words as a reference": document(of(replace(TSH, reference=ReferenceRange(text="voir la notice")))),
    "hospital": document(
        of(GLUCOSE),
        author=replace(document().author, structure=people.HOPITAL),
        legal_authenticator=replace(document().author, structure=people.HOPITAL),
    ),
    "its own PDF": document(of(GLUCOSE, pdf=pdf_saying("Laboratoire fictif").content)),
}


patients = st.sampled_from([people.LINA, people.SOLO, people.YANN, people.SCANNED])


@official
@pytest.mark.official
@pytest.mark.timeout(400)
def test_the_official_rules_accept_every_one(tmp_path):
    """Variants and generated reports; damaged ones are refused: the rules were really there."""
    contents = {name: submit(made).content for name, made in VARIANTS.items()}
    for number, (body, seed) in enumerate(drawn(st.tuples(reports, patients), examples(10))):
        contents[f"generated {number}"] = submit(document(body, seed), text_compared=True).content
    assert len(contents) > len(VARIANTS) + 5
    whole = contents["microbiology"]
    contents["broken: no laboratory address"] = without(whole, ".//h:performer//h:representedOrganization/h:addr")
    contents["broken: no originalText"] = without(whole, ".//h:observation/h:code/h:originalText")
    contents["broken: no PDF copy"] = without(whole, ".//h:structuredBody/h:component[last()]")
    contents["broken: no responsible biologist"] = without(whole, ".//h:responsibleParty")
    assert_officially_right(judge(tmp_path, contents), "CI-SIS_BIO-CR-BIO_2024.01", fired=6)


# -- what it says --------------------------------------------------------------------------------------------------


def values_of(made):
    root = etree.fromstring(submit(made).content)
    return lambda path: root.xpath(path, namespaces=NS)


def test_the_header_carries_prescriber_numbers_chapters_and_laboratory():
    values = values_of(document(report(THYROID, CULTURE)))
    assert values("h:title/text()") == ["Compte rendu d'examens biologiques"]
    assert values("h:participant[@typeCode='REF']//h:family/text()") == ["TESTMED"]
    assert values("h:inFulfillmentOf/h:order/h:id/@*") == [SOFTWARE_OID, "TEST-PRESC-77"]
    assert values("h:documentationOf/h:serviceEvent/h:id/@extension") == ["TEST-2026-000123"]
    assert values("h:documentationOf/h:serviceEvent/h:code/@code") == ["18719-5", "18725-2"]
    performer = "h:documentationOf[1]/h:serviceEvent/h:performer/h:assignedEntity"
    assert values(f"{performer}/h:representedOrganization/h:name/text()") == [people.LABORATOIRE.name]
    assert values("h:componentOf//h:responsibleParty//h:family/text()") == ["TESTBIO"]
    assert values("h:recordTarget/h:patientRole/h:addr/@nullFlavor") == ["UNK"]


def test_the_entry_says_what_is_inside():
    entry = submit(document(report(THYROID, CULTURE))).entry
    assert entry.format_code.code == "urn:ihe:lab:xd-lab:2008"
    assert (entry.type_code.code, entry.class_code.code) == ("11502-2", "10")
    assert [code.code for code in entry.event_codes] == ["18719-5", "18725-2"]
    assert [(one.identifier, one.authority, one.type.rpartition(":")[2]) for one in entry.references] == [
        ("TEST-PRESC-77", SOFTWARE_OID, "order"),
        ("TEST-2026-000123", "1.2.250.1.999.8", "accession"),
    ]
    assert entry.title == "Biologie du 20 novembre"


def test_a_result_is_coded_with_unit_flag_range_and_former_value():
    values = values_of(document(of(TSH)))
    result = "//h:organizer[@classCode='BATTERY']/h:component/h:observation"
    assert values(f"{result}/h:code/@code") == ["3016-3"]
    assert values(f"{result}/h:code/h:translation/@*") == ["TSHUS", "TSH ultrasensible", SOFTWARE_OID]
    assert values(f"{result}/h:value/@*[name() != 'xsi:type']") == ["5.20", "m[IU]/L"]
    assert values(f"{result}/h:interpretationCode/@code") == ["H"]
    assert values(f"{result}/h:referenceRange//h:value/*/@value") == ["0.27", "4.20"]
    former = f"{result}/h:entryRelationship[@typeCode='REFR']/h:observation"
    assert values(f"{former}/h:value/@value") == ["3.9"]
    assert values(f"{former}/h:effectiveTime/@value") == [(NOW - timedelta(days=200)).strftime("%Y%m%d%H%M%S%z")]


def test_a_threshold_is_an_open_interval_and_a_local_code_no_loinc():
    values = values_of(document(of(CRP)))
    result = "//h:organizer[@classCode='BATTERY']/h:component/h:observation"
    assert values(f"{result}/h:value/@xsi:type") == ["IVL_PQ"]
    assert values(f"{result}/h:value/h:high/@*") == ["5", "mg/L", "false"]
    assert values(f"{result}/h:value/h:low") == []
    assert values(f"{result}/h:code/@code") == []
    assert values(f"{result}/h:code/h:translation/@code") == ["CRP1"]


def test_other_kinds_of_values():
    values = values_of(document(of(SEROLOGY, ASPECT, LOST)))
    result = "//h:organizer[@classCode='BATTERY']/h:component/h:observation"
    assert values(f"{result}/h:value[@xsi:type='RTO']/*/@value") == ["1", "160"]
    assert values(f"{result}/h:value[@xsi:type='ST']/text()") == ["légèrement trouble"]
    assert values(f"{result}/h:statusCode/@code") == ["completed", "completed", "aborted"]


def test_microbiology_specimen_isolate_and_antibiogram():
    values = values_of(document(report(CULTURE)))
    assert values("//h:procedure//h:playingEntity/h:code/@code") == ["UR"]
    assert values("//h:procedure//h:act/h:code/@code") == ["SPRECEIVE"]
    assert values("//h:specimenPlayingEntity/h:code/@code") == ["112283007"]
    panel = "//h:organizer[@classCode='CLUSTER']//h:organizer[h:code/@code='18769-0']"
    assert values(f"{panel}//h:interpretationCode/@code") == ["R", "S"]
    assert values(f"{panel}//h:low/@*") == ["32", "ug/mL", "true"]


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_every_reference_leads_somewhere(name):
    values = values_of(VARIANTS[name])
    there = set(values("//@ID"))
    assert len(there) == len(values("//@ID")), "an ID twice"
    asked = {value.removeprefix("#") for value in values("//h:reference/@value")}
    assert asked | set(values("//@referencedObject")) <= there


def test_the_same_document_gives_the_same_bytes():
    made = document(report(THYROID, CULTURE))
    assert submit(made).content == submit(made).content


def test_it_is_read_back_with_narrative_and_copy():
    body = read(submit(document(report(THYROID, CULTURE))).content).body
    assert isinstance(body, StructuredBody)
    assert [section.title for section in body.sections] == [
        "Biochimie",
        "Microbiologie",
        "Commentaire",
        "Copie du document",
    ]
    (copy,) = body.attachments
    text = text_of(copy.content)
    for words in ("TSH ultrasensible", "5,20", "mUI/L", "0,27 à 4,20", "Escherichia coli", "Résistant", "3,9 mUI/L"):
        assert words in text.replace("\n", " "), words


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_whoever_reads_the_codes_finds_every_result_and_no_conflict(name):
    made = VARIANTS[name]
    found = read_facts(submit(made).content).results
    wanted = list(made.body.analyses)
    assert [list(fact.flags) for fact in found] == [list(analysis.flags) for analysis in wanted]
    assert [bool(fact.values) for fact in found] == [analysis.value is not None for analysis in wanted]
    assert [fact.conflicts for fact in found] == [()] * len(wanted)


def test_the_laboratory_s_own_page_is_the_copy():
    own = pdf_saying("Laboratoire fictif, page signée").content
    (copy,) = read(submit(document(of(GLUCOSE, pdf=own))).content).body.attachments
    assert copy.content == own


def test_a_result_longer_than_a_page_is_printed_whole():
    long = "\n".join(f"ligne {number} du résultat" for number in range(300))
    (copy,) = read(submit(document(of(replace(ASPECT, value=TextValue(long))))).content).body.attachments
    text = text_of(copy.content)
    assert "ligne 0 du" in text
    assert "ligne 299 du" in text


def test_a_new_version_replaces_the_former():
    values = values_of(VARIANTS["second version"])
    assert values("h:versionNumber/@value") == ["2"]
    assert values("h:relatedDocument[@typeCode='RPLC']//h:id/@root") == ["2.25.77"]
    assert submit(VARIANTS["second version"]).replaces == "urn:uuid:0"


# -- refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [ResultStatus.PRELIMINARY, ResultStatus.PENDING])
def test_only_complete_reports_go_out(status):
    with pytest.raises(IncompleteLabReport):
        submit(document(of(GLUCOSE, replace(TSH, status=status))))
    with pytest.raises(IncompleteLabReport):
        submit(document(of(GLUCOSE, status=status)))


@pytest.mark.parametrize(
    "body, kind, field",
    [
        (report(Chapter(BIOCHEMISTRY)), EmptyLabReport, "lab"),
        (of(*[GLUCOSE] * 2001), LabProblem, "lab"),
        (report(THYROID, THYROID), LabProblem, "lab"),
        (of(replace(GLUCOSE, name=" ")), LabProblem, "lab.0.0"),
        (of(GLUCOSE, replace(TSH, flags=("ZZ",))), LabProblem, "lab.0.1"),
        (of(replace(GLUCOSE, value=Quantity(GLUCOSE.value.value, "pouces"))), LabProblem, "lab.0.0"),
        (of(replace(GLUCOSE, value=TextValue(" "))), LabProblem, "lab.0.0"),
        (of(replace(GLUCOSE, comment="a\x00")), LabProblem, "lab.0.0"),
        (of(replace(TSH, reference=ReferenceRange(TSH.value.value, GLUCOSE.value.value))), LabProblem, "lab.0.0"),
        (of(GLUCOSE, comment="測試"), UnprintableText, "lab"),
        (of(replace(GLUCOSE, name="測試")), UnprintableText, "lab"),
    ],
)
def test_a_problem_names_its_place(body, kind, field):
    with pytest.raises(kind) as caught:
        submit(document(body))
    assert caught.value.field == field
    assert "Glyc" not in str(caught.value)


# -- whose report --------------------------------------------------------------------------------------------------


def other(**changes):
    """A form about LINA whose laboratory file says something else."""
    return replace(document(), body=replace(report(), patient=replace(source(people.LINA), **changes)))


@pytest.mark.parametrize(
    "changes, traits",
    [
        ({"family_name": "TESTAUTRE"}, ("birth_name",)),
        ({"family_name": "", "used_name": "TESTAUTRE"}, ("birth_name",)),
        ({"given_names": "ZOÉ"}, ("first_name",)),
        ({"birth_date": "20120228"}, ("birth_date",)),
        ({"sex": people.TOM.traits.sex}, ("sex",)),
        ({"ins": people.SOLO.ins}, ("ins",)),
        ({"ins": None, "birth_date": ""}, ("identity",)),
        ({"ins": None, "family_name": ""}, ("identity",)),
    ],
)
def test_another_patient_is_stopped_with_what_disagrees(changes, traits):
    with pytest.raises(OtherPatient) as caught:
        submit(other(**changes), text_compared=True)
    assert caught.value.sources == ("lab",)
    assert caught.value.traits == traits


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ins": None},
        {"given_names": "LINA"},
        {"family_name": "TestFamille", "given_names": "Lina-Rose"},
        {"family_name": "", "used_name": "TESTFAMILLE"},
    ],
)
def test_the_same_patient_goes_on(changes):
    assert submit(other(**changes)).content


def test_a_name_of_unknown_kind_may_be_the_used_one():
    who = replace(patient(people.LINA), used_name="TESTUSAGE")
    made = replace(other(family_name="", used_name="Testusage"), patient=who)
    assert submit(made).content
    with pytest.raises(OtherPatient):
        submit(replace(other(family_name="TESTUSAGE"), patient=who))


def test_a_file_without_patient_is_stopped():
    with pytest.raises(OtherPatient) as caught:
        submit(replace(document(), body=replace(report(), patient=SourcePatient())))
    assert caught.value.traits == ("identity",)


def test_the_laboratory_s_page_is_compared_too():
    page = pdf_saying("Nom de naissance : TESTAUTRE\nné le 01/01/1950").content
    with pytest.raises(OtherPatient) as caught:
        submit(document(of(GLUCOSE, pdf=page)))
    assert caught.value.sources == ("text",)


def test_numbers_with_an_authority_keep_it():
    values = values_of(document(of(GLUCOSE, order=Identifier("1", "1.2.3"))))
    assert values("h:inFulfillmentOf/h:order/h:id/@root") == ["1.2.3"]
    assert LOINC_OID in values("//h:observation/h:code/@codeSystem")
