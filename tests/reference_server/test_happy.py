"""The main jobs, once each, by a client that knows nothing of the server but the protocol."""

from demonstration import people
from tests.reference_server.client import NS, Words
from tests.reference_server.deposits import Deposit, send


def test_gp_job(world, gp):
    client = world.client(gp)
    patient = people.SOLO.ins
    answer = client.status(patient)
    assert answer.status == 200, answer.reason
    assert answer.body.find(".//h:attentionLine/h:value", NS).get("code") == "NON_EXISTE"
    assert client.find(patient).subcode == "DMPAuthorizationMissing"
    answer = client.authorise(patient)
    assert answer.body.findtext("hab:status", "", NS) == "DMPOk", answer.reason
    deposit = Deposit(patient)
    answer = send(client, deposit)
    assert answer.succeeded, (answer.reason, answer.errors, answer.rules)
    answer = client.find(patient)
    titles = [
        one.get("value") for one in answer.body.findall(".//rim:ExtrinsicObject/rim:Name/rim:LocalizedString", NS)
    ]
    assert deposit.title in titles
    answer = client.retrieve(patient, deposit.unique_id)
    assert answer.succeeded, answer.errors
    assert list(answer.parts.values()) == [deposit.cda()]
    told = [one["text"] for one in world.page(patient)["notifications"]]
    assert "Dr Jeanne TESTMED (CABINET DES LILAS (FICTIF)) a consulté votre dossier." in told


def test_insi(world, gp):
    client = world.client(gp)
    traits = people.SOLO.traits
    body = (
        f'<RECSANSVITALE xmlns="urn:essai"><NomNaissance>{traits.birth_name}</NomNaissance><Prenom>Zoe</Prenom>'
        f"<Sexe>F</Sexe><DateNaissance>1987-03-12</DateNaissance></RECSANSVITALE>"
    )
    headers = (
        '<b:ContexteBAM xmlns:b="urn:siram:bam:ctxbam" Version="01_02"/>'
        '<l:ContexteLPS xmlns:l="urn:siram:lps:ctxlps" Version="01_00"/>'
    )
    action = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
    answer = client.call("insi", action, body, Words(urn=""), headers)
    assert answer.body.findtext("i:CR/i:CodeCR", "", NS) == "00", answer.reason
    assert answer.body.findtext(".//i:NumIdentifiant", "", NS) == people.SOLO.ins.matricule[:13]
