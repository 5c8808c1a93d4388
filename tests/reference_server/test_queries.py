"""ITI-18 and ITI-43: what is selected, what is shown to whom, and wrong queries."""

import pytest

from demonstration import people
from reference_server.storage import documents
from tests.reference_server.client import APPROVED, NS, QUERY_ACTION, Words, adhoc, find_documents, slot
from tests.reference_server.deposits import Deposit, send

INS = people.NORA.ins
WHY = "Patient inconscient"


@pytest.fixture
def client(desk, gp):
    return desk.client(gp)


def titles(answer):
    return [one.get("value") for one in answer.body.iterfind(".//rim:ExtrinsicObject/rim:Name/*", NS)]


def shown(answer):
    """Titles but the technical signatures'."""
    return [title for title in titles(answer) if title != "Source"]


def ids(answer):
    return [one.get("id") for one in answer.body.iterfind(".//rim:ObjectRef", NS)]


def deposited(client, *changes, ins=INS):
    made = [Deposit(ins, **change) for change in changes]
    for deposit in made:
        answer = send(client, deposit)
        assert answer.succeeded, (answer.reason, answer.rules)
    return made


PRESCRIPTION = {"title": "Ordonnance"}
SERVICE = "$XDSDocumentEntryService"
BOTH = {"Ordonnance", "Biologie"}
CONFIDENTIALITY = "$XDSDocumentEntryConfidentialityCode"
R02, FORMATS, CLASSES = "1.2.250.1.71.4.2.4", "1.3.6.1.4.1.19376.1.2.3", "1.2.250.1.213.1.1.4.1"
LAB = {"title": "Biologie", "type": ("11502-2", "2.16.840.1.113883.6.1"), "class_code": "10"}


@pytest.mark.parametrize(
    "slots,expected",
    [
        ("", BOTH),
        (slot("$XDSDocumentEntryClassCode", "('10^^1.2.250.1.213.1.1.4.1')"), {"Biologie"}),
        (slot("$XDSDocumentEntryClassCode", "('10^^1.2.250.1.213.1.1.4.1','42^^1.2.250.1.213.1.1.4.1')"), BOTH),
        (slot("$XDSDocumentEntryTypeCode", "('57833-6^^2.16.840.1.113883.6.1')"), {"Ordonnance"}),
        (slot("$XDSDocumentEntryTypeCode", "('57833-6^^1.2.3')"), set()),
        (slot("$XDSDocumentEntryFormatCode", f"('urn:ihe:iti:xds-sd:pdf:2008^^{FORMATS}')"), BOTH),
        (slot("$XDSDocumentEntryConfidentialityCode", "('N^^2.16.840.1.113883.5.25')"), BOTH),
        (slot("$XDSDocumentEntryConfidentialityCode", "('V^^2.16.840.1.113883.5.25')"), set()),
        (slot("$XDSDocumentEntryHealthcareFacilityTypeCode", f"('SA07^^{R02}')"), BOTH),
        (slot("$XDSDocumentEntryPracticeSettingCode", "('SAMU_SMUR^^1.2.250.1.213.1.1.4.9')"), set()),
        (slot("$XDSDocumentEntryCreationTimeFrom", "20261122"), BOTH),
        (slot("$XDSDocumentEntryCreationTimeFrom", "20261122140001"), set()),
        (slot("$XDSDocumentEntryCreationTimeTo", "'20261122140000'"), set()),
        (slot(f"{SERVICE}StartTimeFrom", "2026") + slot(f"{SERVICE}StartTimeTo", "202612"), BOTH),
        (slot("$XDSDocumentEntryServiceStopTimeFrom", "2026"), set()),
        (slot("$XDSDocumentEntryAuthorPerson", "('%TESTMED%')"), BOTH),
        (slot("$XDSDocumentEntryAuthorPerson", "('%TEST.MED%')"), set()),
        (slot("$XDSDocumentEntryEventCodeList", "('X^^1.2.3')"), set()),
        (slot("$XDSDocumentEntryType", "('urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1')"), BOTH),
        (slot("$XDSDocumentEntryType", "('urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248')"), set()),
        (slot("$XDSDocumentEntryDocumentAvailability", "('urn:ihe:iti:2010:DocumentAvailability:Online')"), BOTH),
        (slot("$XDSDocumentEntryDocumentAvailability", "('urn:ihe:iti:2010:DocumentAvailability:Offline')"), set()),
        (slot(CONFIDENTIALITY, "('N^^2.16.840.1.113883.5.25')") + slot(CONFIDENTIALITY, "('V^^1.2')"), set()),
    ],
)  # fmt: skip
def test_find_documents_by(client, slots, expected):
    deposited(client, PRESCRIPTION, LAB)
    assert set(shown(client.find(INS, slots=slots))) == expected


