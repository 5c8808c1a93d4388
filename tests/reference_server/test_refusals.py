"""Every refusal a client can meet: its code, its rule, its trace, and that nothing is shown."""

from dataclasses import replace

import pytest

from demonstration import people
from praticien.access import AccessMode, Authorisation
from praticien.notices import access_notice
from praticien.professional import CardKind, Professional, Structure
from tests.reference_server.client import NS, Words
from tests.reference_server.conftest import A00, G15, NURSE, R01
from tests.reference_server.deposits import Deposit, send

GLASS = "bris_de_glace"
WHY = "Patient inconscient – trouvé au sol"


def refused(answer, subcode, rule):
    assert answer.status == 400
    assert answer.body.tag == f"{{{NS['s']}}}Fault"
    assert answer.body.findtext("s:Code/s:Value", "", NS).endswith(":Sender")
    assert (answer.subcode, answer.rule) == (subcode, rule), answer.reason
    assert answer.reason.endswith(".")


def seeded(desk_maker, **changes):
    return desk_maker(seeds=(replace(people.SOLO, **changes),))


@pytest.mark.parametrize(
    "seed,subcode,rule",
    [
        (people.SOLO, "DMPAuthorizationMissing", "authorisation.none"),
        (people.YANN, "DMPAuthorizationExpired", "authorisation.expired"),
        (people.BLOCKING, "DMPBlockedProfessional", "authorisation.blocked"),
        (people.TOM, "DMPNotFound", "dossier.absent"),
        (people.CLOSED, "DMPClosed", "dossier.closed"),
    ],
)
def test_normal_consultation_refused(desk, gp, seed, subcode, rule):
    client, ins = desk.client(gp), seed.ins
    refused(client.find(ins), subcode, rule)
    refused(client.retrieve(ins, "1.2.3"), subcode, rule)
    row = desk.history(ins)[0]
    assert (row.outcome, row.rule, row.transaction) == ("refused", rule, "TD3.2")
    assert (row.actor, row.structure, row.documents) == (people.GP.national_id, people.LILAS.national_id, ["1.2.3"])
    assert desk.told(ins) == []


@pytest.mark.parametrize("glass_opposed", [False, True])
@pytest.mark.parametrize("regulation_opposed", [False, True])
@pytest.mark.parametrize("mode", [GLASS, "centre_15"])
def test_two_oppositions_are_separate(make_desk, emergency, glass_opposed, regulation_opposed, mode):
    desk = seeded(make_desk, opposed_to_break_glass=glass_opposed, opposed_to_regulation=regulation_opposed)
    ins = people.SOLO.ins
    answer = desk.client(emergency).find(ins, Words(ins, mode=mode, reason=WHY))
    opposed = glass_opposed if mode == GLASS else regulation_opposed
    if not opposed:
        assert answer.succeeded
        assert desk.history(ins)[0].rule == "allowed.emergency"
        return
    name = "BreakGlass" if mode == GLASS else "Regulation"
    rule = "emergency.break_glass_opposed" if mode == GLASS else "emergency.regulation_opposed"
    refused(answer, f"DMP{name}Opposed", rule)
    assert "R.1111-48" in answer.body.find("s:Detail/*", NS).get("article")
    assert desk.history(ins)[0].outcome == "refused"
    assert "tenté" in desk.told(ins)[0]


def test_break_glass_wants_a_reason(desk, emergency):
    ins = people.UNCONSCIOUS.ins
    refused(
        desk.client(emergency).find(ins, Words(ins, mode=GLASS)), "DMPFunctionNotAllowed", "emergency.reason_missing"
    )


def test_break_glass_is_traced_with_its_reason_and_told_to_patient_and_treating_physician(make_desk, emergency):
    desk = seeded(make_desk, treating=people.GP.national_id)
    ins = people.SOLO.ins
    assert desk.client(emergency).find(ins, Words(ins, mode=GLASS, reason=WHY)).succeeded
    row = desk.history(ins)[0]
    assert (row.access_mode, row.reason, row.outcome) == (GLASS, WHY, "allowed")
    expected = access_notice("Dr Karim TESTURGENCE", people.HOPITAL.name, AccessMode.BREAK_GLASS, WHY)
    assert desk.told(ins) == [expected]
    assert desk.told(ins, people.GP.national_id) == [expected]


def test_emergency_writes_no_authorisation(desk, emergency):
    ins = people.UNCONSCIOUS.ins
    client, words = desk.client(emergency), Words(ins, mode=GLASS, reason=WHY)
    assert client.find(ins, words).succeeded
    refused(client.authorise(ins, words=words), "DMPFunctionNotAllowed", "function.not_allowed")
    refused(client.find(ins), "DMPAuthorizationMissing", "authorisation.none")


