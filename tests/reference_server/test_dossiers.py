"""Lists of dossiers and professionals (TD0.4, TD1.6), administrative data (TD1.3, TD1.4), search by traits (TD0.5)."""

from dataclasses import replace

import pytest
from lxml import etree

from demonstration import people
from praticien.access import Authorisation, DossierState
from praticien.identity import Ins, InsOid, nir_key
from tests import validators
from tests.reference_server.client import NS, Words
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.hl7 import hl7, schema_of

INS = people.NORA.ins
FREE = replace(people.NORA, attached=False, city="TESTVILLE", postal_code="99999", used_name="TESTUSAGE")
PAT = {"p": "urn:si-dmp-patients"}
HAB = {"p": NS["hab"]}


def dossier_list(client, words=None, **children):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in children.items())
    body = f'<patientList xmlns="{PAT["p"]}">{inner}</patientList>'
    action = "urn:si-dmp-patients:PatientSpecificEndPoint:patientList"
    return client.call("patientsSpecific", action, body, words or Words())


def matricules(answer):
    assert answer.body.findtext("p:status", "", PAT) == "DMPOk", answer.reason
    return [one.text for one in answer.body.iterfind("p:list/p:patientIdentifier/p:nationalId", PAT)]


# -- TD0.4 ----------------------------------------------------------------------------------------------------------


def test_a_dossier_blocked_to_oneself_is_not_listed_through_the_structure(make_desk, gp):
    blocking = people.BLOCKING.authorisations | {people.LILAS.national_id: Authorisation.VALID}
    desk = make_desk(seeds=(replace(people.BLOCKING, authorisations=blocking),))
    assert matricules(dossier_list(desk.client(gp))) == []


def test_own_dossiers(desk, gp):
    """Those with a valid authorisation: neither what expired nor what is blocked."""
    client = desk.client(gp)
    assert matricules(dossier_list(client)) == [INS.matricule]
    desk.later(seconds=1)
    assert send(client, Deposit(INS)).succeeded
    client.find(INS)
    listed = dossier_list(client).body.find("p:list", PAT)
    now = desk.moment[0].strftime("%Y%m%d%H%M%S")
    assert listed.findtext("p:lastName", "", PAT) == "TESTFAMILLE"
    assert listed.findtext("p:MT", "", PAT) == "true"
    assert {listed.findtext(f"p:last{name}Date", "", PAT) for name in ("Access", "Update", "Add")} == {now}
    row = desk.history(INS)[0]
    assert row.transaction == "TD3.1"


def test_list_is_traced(desk, gp):
    client = desk.client(gp)
    dossier_list(client)
    assert desk.last_trace().transaction == "TD0.4"
    assert desk.last_trace().matricule == ""


def test_since_a_date(desk, gp):
    client, solo = desk.client(gp), people.SOLO.ins
    desk.later(days=10)
    words = Words(issued=desk.moment[0])
    start = desk.moment[0].strftime("%Y%m%d%H%M%S")
    desk.later(seconds=2)
    client.authorise(solo, words=Words(solo, issued=desk.moment[0]))
    new = {"startDate": start, "dateType": "LASTAUTORIZATION"}
    assert matricules(dossier_list(client, words, **new)) == [solo.matricule]
    with_documents = {"startDate": start, "dateType": "LASTDOC"}
    assert matricules(dossier_list(client, words, **with_documents)) == []
    assert send(client, Deposit(INS), words=Words(INS, issued=desk.moment[0])).succeeded
    assert matricules(dossier_list(client, words, **with_documents)) == [INS.matricule]


@pytest.mark.parametrize("wrong", [{"startDate": "2026"}, {"dateType": "LASTYEAR"}])
def test_wrong_dates(desk, gp, wrong):
    assert dossier_list(desk.client(gp), **wrong).subcode in ("InvalidDate", "InvalidDateType")


def test_staff_lists_for_professionals_of_its_structure_alone(make_desk, secretary, structure_bearer):
    seeds = (replace(people.NORA, authorisations={people.RADIOLOGIST.national_id: Authorisation.VALID}), people.SOLO)
    desk = make_desk(seeds=seeds)
    client = desk.client(secretary)
    assert matricules(dossier_list(client, psOwnerId=people.RADIOLOGIST.national_id)) == [INS.matricule]
    assert dossier_list(client, psOwnerId=people.GP.national_id).rule == "list.other_professional"
    automat = desk.client(structure_bearer)
    assert dossier_list(automat).subcode == "InvalidDate"
    assert matricules(dossier_list(automat, startDate="20260101000000")) == []


def test_a_physician_does_not_list_for_another(desk, emergency):
    assert dossier_list(desk.client(emergency), psOwnerId=people.GP.national_id).rule == "list.other_professional"


# -- TD1.6 ----------------------------------------------------------------------------------------------------------


