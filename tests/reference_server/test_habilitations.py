"""TD0.2 and TD0.3 through their whole cycle."""

from dataclasses import replace

import pytest

from demonstration import people
from praticien.access import Authorisation
from praticien.professional import CardKind
from reference_server.storage import dossiers
from tests.reference_server.client import NS, Words
from tests.reference_server.conftest import NURSE


def standing(answer):
    lines = answer.body.findall("h:attentionLine", NS)
    values = {line.find("h:keyWordText", NS).get("code"): line.find("h:value", NS) for line in lines}
    return values["AUTORISATION"].get("code"), values["STATUT_MT"].get("value")


def test_authorisation_and_treating_physician_come_and_go(desk, gp):
    client, ins = desk.client(gp), people.SOLO.ins
    steps = [
        (("AJOUT", ""), ("VALIDE", "false")),
        (("AJOUT", "MEDECIN_TRAITANT"), ("VALIDE", "true")),
        (("SUPPRESSION", "MEDECIN_TRAITANT"), ("VALIDE", "false")),
        (("SUPPRESSION", ""), ("NON_EXISTE", "false")),
    ]
    assert standing(client.status(ins)) == ("NON_EXISTE", "false")
    for act, expected in steps:
        answer = client.authorise(ins, *act)
        assert answer.body.findtext("hab:status", "", NS) == "DMPOk", answer.reason
        assert standing(client.status(ins)) == expected
    assert len(desk.told(ins)) == 4


def test_withdrawing_ends_the_treating_role_too(desk, gp):
    client, ins = desk.client(gp), people.NORA.ins
    assert standing(client.status(ins)) == ("VALIDE", "true")
    client.authorise(ins, "SUPPRESSION")
    assert standing(client.status(ins)) == ("NON_EXISTE", "false")


def test_several_treating_physicians_each_for_themselves(desk, gp, emergency):
    first, second, ins = desk.client(gp), desk.client(emergency), people.SOLO.ins
    for client in (first, second):
        client.authorise(ins, "AJOUT", "MEDECIN_TRAITANT")
    assert standing(first.status(ins)) == standing(second.status(ins)) == ("VALIDE", "true")
    second.authorise(ins, "SUPPRESSION", "MEDECIN_TRAITANT")
    assert standing(first.status(ins)) == ("VALIDE", "true")
    assert standing(second.status(ins)) == ("VALIDE", "false")
    first.authorise(ins, "SUPPRESSION")
    second.authorise(ins, "AJOUT", "MEDECIN_TRAITANT")
    assert standing(first.status(ins)) == ("NON_EXISTE", "false")


def test_every_treating_physician_hears_of_an_emergency(make_desk, gp, emergency):
    desk = make_desk(seeds=(people.SOLO,))
    ins = people.SOLO.ins
    for bearer in (gp, emergency):
        desk.client(bearer).authorise(ins, "AJOUT", "MEDECIN_TRAITANT")
    assert desk.client(emergency).find(ins, Words(ins, mode="bris_de_glace", reason="Coma")).succeeded
    assert len(desk.told(ins, people.GP.national_id)) == 1
    assert desk.told(ins, people.EMERGENCY.national_id) == []


@pytest.mark.parametrize("role", ["", "MEDECIN_TRAITANT"])
def test_only_a_physician_becomes_one(make_desk, keys, role):
    links = (*people.DIRECTORY.links, (NURSE.national_id, people.LILAS.national_id))
    desk = make_desk(directory=replace(people.DIRECTORY, links=links))
    client = desk.client(keys.person(NURSE, CardKind.CPS, people.LILAS, "nurse"))
    answer = client.authorise(people.SOLO.ins, "AJOUT", role)
    assert answer.subcode == ("DMPFunctionNotAllowed" if role else "")
    assert standing(client.status(people.SOLO.ins)) == ("NON_EXISTE" if role else "VALIDE", "false")


def test_only_the_treating_physician_stops_being_it(desk, gp):
    assert desk.client(gp).authorise(people.SOLO.ins, "SUPPRESSION", "MEDECIN_TRAITANT").subcode == (
        "DMPFunctionNotAllowed"
    )


