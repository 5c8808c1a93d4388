"""ITI-57: each act, who may do it, what it leaves behind, and messages that are wrong in one thing."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from demonstration import people
from praticien.access import Authorisation
from praticien.professional import CardKind
from reference_server.storage import documents
from tests.reference_server.client import APPROVED, NS, Words, slot
from tests.reference_server.conftest import NURSE
from tests.reference_server.deposits import Deposit, oid, same, send

ACTION = "urn:ihe:iti:2010:UpdateDocumentSet"
STATUS = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
INS = people.NORA.ins
KARIM = "899700000131^TESTURGENCE^Karim"
ROOMS = ("MASQUE_PS",)


def update(client, patient, objects, words=None, *, set_id="", edit=same):
    """One ITI-57 message around registry objects."""
    package = Deposit(patient, set_id=set_id or oid()).submission_set()
    body = edit(
        f'<l:SubmitObjectsRequest xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns:ri="{NS["rim"]}">'
        f"<ri:RegistryObjectList>{package}{objects}</ri:RegistryObjectList></l:SubmitObjectsRequest>"
    )
    return client.call("registry", ACTION, body, words or Words(patient))


def technical_id(client, patient, unique_id, words=None):
    answer = client.get(patient, slot("$XDSDocumentEntryUniqueId", f"('{unique_id}')"), words=words)
    return answer.body.find(".//rim:ObjectRef", NS).get("id")


def association(kind, target, slots, source="set-1"):
    return (
        f'<ri:Association id="x{uuid.uuid4().hex}" associationType="{kind}" sourceObject="{source}" '
        f'targetObject="{target}">{slots}</ri:Association>'
    )


def status_objects(entry_uuid, before, after):
    return association(STATUS, entry_uuid, slot("OriginalStatus", before) + slot("NewStatus", after))


def set_status(client, deposit, after, before=APPROVED, words=None):
    entry_uuid = technical_id(client, deposit.patient, deposit.unique_id, words)
    return update(client, deposit.patient, status_objects(entry_uuid, before, after), words)


def visibility_objects(deposit, entry_uuid, visibility, previous="1", edit=same):
    changed = replace(deposit, visibility=visibility, entry_id="next-1")
    entry = changed.entry().replace('id="next-1"', f'id="next-1" lid="{entry_uuid}"', 1)
    slots = slot("SubmissionSetStatus", "Original") + slot("PreviousVersion", previous)
    return edit(entry) + association(MEMBER, "next-1", slots)


def set_visibility(client, deposit, *visibility, previous="1", edit=same, words=None, entry_uuid=""):
    entry_uuid = entry_uuid or technical_id(client, deposit.patient, deposit.unique_id)
    objects = visibility_objects(deposit, entry_uuid, visibility, previous, edit)
    return update(client, deposit.patient, objects, words)


def deposited(client, ins=INS, **change):
    deposit = Deposit(ins, **change)
    answer = send(client, deposit)
    assert answer.succeeded, (answer.reason, answer.rules)
    return deposit


def titles(answer):
    found = [one.get("value") for one in answer.body.iterfind(".//rim:ExtrinsicObject/rim:Name/*", NS)]
    return [title for title in found if title != "Source"]


def entry_in(answer):
    """The listed entry that is no lot signature."""
    (found,) = (
        one
        for one in answer.body.iterfind(".//rim:ExtrinsicObject", NS)
        if one.find("rim:Name/*", NS).get("value") != "Source"
    )
    return found


def row_of(desk, deposit):
    with desk.database.reading() as session:
        row = documents.by_unique_id(session, deposit.unique_id)
        session.expunge_all()
        return row


@pytest.fixture
def nurse(keys):
    return keys.person(NURSE, CardKind.CPS, people.LILAS, "nurse")


@pytest.fixture
def ward(make_desk):
    """The fictitious world, where the nurse and the emergency physician may consult NORA's dossier."""
    linked = replace(people.DIRECTORY, links=(*people.DIRECTORY.links, (NURSE.national_id, people.LILAS.national_id)))
    allowed = people.NORA.authorisations | {
        NURSE.national_id: Authorisation.VALID, people.EMERGENCY.national_id: Authorisation.VALID
    }  # fmt: skip
    return make_desk(seeds=(replace(people.NORA, authorisations=allowed), people.SOLO), directory=linked)


