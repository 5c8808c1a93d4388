"""FindSubmissionSets, GetAssociations, FindDocumentsByReferenceId; types that are closed to a profession."""

from dataclasses import replace

import pytest

from demonstration import people
from praticien.access import Authorisation
from praticien.professional import CardKind
from tests.reference_server.client import APPROVED, NS, QUERY_ACTION, Words, adhoc, find_documents, slot
from tests.reference_server.conftest import NURSE
from tests.reference_server.deposits import Deposit, send

INS = people.NORA.ins
SETS = "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9"
ASSOCIATIONS = "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155"
KARIM = "899700000131^TESTURGENCE^Karim"
ACCESSION = "A-77^^^&1.2.3.4&ISO^urn:ihe:iti:xds:2013:accession"
ORDER = "O-12^^^&1.2.3.4&ISO^urn:ihe:iti:xds:2013:order"


def ask(client, query_id, slots, leaf="LeafClass", words=None):
    answer = client.call("registry", QUERY_ACTION, adhoc(query_id, slots, leaf), words or Words(INS))
    assert answer.succeeded, (answer.reason, answer.rules)
    return answer


def set_slots(extra=""):
    patient = f"'{INS.matricule}^^^&{INS.oid}&ISO^NH'"
    return slot("$XDSSubmissionSetPatientId", patient) + slot("$XDSSubmissionSetStatus", f"('{APPROVED}')") + extra


def sets(client, extra="", leaf="LeafClass"):
    return ask(client, SETS, set_slots(extra), leaf).body.findall(".//rim:RegistryPackage", NS)


def unique_ids(packages):
    scheme = "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8"
    return [
        one.get("value")
        for package in packages
        for one in package.findall("rim:ExternalIdentifier", NS)
        if one.get("identificationScheme") == scheme
    ]


def deposited(client, **change):
    deposit = Deposit(INS, **change)
    answer = send(client, deposit)
    assert answer.succeeded, (answer.reason, answer.rules)
    return deposit


def titles(answer):
    found = [one.get("value") for one in answer.body.iterfind(".//rim:ExtrinsicObject/rim:Name/*", NS)]
    return [title for title in found if title != "Source"]


NAME = "$XDSSubmissionSet"


@pytest.mark.parametrize(
    "extra,found",
    [
        ("", True),
        (slot(NAME + "SourceId", "('1.2.3.4.5.6')"), True),
        (slot(NAME + "SourceId", "('1.2.3')"), False),
        (slot(NAME + "SubmissionTimeFrom", "20261122140001"), True),
        (slot(NAME + "SubmissionTimeFrom", "20261122140002"), False),
        (slot(NAME + "SubmissionTimeTo", "20261122140001"), False),
        (slot(NAME + "SubmissionTimeTo", "20261123"), True),
        (slot(NAME + "AuthorPerson", "'%TESTMED%'"), True),
        (slot(NAME + "AuthorPerson", "'%TESTURGENCE%'"), False),
        (slot(NAME + "ContentType", "('SA07^^1.2.250.1.71.4.2.4')"), True),
        (slot(NAME + "ContentType", "('60^^1.2.250.1.213.2.2')"), False),
    ],
)
def test_submission_sets_by(desk, gp, extra, found):
    client = desk.client(gp)
    deposit = deposited(client)
    assert unique_ids(sets(client, extra)) == ([deposit.set_id] if found else [])


def test_submission_sets_of_another_status(desk, gp):
    client = desk.client(gp)
    deposited(client)
    answer = ask(client, SETS, set_slots().replace(APPROVED, "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"))
    assert answer.body.findall(".//rim:RegistryPackage", NS) == []


def test_search_by_submission_date(desk, gp):
    """The way that the protocol gives: sets, then their associations, then the documents."""
    client = desk.client(gp)
    deposit = deposited(client)
    (package,) = sets(client)
    answer = ask(client, ASSOCIATIONS, slot("$uuid", f"('{package.get('id')}')"))
    members = [
        one.get("targetObject")
        for one in answer.body.iterfind(".//rim:Association", NS)
        if one.get("associationType").endswith(":HasMember")
    ]
    assert len(members) == 2
    listed = ",".join(f"'{one}'" for one in members)
    answer = client.get(INS, slot("$XDSDocumentEntryEntryUUID", f"({listed})"), "LeafClass")
    assert titles(answer) == [deposit.title]
    references = ask(client, ASSOCIATIONS, slot("$uuid", f"('{package.get('id')}')"), "ObjectRef")
    assert len(references.body.findall(".//rim:ObjectRef", NS)) == 3