def test_blocked_professional_gets_in_by_no_door(desk, emergency, gp):
    ins = people.BLOCKING.ins
    for mode in (GLASS, "centre_15"):
        answer = desk.client(emergency).find(ins, Words(ins, mode=mode, reason=WHY))
        refused(answer, "DMPBlockedProfessional", "authorisation.blocked")
    refused(desk.client(gp).authorise(ins), "DMPBlockedProfessional", "authorisation.blocked")
    refused(send(desk.client(gp), Deposit(ins)), "DMPBlockedProfessional", "authorisation.blocked")
    status = desk.client(gp).status(ins).body.find(".//h:attentionLine/h:value", NS)
    assert status.get("code") == "INTERDIT"


def test_blocking_the_structure_blocks_its_professionals(make_desk, gp):
    desk = seeded(make_desk, authorisations={people.LILAS.national_id: Authorisation.FORBIDDEN})
    refused(desk.client(gp).find(people.SOLO.ins), "DMPBlockedProfessional", "authorisation.blocked")


def test_staff_card_may_not_read(desk, secretary):
    ins = people.SCANNED.ins
    client = desk.client(secretary)
    assert client.status(ins).status == 200
    for answer in (client.find(ins), client.retrieve(ins, "1.2.3")):
        refused(answer, "DMPFunctionNotAllowed", "card.may_not_read")
    answer = client.find(ins, Words(ins, mode=GLASS, reason=WHY))
    refused(answer, "DMPFunctionNotAllowed", "card.may_not_read")


def test_staff_consent_goes_to_the_structure(desk, secretary, keys):
    ins = people.SCANNED.ins
    radiologist = desk.client(keys.person(people.RADIOLOGIST, CardKind.CPS, people.IMAGERIE, "radiologist"))
    refused(radiologist.find(ins), "DMPAuthorizationMissing", "authorisation.none")
    assert desk.client(secretary).authorise(ins).body.findtext("hab:status", "", NS) == "DMPOk"
    assert radiologist.find(ins).succeeded


def test_structure_certificate_may_deposit_and_not_read(desk, structure_bearer):
    ins = people.UNCONSCIOUS.ins
    client = desk.client(structure_bearer)
    assert client.status(ins).status == 200
    institution = f"HOPITAL^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{people.HOPITAL.national_id}"
    answer = send(client, Deposit(ins, author="899700000131^TESTURGENCE^Karim", institution=institution))
    assert answer.succeeded, (answer.reason, answer.rules)
    refused(client.find(ins), "DMPFunctionNotAllowed", "card.may_not_read")
    refused(client.authorise(ins), "DMPFunctionNotAllowed", "function.not_allowed")


def reinforced(structure_bearer, roles):
    return replace(structure_bearer, auth="INDIRECTE_RENFORCEE", name_id=people.EMERGENCY.national_id, roles=roles)


def test_reinforced_indirect_reads_and_never_deposits(desk, structure_bearer):
    ins = people.UNCONSCIOUS.ins
    client = desk.client(reinforced(structure_bearer, (("10", G15), ("SM59", R01))))
    assert client.authorise(ins).body.findtext("hab:status", "", NS) == "DMPOk"
    assert client.find(ins).succeeded
    institution = f"HOPITAL^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{people.HOPITAL.national_id}"
    answer = send(client, Deposit(ins, institution=institution))
    refused(answer, "DMPFunctionNotAllowed", "function.not_allowed")


def test_reinforced_indirect_professional_must_practise_there(desk, structure_bearer):
    bearer = replace(reinforced(structure_bearer, (("10", G15), ("SM54", R01))), name_id=people.GP.national_id)
    refused(desk.client(bearer).status(people.SOLO.ins), "DMPStructureNotLinked", "structure.not_linked")


def test_employee_of_a_structure_may_declare_and_not_read(desk, structure_bearer):
    bearer = replace(reinforced(structure_bearer, (("SECRETARIAT_MEDICAL", A00),)), name_id="3990000017/01")
    ins = people.UNCONSCIOUS.ins
    client = desk.client(bearer)
    assert client.authorise(ins).body.findtext("hab:status", "", NS) == "DMPOk"
    refused(client.find(ins), "DMPFunctionNotAllowed", "card.may_not_read")


def test_physician_without_specialty(desk, gp):
    bearer = replace(gp, roles=(("10", G15),))
    refused(desk.client(bearer).status(people.SOLO.ins), "DMPSpecialtyMissing", "vihf.specialty")