# -- archive and delete ---------------------------------------------------------------------------------------------


def test_archived_and_back(desk, gp):
    client = desk.client(gp)
    deposit = deposited(client)
    assert set_status(client, deposit, ARCHIVED).succeeded
    assert titles(client.find(INS)) == []
    assert titles(client.find(INS, status=ARCHIVED)) == [deposit.title]
    assert client.retrieve(INS, deposit.unique_id).succeeded
    assert set_status(client, deposit, APPROVED, before=ARCHIVED).succeeded
    assert titles(client.find(INS)) == [deposit.title]
    assert desk.history(INS)[0].transaction == "TD3.1"
    acts = [(row.transaction, row.outcome, row.documents) for row in desk.history(INS) if row.transaction == "TD3.3d"]
    assert acts == [("TD3.3d", "allowed", [deposit.unique_id])] * 2


def test_deleted_is_the_end_but_only_logical(desk, gp):
    client = desk.client(gp)
    deposit = deposited(client)
    assert set_status(client, deposit, DELETED).succeeded
    assert titles(client.find(INS)) == []
    assert client.retrieve(INS, deposit.unique_id).succeeded
    for after in (APPROVED, ARCHIVED):
        answer = set_status(client, deposit, after, before=DELETED)
        assert (answer.errors, answer.rules) == (["XDSMetadataUpdateError"], ["UPDATE-STATUS"])
    told = "a supprimé de votre dossier le document « Ordonnance d'essai »."
    assert sum(text.endswith(told) for text in desk.told(INS)) == 1


def test_old_version_may_be_deleted_not_archived(desk, gp):
    client = desk.client(gp)
    old = deposited(client)
    deposited(client, replaces=technical_id(client, INS, old.unique_id))
    assert set_status(client, old, ARCHIVED, before=DEPRECATED).rules == ["UPDATE-STATUS"]
    assert set_status(client, old, DELETED, before=DEPRECATED).succeeded


def test_several_documents_at_once_or_none(desk, gp):
    client = desk.client(gp)
    made = [deposited(client) for _ in range(2)]
    ids = [technical_id(client, INS, one.unique_id) for one in made]
    unknown = f"urn:uuid:{uuid.uuid4()}"
    wrong = "".join(status_objects(one, APPROVED, ARCHIVED) for one in (*ids, unknown))
    assert update(client, INS, wrong).rules == ["UPDATE-UNKNOWN"]
    assert {row_of(desk, one).status for one in made} == {APPROVED}
    assert update(client, INS, "".join(status_objects(one, APPROVED, ARCHIVED) for one in ids)).succeeded
    assert {row_of(desk, one).status for one in made} == {ARCHIVED}


def test_delete_needs_no_authorisation_archive_does(desk, gp):
    client, ins = desk.client(gp), people.SOLO.ins
    deposit = deposited(client, ins)
    assert set_status(client, deposit, ARCHIVED).subcode == "DMPAuthorizationMissing"
    assert set_status(client, deposit, DELETED).succeeded


def test_only_its_author_deletes_even_among_treating_physicians(ward, gp, emergency):
    deposit = deposited(ward.client(emergency), author=KARIM)
    answer = set_status(ward.client(gp), deposit, DELETED)
    assert (answer.subcode, answer.rule) == ("DMPFunctionNotAllowed", "document.not_own")
    assert ward.history(INS)[0].transaction == "TD3.3c"
    assert set_status(ward.client(gp), deposit, ARCHIVED).succeeded
    assert set_status(ward.client(emergency), deposit, DELETED, before=ARCHIVED).succeeded


