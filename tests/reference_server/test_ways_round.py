"""Ways round the access rules: replacing what is somebody else's, what answers betray, answers without end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demonstration import people
from praticien.identity import Ins
from praticien.professional import CardKind
from reference_server.services import retrieve
from tests.reference_server.client import NS, slot
from tests.reference_server.deposits import Deposit, oid, send
from tests.reference_server.test_updates import (
    APPROVED,
    ARCHIVED,
    KARIM,
    deposited,
    status_objects,
    technical_id,
    update,
    ward,
)

__all__ = ["ward"]
INS, OTHER = people.NORA.ins, people.SOLO.ins
REPLACE = "urn:ihe:iti:2007:AssociationType:RPLC"
ELSEWHERE = f"HOPITAL^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{people.HOPITAL.national_id}"


def of_karim(ward, emergency, **changes) -> tuple[Deposit, str]:
    client = ward.client(emergency)
    made = deposited(client, author=KARIM, institution=ELSEWHERE, **changes)
    return made, technical_id(client, INS, made.unique_id)


def still_there(ward, emergency, deposit) -> bool:
    found = ward.client(emergency).find(INS).body.iterfind(".//rim:ExternalIdentifier", NS)
    return deposit.unique_id in {one.get("value") for one in found}


# -- replacing --------------------------------------------------------------------------------------------------------


def test_nobody_replaces_the_document_of_another_structure(ward, gp, emergency):
    former, known = of_karim(ward, emergency)
    answer = send(ward.client(gp), Deposit(INS, replaces=known))
    assert answer.subcode == "DMPFunctionNotAllowed"
    assert ward.last_trace().rule == "document.not_own"
    assert still_there(ward, emergency, former)


def test_a_masked_document_that_one_may_not_see_is_unknown_to_who_would_replace_it(ward, gp, emergency, keys):
    former, known = of_karim(ward, emergency, visibility=("MASQUE_PS",))
    answer = send(ward.client(gp_of_elsewhere(keys)), Deposit(INS, replaces=known))
    assert (answer.errors, answer.rules) == (["XDSRegistryMetadataError"], ["RPLC-UNKNOWN"])
    assert ward.last_trace().rule == "RPLC-UNKNOWN"
    assert still_there(ward, emergency, former)


def gp_of_elsewhere(keys):
    """The regulating physician: not this patient's médecin traitant."""
    return keys.person(people.REGULATOR, CardKind.CPS, people.SAMU, "regulator")


def test_a_colleague_of_the_structure_replaces(ward, gp, emergency):
    first = deposited(ward.client(emergency), author=KARIM)  # written for the practice of the GP
    known = technical_id(ward.client(emergency), INS, first.unique_id)
    assert send(ward.client(gp), Deposit(INS, replaces=known)).succeeded


def test_staff_replace_what_is_of_their_structure_alone(ward, secretary, emergency):
    _former, known = of_karim(ward, emergency)
    imaging = f"CENTRE^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{people.IMAGERIE.national_id}"
    report = {"author": "899700000149^TESTRADIO^Paule", "institution": imaging}
    client = ward.client(secretary)
    assert send(client, Deposit(INS, replaces=known, **report)).subcode == "DMPFunctionNotAllowed"
    mine = deposited(client, **report)
    assert send(client, Deposit(INS, replaces=technical_id(client, INS, mine.unique_id), **report)).succeeded


def more(kind: str, source: str, target: str):
    return lambda text: (
        text + (f'<ri:Association id="more" associationType="{kind}" sourceObject="{source}" targetObject="{target}"/>')
    )


def test_a_second_replacement_by_the_same_entry_is_not_overlooked(ward, gp):
    client = ward.client(gp)
    client.authorise(OTHER)
    mine, foreign = deposited(client), deposited(client, OTHER)
    target = technical_id(client, OTHER, foreign.unique_id)
    known = technical_id(client, INS, mine.unique_id)
    answer = send(client, Deposit(INS, replaces=known, edit_objects=more(REPLACE, "doc-1", target)))
    assert "RPLC-TWICE" in answer.rules


@pytest.mark.parametrize("source,rule", [("set-1", "ASSOC-SOURCE"), ("sig-1", "RPLC-SOURCE")])
def test_only_a_document_replaces(ward, gp, source, rule):
    client = ward.client(gp)
    mine = deposited(client)
    known = technical_id(client, INS, mine.unique_id)
    assert rule in send(client, Deposit(INS, edit_objects=more(REPLACE, source, known))).rules


def test_only_the_set_has_members(ward, gp):
    client = ward.client(gp)
    mine = deposited(client)
    known = technical_id(client, INS, mine.unique_id)
    member = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
    assert "ASSOC-SOURCE" in send(client, Deposit(INS, edit_objects=more(member, "doc-1", known))).rules


