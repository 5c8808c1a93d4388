"""What a deposit leaves: stored once, traced, told; replacement; what staff may deposit."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest

from demonstration import people
from reference_server.storage import documents
from tests.reference_server.client import NS, Words
from tests.reference_server.deposits import Deposit, oid, send
from tests.reference_server.lots.support import INS, META, SHA1, broken, entry_of, stored


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
