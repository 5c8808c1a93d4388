"""An assertion that was proven is not verified again; its rights are decided anew."""

import pytest

from reference_server import xml_signature
from reference_server.proofs import Proofs
from reference_server.storage import dossiers
from tests.reference_server.client import QUERY_ACTION, Words, envelope, find_documents, signed_assertion
from tests.reference_server.vihf.support import INS, accepted, refused, sent


@pytest.fixture
def verifications(monkeypatch):
    """Signatures verified, by certificate."""
    made = []
    original = xml_signature.check_value

    def counted(signature, certificate, methods):
        made.append(certificate)
        return original(signature, certificate, methods)

    monkeypatch.setattr(xml_signature, "check_value", counted)
    return made


def test_the_same_assertion_is_verified_once_and_another_anew(desk, gp, verifications):
    good = signed_assertion(gp, Words(INS), "_good")
    for _ in range(3):
        accepted(sent(desk, gp, good))
    assert len(verifications) == 1
    refused(sent(desk, gp, good.replace("CLIENT D'ESSAI", "CLIENT D'ESSAJ")))
    accepted(sent(desk, gp, signed_assertion(gp, Words(INS), "_good")))
    assert len(verifications) == 3


def test_a_proven_assertion_expires(desk, gp):
    good = signed_assertion(gp, Words(INS))
    accepted(sent(desk, gp, good))
    desk.later(hours=8, minutes=1)
    refused(sent(desk, gp, good))


def test_a_proven_assertion_falls_with_its_certificate(desk, gp, authority):
    good = signed_assertion(gp, Words(INS))
    accepted(sent(desk, gp, good))
    desk.dispatcher._trust.load_revocations(authority.revocation_lists([gp.signing.certificate.serial_number]))
    refused(sent(desk, gp, good), "DMPInvalidCertificate")


def test_a_proven_assertion_serves_its_bearer_alone(desk, gp, emergency):
    good = signed_assertion(gp, Words(INS))
    accepted(sent(desk, gp, good))
    refused(sent(desk, emergency, good), "DMPIdentityMismatch")


def test_rights_are_decided_anew_for_a_proven_assertion(desk, gp):
    good = signed_assertion(gp, Words(INS))
    message = envelope(QUERY_ACTION, find_documents(INS), good)
    desk.client(gp).authorise(INS)
    accepted(desk.client(gp).post("registry", message))
    with desk.database.transaction() as session:
        dossiers.withdraw(session, INS, gp.name_id)
    refused(desk.client(gp).post("registry", message), "DMPAuthorizationMissing")


def test_no_more_is_remembered_than_said():
    proofs = Proofs(3)
    for number in range(9):
        proofs.put(number, number)
        proofs.get(0 if number < 3 else 6)
    assert [proofs.get(number) for number in range(9)] == [None] * 6 + [6, 7, 8]
