"""ITI-41: one valid submission; each test breaks one thing of its metadata."""

from __future__ import annotations

import re

import pytest

from tests.reference_server.client import NS
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.lots.support import (
    INS,
    META,
    broken,
    classification,
    drop,
    entry_of,
    external,
    slot_of,
    stored,
    swap,
)

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