def test_who_archives_whose(ward, gp, nurse, emergency):
    deposit = deposited(ward.client(gp))
    for bearer in (nurse, emergency):
        assert set_status(ward.client(bearer), deposit, ARCHIVED).rule == "document.not_own"
    why = Words(INS, mode="bris_de_glace", reason="Coma")
    assert set_status(ward.client(nurse), deposit, ARCHIVED, words=why).rule == "function.not_allowed"
    assert set_status(ward.client(emergency), deposit, ARCHIVED, words=why).succeeded


def test_staff_deletes_for_its_own_structure_alone(ward, gp, structure_bearer, secretary):
    place = "HOPITAL FICTIF DE TESTVILLE^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1990000017"
    mine = deposited(ward.client(structure_bearer), institution=place)
    other = deposited(ward.client(gp))
    client = ward.client(structure_bearer)
    assert set_status(client, other, DELETED).rule == "document.not_of_structure"
    assert set_status(ward.client(secretary), mine, DELETED).rule == "document.not_of_structure"
    assert set_status(client, mine, DELETED).succeeded
    assert set_status(client, other, ARCHIVED).subcode == "DMPFunctionNotAllowed"
    assert ward.told(INS)[0].startswith("HOPITAL FICTIF DE TESTVILLE a supprimé")


def by_patient(desk, ins=INS):
    """A document that the patient put there: the author is made the patient's, as their own space would write it."""
    identity = f"{ins.matricule}^TESTFAMILLE^NORA"
    deposit = Deposit(ins, author=identity, type=("DOCPAT01", "1.2.250.1.213.1.1.4.12"), class_code="11")
    deposit.edit_entry = lambda text: text.replace("^D^^^IDNPS", "^D^^^INS")
    return deposit


def test_what_the_patient_deposited(ward, gp, emergency):
    deposit = by_patient(ward)
    answer = send(ward.client(gp), deposit)
    assert answer.succeeded, answer.rules
    for after in (ARCHIVED, DELETED):
        assert set_status(ward.client(emergency), deposit, after).rule == "document.of_patient"
    assert set_status(ward.client(gp), deposit, DELETED).succeeded


# -- visibility -----------------------------------------------------------------------------------------------------


def test_masked_and_unmasked(ward, gp, emergency):
    client, other = ward.client(gp), ward.client(emergency)
    deposit = deposited(client)
    assert set_visibility(client, deposit, "MASQUE_PS").succeeded
    assert titles(other.find(INS)) == []
    assert titles(client.find(INS)) == [deposit.title]
    found = entry_in(client.find(INS)).find("rim:VersionInfo", NS)
    assert found.get("versionName") == "2"
    assert set_visibility(client, deposit, previous="2").succeeded
    assert titles(other.find(INS)) == [deposit.title]
    assert [row.transaction for row in ward.history(INS) if row.transaction.startswith("TD3.3")] == [
        "TD3.3a démasquage", "TD3.3a masquage"
    ]  # fmt: skip
    assert any("a masqué aux professionnels de santé" in text for text in ward.told(INS))


