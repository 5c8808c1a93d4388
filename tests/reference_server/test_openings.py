"""Legacy TD1.1 and TD1.2, legal representatives and contacts of TD1.3, and the search of TD0.5 continued."""

from dataclasses import replace

import pytest
from lxml import etree

from demonstration import people
from praticien.access import Authorisation, DossierState
from praticien.identity import Ins, InsOid, nir_key
from reference_server.storage.tables import AdministrativeRow
from tests import validators
from tests.reference_server.client import NS, Words
from tests.reference_server.hl7 import hl7, schema_of
from tests.reference_server.test_clocks import being_created
from tests.reference_server.test_dossiers import FREE, administrative_data, flags, found, search, totals
from tests.reference_server.test_secret import secret

TOM, NORA, LINA = people.TOM.ins, people.NORA.ins, people.LINA.ins
OLD = replace(people.CLOSED, attached=False, authorisations={})
CONSENT, RECONSENT = "CONSENTEMENT_OUVERTURE_DMP", "CONSENTEMENT_REACTIVATION_DMP"


def box(code, value="true"):
    return (
        f'<k:subjectOf typeCode="SBJ"><k:administrativeObservation classCode="OBS" moodCode="EVN">'
        f'<k:code code="{code}" codeSystem="1.2.250.1.213.4.1.2.3"/><k:value value="{value}"/>'
        f"</k:administrativeObservation></k:subjectOf>"
    )


MOTHER = (
    '<k:personalRelationship classCode="PRS"><k:code code="MTH" codeSystem="2.16.840.1.113883.1.11.19579"/>'
    "<k:addr><k:city>TESTVILLE</k:city></k:addr><k:telecom value='tel:0100000001'/>"
    '<k:relationshipHolder1 classCode="PSN" determinerCode="INSTANCE"><k:name><k:family>TESTFAMILLE</k:family>'
    "<k:given>NORA</k:given></k:name></k:relationshipHolder1></k:personalRelationship>"
)
VITALE = (
    '<k:contactParty classCode="CON"><k:code code="CARTE_SESAM_VITALE" codeSystem="1.2.250.1.213.4.1.2.5"/>'
    "<k:telecom value='tel:0100000002'/><k:contactPerson><k:name><k:family>TESTFAMILLE</k:family></k:name>"
    "</k:contactPerson></k:contactParty>"
)


def ask(client, interaction, reason, patient, *, boxes="", person="", before="", words=None):
    body = hl7(
        interaction,
        reason,
        f'<k:subject typeCode="SUBJ"><k:registrationRequest><k:subject1 typeCode="SBJ"><k:patient classCode="PAT">'
        f'<k:id root="{patient.oid}" extension="{patient.matricule}"/>{before}<k:statusCode code="active"/>'
        f'<k:patientPerson classCode="PSN" determinerCode="INSTANCE">{person}</k:patientPerson>{boxes}'
        f"</k:patient></k:subject1></k:registrationRequest></k:subject>",
    )
    return client.call("patients", f"urn:hl7-org:v3:{interaction}", body, words or Words(patient))


def create(client, patient, **options):
    return ask(client, "PRPA_IN201311UV02", "CREA_RD", patient, **options)


def reactivate(client, patient, **options):
    return ask(client, "PRPA_IN201314UV02", "REAC", patient, **options)


def outcome(answer):
    """Interaction, and the code of the refusal."""
    detail = answer.body.find(".//h:acknowledgementDetail/h:code", NS)
    return answer.body.tag.rpartition("}")[2], "" if detail is None else detail.get("code")


# -- TD1.1 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [people.TOM, being_created(10), being_created(10, opposed_to_creation=True)])
def test_created_with_the_patients_consent(make_desk, gp, seed):
    desk = make_desk(seeds=(seed,))
    client = desk.client(gp)
    made = create(client, TOM, boxes=box(CONSENT) + box("OPPOSITION_ACCES_URGENCE"), person=VITALE + MOTHER)
    assert outcome(made) == ("PRPA_IN201312UV02", ""), made.reason
    assert client.status(TOM).body.find(".//h:queryResponseCode", NS).get("code") == "OK"
    assert desk.history(TOM)[1].transaction == "TD1.1"
    assert any("a créé votre dossier" in text for text in desk.told(TOM))
    shown = flags(administrative_data(client, TOM))
    assert shown == {
        "RATTACHEMENT_ENS": "false", "OPPOSITION_BRIS_DE_GLACE": "false", "OPPOSITION_ACCES_URGENCE": "true",
        CONSENT: "true",
    }  # fmt: skip
    with desk.database.reading() as session:
        stored = session.get(AdministrativeRow, TOM.matricule).consents
    assert stored == {CONSENT: desk.moment[0].strftime("%Y%m%d")}
    assert outcome(create(client, TOM, boxes=box(CONSENT))) == ("PRPA_IN201313UV02", "DMPFound")