def test_object_references(client):
    deposited(client, PRESCRIPTION)
    answer = client.find(INS, leaf="ObjectRef")
    assert len(ids(answer)) == 2
    assert titles(answer) == []


def test_status_is_a_filter(client):
    deposited(client, PRESCRIPTION)
    assert shown(client.find(INS, status=APPROVED)) == ["Ordonnance"]
    assert shown(client.find(INS, status="urn:asip:ci-sis:2010:StatusType:Archived")) == []


def test_get_documents_by_either_identifier(client):
    (one,) = deposited(client, PRESCRIPTION)
    (identifier,) = ids(client.get(INS, slot("$XDSDocumentEntryUniqueId", f"('{one.unique_id}')")))
    by_uuid = slot("$XDSDocumentEntryEntryUUID", f"('{identifier.upper().replace('URN:UUID', 'urn:uuid')}')")
    assert titles(client.get(INS, by_uuid, "LeafClass")) == ["Ordonnance"]


def test_documents_of_another_patient_are_not_found(client):
    (other,) = deposited(client, PRESCRIPTION, ins=people.SOLO.ins)
    assert ids(client.get(INS, slot("$XDSDocumentEntryUniqueId", f"('{other.unique_id}')"))) == []
    assert client.retrieve(INS, other.unique_id).errors == ["XDSDocumentUniqueIdError"]


@pytest.mark.parametrize(
    "query,error",
    [
        (adhoc("urn:uuid:ffffffff-ffff-4fff-8fff-ffffffffffff", ""), "XDSUnknownStoredQuery"),
        (find_documents(INS, status=""), "XDSStoredQueryMissingParam"),
        (adhoc("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", ""), "XDSStoredQueryMissingParam"),
        (
            adhoc("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", slot("$XDSDocumentEntryPatientId", "('a','b')")),
            "XDSStoredQueryParamNumber",
        ),
        (
            adhoc("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", slot("$XDSDocumentEntryPatientId", "'ZOE'")),
            "XDSUnknownPatientId",
        ),
        (adhoc("urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4", ""), "XDSStoredQueryMissingParam"),
        (
            adhoc(
                "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4",
                slot("$XDSDocumentEntryUniqueId", "('1.2')") + slot("$XDSDocumentEntryEntryUUID", "('urn:uuid:1')"),
            ),
            "XDSStoredQueryParamNumber",
        ),
        (find_documents(INS, leaf="RegistryObject"), "XDSRegistryError"),
        (find_documents(INS, slots=slot("$XDSDocumentEntryTypeCode", "('a')") * 2), "XDSStoredQueryParamNumber"),
        (adhoc("urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9", ""), "XDSStoredQueryMissingParam"),
        (adhoc("urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155", ""), "XDSStoredQueryMissingParam"),
        (
            find_documents(INS).replace("14d4debf-8f97-4251-9a74-a90016b0af0d", "12941a89-e02e-4be5-967c-ce4bfc8fe492"),
            "XDSStoredQueryMissingParam",
        ),
    ],
)
def test_wrong_queries(desk, client, query, error):
    answer = client.call("registry", QUERY_ACTION, query, Words(INS))
    assert answer.errors == [error], answer.reason
    assert answer.body.find("rim:RegistryObjectList", NS) is not None
    assert desk.history(INS)[0].outcome == "refused"