def test_stored_entry_keeps_everything_else(desk, gp):
    client = desk.client(gp)
    deposit = deposited(client)
    before = entry_in(client.find(INS))
    set_visibility(client, deposit, "MASQUE_PS")
    after = entry_in(client.find(INS))
    assert (after.get("id"), after.get("lid")) == (before.get("id"), before.get("lid"))
    names = [[one.get("name") for one in entry.findall("rim:Slot", NS)] for entry in (before, after)]
    assert names[0] == names[1]
    assert len(after.findall("rim:Classification", NS)) == len(before.findall("rim:Classification", NS)) + 1
    assert row_of(desk, deposit).facets["confidentiality"] == [
        "N^^2.16.840.1.113883.5.25", "MASQUE_PS^^1.2.250.1.213.1.1.4.13"
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"])
def test_made_visible_for_good(desk, gp, code):
    client = desk.client(gp)
    deposit = deposited(client, visibility=(code,))
    assert set_visibility(client, deposit).succeeded
    assert not row_of(desk, deposit).invisible_to_patient
    assert "a rendu visible le document" in desk.told(INS)[0]
    assert desk.history(INS)[0].transaction == "TD3.3b"
    answer = set_visibility(client, deposit, code, previous="2")
    assert (answer.errors, answer.rules) == (["XDSMetadataUpdateError"], ["UPDATE-IRREVERSIBLE"])


def test_patient_hears_nothing_of_what_they_may_not_see(desk, gp):
    client = desk.client(gp)
    deposit = deposited(client, visibility=("INVISIBLE_PATIENT",))
    before = len(desk.told(INS))
    assert set_status(client, deposit, ARCHIVED).succeeded
    assert len(desk.told(INS)) == before


def test_anybody_let_in_masks_but_only_its_author_unmasks(ward, gp, nurse, emergency):
    deposit = deposited(ward.client(emergency), author=KARIM)
    assert set_visibility(ward.client(nurse), deposit, "MASQUE_PS").succeeded
    known = technical_id(ward.client(emergency), INS, deposit.unique_id)
    hidden = set_visibility(ward.client(nurse), deposit, previous="2", entry_uuid=known)
    assert (hidden.errors, hidden.rules) == (["XDSMetadataUpdateError"], ["UPDATE-UNKNOWN"])
    assert set_visibility(ward.client(emergency), deposit, previous="2").succeeded
    assert set_visibility(ward.client(emergency), deposit, "MASQUE_PS", previous="3").succeeded
    assert set_visibility(ward.client(gp), deposit, previous="4").succeeded


def test_no_emergency_door_to_visibility(ward, emergency, gp):
    deposit = deposited(ward.client(gp))
    for mode in ("bris_de_glace", "centre_15"):
        words = Words(INS, mode=mode, reason="Coma")
        answer = set_visibility(ward.client(emergency), deposit, "MASQUE_PS", words=words)
        assert answer.subcode == "DMPFunctionNotAllowed"


def test_masked_and_invisible_at_once(desk, gp):
    client = desk.client(gp)
    deposit = deposited(client, visibility=("INVISIBLE_PATIENT",))
    assert set_visibility(client, deposit, "INVISIBLE_PATIENT", "MASQUE_PS").rules == ["DE-HIDDEN-FROM-ALL"]
    mixed = set_visibility(client, deposit, "MASQUE_PS")
    assert (mixed.errors, mixed.rules) == (["XDSMetadataUpdateOperationError"], ["UPDATE-MIXED"])


@pytest.mark.parametrize(
    "edit,error,rule",
    [
        (lambda t: t.replace("Ordonnance d'essai", "Autre"), "XDSMetadataUpdateError", "UPDATE-CONTENT"),
        (lambda t: t.replace("20261122140000", "20261122140001"), "XDSMetadataUpdateError", "UPDATE-CONTENT"),
        (lambda t: t.replace("TESTMED", "AUTREMED"), "XDSMetadataUpdateError", "UPDATE-CONTENT"),
        (lambda t: t.replace("2.25.", "2.26."), "XDSMetadataUpdateError", "UPDATE-CONTENT"),
        (
            lambda t: t.replace(f'value="{INS.matricule}', f'value="{people.SOLO.ins.matricule}'),
            "XDSPatientIDReconciliationError",
            "UPDATE-PATIENT",
        ),
        (lambda t: t.replace('nodeRepresentation="N"', 'nodeRepresentation="V"'), "XDSMetadataUpdateError",
         "UPDATE-IRREVERSIBLE"),
        (lambda t: t.replace('lid="urn:uuid', 'lid="urn:oid'), "XDSMetadataUpdateError", "UPDATE-UNKNOWN"),
        (lambda t: t.replace("57833-6", "00000-0"), "XDSRegistryMetadataError", "DE-TYPE"),
    ],
)  # fmt: skip
def test_nothing_but_visibility_changes(desk, gp, edit, error, rule):
    client = desk.client(gp)
    deposit = deposited(client)
    answer = set_visibility(client, deposit, "MASQUE_PS", edit=edit)
    assert (answer.errors[0], answer.rules[0]) == (error, rule)
    assert not row_of(desk, deposit).masked
    assert desk.history(INS)[0].outcome == "refused"


def test_versions_follow_each_other(desk, gp):
    client = desk.client(gp)
    deposit = deposited(client)
    answer = set_visibility(client, deposit, "MASQUE_PS", previous="2")
    assert (answer.errors, answer.rules) == (["XDSMetadataVersionError"], ["UPDATE-VERSION"])
    assert set_visibility(client, deposit).rules == ["UPDATE-NOTHING"]
    set_status(client, deposit, ARCHIVED)
    assert set_visibility(client, deposit, "MASQUE_PS").rules == ["UPDATE-STATUS"]


# -- messages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit,rule",
    [
        (lambda t: t.replace(STATUS, "urn:ihe:iti:2010:AssociationType:SubmitAssociation"), "UPDATE-OPERATION"),
        (lambda t: t.replace('sourceObject="set-1"', 'sourceObject="set-2"'), "ASSOC-SOURCE"),
        (lambda t: t.replace("OriginalStatus", "PreviousStatus"), "UPDATE-SLOT"),
        (lambda t: t.replace("NewStatus", "NextStatus"), "UPDATE-SLOT"),
        (lambda t: t.replace(APPROVED, DEPRECATED), "UPDATE-ORIGINAL"),
        (lambda t: t.replace("submissionTime", "submissionHour"), "SS-TIME"),
        (lambda t: t[: t.index("<ri:Association")] + t[t.index("</ri:RegistryObjectList") :], "UPDATE-OPERATION"),
    ],
)
def test_wrong_messages(desk, gp, edit, rule):
    client = desk.client(gp)
    deposit = deposited(client)
    objects = status_objects(technical_id(client, INS, deposit.unique_id), APPROVED, ARCHIVED)
    answer = update(client, INS, objects, edit=edit)
    assert answer.status == 200, answer.reason
    assert answer.rules[0] == rule
    assert row_of(desk, deposit).status == APPROVED