def professionals(client, patient, mode):
    body = f'<listAuthorizationByPatient xmlns="{NS["hab"]}"><mode>{mode}</mode></listAuthorizationByPatient>'
    action = "urn:si-dmp-habilitations:HabilitationsEndPoint:listAuthorizationByPatient"
    return client.call("habilitations", action, body, Words(patient))


def test_who_may_consult_and_who_is_blocked(make_desk, gp):
    allowed = {
        people.GP.national_id: Authorisation.VALID,
        people.EMERGENCY.national_id: Authorisation.FORBIDDEN,
        people.RADIOLOGIST.national_id: Authorisation.EXPIRED,
        people.IMAGERIE.national_id: Authorisation.VALID,
    }
    client = make_desk(seeds=(replace(people.NORA, authorisations=allowed),)).client(gp)

    def listed(mode):
        answer = professionals(client, INS, mode)
        assert answer.body.findtext("p:status", "", HAB) == "DMPOk", answer.reason
        return {one.findtext("p:nationalId", "", HAB): one for one in answer.body.iterfind("p:list", HAB)}

    active = listed("ACTIVE")
    assert set(active) == {people.GP.national_id, people.IMAGERIE.national_id}
    mine = active[people.GP.national_id]
    assert mine.findtext("p:codeSpeciality", "", HAB) == "G15_10/SM54"
    assert mine.findtext("p:lastName", "", HAB) == "TESTMED"
    assert mine.findtext("p:specificRight", "", HAB) == "MEDECIN_TRAITANT"
    assert len(mine.findtext("p:startOfAuthorization", "", HAB)) == 14
    assert active[people.IMAGERIE.national_id].findtext("p:lastName", "", HAB) == people.IMAGERIE.name
    assert set(listed("INTERDITE")) == {people.EMERGENCY.national_id}
    assert len(listed("TOUTE")) == 3
    assert professionals(client, INS, "AUTRE").subcode == "InvalidMode"


def test_the_list_of_professionals_needs_an_authorisation(desk, gp, secretary):
    assert professionals(desk.client(gp), people.SOLO.ins, "TOUTE").subcode == "DMPAuthorizationMissing"
    assert professionals(desk.client(secretary), INS, "TOUTE").subcode == "DMPFunctionNotAllowed"


# -- TD1.3 and TD1.4 ------------------------------------------------------------------------------------------------


def administrative_data(client, patient):
    body = hl7(
        "PRPA_IN201307UV02",
        "CNSLT_DATA",
        f'<k:queryByParameter><k:queryId root="1.2.3"/><k:statusCode code="new"/><k:parameterList><k:patientIdentifier>'
        f'<k:value root="{patient.oid}" extension="{patient.matricule}"/><k:semanticsText>Patient.id</k:semanticsText>'
        f"</k:patientIdentifier></k:parameterList></k:queryByParameter>",
    )
    return client.call("patients", "urn:hl7-org:v3:PRPA_IN201307UV02", body, Words(patient))


def revise(client, patient, reason, inner="", *, status="active", motive=""):
    why = ""
    if motive:
        why = f'<k:reasonOf typeCode="RSON"><k:detectedIssueEvent><k:code code="{motive}"/></k:detectedIssueEvent></k:reasonOf>'  # noqa: E501
    body = hl7(
        "PRPA_IN201314UV02",
        reason,
        f'<k:subject typeCode="SUBJ"><k:registrationRequest><k:subject1 typeCode="SBJ"><k:patient classCode="PAT">'
        f'<k:id root="{patient.oid}" extension="{patient.matricule}"/>{inner}<k:statusCode code="{status}"/>'
        f"</k:patient></k:subject1></k:registrationRequest></k:subject>{why}",
    )
    return client.call("patients", "urn:hl7-org:v3:PRPA_IN201314UV02", body, Words(patient))


def flags(answer):
    return {
        one.find("h:code", NS).get("code"): one.find("h:value", NS).get("value")
        for one in answer.body.iterfind(".//h:administrativeObservation", NS)
    }


ADDRESS = "<k:addr><k:streetAddressLine>1 rue Fictive</k:streetAddressLine><k:city>AILLEURS</k:city></k:addr>"
OPPOSED = (
    '<k:subjectOf><k:administrativeObservation><k:code code="OPPOSITION_ACCES_URGENCE"/><k:value value="true"/>'
    "</k:administrativeObservation></k:subjectOf>"
)