@pytest.mark.parametrize("boxes", ["", box(CONSENT, "false"), box(RECONSENT)])
def test_no_creation_without_consent(desk, gp, boxes):
    refused = create(desk.client(gp), TOM, boxes=boxes)
    assert outcome(refused) == ("PRPA_IN201313UV02", "DMPConsentMissing")
    assert (desk.history(TOM)[0].outcome, desk.history(TOM)[0].rule) == ("refused", "consent.missing")
    assert desk.client(gp).status(TOM).body.find(".//h:queryResponseCode", NS).get("code") == "NF"


def test_closed_is_not_created_anew(desk, gp):
    refused = create(desk.client(gp), people.CLOSED.ins, boxes=box(CONSENT))
    assert outcome(refused) == ("PRPA_IN201313UV02", "DMPClosed")


def test_who_and_how_not(desk, gp, secretary):
    assert create(desk.client(secretary), TOM, boxes=box(CONSENT)).subcode == "DMPFunctionNotAllowed"
    words = replace(secret(), patient=TOM)
    assert create(desk.client(gp), TOM, boxes=box(CONSENT), words=words).rule == "secret.opening"
    thirteen = "2990999999888"
    nobody = Ins(thirteen + nir_key(thirteen), InsOid.TEST)
    assert create(desk.client(gp), nobody, boxes=box(CONSENT)).subcode == "DMPIdentityMismatch"


# -- TD1.2 ----------------------------------------------------------------------------------------------------------


def test_reactivated_with_the_patients_consent(make_desk, gp):
    desk = make_desk(seeds=(OLD,))
    client, ins = desk.client(gp), OLD.ins
    assert outcome(reactivate(client, ins)) == ("PRPA_IN201316UV02", "DMPConsentMissing")
    assert outcome(reactivate(client, ins, boxes=box(RECONSENT))) == ("PRPA_IN201315UV02", "")
    status = client.status(ins).body.find(".//h:patient/h:statusCode", NS).get("code")
    assert status == DossierState.OPEN.value
    assert outcome(reactivate(client, ins, boxes=box(RECONSENT))) == ("PRPA_IN201316UV02", "DMPFound")


def test_what_cannot_be_reactivated(make_desk, gp):
    desk = make_desk(seeds=(people.CLOSED, people.TOM, replace(OLD, ins=NORA, closed_on="20161122")))
    client = desk.client(gp)
    attached = reactivate(client, people.CLOSED.ins, boxes=box(RECONSENT))
    assert outcome(attached) == ("PRPA_IN201316UV02", "DMPAttachedToMes")
    assert outcome(reactivate(client, TOM, boxes=box(RECONSENT))) == ("PRPA_IN201316UV02", "DMPNotFound")
    gone = reactivate(client, NORA, boxes=box(RECONSENT))  # closed ten years ago
    assert outcome(gone) == ("PRPA_IN201316UV02", "DMPNotFound")


# -- TD1.3 ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def minor(make_desk, gp):
    allowed = {people.GP.national_id: Authorisation.VALID}
    alone = {"attached": False, "used_name": "TESTUSAGE", "representatives": ()}
    desk = make_desk(seeds=(replace(people.LINA, authorisations=allowed, **alone),))
    return desk, desk.client(gp)


def modify(client, **options):
    return ask(client, "PRPA_IN201314UV02", "MODIF_DATA", LINA, **options)


def test_representatives_and_contacts_are_kept_and_shown(minor, tmp_path):
    _, client = minor
    assert outcome(modify(client, person=VITALE + MOTHER)) == ("PRPA_IN201315UV02", "")
    answer = administrative_data(client, LINA)
    relation = answer.body.find(".//h:personalRelationship", NS)
    assert relation.find("h:code", NS).get("code") == "MTH"
    assert relation.findtext("h:addr/h:city", "", NS) == "TESTVILLE"
    assert relation.findtext("h:relationshipHolder1/h:name/h:family", "", NS) == "TESTFAMILLE"
    contact = answer.body.find(".//h:contactParty", NS)
    assert contact.find("h:code", NS).get("code") == "CARTE_SESAM_VITALE"
    assert contact.find("h:telecom", NS).get("value") == "tel:0100000002"
    name = answer.body.findtext(".//h:patientPerson/h:name/h:family[@qualifier='SP']", "", NS)
    assert name == "TESTUSAGE"  # the representative's name is not the patient's
    assert outcome(modify(client, before="<k:telecom value='tel:0100000003'/>"))[1] == ""
    stored = "{urn:hl7-org:v3}patient/{urn:hl7-org:v3}telecom"
    assert administrative_data(client, LINA).body.find(f".//{stored}").get("value") == "tel:0100000003"
    assert outcome(modify(client, before="<k:telecom value=''/>"))[1] == ""  # there is none any more
    assert administrative_data(client, LINA).body.find(f".//{stored}") is None
    assert administrative_data(client, LINA).body.find(".//h:personalRelationship", NS) is not None
    status = client.status(LINA).body
    assert status.find(".//h:personalRelationship", NS) is None  # TD0.2 tells nothing of them