def test_two_acts_in_one_message(desk, gp):
    client = desk.client(gp)
    made = [deposited(client) for _ in range(2)]
    first, second = (technical_id(client, INS, one.unique_id) for one in made)
    two = status_objects(first, APPROVED, ARCHIVED) + status_objects(second, APPROVED, DELETED)
    assert update(client, INS, two).rules == ["UPDATE-MIXED"]
    twice = status_objects(first, APPROVED, ARCHIVED) * 2
    assert update(client, INS, twice.replace('id="x', 'id="y', 1)).rules == ["UPDATE-MIXED"]


def test_same_lot_twice(desk, gp):
    client = desk.client(gp)
    deposit, set_id = deposited(client), oid()
    entry_uuid = technical_id(client, INS, deposit.unique_id)
    assert update(client, INS, status_objects(entry_uuid, APPROVED, ARCHIVED), set_id=set_id).succeeded
    again = update(client, INS, status_objects(entry_uuid, ARCHIVED, APPROVED), set_id=set_id)
    assert again.errors == ["XDSDuplicateUniqueIdInRegistry"]


def test_another_patients_document_and_lot_signatures(desk, gp):
    client = desk.client(gp)
    other = deposited(client, people.SOLO.ins)
    entry_uuid = technical_id(client, people.SOLO.ins, other.unique_id)
    assert update(client, INS, status_objects(entry_uuid, APPROVED, DELETED)).rules == ["UPDATE-UNKNOWN"]
    assert update(client, people.SOLO.ins, "", Words(INS)).subcode == "DMPIdentityMismatch"
    deposited(client)
    signature = next(
        one.get("id")
        for one in client.find(INS).body.iterfind(".//rim:ExtrinsicObject", NS)
        if one.find("rim:Name/*", NS).get("value") == "Source"
    )
    assert update(client, INS, status_objects(signature, APPROVED, DELETED)).rules == ["UPDATE-UNKNOWN"]


def test_expired_authorisation(desk, gp):
    client, ins = desk.client(gp), people.YANN.ins
    deposit = deposited(client, ins)
    answer = set_status(client, deposit, ARCHIVED, words=Words(ins, issued=datetime.now(UTC)))
    assert answer.subcode == "DMPAuthorizationExpired"
