"""ITI-41: one valid submission; each test breaks one thing of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demonstration import people
from praticien.professional import CardKind
from reference_server.storage import documents
from tests.effort import examples
from tests.reference_server.client import EXC, NS, SHA256, Words
from tests.reference_server.conftest import Desk
from tests.reference_server.deposits import Deposit, oid, send

INS = people.NORA.ins
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"


@pytest.fixture
def client(desk, gp):
    return desk.client(gp)


def stored(desk: Desk, ins=INS) -> list[str]:
    with desk.database.reading() as session:
        return [row.unique_id for row in documents.of_patient(session, ins)]


def broken(desk, answer, rule, error, ins=INS):
    assert answer.status == 200, answer.reason
    assert answer.body.get("status").endswith(":Failure")
    assert rule in answer.rules, answer.rules
    assert dict(zip(answer.rules, answer.errors, strict=True))[rule] == error
    assert stored(desk, ins) == []
    assert desk.history(ins)[0].outcome == "refused"
    assert desk.told(ins) == []


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("digest", [SHA1, "http://www.w3.org/2001/04/xmlenc#sha256"])
def test_deposit_is_stored_traced_and_told(desk, client, inline, digest):
    deposit = Deposit(INS, manifest_digest=digest)
    answer = send(client, deposit, inline=inline)
    assert answer.succeeded, (answer.reason, answer.rules)
    entry = entry_of(client, deposit)
    slots = {one.get("name"): one.findtext(".//rim:Value", "", NS) for one in entry.findall("rim:Slot", NS)}
    assert slots["hash"] == hashlib.sha1(deposit.cda()).hexdigest()
    assert slots["size"] == str(len(deposit.cda()))
    assert slots["repositoryUniqueId"] == "1.2.250.1.213.4.1.1.1.2"
    assert entry.get("status").endswith(":Approved")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry.get("id"))
    assert entry.get("id") == entry.get("lid")
    assert all(one.get("classifiedObject") == entry.get("id") for one in entry.findall("rim:Classification", NS))
    row = next(one for one in desk.history(INS) if one.transaction == "TD2.1")
    assert (row.outcome, row.documents) == ("allowed", [deposit.unique_id])
    assert any("a déposé" in text and deposit.title in text for text in desk.told(INS))


def entry_of(client, deposit: Deposit):
    found = client.find(deposit.patient).body.iterfind(".//rim:ExtrinsicObject", NS)
    return next(one for one in found if one.find("rim:Name/*", NS).get("value") == deposit.title)


def drop(pattern: str):
    def change(text: str) -> str:
        changed = re.sub(pattern, "", text, count=1)
        assert changed != text, pattern
        return changed

    return change


def swap(old: str, new: str):
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return change


def classification(scheme: str) -> str:
    return rf'<ri:Classification id="\w+" classificationScheme="urn:uuid:{scheme}[0-9a-f-]*".*?</ri:Classification>'


def external(owner: str, scheme: str) -> str:
    scheme = f"urn:uuid:{scheme}[0-9a-f-]*"
    return (
        rf'<ri:ExternalIdentifier id="\w+" registryObject="{owner}" identificationScheme="{scheme}".*?'
        r"</ri:ExternalIdentifier>"
    )


def slot_of(name: str) -> str:
    return rf'<ri:Slot name="{name}">.*?</ri:Slot>'


META = "XDSRegistryMetadataError"
ENTRY_BREAKS = [
    (drop(classification("93606bcf")), "DE-AUTHOR", META),
    (swap("TESTMED^Jeanne^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS", "TESTMED^"), "DE-AUTHOR", META),
    (swap("1.2.250.1.71.4.2.1&amp;ISO", "1.2.3&amp;ISO"), "DE-AUTHOR-AUTHORITY", META),
    (swap("1.2.250.1.71.4.2.2&amp;ISO", "1.2.3&amp;ISO"), "DE-INSTITUTION-AUTHORITY", META),
    (swap("1.2.250.1.213.1.1.4.5", "1.2.3"), "DE-AUTHOR", META),
    (drop(slot_of("legalAuthenticator")), "DE-AUTHENTICATOR", META),
    (drop(r'<ri:Name><ri:LocalizedString value="Ordonnance d\'essai"/></ri:Name>'), "DE-TITLE", META),
    (drop(slot_of("creationTime")), "DE-CREATION-TIME", META),
    (swap("20261122140000", "202611221400"), "DE-CREATION-TIME", META),
    (swap("fr-FR", "en-GB"), "DE-LANGUAGE", META),
    (drop(slot_of("serviceStartTime")), "DE-SERVICE-START", META),
    (drop(slot_of("sourcePatientId")), "DE-SOURCE-PATIENT-ID", META),
    (drop(slot_of("sourcePatientInfo")), "DE-SOURCE-PATIENT-INFO", META),
    (swap("PID-8|F", "PID-8|féminin"), "DE-SOURCE-PATIENT-INFO", META),
    (swap("1.2.250.1.213.1.4.10", "1.2.3"), "DE-PATIENT-ID", "XDSUnknownPatientId"),
    (swap('mimeType="text/xml"', 'mimeType="application/pdf"'), "DE-MIME-TYPE", META),
    (swap("7edca82f-054d-47f2-a032-9b2a5b5186c1", "34268e47-fdf5-41a6-ba33-82133c465248"), "DE-OBJECT-TYPE", META),
    (drop(classification("41a5887f")), "DE-CLASS-ONCE", META),
    (swap('nodeRepresentation="42"', 'nodeRepresentation="77"'), "DE-CLASS", META),
    (swap('nodeRepresentation="42"', 'nodeRepresentation="10"'), "DE-CLASS-OF-TYPE", META),
    (drop(classification("f0306f51")), "DE-TYPE", META),
    (swap('nodeRepresentation="57833-6"', 'nodeRepresentation="INCONNU"'), "DE-TYPE", META),
    (swap("2.16.840.1.113883.6.1", "2.16.840.1.113883.6.2"), "DE-TYPE", META),
    (drop(classification("a09d5840")), "DE-FORMAT", META),
    (swap('nodeRepresentation="SA07"', 'nodeRepresentation="ZZ"'), "DE-FACILITY", META),
    (swap('nodeRepresentation="AMBULATOIRE"', 'nodeRepresentation="AILLEURS"'), "DE-PRACTICE", META),
    (drop(classification("f4f85eac")), "DE-CONFIDENTIALITY-LEVEL", META),
    (swap('nodeRepresentation="N"', 'nodeRepresentation="X"'), "DE-CONFIDENTIALITY", META),
    (swap("2.16.840.1.113883.5.25", "1.2.3"), "DE-CONFIDENTIALITY", META),
    (drop(external("doc-1", "2e82c1f6")), "DE-UNIQUE-ID", META),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ENTRY_BREAKS)))
def test_each_rule_of_the_entry(desk, client, number):
    change, rule, error = ENTRY_BREAKS[number]
    broken(desk, send(client, Deposit(INS, edit_entry=change)), rule, error)


def test_unique_id_must_be_an_oid(desk, client):
    broken(desk, send(client, Deposit(INS, unique_id="pas-un-oid")), "DE-UNIQUE-ID", META)


def test_hidden_from_everybody(desk, client):
    deposit = Deposit(INS, visibility=("MASQUE_PS", "INVISIBLE_PATIENT"))
    broken(desk, send(client, deposit), "DE-HIDDEN-FROM-ALL", META)


SET_BREAKS = [
    (drop(slot_of("submissionTime")), "SS-TIME", META),
    (drop(classification("a7058bb9")), "SS-AUTHOR", META),
    (drop(classification("aa543740")), "SS-CONTENT-TYPE", META),
    (drop(external("set-1", "554ac39e")), "SS-SOURCE-ID", META),
    (swap('value="1.2.3.4.5.6"', 'value="logiciel"'), "SS-SOURCE-ID", META),
    (drop(r'<ri:Classification id="n1".*?/>'), "SS-ONE", META),
    (drop(external("set-1", "6b5aea1a")), "SS-PATIENT-ID", "XDSUnknownPatientId"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SET_BREAKS)))
def test_each_rule_of_the_submission_set(desk, client, number):
    change, rule, error = SET_BREAKS[number]
    broken(desk, send(client, Deposit(INS, edit_set=change)), rule, error)


OBJECT_BREAKS = [
    (drop(r'<ri:Association id="as1".*?</ri:Association>'), "ASSOC-MEMBERS", META),
    (swap("<ri:Value>Original</ri:Value>", "<ri:Value>Reference</ri:Value>"), "ASSOC-ORIGINAL", META),
    (drop(r'<ri:Association id="as3".*?</ri:Association>'), "LOT-SIGNS", META),
    (swap('"urn:ihe:iti:2007:AssociationType:signs"', '"urn:ihe:iti:2007:AssociationType:XFRM"'), "ASSOC-TYPE", META),
    (swap('sourceObject="sig-1"', 'sourceObject="ailleurs"'), "ASSOC-SOURCE", META),
    (swap('nodeRepresentation="E1762"', 'nodeRepresentation="57833-6"'), "LOT-MISSING", META),
]


@pytest.mark.parametrize("number", range(len(OBJECT_BREAKS)))
def test_each_rule_between_objects(desk, client, number):
    change, rule, error = OBJECT_BREAKS[number]
    answer = send(client, Deposit(INS, edit_objects=change))
    if rule == "LOT-MISSING":  # the entry breaks rules of its own then
        assert not answer.succeeded
        assert stored(desk) == []
        return
    broken(desk, answer, rule, error)


def test_lot_signature_is_mandatory(desk, client):
    broken(desk, send(client, Deposit(INS, with_signature=False)), "LOT-MISSING", META)


SIGNATURE_BREAKS = [
    {"edit_manifest": drop(r"(?<=AA==</z:DigestValue></z:Reference>)<z:Reference.*?</z:Reference>")},
    {"edit_manifest": swap("urn:oid:", "urn:uuid:")},
    {"edit_signature": swap("IHEManifest", "Autre")},
    {"edit_signature": swap("<z:SignatureValue>", "<z:SignatureValue>AAAA")},
    {"edit_signature": swap("<z:DigestValue>AA==", "<z:DigestValue>AB==")},
    {"edit_signature": swap("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha384")},
    {"edit_signature": swap(' Type="http://www.w3.org/2000/09/xmldsig#Manifest"', "")},
    {"edit_signature": lambda text: "<a>" + text},
    {"edit_signature": lambda text: "<!DOCTYPE a>" + text},
    {"edit_signature": lambda text: f"<a>{text}</a>"},
]


@pytest.mark.parametrize("number", range(len(SIGNATURE_BREAKS)))
def test_false_lot_signatures(desk, client, number):
    broken(desk, send(client, Deposit(INS, **SIGNATURE_BREAKS[number])), "LOT-SIGNATURE", META)


XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
SIGNED_INFO_BREAKS = [
    swap(' Type="http://www.w3.org/2000/09/xmldsig#Manifest"', ""),
    swap('URI="#IHEManifest"', 'URI="#ailleurs"'),
    swap('URI="#IHEManifest"', 'URI=""'),
    swap("</z:Transforms>", f'<z:Transform Algorithm="{EXC}"/></z:Transforms>'),
    swap(f'<z:Transform Algorithm="{EXC}"/>', f'<z:Transform Algorithm="{XPATH}"/>'),
    swap(f'<z:DigestMethod Algorithm="{SHA256}"/>', f'<z:DigestMethod Algorithm="{SHA1}"/>'),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SIGNED_INFO_BREAKS)))
def test_lot_signatures_that_are_signed_and_still_not_accepted(desk, client, number):
    deposit = Deposit(INS, edit_signed_info=SIGNED_INFO_BREAKS[number])
    broken(desk, send(client, deposit), "LOT-SIGNATURE", META)


def test_lot_signature_with_inclusive_canonical_forms(desk, client):
    """As in the published sample: C14N 2001 with comments for SignedInfo."""
    inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
    change = swap(f'CanonicalizationMethod Algorithm="{EXC}"', f'CanonicalizationMethod Algorithm="{inclusive}"')
    assert send(client, Deposit(INS, edit_signed_info=change)).succeeded


def test_lot_signed_with_an_expired_certificate(desk, client, authority):
    past = tuple(dt.datetime.now(dt.UTC) - dt.timedelta(days=days) for days in (9, 1))
    pair = authority.professional(people.GP, CardKind.CPS, "", signature=True, valid=past)
    assert send(client, Deposit(INS), pair=pair).subcode == "DMPInvalidCertificate"


@settings(max_examples=examples(100))
@given(
    where=st.sampled_from(["edit_signature", "edit_entry", "edit_set", "edit_objects"]),
    place=st.floats(0, 1),
    length=st.integers(0, 200),
    filling=st.sampled_from(["", " ", "x", "<a/>", "^", "&amp;", "0", "urn:uuid:", '" id="']),
)
def test_mutilated_lots_never_break_the_server(bare_desk, gp, *, where, place, length, filling):
    client = bare_desk.client(gp)

    def mutilate(text: str) -> str:
        start = int(place * len(text))
        return text[:start] + filling + text[start + length :]

    answer = send(client, Deposit(INS, **{where: mutilate}), inline=True)
    assert answer.status in (200, 400), (answer.subcode, answer.reason)


def test_manifest_over_another_content(desk, client):
    good = Deposit(INS)
    other = replace(good, content=good.cda().replace(b"essai", b"autre"))
    # signed over one content, sent with another one
    import tests.reference_server.deposits as making

    original = making.lot_signature
    try:
        making.lot_signature = lambda deposit, content, pair: original(deposit, good.cda(), pair)
        broken(desk, send(client, other), "LOT-SIGNATURE", META)
    finally:
        making.lot_signature = original


def test_lot_signed_by_somebody_else(desk, client, emergency):
    broken(desk, send(client, Deposit(INS), pair=emergency.signing), "LOT-SIGNER", META)


def test_lot_signed_with_the_authentication_certificate(desk, client, authority):
    pair = authority.professional(people.GP, CardKind.CPS, "", signature=False)
    assert send(client, Deposit(INS), pair=pair).subcode == "DMPInvalidCertificate"
    assert stored(desk) == []


@pytest.mark.parametrize(
    "change,rule,error",
    [
        ({"hash_slot": "0" * 40}, "DOC-HASH", "XDSNonIdenticalHash"),
        ({"size_slot": "1"}, "DOC-SIZE", "XDSNonIdenticalSize"),
        ({"content": b"pas du xml"}, "CDA-XML", "XDSRepositoryError"),
        ({"content": b"<a/>"}, "CDA-ROOT", "XDSRepositoryError"),
        ({"content": b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'}, "CDA-XML", "XDSRepositoryError"),
        ({"content": b""}, "DOC-EMPTY", "XDSRepositoryError"),
        ({"cda_patient": people.SOLO.ins}, "CDA-PATIENT", "XDSPatientIdDoesNotMatch"),
    ],
)
def test_content(desk, client, change, rule, error):
    broken(desk, send(client, Deposit(INS, **change)), rule, error)


def test_announced_hash_and_size_that_are_true(desk, client):
    deposit = Deposit(INS)
    content = deposit.cda()
    deposit.hash_slot, deposit.size_slot = hashlib.sha1(content).hexdigest().upper(), str(len(content))
    assert send(client, deposit).succeeded


@pytest.mark.parametrize(
    "old,new,rule",
    [
        (b'<d:id root="2.25', b'<d:id root="2.26', "CDA-ID"),
        (b'<d:code code="57833-6"', b'<d:code code="11502-2"', "CDA-TYPE"),
        (b'<d:confidentialityCode code="N"', b'<d:confidentialityCode code="V"', "CDA-CONFIDENTIALITY"),
    ],
)
def test_header_against_entry(desk, client, old, new, rule):
    deposit = Deposit(INS)
    deposit.content = deposit.cda().replace(old, new)
    broken(desk, send(client, deposit), rule, META)


def test_entry_for_another_patient(desk, client):
    mine, other = INS.matricule, people.SOLO.ins.matricule
    answer = send(client, Deposit(INS, edit_entry=swap(f"{mine}^^^", f"{other}^^^")))
    broken(desk, answer, "PATIENT-TWO", "XDSPatientIdDoesNotMatch")
    assert stored(desk, people.SOLO.ins) == []


def test_document_without_metadata_and_metadata_without_document(desk, client):
    extra = swap("</l:SubmitObjectsRequest>", '</l:SubmitObjectsRequest><w:Document id="autre">QUE=</w:Document>')
    broken(desk, send(client, Deposit(INS, edit_request=extra)), "DOC-UNDESCRIBED", "XDSMissingDocumentMetadata")
    missing = drop(r'<w:Document id="doc-1">.*?</w:Document>')
    broken(desk, send(client, Deposit(INS, edit_request=missing)), "DOC-MISSING", "XDSMissingDocument")


def test_include_of_a_part_that_is_not_there(desk, client):
    gone = swap("cid:doc-1%40essai", "cid:ailleurs")
    broken(desk, send(client, Deposit(INS, edit_request=gone)), "DOC-PART", "XDSMissingDocument")


def test_two_documents_in_one_lot(desk, client):
    other = Deposit(INS, title="Seconde", entry_id="doc-2")
    first = Deposit(INS, also=(other,))
    assert send(client, first).succeeded
    assert {first.unique_id, other.unique_id} <= set(stored(desk))
    assert len(client.retrieve(INS, first.unique_id, other.unique_id).parts) == 2
    assert sum("a déposé" in text for text in desk.told(INS)) == 2


def test_two_documents_under_one_identifier(desk, bare_desk, gp):
    same_uid = Deposit(INS)
    same_uid.also = (Deposit(INS, entry_id="doc-2", unique_id=same_uid.unique_id),)
    answer = send(desk.client(gp), same_uid)
    broken(desk, answer, "UID-TWICE", "XDSRegistryDuplicateUniqueIdInMessage")
    same_id = Deposit(INS, also=(Deposit(INS, entry_id="doc-1"),))
    broken(bare_desk, send(bare_desk.client(gp), same_id), "ID-TWICE", META)


@pytest.mark.parametrize(
    "change,rule,error",
    [
        (swap("ri:RegistryObjectList", "ri:Autre"), "SS-SHAPE", META),
        (swap('<w:Document id="sig-1">', '<w:Document id="doc-1">'), "DOC-TWICE", META),
        (drop(r'(?<=<w:Document id="doc-1">)[\w+/]'), "DOC-BASE64", "XDSMissingDocument"),
    ],
)
def test_shapes_that_the_schemas_would_refuse(bare_desk, gp, change, rule, error):
    answer = send(bare_desk.client(gp), Deposit(INS, edit_request=change), inline=True)
    broken(bare_desk, answer, rule, error)


def test_lot_of_a_signature_alone(bare_desk, gp):
    alone = swap('nodeRepresentation="57833-6"', 'nodeRepresentation="E1762"')
    answer = send(bare_desk.client(gp), Deposit(INS, edit_entry=alone))
    broken(bare_desk, answer, "SS-EMPTY", META)


def test_order_and_missing_ids_are_repaired_for_the_answers(bare_desk, desk, gp):
    """A lenient reading, a strict writing: what is listed is in schema order and fully identified."""

    def shuffle(text: str) -> str:
        name = '<ri:Name><ri:LocalizedString value="Ordonnance d\'essai"/></ri:Name>'
        moved = text.replace(name, "").replace("</ri:ExtrinsicObject>", f"{name}</ri:ExtrinsicObject>")
        moved = re.sub(r'<ri:Classification id="\w+"', "<ri:Classification", moved)
        return moved.replace(name, name + '<ri:VersionInfo versionName="7"/>')

    deposit = Deposit(INS, edit_entry=shuffle)
    assert send(bare_desk.client(gp), deposit).succeeded
    entry = entry_of(bare_desk.client(gp), deposit)
    order = [child.tag.rpartition("}")[2] for child in entry]
    known = ["Slot", "Name", "VersionInfo", "Classification", "ExternalIdentifier"]
    assert sorted(order, key=known.index) == order
    assert entry.find("rim:VersionInfo", NS).get("versionName") == "1"
    assert all(one.get("id") for one in entry.findall("rim:Classification", NS))


@pytest.mark.parametrize(
    "old,code,system,good",
    [
        ("SA07", "EXP_PATIENT", "1.2.250.1.213.1.1.4.6", True),
        ("SA07", "EXP_PATIENT", "1.2.250.1.71.4.2.4", False),
        ("AMBULATOIRE", "SNR", "1.2.250.1.213.1.1.4.6", True),
        ("AMBULATOIRE", "SNR", "1.2.250.1.213.1.1.4.9", False),
    ],
)
def test_settings_of_the_patient_and_of_digital_services(client, old, code, system, good):
    former = {"SA07": "1.2.250.1.71.4.2.4", "AMBULATOIRE": "1.2.250.1.213.1.1.4.9"}[old]

    def change(text: str) -> str:
        before, found, after = text.partition(f'nodeRepresentation="{old}"')
        assert found
        return (
            before + f'nodeRepresentation="{code}"' + after.replace(f"<ri:Value>{former}<", f"<ri:Value>{system}<", 1)
        )

    assert send(client, Deposit(INS, edit_entry=change)).succeeded is good


@pytest.mark.parametrize("content", [b"\0" * 128 + b"DICM" + b"\0" * 10, b"pas un DICOM" * 20])
def test_kos(desk, client, content):
    deposit = Deposit(
        INS,
        type=("IMG-KOS", "1.2.250.1.213.1.1.4.12"),
        class_code="31",
        content=content,
        edit_entry=swap('mimeType="text/xml"', 'mimeType="application/dicom"'),
    )
    answer = send(client, deposit)
    if b"DICM" in content:
        assert answer.succeeded, answer.rules
    else:
        broken(desk, answer, "KOS-FILE", "XDSRepositoryError")


def test_same_submission_twice_is_said_and_changes_nothing(desk, client):
    deposit = Deposit(INS)
    assert send(client, deposit).succeeded
    before, told = stored(desk), desk.told(INS)
    answer = send(client, deposit)
    assert "XDSDuplicateUniqueIdInRegistry" in answer.errors
    assert {"SS-KNOWN", "UID-KNOWN"} <= set(answer.rules)
    assert (stored(desk), desk.told(INS)) == (before, told)


def test_same_unique_id_for_another_content(desk, client):
    deposit = Deposit(INS)
    assert send(client, deposit).succeeded
    answer = send(client, replace(deposit, set_id=oid(), content=deposit.cda().replace(b"essai", b"autre")))
    assert answer.errors == ["XDSNonIdenticalHash"]


def test_content_is_stored_once(desk, client):
    from sqlalchemy import func, select

    from reference_server.storage.tables import ContentRow, DocumentRow

    deposit = Deposit(INS)
    assert send(client, deposit).succeeded
    with desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ContentRow)) == 2
        assert session.scalar(select(func.count()).select_from(DocumentRow)) == 2
    with desk.database.transaction() as session:
        documents.keep_contents(session, {hashlib.sha256(deposit.cda()).hexdigest(): deposit.cda()})
        assert session.scalar(select(func.count()).select_from(ContentRow)) == 2


# -- replacement ----------------------------------------------------------------------------------------------------


def entry_uuid(client, ins, unique_id):
    from tests.reference_server.client import slot

    answer = client.get(ins, slot("$XDSDocumentEntryUniqueId", f"('{unique_id}')"))
    return answer.body.find(".//rim:ObjectRef", NS).get("id")


def test_replacement_deprecates_the_former_version(desk, client):
    first, second = Deposit(INS), Deposit(INS)
    assert send(client, first).succeeded
    second.replaces = entry_uuid(client, INS, first.unique_id)
    assert send(client, second).succeeded
    found = {one.get("value") for one in client.find(INS).body.iterfind(".//rim:ExternalIdentifier", NS)}
    assert second.unique_id in found
    assert first.unique_id not in found
    deprecated = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
    rows = client.find(INS, status=deprecated).body.findall(".//rim:ExtrinsicObject", NS)
    assert [row.get("status") for row in rows] == [deprecated]
    third = Deposit(INS, replaces=second.replaces)
    assert send(client, third).errors == ["XDSRegistryDeprecatedDocumentError"]


def test_replacement_of_nothing(desk, client):
    target = "urn:uuid:00000000-0000-4000-8000-000000000000"
    broken(desk, send(client, Deposit(INS, replaces=target)), "RPLC-UNKNOWN", META)


def test_replacement_of_another_patients_document(desk, client):
    other = people.SOLO.ins
    first = Deposit(other)
    assert send(client, first).succeeded
    client.authorise(other)
    target = entry_uuid(client, other, first.unique_id)
    broken(desk, send(client, Deposit(INS, replaces=target)), "RPLC-PATIENT", "XDSPatientIdDoesNotMatch")


def test_entry_uuid_given_by_the_client_is_kept_and_unique(desk, client):
    given = "urn:uuid:11111111-2222-4333-8444-555555555555"
    deposit = Deposit(INS, entry_id=given)
    assert send(client, deposit, inline=True).succeeded
    assert entry_uuid(client, INS, deposit.unique_id) == given
    assert "UUID-KNOWN" in send(client, Deposit(INS, entry_id=given), inline=True).rules


# -- staff ----------------------------------------------------------------------------------------------------------

RADIOLOGY = f"CENTRE^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{people.IMAGERIE.national_id}"


def report(**changes) -> Deposit:
    settings = {
        "author": "899700000149^TESTRADIO^Paule",
        "institution": RADIOLOGY,
        "type": ("18748-4", "2.16.840.1.113883.6.1"),
        "class_code": "31",
    }
    return Deposit(people.SCANNED.ins, **(settings | changes))


def test_secretary_deposits_for_the_radiologist_and_the_structure(desk, secretary):
    client = desk.client(secretary)
    answer = send(client, report())
    assert answer.succeeded, (answer.reason, answer.rules)
    row = desk.history(people.SCANNED.ins)[0]
    assert (row.transaction, row.actor) == ("TD2.2", people.SECRETARY.national_id)
    assert desk.told(people.SCANNED.ins)[0].startswith(f"{people.IMAGERIE.name} a déposé")


@pytest.mark.parametrize(
    "change,rule",
    [
        ({"author": f"{people.SECRETARY.national_id}^TESTSECRETAIRE^Odile"}, "STAFF-AUTHOR"),
        ({"institution": "AILLEURS^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1990000017"}, "STAFF-STRUCTURE"),
    ],
)
def test_what_staff_may_not_sign_for(desk, secretary, change, rule):
    broken(desk, send(desk.client(secretary), report(**change)), rule, META, people.SCANNED.ins)


def test_deposit_in_an_emergency_mode_is_allowed_even_if_reading_is_opposed(desk, emergency):
    ins = people.OPPOSED.ins
    words = Words(ins, mode="bris_de_glace", reason="convulsions")
    deposit = Deposit(ins, author="899700000131^TESTURGENCE^Karim")
    assert send(desk.client(emergency), deposit, words=words).succeeded


def test_document_invisible_to_the_patient_is_not_told(desk, client):
    assert send(client, Deposit(INS, visibility=("INVISIBLE_PATIENT",))).succeeded
    assert desk.told(INS) == []