def test_a_set_classified_beside_itself_is_given_back_classified(desk, gp):
    node = '<ri:Classification id="n1" classifiedObject="set-1" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'  # noqa: E501
    client = desk.client(gp)
    deposited(client, edit_objects=lambda text: text.replace(node, "") + node)
    (package,) = sets(client)
    nodes = [one.get("classificationNode") for one in package.findall("rim:Classification", NS)]
    assert "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd" in nodes


def test_hidden_documents_hide_their_sets_and_associations(make_desk, gp, emergency):
    allowed = people.NORA.authorisations | {people.EMERGENCY.national_id: Authorisation.VALID}
    desk = make_desk(seeds=(replace(people.NORA, authorisations=allowed),))
    author, other = desk.client(gp), desk.client(emergency)
    deposited(author, visibility=("MASQUE_PS",))
    (package,) = sets(author)
    assert sets(other) == []
    answer = ask(other, ASSOCIATIONS, slot("$uuid", f"('{package.get('id')}')"))
    assert answer.body.findall(".//rim:Association", NS) == []
    half = Deposit(INS, entry_id="doc-2", title="Ouvert")
    both = deposited(author, visibility=("MASQUE_PS",), also=(half,))
    (seen,) = sets(other)
    assert unique_ids([seen]) == [both.set_id]
    answer = ask(other, ASSOCIATIONS, slot("$uuid", f"('{seen.get('id')}')"))
    assert len(answer.body.findall(".//rim:Association", NS)) == 1


def test_associations_of_another_patient_are_not_given(desk, gp):
    client, solo = desk.client(gp), people.SOLO.ins
    assert send(client, Deposit(solo)).succeeded
    client.authorise(solo)
    query = set_slots().replace(INS.matricule, solo.matricule)
    package = ask(client, SETS, query, words=Words(solo)).body.find(".//rim:RegistryPackage", NS)
    answer = ask(client, ASSOCIATIONS, slot("$uuid", f"('{package.get('id')}')"))
    assert answer.body.findall(".//rim:Association", NS) == []


@pytest.mark.parametrize(
    "slots,found",
    [
        ([f"('{ACCESSION}')"], {"Un", "Deux"}),
        ([f"('{ORDER}')"], {"Deux"}),
        ([f"('{ACCESSION}')", f"('{ORDER}')"], {"Deux"}),
        ([f"('{ORDER}','X^^^&1.2&ISO^urn:ihe:iti:xds:2013:order')"], {"Deux"}),
        (["('A-77')"], set()),
    ],
)
def test_documents_by_reference(desk, gp, slots, found):
    client = desk.client(gp)
    deposited(client, title="Un", references=(ACCESSION,))
    deposited(client, title="Deux", references=(ACCESSION, ORDER))
    deposited(client, title="Trois")
    extra = "".join(slot("$XDSDocumentEntryReferenceIdList", values) for values in slots)
    query = find_documents(INS, slots=extra).replace(
        "14d4debf-8f97-4251-9a74-a90016b0af0d", "12941a89-e02e-4be5-967c-ce4bfc8fe492"
    )
    assert set(titles(client.call("registry", QUERY_ACTION, query, Words(INS)))) == found


def test_types_closed_to_a_profession_are_neither_listed_nor_read(make_desk, keys, gp):
    links = (*people.DIRECTORY.links, (NURSE.national_id, people.LILAS.national_id))
    allowed = people.NORA.authorisations | {NURSE.national_id: Authorisation.VALID}
    desk = make_desk(
        seeds=(replace(people.NORA, authorisations=allowed),), directory=replace(people.DIRECTORY, links=links)
    )
    certificate = {"type": ("89601-9", "2.16.840.1.113883.6.1"), "class_code": "52"}
    closed = deposited(desk.client(gp), title="Certificat", **certificate)
    deposited(desk.client(gp), title="Ordonnance")
    nurse = desk.client(keys.person(NURSE, CardKind.CPS, people.LILAS, "nurse"))
    assert titles(nurse.find(INS)) == ["Ordonnance"]
    assert nurse.retrieve(INS, closed.unique_id).errors == ["XDSDocumentUniqueIdError"]
    assert desk.history(INS)[0].rule == "document.type_closed"
    own = deposited(nurse, title="Le sien", author="899700000156^TESTINFIRMIER^Luc", **certificate)
    assert set(titles(nurse.find(INS))) == {"Ordonnance", "Le sien"}
    assert nurse.retrieve(INS, own.unique_id).succeeded
