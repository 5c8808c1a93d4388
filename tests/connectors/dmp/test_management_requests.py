"""What leaves for TD0.3, TD0.4, TD1.3, TD1.4, TD1.6, stored queries and TD3.3, against the official schemas."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from connectors import errors
from connectors.dmp import ebxml, habilitation_status, td0_3, td0_4, td1_3, td1_6, td3_1, td3_3
from connectors.dmp.client import DmpClient
from connectors.dmp.rim import RIM
from connectors.dmp.sender import Sender
from demonstration import people
from praticien.access import NORMAL
from praticien.administrative import AdministrativeData, Representative
from praticien.habilitations import AuthorisationAct
from praticien.identity import Sex
from praticien.metadata import AssociationType, Availability, Confidentiality, Reference
from tests.connectors import schemas
from tests.connectors.dmp.test_client import found, registry
from tests.connectors.samples import entry, registered
from tests.connectors.support import SOFTWARE, FakeServer, soap
from tests.validators import official

MOMENT = datetime(2026, 11, 22, 10, 20, 30, tzinfo=UTC)
INS, TRAITS = people.NORA.ins, people.NORA.traits
ENTRY = registered(entry())
HL7 = "{urn:hl7-org:v3}"
MOTHER = Representative("MTH", "TESTMERE", ("ANNE", "LISE"), "2 rue Fictive", "99999", "TESTVILLE", ("tel:0100000001",))
DATA = AdministrativeData(
    "TESTUSAGE", "1 rue Fictive", "99999", "TESTVILLE", ("tel:0100000000",), True, False, False,
    (MOTHER, Representative("RESPRSN", "TESTTUTELLE")),
)  # fmt: skip
ASSOCIATION = f"{{{RIM}}}Association"


def children(element: etree._Element) -> dict[str, str | None]:
    return {etree.QName(e).localname: e.text for e in element}


@pytest.mark.parametrize(
    "act, action, role",
    [
        (AuthorisationAct.DECLARE, "AJOUT", None),
        (AuthorisationAct.WITHDRAW, "SUPPRESSION", None),
        (AuthorisationAct.BECOME_TREATING, "AJOUT", "MEDECIN_TRAITANT"),
        (AuthorisationAct.STOP_TREATING, "SUPPRESSION", "MEDECIN_TRAITANT"),
    ],
)
def test_every_authorisation_act(act: AuthorisationAct, action: str, role: str | None) -> None:
    told = children(td0_3.request(INS, act))
    assert (told["action"], told.get("role"), told["nationalId"]) == (action, role, INS.matricule)


def test_list_questions() -> None:
    assert children(td0_4.request(MOMENT)) == {"startDate": "20261122102030", "dateType": "LASTAUTORIZATION"}
    assert children(td1_6.request(INS))["mode"] == "TOUTE"


@official
@pytest.mark.official
def test_administrative_messages() -> None:
    asked = td1_3.question(INS, SOFTWARE, MOMENT)
    schemas.get_demographics(asked)
    assert asked.find(f".//{HL7}reasonCode").get("code") == "CNSLT_DATA"
    revision = td1_3.revision(INS, TRAITS, DATA, SOFTWARE, MOMENT)
    schemas.revise_registration(revision)
    schemas.revise_registration(td1_3.revision(INS, TRAITS, AdministrativeData(), SOFTWARE, MOMENT))
    closing = td1_3.closing(INS, TRAITS, SOFTWARE, MOMENT)
    schemas.revise_registration(closing)
    assert closing.find(f".//{HL7}detectedIssueEvent/{HL7}code").get("code") == "FERMETURE_DEMANDE_PATIENT"
    assert closing.find(f".//{HL7}patient/{HL7}statusCode").get("code") == "terminated"
    assert closing.find(f".//{HL7}addr") is None


@official
@pytest.mark.official
def test_stored_queries() -> None:
    reference = Reference("A-1", "1.2.3", "urn:ihe:iti:xds:2013:accession")
    asked = {
        "sets": td3_1.find_submission_sets(INS, MOMENT),
        "associations": td3_1.get_associations(["urn:uuid:1"]),
        "entries": td3_1.get_entries(["urn:uuid:1"]),
        "reference": td3_1.find_by_reference(INS, [reference]),
        "archived": td3_1.find_documents(INS, (Availability.APPROVED, Availability.ARCHIVED)),
    }
    for question in asked.values():
        schemas.query(question)
    texts = {name: [v.text for v in question.iter(f"{{{RIM}}}Value")] for name, question in asked.items()}
    assert "20261122102030" in texts["sets"]
    assert "('A-1^^^&1.2.3&ISO^urn:ihe:iti:xds:2013:accession')" in texts["reference"]
    assert texts["archived"][1].count("StatusType") == 2


@official
@pytest.mark.official
def test_a_new_status(sender: Sender) -> None:
    schemas.submission(td3_3.deletion(INS, ["urn:uuid:1", "urn:uuid:2"], sender, MOMENT))
    body = td3_3.status_request(ENTRY, Availability.ARCHIVED, sender, MOMENT)
    schemas.submission(body)
    (update,) = body.iter(ASSOCIATION)
    assert update.get("associationType") == AssociationType.UPDATE_STATUS.value
    assert update.get("targetObject") == ENTRY.entry_uuid
    slots = {s.get("name"): s.findtext(f".//{{{RIM}}}Value") for s in update}
    assert slots == {"OriginalStatus": Availability.APPROVED.value, "NewStatus": Availability.ARCHIVED.value}


def stored(**changes: object) -> etree._Element:
    """An entry as a registry gives it, with a slot that nothing here knows."""
    objects = ebxml.registry_objects()
    made = ebxml.add_entry(objects, replace(ENTRY, **changes))
    unknown = etree.Element(f"{{{RIM}}}Slot", name="urn:autre:logiciel")
    etree.SubElement(etree.SubElement(unknown, f"{{{RIM}}}ValueList"), f"{{{RIM}}}Value").text = "gardé"
    made.insert(0, unknown)
    return made


@official
@pytest.mark.official
def test_a_new_visibility_keeps_everything_else(sender: Sender) -> None:
    masked = (Confidentiality.NORMAL, Confidentiality.MASKED)
    before = stored(version="3")
    body = td3_3.visibility_request(before, INS, masked, sender, MOMENT)
    schemas.submission(body)
    (after,) = body.iter(f"{{{RIM}}}ExtrinsicObject")
    read = ebxml.read_entry(after)
    assert read.confidentiality == masked
    assert replace(read, confidentiality=ENTRY.confidentiality, entry_uuid=ENTRY.entry_uuid, version="1") == ENTRY
    assert "gardé" in [v.text for v in after.iter(f"{{{RIM}}}Value")]
    assert after.get("id") != before.get("id")
    assert {c.get("classifiedObject") for c in after.iter(f"{{{RIM}}}Classification")} == {after.get("id")}
    (member,) = body.iter(ASSOCIATION)
    slots = {s.get("name"): s.findtext(f".//{{{RIM}}}Value") for s in member}
    assert slots == {"SubmissionSetStatus": "Original", "PreviousVersion": "3"}
    assert (member.get("targetObject"), after.get("lid")) == (after.get("id"), ENTRY.logical_id)


def test_visibility_is_that_of_the_document_as_it_was_shown(dmp: DmpClient, server: FakeServer) -> None:
    moved = replace(ENTRY, confidentiality=(Confidentiality.NORMAL, Confidentiality.INVISIBLE_TO_PATIENT))
    for answer, expected in ((found(moved), errors.DocumentChanged), (found(), errors.DocumentUnknown)):
        server.serve(soap(answer))
        with pytest.raises(expected):
            dmp.set_visibility(INS, ENTRY, (Confidentiality.NORMAL, Confidentiality.MASKED))
    assert [r.path for r in server.received] == ["/registry", "/registry"]  # asked, and nothing was sent


@pytest.mark.parametrize(
    "code, expected",
    [
        ("XDSMetadataUpdateError", errors.UpdateRefused),
        ("XDSMetadataUpdateOperationError", errors.UpdateRefused),
        ("XDSMetadataVersionError", errors.DocumentChanged),
    ],
)
def test_a_refused_update(dmp: DmpClient, server: FakeServer, code: str, expected: type) -> None:
    server.serve(soap(registry("Failure", code)))
    with pytest.raises(expected):
        dmp.set_availability(INS, ENTRY, Availability.DELETED, NORMAL)


ROW = f"""<list><patientIdentifier><nationalId>0000</nationalId><nationalIdType>1.2.250.1.213.1.4.2</nationalIdType>
  </patientIdentifier><patientIdentifier><nationalId>{INS.matricule}</nationalId>
  <nationalIdType>{INS.oid}</nationalIdType></patientIdentifier><lastName>TESTUSAGE</lastName>
  <patronymicalName>TESTFAMILLE</patronymicalName><firstName>NORA</firstName><civility>MME</civility>
  <dateOfBirth>19840621</dateOfBirth><MT>true</MT><lastAccessDate>20261122102030</lastAccessDate></list>"""


def listed(row: str, name: str = "patientList", status: str = "DMPOk") -> str:
    return f"<{name}Response xmlns='urn:x'>{row}<status>{status}</status></{name}Response>"


def test_my_dossiers(dmp: DmpClient, server: FakeServer) -> None:
    server.serve(soap(listed(ROW)))
    (one,) = dmp.authorised_dossiers()
    assert (one.ins, one.birth_name, one.used_name, one.sex) == (INS, "TESTFAMILLE", "TESTUSAGE", Sex.FEMALE)
    assert (one.birth_date, one.treating, one.last_access, one.last_update) == ("19840621", True, MOMENT, None)
    (received,) = server.received
    assert received.path == "/patientsSpecific"
    assert "resource-id" not in etree.tostring(received.envelope).decode()


@pytest.mark.parametrize(
    "row",
    [ROW.replace(INS.matricule, "1" * 15), ROW.replace(INS.oid, "1.2.3"), ROW.replace("20261122102030", "hier")],
)
def test_a_row_that_cannot_be_read(dmp: DmpClient, server: FakeServer, row: str) -> None:
    server.serve(soap(listed(row)))
    with pytest.raises(errors.MalformedAnswer):
        dmp.authorised_dossiers()


def test_who_may_consult(dmp: DmpClient, server: FakeServer) -> None:
    row = (
        "<list><nationalId>899700000131</nationalId><firstName>Karim</firstName><lastName>TESTURGENCE</lastName>"
        "<codeSpeciality>G15_10/SM59</codeSpeciality><mode>{mode}</mode><specificRight>MEDECIN_TRAITANT</specificRight>"
        "<startOfAuthorization>20261122102030</startOfAuthorization></list>"
    )
    rows = row.format(mode="ACTIVE") + row.format(mode="INTERDITE")
    server.serve(soap(listed(rows, "listAuthorizationByPatient")))
    active, blocked = dmp.authorised_holders(INS)
    assert (active.blocked, blocked.blocked) == (False, True)
    assert (active.until.year, blocked.until) == (2027, None)


def test_a_status_of_the_specific_services() -> None:
    with pytest.raises(errors.AttachedToMes):
        habilitation_status.check(etree.fromstring(listed("", status="DMPAttachedToMes")))