def test_retrieve_several_and_miss_one(client):
    first, second = deposited(client, PRESCRIPTION, LAB)
    answer = client.retrieve(INS, first.unique_id, second.unique_id, "1.2.3.4")
    assert answer.body.find("rs:RegistryResponse", NS).get("status").endswith(":PartialSuccess")
    assert answer.errors == ["XDSDocumentUniqueIdError"]
    by_id = {
        one.findtext("x:DocumentUniqueId", "", NS): answer.parts[
            one.find("x:Document/xop:Include", NS).get("href").removeprefix("cid:")
        ]
        for one in answer.body.findall("x:DocumentResponse", NS)
    }
    assert by_id == {first.unique_id: first.cda(), second.unique_id: second.cda()}


def test_other_repository(client):
    (one,) = deposited(client, PRESCRIPTION)
    assert client.retrieve(INS, one.unique_id, repository="1.2.3").errors == ["XDSUnknownRepositoryId"]


# -- masked documents -----------------------------------------------------------------------------------------------

MASKED = {"title": "Secret", "visibility": ("MASQUE_PS",)}


def masked_seen(client, ins, deposit, words=None):
    """Whether it is listed, and whether it is read: both must agree."""
    words = words or Words(ins)
    listed = "Secret" in titles(client.find(ins, words))
    by_id = slot("$XDSDocumentEntryUniqueId", f"('{deposit.unique_id}')")
    assert ("Secret" in titles(client.get(ins, by_id, "LeafClass", words))) == listed
    answer = client.retrieve(ins, deposit.unique_id, words=words)
    assert bool(answer.parts) == listed
    if not listed:
        assert answer.errors == ["XDSDocumentUniqueIdError"]
    return listed


def test_masked_document_is_seen_by_its_author_and_the_treating_physician_alone(make_desk, gp, emergency):
    desk = make_desk()
    author, treating = desk.client(emergency), desk.client(gp)
    (mine,) = deposited(author, MASKED | {"author": "899700000131^TESTURGENCE^Karim"}, ins=INS)
    author.authorise(INS)
    assert masked_seen(author, INS, mine)
    assert masked_seen(treating, INS, mine)
    solo = people.SOLO.ins
    (other,) = deposited(author, MASKED | {"author": "899700000131^TESTURGENCE^Karim"}, ins=solo)
    treating.authorise(solo)
    assert not masked_seen(treating, solo, other)
    assert desk.history(solo)[0].rule == "document.masked"
    assert desk.history(solo)[0].outcome == "refused"


@pytest.mark.parametrize("allowed", [False, True])
def test_masked_document_in_an_emergency_only_if_the_patient_allowed_it(make_desk, gp, emergency, allowed):
    from dataclasses import replace

    desk = make_desk(seeds=(replace(people.SOLO, masked_visible_in_emergency=allowed),))
    ins = people.SOLO.ins
    (one,) = deposited(desk.client(gp), MASKED, ins=ins)
    words = Words(ins, mode="bris_de_glace", reason=WHY)
    assert masked_seen(desk.client(emergency), ins, one, words) is allowed


def test_patient_hears_of_each_consultation_that_showed_something(desk, client):
    (one,) = deposited(client, PRESCRIPTION)
    before = len(desk.told(INS))
    client.retrieve(INS, "1.2.3.4")
    assert len(desk.told(INS)) == before
    client.retrieve(INS, one.unique_id)
    client.find(INS)
    assert len(desk.told(INS)) == before + 2


def test_technical_id_for_those_who_only_feed(desk, gp, secretary, structure_bearer):
    (one,) = deposited(desk.client(gp), PRESCRIPTION)
    by_id = slot("$XDSDocumentEntryUniqueId", f"('{one.unique_id}')")
    for bearer in (secretary, structure_bearer):
        client = desk.client(bearer)
        assert len(ids(client.get(INS, by_id))) == 1
        assert client.get(INS, by_id, "LeafClass").subcode == "DMPFunctionNotAllowed"


def test_order_is_that_of_the_submissions(desk, client):
    for number in range(4):
        desk.later(seconds=1)
        deposited(client, {"title": f"n{number}"})
    assert shown(client.find(INS)) == ["n0", "n1", "n2", "n3"]
    with desk.database.reading() as session:
        assert len(documents.of_patient(session, INS)) == 8