@pytest.mark.parametrize(
    "person",
    [
        MOTHER.replace('"MTH"', '"NEIGHBOR"'),
        MOTHER.replace("<k:family>TESTFAMILLE</k:family>", ""),
        VITALE.replace("<k:telecom value='tel:0100000002'/>", ""),
    ],
)
def test_unusable_representatives_and_contacts(minor, person):
    _, client = minor
    assert modify(client, person=person).subcode == "InvalidRequest"
    assert administrative_data(client, LINA).body.find(".//h:personalRelationship", NS) is None


@pytest.mark.official
@validators.official
def test_answers_follow_the_schemas(minor, tmp_path):
    _, client = minor
    bare = VITALE[: VITALE.index("<k:contactPerson>")] + "</k:contactParty>"
    schema = schema_of("PRPA_IN201308UV02", tmp_path)
    for contact in (VITALE, bare):
        assert outcome(modify(client, person=contact + MOTHER))[1] == ""
        schema.assertValid(etree.fromstring(etree.tostring(administrative_data(client, LINA).body)))


# -- TD0.5 continued ------------------------------------------------------------------------------------------------


def continued(client, start, quantity=1, *, query="q", cancel=False, status="", mode="centre_15"):
    status = status or ("aborted" if cancel else "waitContinuedQueryResponse")
    name = "QUQI_IN000003UV01_Cancel" if cancel else "QUQI_IN000003UV01"
    action = "urn:hl7-org:v3:QUQI_IN000003UV01_" + ("Cancel" if cancel else "Continue")
    numbers = "" if cancel else f'<k:startResultNumber value="{start}"/><k:continuationQuantity value="{quantity}"/>'
    body = hl7(
        name,
        "",
        f'<k:queryContinuation><k:queryId root="1.2.3" extension="{query}"/>{numbers}'
        f'<k:statusCode code="{status}"/></k:queryContinuation>',
    )
    return client.call("patientsPDQ", action, body, Words(mode=mode))


@pytest.fixture
def centre(make_desk, emergency):
    thirteen = "2840699999777"
    twin = replace(people.NORA, ins=Ins(thirteen + nir_key(thirteen), InsOid.TEST), authorisations={}, treating="")
    desk = make_desk(seeds=(FREE, twin, people.LINA, people.SOLO))
    return desk, desk.client(emergency)


def response_code(answer):
    return answer.body.find(".//h:queryAck/h:queryResponseCode", NS).get("code")


def test_row_after_row_gives_what_the_whole_gives(centre):
    _, client = centre
    whole = found(search(client, "TESTFAMILLE"))
    first = search(client, "TESTFAMILLE", quantity="1")
    rows, left = found(first), [totals(first)]
    for start in (2, 3):
        answer = continued(client, start)
        rows += found(answer)
        left.append(totals(answer))
    assert rows == whole
    assert left == [(3, 1, 2), (3, 1, 1), (3, 1, 0)]
    beyond = continued(client, 4)
    assert (found(beyond), totals(beyond)) == ([], (3, 0, 0))
    assert beyond.body.find(".//h:queryAck/h:queryId", NS).get("extension") == "q"


def test_given_up_too_old_or_unknown(centre):
    desk, client = centre
    search(client, "TESTFAMILLE", quantity="1")
    assert response_code(continued(client, 2, query="autre")) == "QE"
    stopped = continued(client, 0, cancel=True)
    assert stopped.body.tag.endswith("MCCI_IN000002UV01")
    assert stopped.body.find("h:acknowledgement/h:typeCode", NS).get("code") == "CA"
    refused = continued(client, 2)
    assert response_code(refused) == "QE"
    assert refused.body.find("h:acknowledgement/h:typeCode", NS).get("code") == "AE"
    search(client, "TESTFAMILLE", quantity="1")
    desk.later(minutes=11)
    assert response_code(continued(client, 2)) == "QE"


def test_only_by_who_asked_and_in_the_regulation_mode(centre, gp):
    desk, client = centre
    search(client, "TESTFAMILLE", quantity="1")
    assert response_code(continued(desk.client(gp), 2)) == "QE"
    for mode in ("normal", "bris_de_glace"):
        assert continued(client, 2, mode=mode).subcode == "DMPFunctionNotAllowed"
        assert continued(client, 2, cancel=True, mode=mode).subcode == "DMPFunctionNotAllowed"
    assert continued(client, 2, status="aborted").subcode == "InvalidQuery"
    assert continued(client, "x").subcode == "InvalidQuery"
    assert desk.last_trace().transaction == "TD0.5"


@pytest.mark.official
@validators.official
def test_continuations_follow_the_schemas(centre, tmp_path):
    _, client = centre
    search(client, "TESTFAMILLE", quantity="1")
    schema = schema_of("PRPA_IN201306UV02", tmp_path)
    for answer in (continued(client, 2), continued(client, 2, query="autre")):
        schema.assertValid(etree.fromstring(etree.tostring(answer.body)))
    given_up = continued(client, 0, cancel=True)
    schema_of("MCCI_IN000002UV01", tmp_path).assertValid(etree.fromstring(etree.tostring(given_up.body)))