def test_administrative_data_are_read_and_changed(make_desk, gp):
    desk = make_desk(seeds=(FREE,))
    client = desk.client(gp)
    answer = administrative_data(client, INS)
    assert answer.body.findtext(".//h:addr/h:city", "", NS) == "TESTVILLE"
    assert flags(answer) == {
        "RATTACHEMENT_ENS": "false",
        "OPPOSITION_BRIS_DE_GLACE": "false",
        "OPPOSITION_ACCES_URGENCE": "false",
    }
    changed = revise(client, INS, "MODIF_DATA", ADDRESS + '<k:telecom value="tel:0100000000"/>' + OPPOSED)
    assert changed.body.tag.endswith("PRPA_IN201315UV02"), changed.reason
    answer = administrative_data(client, INS)
    assert answer.body.findtext(".//h:addr/h:city", "", NS) == "AILLEURS"
    assert answer.body.find(".//h:patient/h:telecom", NS).get("value") == "tel:0100000000"
    assert answer.body.findtext(".//h:name/h:family[@qualifier='SP']", "", NS) == "TESTUSAGE"
    assert flags(answer)["OPPOSITION_ACCES_URGENCE"] == "true"
    regulated = client.find(INS, Words(INS, mode="centre_15"))
    assert regulated.subcode == "DMPRegulationOpposed"
    assert any("a modifié les données administratives" in text for text in desk.told(INS))
    assert "TD1.3b" in [row.transaction for row in desk.history(INS)]


@pytest.mark.parametrize("reason", ["MODIF_DATA", "FERM"])
def test_a_dossier_of_mon_espace_sante_is_its_patients_business(desk, gp, reason):
    answer = revise(desk.client(gp), INS, reason, ADDRESS, status="terminated", motive="FERMETURE_DEMANDE_PATIENT")
    assert answer.body.tag.endswith("PRPA_IN201316UV02")
    assert answer.body.find("h:acknowledgement/h:typeCode", NS).get("code") == "AE"
    assert answer.body.find(".//h:acknowledgementDetail/h:code", NS).get("code") == "DMPAttachedToMes"
    row = desk.history(INS)[0]
    assert (row.outcome, row.rule) == ("refused", "dossier.attached")
    assert flags(administrative_data(desk.client(gp), INS))["RATTACHEMENT_ENS"] == "true"


def test_closed_at_the_patients_request(make_desk, gp):
    desk = make_desk(seeds=(FREE,))
    client = desk.client(gp)
    wrong = revise(client, INS, "FERM", status="terminated", motive="AUTRE")
    assert wrong.subcode == "InvalidRequest"
    closed = revise(client, INS, "FERM", status="terminated", motive="FERMETURE_DEMANDE_PATIENT")
    assert closed.body.tag.endswith("PRPA_IN201315UV02"), closed.reason
    assert client.status(INS).body.find(".//h:patient/h:statusCode", NS).get("code") == "terminated"
    assert client.find(INS).subcode == "DMPClosed"
    again = revise(client, INS, "FERM", status="terminated", motive="FERMETURE_DEMANDE_PATIENT")
    assert again.body.find(".//h:acknowledgementDetail/h:code", NS).get("code") == "DMPClosed"


def test_wrong_revisions(make_desk, gp, secretary):
    desk = make_desk(seeds=(FREE, people.SOLO))
    client = desk.client(gp)
    assert revise(client, INS, "CREA_RD").subcode == "InvalidReason"
    assert revise(desk.client(secretary), INS, "MODIF_DATA").subcode == "DMPFunctionNotAllowed"
    body = hl7("PRPA_IN201314UV02", "MODIF_DATA", "")
    assert client.call("patients", "urn:hl7-org:v3:PRPA_IN201314UV02", body, Words(INS)).subcode == "InvalidRequest"
    other = hl7(
        "PRPA_IN201314UV02",
        "MODIF_DATA",
        f'<k:patient><k:id root="{INS.oid}" extension="{people.SOLO.ins.matricule}"/></k:patient>',
    )
    answer = client.call("patients", "urn:hl7-org:v3:PRPA_IN201314UV02", other, Words(INS))
    assert answer.subcode == "DMPIdentityMismatch"


# -- TD0.5 ----------------------------------------------------------------------------------------------------------


def search(client, family, mode="centre_15", quantity="", **criteria):
    given = f"<k:given>{criteria['given']}</k:given>" if "given" in criteria else ""
    sex = ""
    if "sex" in criteria:
        sex = _parameter("livingSubjectAdministrativeGender", f'<k:value code="{criteria["sex"]}"/>')
    birth = (
        _parameter("livingSubjectBirthTime", f'<k:value value="{criteria["birth"]}"/>') if "birth" in criteria else ""
    )
    place = ""
    if "city" in criteria:
        place = _parameter("patientAddress", f"<k:value><k:city>{criteria['city']}</k:city></k:value>")
    name = _parameter("livingSubjectName", f"<k:value><k:family>{family}</k:family>{given}</k:value>")
    limit = f'<k:initialQuantity value="{quantity}"/>' if quantity else ""
    body = hl7(
        "PRPA_IN201305UV02",
        "",
        f'<k:queryByParameter><k:queryId root="1.2.3" extension="q"/><k:statusCode code="new"/>{limit}'
        f"<k:parameterList>{sex}{birth}{name}{place}</k:parameterList></k:queryByParameter>",
    )
    return client.call("patientsPDQ", "urn:hl7-org:v3:PRPA_IN201305UV02", body, Words(mode=mode))