def test_authorisation_expires_after_a_year_and_is_renewed_by_an_act(desk, gp):
    client, ins = desk.client(gp), people.SOLO.ins
    client.authorise(ins)
    desk.later(days=366)
    words = Words(ins, issued=desk.moment[0])
    assert standing(client.status(ins, words))[0] == "EXPIRE"
    client.authorise(ins, words=words)
    assert standing(client.status(ins, words))[0] == "VALIDE"


@pytest.mark.parametrize("action", ["", "DONNE"])
def test_unknown_action(desk, gp, action):
    assert desk.client(gp).authorise(people.SOLO.ins, action).subcode == "InvalidAction"


def test_body_may_name_the_patient_but_no_other(desk, gp):
    action = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
    ins, other = people.SOLO.ins, people.NORA.ins

    def body(matricule):
        return (
            f'<zz:setAuthorization xmlns:zz="{NS["hab"]}"><zz:nationalIdType>INS</zz:nationalIdType>'
            f"<zz:nationalId>{matricule}</zz:nationalId><zz:action>AJOUT</zz:action></zz:setAuthorization>"
        )

    client = desk.client(gp)
    for wrong in (other.matricule, "12"):
        answer = client.call("habilitations", action, body(wrong), Words(ins))
        assert answer.subcode == "DMPIdentityMismatch"
    assert client.call("habilitations", action, body(ins.matricule), Words(ins)).status == 200


@pytest.mark.parametrize(
    "seed,code,status",
    [(people.SOLO, "OK", "active"), (people.CLOSED, "OK", "terminated"), (people.TOM, "NF", None)],
)
def test_status_of_a_dossier(desk, gp, seed, code, status):
    answer = desk.client(gp).status(seed.ins)
    assert answer.body.find(".//h:queryAck/h:queryResponseCode", NS).get("code") == code
    found = answer.body.find(".//h:patient/h:statusCode", NS)
    assert (None if found is None else found.get("code")) == status
    if status is None:
        assert answer.body.find(".//h:patient", NS) is None
        return
    person = answer.body.find(".//h:patientPerson", NS)
    assert person.findtext("h:name/h:family", "", NS) == seed.traits.birth_name
    assert [one.text for one in person.findall("h:name/h:given", NS)] == list(seed.traits.birth_first_names)
    assert person.find("h:birthTime", NS).get("value") == seed.traits.birth_date
    assert person.find("h:administrativeGenderCode", NS).get("code") == seed.traits.sex.value


def test_closed_dossier_says_when_and_why(desk, gp):
    answer = desk.client(gp).status(people.CLOSED.ins)
    assert answer.body.find(".//h:registrationEvent/h:effectiveTime/h:low", NS).get("value") == "20260214"
    assert answer.body.find(".//h:detectedIssueEvent/h:code", NS).get("code") == "FERMETURE_DEMANDE_PATIENT"


def test_unknown_person_has_no_dossier(desk, gp):
    from praticien.identity import Ins, InsOid, nir_key

    stranger = Ins("2990399999999" + nir_key("2990399999999"), InsOid.TEST)
    answer = desk.client(gp).status(stranger)
    assert answer.body.find(".//h:queryAck/h:queryResponseCode", NS).get("code") == "NF"


def test_answer_relates_to_the_request(desk, gp):
    answer = desk.client(gp).status(people.SOLO.ins)
    header = answer.root.find("s:Header", NS)
    assert header.findtext("a:RelatesTo", "", NS) == desk.history(people.SOLO.ins)[0].message_id
    assert header.findtext("a:Action", "", NS) == "urn:hl7-org:v3:PRPA_IN201308UV02"


def test_seeded_authorisation_is_on_the_right_dossier(desk):
    with desk.database.reading() as session:
        holders = (people.GP.national_id,)
        found = dossiers.dossier_for(session, people.NORA.ins, holders, people.GP.national_id, desk.moment[0])
        assert found.authorisation is Authorisation.VALID
        other = dossiers.dossier_for(session, people.LINA.ins, holders, people.GP.national_id, desk.moment[0])
        assert other.authorisation is Authorisation.NONE
