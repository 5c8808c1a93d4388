"""CR-IMG 2024.01: accepted by the official rules, and saying what the model says."""

import base64
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from lxml import etree

from demonstration import people
from praticien.documents.cda_model import StructuredBody
from praticien.documents.cda_reader import read
from praticien.documents.errors import OtherPatient, UnprintableText
from praticien.documents.imaging import Exposure, ImagingAct, ImagingReport, ImagingSeries, ReportSections, SopInstance
from praticien.documents.imaging_acts import load
from praticien.documents.imaging_check import ImagingProblem, NoAct, NoConclusion, WrongCcam
from praticien.documents.imaging_codes import Pregnancy, Side, location_of
from praticien.documents.model import ReplacedVersion
from praticien.documents.pdf import text_of
from praticien.documents.registry_codes import ACCESSION, ORDER
from praticien.documents.registry_codes import STUDY as STUDY_REFERENCE
from tests.effort import examples
from tests.generated import drawn
from tests.praticien.documents.imaging_reports import reports, studies
from tests.praticien.documents.structured.support import NS, assert_officially_right, part, submit, without
from tests.praticien.forms import SOFTWARE_OID, STUDY, imaging_report, patient, pdf_saying, report_pdf
from tests.validators import judge, official

KNEE = next(act for act in load() if act.name == "IRM du genou")
ACT = ImagingAct(KNEE.code, "MR", KNEE.location, Side.LEFT)
CHEST = next(act for act in load() if act.name == "Scanner thoracique avec injection")
CT = ImagingAct(CHEST.code, "CT", CHEST.location, None, CHEST.ccam)
SECTIONS = ReportSections(
    indication="Gonalgie mécanique.",
    technique="T1 sagittal, T2 dans les trois plans.",
    findings="Fissure horizontale.\nCartilages normaux.",
    comparison="IRM de 2020.",
    conclusion="Méniscopathie dégénérative médiale.",
)
DLP = Exposure("113813", "540.2", "mGy.cm")
SERIES = tuple(
    ImagingSeries(f"2.25.7{n}", kind, str(n), words, when, (SopInstance("1.2.840.10008.5.1.4.1.1.4", f"2.25.8{n}"),))
    for n, kind, words, when in ((1, "MR", "T1 sagittal", "20261119101500"), (2, "SR", "Dose", ""))
)
FULL = replace(STUDY, series=SERIES, retrieve_url="https://drim.test.invalid/wado-rs")


def of(*acts, sections=SECTIONS, study=STUDY, report=None, **changes):
    body = ImagingReport(acts or (ACT,), sections, **(report or {}))
    return imaging_report(body=body, study=study, **changes)