def test_specialty_of_another_nomenclature_is_none(desk, gp):
    bearer = replace(gp, roles=(("10", G15), ("SM54", "1.2.3")))
    refused(desk.client(bearer).status(people.SOLO.ins), "DMPSpecialtyMissing", "vihf.specialty")


@pytest.mark.parametrize("role", [(("60", G15),), (("SECRETARIAT_MEDICAL", A00),)])
def test_role_against_the_card(desk, gp, role):
    refused(desk.client(replace(gp, roles=role)).status(people.SOLO.ins), "DMPIdentityMismatch", "identity.mismatch")


def test_profession_claimed_by_a_staff_card(desk, secretary):
    bearer = replace(secretary, roles=(("10", G15), ("SM54", R01)))
    refused(desk.client(bearer).find(people.SOLO.ins), "DMPIdentityMismatch", "identity.mismatch")


def test_structure_unknown(desk, gp):
    bearer = replace(gp, structure="1990099999")
    refused(desk.client(bearer).status(people.SOLO.ins), "DMPStructureUnknown", "structure.unknown")


def test_structure_not_linked(desk, gp):
    bearer = replace(gp, structure=people.HOPITAL.national_id)
    refused(desk.client(bearer).status(people.SOLO.ins), "DMPStructureNotLinked", "structure.not_linked")


def test_structure_of_the_certificates_must_be_the_one_of_the_vihf(desk, structure_bearer):
    bearer = replace(structure_bearer, structure=people.LILAS.national_id)
    refused(desk.client(bearer).status(people.SOLO.ins), "DMPIdentityMismatch", "identity.mismatch")


def test_other_patient_than_the_vihf(desk, gp):
    ins = people.SOLO.ins
    words = Words(people.NORA.ins)
    client = desk.client(gp)
    for answer in (client.status(ins, words), client.find(ins, words), send(client, Deposit(ins), words=words)):
        refused(answer, "DMPIdentityMismatch", "identity.mismatch")


def test_same_matricule_under_another_authority_is_another_patient(desk, gp):
    other = replace(people.NORA.ins, oid="1.2.250.1.213.1.4.8")
    refused(desk.client(gp).find(other), "DMPNotFound", "dossier.absent")


def test_patient_must_be_named_in_the_vihf(desk, gp):
    answer = desk.client(gp).status(people.SOLO.ins, Words())
    refused(answer, "DMPInvalidVIHF", "vihf.invalid")


@pytest.mark.parametrize("sector,specialty", [("SA66", "SM25"), ("SA07", "SM25"), ("SA07", "SM54")])
def test_occupational_physician_lists_and_does_not_read(make_desk, keys, sector, specialty):
    """Whatever the VIHF says of sector or specialty: the directory knows the structure."""
    place = Structure("1990000058", "SERVICE FICTIF", "SA66")
    who = Professional("899700000172", "TESTTRAVAIL", "Alix", profession="10", specialty=specialty)
    directory = replace(people.DIRECTORY, structures=(place,), links=((who.national_id, place.national_id),))
    opened = replace(people.SOLO, authorisations={who.national_id: Authorisation.VALID})
    bearer = replace(keys.person(who, CardKind.CPS, place, "occupational"), sector=sector)
    client = make_desk(seeds=(opened,), directory=directory).client(bearer)
    assert client.find(people.SOLO.ins).succeeded
    refused(client.retrieve(people.SOLO.ins, "1.2.3"), "DMPFunctionNotAllowed", "function.not_allowed")


@pytest.mark.parametrize("kind", [CardKind.CPA])
def test_card_unknown_to_the_matrix(desk, keys, kind):
    bearer = keys.person(people.GP, kind, people.LILAS, "cpa")
    refused(desk.client(bearer).status(people.SOLO.ins), "DMPFunctionNotAllowed", "function.not_allowed")


def test_nurse_is_a_professional_and_no_treating_physician(make_desk, keys):
    directory = replace(people.DIRECTORY, links=((NURSE.national_id, people.LILAS.national_id),))
    desk = make_desk(directory=directory)
    client = desk.client(keys.person(NURSE, CardKind.CPS, people.LILAS, "nurse"))
    ins = people.SOLO.ins
    refused(client.authorise(ins, role="MEDECIN_TRAITANT"), "DMPFunctionNotAllowed", "function.not_allowed")
    assert client.authorise(ins).body.findtext("hab:status", "", NS) == "DMPOk"
    assert client.find(ins).succeeded
    assert "Luc TESTINFIRMIER (CABINET DES LILAS (FICTIF)) a consulté votre dossier." in desk.told(ins)