# -- identifiers ------------------------------------------------------------------------------------------------------


def test_two_patients_in_one_header(ward, gp):
    deposit = Deposit(INS)
    second = f'<d:id root="{OTHER.oid}" extension="{OTHER.matricule}"/></d:patientRole>'.encode()
    deposit.content = deposit.cda().replace(b"</d:patientRole>", second)
    assert "CDA-PATIENT" in send(ward.client(gp), deposit).rules


def renamed(identifier: str):
    return lambda text: text.replace('"set-1"', f'"{identifier}"')


def test_a_set_that_bears_the_identifier_of_something_else(bare_desk, gp):
    client = bare_desk.client(gp)
    first = Deposit(INS)
    assert send(client, first).succeeded
    known = technical_id(client, INS, first.unique_id)
    answer = send(client, Deposit(INS, edit_objects=renamed(known)), inline=True)
    assert (answer.status, answer.rules) == (200, ["UUID-KNOWN"])
    objects = status_objects(known, APPROVED, ARCHIVED).replace('"set-1"', f'"{known}"')
    answer = update(client, INS, objects, edit=renamed(known))
    assert (answer.status, answer.rules) == (200, ["UUID-KNOWN"])


def test_identifiers_that_differ_by_case_alone(bare_desk, gp):
    low = "urn:uuid:aaaaaaaa-2222-4333-8444-555555555555"
    pair = Deposit(INS, entry_id=low, also=[Deposit(INS, entry_id=low.upper().replace("URN:UUID", "urn:uuid"))])
    answer = send(bare_desk.client(gp), pair, inline=True)
    assert (answer.status, "ID-TWICE" in answer.rules) == (200, True)


# -- what answers betray ----------------------------------------------------------------------------------------------


def technical_ids(client, unique_id: str, ins: Ins = INS) -> int:
    answer = client.get(ins, slot("$XDSDocumentEntryUniqueId", f"('{unique_id}')"))
    return len(answer.body.findall(".//rim:ObjectRef", NS))


def test_a_masked_document_has_no_technical_id_but_for_its_author(ward, emergency, secretary, keys):
    hidden, _known = of_karim(ward, emergency, visibility=("MASQUE_PS",))
    plain, _known = of_karim(ward, emergency)
    for bearer in (gp_of_elsewhere(keys), secretary):
        assert technical_ids(ward.client(bearer), hidden.unique_id) == 0
        assert technical_ids(ward.client(bearer), plain.unique_id) == 1
    assert technical_ids(ward.client(emergency), hidden.unique_id) == 1


def test_no_finding_tells_of_a_document_that_one_may_not_see(ward, emergency, keys):
    _hidden, known = of_karim(ward, emergency, visibility=("MASQUE_PS",))
    client = ward.client(gp_of_elsewhere(keys))
    client.authorise(INS)
    answer = update(client, INS, status_objects(known, ARCHIVED, APPROVED))  # it is not archived
    assert (answer.errors, answer.rules) == (["XDSMetadataUpdateError"], ["UPDATE-UNKNOWN"])


def test_a_structure_that_calls_itself_by_a_physicians_number_is_not_that_physician(ward, gp, structure_bearer):
    mine = deposited(ward.client(gp))
    known = technical_id(ward.client(gp), INS, mine.unique_id)
    client = ward.client(replace(structure_bearer, name_id=people.GP.national_id))
    institution = f"HOPITAL^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{people.HOPITAL.national_id}"
    answer = send(client, Deposit(INS, author=KARIM, institution=institution, replaces=known))
    assert answer.subcode == "DMPFunctionNotAllowed"


# -- answers without end ----------------------------------------------------------------------------------------------


def test_a_document_asked_for_many_times_is_given_once(ward, gp):
    client = ward.client(gp)
    mine = deposited(client)
    answer = client.retrieve(INS, *[mine.unique_id] * 500)
    assert len(answer.body.findall(".//x:DocumentResponse", NS)) == 1
    assert client.retrieve(INS, *(oid() for _ in range(retrieve.MAX_DOCUMENTS + 1))).subcode == "RequestRefused"


def test_documents_beyond_the_size_of_an_answer_are_said(ward, gp, monkeypatch):
    client = ward.client(gp)
    first, second = deposited(client), deposited(client)
    monkeypatch.setattr(retrieve, "MAX_ANSWER", len(first.cda()) + 10)
    answer = client.retrieve(INS, first.unique_id, second.unique_id)
    assert answer.errors == ["XDSRepositoryOutOfResources"]
    assert len(answer.body.findall(".//x:DocumentResponse", NS)) == 1