ONLY = ReportSections(conclusion="Normal.")
VARIANTS = {
    "knee": of(),
    "conclusion alone": of(sections=ONLY),
    "no study": of(sections=ONLY, study=None),
    "history alone": of(sections=ReportSections(history="Entorse <2019> & 'plâtre'.", conclusion="Normal.")),
    "series": of(study=FULL),
    "series without address": of(study=replace(FULL, retrieve_url="")),
    "two acts": of(CT, ACT, study=FULL),
    "exposure": of(CT, report={"exposures": (DLP, Exposure("113830", "13.64", "mGy"))}),
    "pregnant": of(CT, report={"exposures": (DLP,), "pregnancy": Pregnancy.PREGNANT}),
    "requester and order": of(report={"requester": "Jeanne TESTMED", "order_number": "984"}),
    "printed report": of(report={"pdf": report_pdf()}),
    "second version": of(version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:0")),
    "minor": of(patient=patient(people.LINA), study=None),
    "lunar birth date": of(patient=patient(people.SOLO, birth_date="19710231"), study=None),
    "both sides": of(replace(ACT, side=Side.BOTH)),
}


DAMAGE = {
    "conclusion": "1.2.250.1.213.1.1.2.209",
    "technique": "1.2.250.1.213.1.1.3.153",
    "objects": "1.2.250.1.213.1.1.2.217",
    "history": "1.2.250.1.213.1.1.2.213",
}


@official
@pytest.mark.official
@pytest.mark.timeout(400)
def test_the_official_rules_accept_every_one(tmp_path):
    """Variants and generated reports; damaged ones are refused: the rules were really there."""
    contents = {name: submit(document).content for name, document in VARIANTS.items()}
    for number, (body, study) in enumerate(drawn(st.tuples(reports, studies), examples(10))):
        contents[f"generated {number}"] = submit(imaging_report(body=body, study=study), text_compared=True).content
    assert len(contents) > len(VARIANTS) + 5
    for name, template in DAMAGE.items():
        contents[f"broken: no {name}"] = without(contents["series"], part(template))
    assert_officially_right(judge(tmp_path, contents), "CI-SIS_IMG-CR-IMG_2024.01", fired=5)


# -- what it says --------------------------------------------------------------------------------------------------


def root_of(document):
    return etree.fromstring(submit(document).content)


def values(root, path, attribute):
    return [found.get(attribute) for found in root.findall(path, NS)]


def test_acts_carry_code_modality_region_and_ccam():
    root = root_of(of(CT, ACT))
    events = root.findall("h:documentationOf/h:serviceEvent", NS)
    assert [event.find("h:code", NS).get("code") for event in events] == ["24628-0", "24802-1"]
    assert values(events[0], "h:code/h:translation", "code") == ["ZBQH001", "CT", "67734004"]
    assert values(events[1], "h:code/h:translation", "code") == ["MR", "61685007"]
    assert values(events[1], "h:id", "root") == [STUDY.study_uid]


def test_the_side_is_coded_as_far_as_the_rules_know_and_read_in_full():
    root = root_of(of())
    site = root.find(".//h:procedure/h:targetSiteCode", NS)
    assert (site.get("code"), site.find("h:qualifier/h:value", NS).get("code")) == ("361291001", "66459002")
    assert "côté gauche" in "".join(root.find(".//h:structuredBody", NS).itertext())


def test_series_are_listed_with_their_address_and_dose_reports_are_not():
    root = root_of(of(study=FULL))
    acts = root.findall(".//h:act[h:templateId]", NS)
    assert [act.find("h:id", NS).get("root") for act in acts] == [FULL.study_uid, "2.25.71"]
    (address,) = values(root, ".//h:observation[@classCode='DGIMG']/h:text/h:reference", "value")
    assert address == f"https://drim.test.invalid/wado-rs/studies/{FULL.study_uid}/series/2.25.71"


def test_exposure_says_quantities_pregnancy_and_who_allowed_it():
    root = root_of(of(CT, report={"exposures": (DLP,), "pregnancy": Pregnancy.ABSENT}))
    (quantity,) = root.xpath(".//h:observation[h:templateId/@root='1.2.250.1.213.1.1.3.154']", namespaces=NS)
    value = quantity.find("h:value", NS)
    assert (quantity.find("h:code", NS).get("code"), value.get("value"), value.get("unit")) == (
        "113813",
        "540.2",
        "mGy.cm",
    )
    (pregnancy,) = root.xpath(".//h:observation[h:code/@code='364320009']/h:value", namespaces=NS)
    assert pregnancy.get("code") == "60001007"
    (responsible,) = root.xpath(".//h:participantRole[h:code/@code='113850']/h:id", namespaces=NS)
    assert responsible.get("extension") == people.RADIOLOGIST.national_id


def test_the_reader_shows_every_section_in_order_and_the_copy():
    cda = read(submit(of()).content)
    assert isinstance(cda.body, StructuredBody)
    assert [section.title for section in cda.body.sections] == [
        "Informations cliniques",
        "RM genou",
        "Résultats",
        "Comparaison",
        "Conclusion",
        "Compte rendu en PDF",
    ]
    (copy,) = cda.body.attachments
    assert "Méniscopathie" in text_of(copy.content)


def test_the_printed_report_is_the_copy_byte_for_byte():
    root = root_of(of(report={"pdf": report_pdf()}))
    carried = root.find(".//h:observationMedia/h:value", NS).text
    assert base64.b64decode(carried) == report_pdf()


def test_order_and_accession_number_under_their_authorities():
    order = root_of(of(report={"order_number": "984", "order_authority": "1.2.250.1.999.12"})).find(
        "h:inFulfillmentOf/h:order", NS
    )
    assert dict(order.find("h:id", NS).attrib) == {"root": "1.2.250.1.999.12", "extension": "984"}
    number = order.find("d:accessionNumber", NS)
    assert dict(number.attrib) == {"root": STUDY.accession_issuer, "extension": STUDY.accession_number}


def test_what_the_registry_is_told():
    entry = submit(of(CT, ACT, report={"order_number": "984"})).entry
    assert entry.format_code.code == "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013"
    assert (entry.type_code.code, entry.class_code.code) == ("18748-4", "31")
    assert [code.code for code in entry.event_codes] == ["CT", "MR", "67734004", "61685007"]
    assert [(one.type, one.authority) for one in entry.references] == [
        (ACCESSION, STUDY.accession_issuer),
        (ORDER, SOFTWARE_OID),
        (STUDY_REFERENCE, ""),
    ]


def test_the_same_report_gives_the_same_bytes():
    assert submit(of(study=FULL)).content == submit(of(study=FULL)).content


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document, error, field",
    [
        (of(sections=ReportSections(findings="Rien.")), NoConclusion, "conclusion"),
        (imaging_report(body=ImagingReport((), SECTIONS)), NoAct, "acts"),
        (of(*[ACT] * 11), ImagingProblem, "acts"),
        (of(ACT, replace(ACT, ccam="zbqk002")), WrongCcam, "acts.1.ccam"),
        (of(replace(ACT, modality="SR")), ImagingProblem, "acts.0.modality"),
        (of(replace(ACT, code=replace(ACT.code, code="knee"))), ImagingProblem, "acts.0.code"),
        (of(sections=replace(SECTIONS, technique="T1\x0bT2")), ImagingProblem, "technique"),
        (of(sections=replace(SECTIONS, findings="x" * 20_001)), ImagingProblem, "findings"),
        (of(report={"exposures": (replace(DLP, value="1e3"),)}), ImagingProblem, "exposures"),
        (of(report={"exposures": (replace(DLP, code="1"),)}), ImagingProblem, "exposures"),
        (of(report={"requester": "x" * 101}), ImagingProblem, "requester"),
        (of(report={"order_number": "9" * 65}), ImagingProblem, "order_number"),
    ],
)
def test_a_wrong_field_is_refused_by_its_name(document, error, field):
    with pytest.raises(error) as caught:
        submit(document)
    assert caught.value.field == field


def test_a_character_without_glyph_is_told_for_its_section():
    with pytest.raises(UnprintableText) as caught:
        submit(of(sections=replace(SECTIONS, technique="測")))
    assert caught.value.field == "technique"


@pytest.mark.parametrize(
    "document",
    [
        of(sections=replace(SECTIONS, indication="Nom de naissance : TESTAUTRE")),
        of(report={"pdf": pdf_saying("Née le 01/01/1950").content}),
    ],
)
def test_another_patient_in_text_or_printed_report_stops(document):
    with pytest.raises(OtherPatient) as caught:
        submit(document)
    assert caught.value.sources == ("text",)
    assert submit(document, text_compared=True).content


def test_body_parts_as_modalities_write_them():
    assert location_of("T SPINE").words == "rachis dorsal"
    assert location_of("knee").words == "genou"
    assert location_of("") is None
    assert location_of("TAIL") is None