def _parameter(name, value):
    return f"<k:{name}>{value}<k:semanticsText>{name}</k:semanticsText></k:{name}>"


def found(answer):
    assert answer.status == 200, answer.reason
    return [one.get("extension") for one in answer.body.iterfind(".//h:patient/h:id", NS)]


def totals(answer):
    acknowledgement = answer.body.find(".//h:queryAck", NS)
    names = ("resultTotalQuantity", "resultCurrentQuantity", "resultRemainingQuantity")
    return tuple(int(acknowledgement.find(f"h:{name}", NS).get("value")) for name in names)


def matricule(thirteen):
    return Ins(thirteen + nir_key(thirteen), InsOid.TEST)


TWIN = replace(people.NORA, ins=matricule("2840699999777"), authorisations={}, treating="")


@pytest.fixture
def centre(make_desk, emergency):
    opposed = replace(people.YANN, opposed_to_regulation=True)
    shut = replace(people.TOM, state=DossierState.CLOSED, closed_on="20260101")
    desk = make_desk(seeds=(FREE, TWIN, people.LINA, opposed, shut, people.SOLO))
    return desk, desk.client(emergency)


def test_homonyms_all_come_back_best_first(centre):
    _, client = centre
    answer = search(client, "testfamille")
    assert set(found(answer)) == {INS.matricule, TWIN.ins.matricule, people.LINA.ins.matricule}
    assert totals(answer) == (3, 3, 0)
    answer = search(client, "Testfamille", given="nora", birth="19840621", sex="F")
    assert set(found(answer)) == {INS.matricule, TWIN.ins.matricule}
    degrees = [one.get("value") for one in answer.body.iterfind(".//h:queryMatchObservation/h:value", NS)]
    assert degrees == ["100", "100"]


@pytest.mark.parametrize(
    "family,criteria,expected",
    [
        ("TESTFAM", {}, 3),
        ("TESTUSAGE", {}, 1),
        ("TESTFAMILLE", {"birth": "1984"}, 2),
        ("TESTFAMILLE", {"city": "testville"}, 1),
        ("TESTFAMILLE", {"given": "ROSE"}, 1),
        ("TESTFAMILLE", {"sex": "M"}, 0),
        ("TESTEXEMPLE", {"given": "zoe"}, 1),
        ("AUTRE", {}, 0),
    ],
)
def test_criteria(centre, family, criteria, expected):
    answer = search(centre[1], family, **criteria)
    assert len(found(answer)) == expected
    code = answer.body.find(".//h:queryAck/h:queryResponseCode", NS).get("code")
    assert code == ("OK" if expected else "NF")


def test_who_opposed_is_flagged_and_cannot_be_opened(centre):
    _, client = centre
    answer = search(client, "TESTCONJOINT")
    assert flags(answer) == {"OPPOSITION_ACCES_URGENCE": "true"}
    ins = people.YANN.ins
    assert client.find(ins, Words(ins, mode="centre_15")).subcode == "DMPRegulationOpposed"
    assert set(flags(search(client, "TESTEXEMPLE")).values()) == {"false"}


def test_totals_when_fewer_are_wanted(centre):
    answer = search(centre[1], "TESTFAMILLE", quantity="2")
    assert len(found(answer)) == 2
    assert totals(answer) == (3, 2, 1)


def test_search_is_for_the_regulation_mode_alone(centre, secretary):
    desk, client = centre
    for mode in ("normal", "bris_de_glace"):
        assert search(client, "TESTFAMILLE", mode=mode).subcode == "DMPFunctionNotAllowed"
    assert search(client, "T").subcode == "InvalidQuery"
    assert search(desk.client(secretary), "TESTFAMILLE").subcode == "DMPFunctionNotAllowed"
    search(client, "TESTFAMILLE")
    assert desk.last_trace().transaction == "TD0.5"


# -- schemas --------------------------------------------------------------------------------------------------------


@pytest.mark.official
@validators.official
def test_answers_follow_the_schemas(centre, tmp_path):
    _, client = centre
    schema = schema_of("PRPA_IN201306UV02", tmp_path)
    for answer in (search(client, "TESTFAMILLE"), search(client, "AUTRE"), search(client, "TESTFAMILLE", quantity="1")):
        schema.assertValid(etree.fromstring(etree.tostring(answer.body)))
    schema_of("PRPA_IN201308UV02", tmp_path).assertValid(
        etree.fromstring(etree.tostring(administrative_data(client, INS).body))
    )
