"""The project's own outbox and connectors in front of a server that misbehaves: exactly one document in the end."""

from datetime import UTC, datetime

import pytest
import requests

from connectors.connecting import connecting
from connectors.endpoint import DmpEndpoint, Limits, Software
from demonstration import people
from demonstration.samples import sample_submissions
from praticien.access import NORMAL
from praticien.deposit import new_oid, prepare
from praticien.documents.model import DocumentKind, NewDocument, Party, TypedText
from praticien.identity import IdentityStatus, Patient
from praticien.outbox import DeliveryState, Outbox, Owner, Summary
from praticien.professional import CardHolder
from tests.connectors.support import SoftwareSigner
from tests.reference_server.conftest import start

CARD = people.CARDS["cps-medecin"]
NORA = people.NORA
OWNER = Owner(people.GP.national_id, CARD.situations[0].structure.national_id)
OID = "2.25.987654321"


@pytest.fixture(scope="module")
def faulty(keys, tmp_path_factory):
    made = start(keys, tmp_path_factory.mktemp("faulty"), faults=True, submissions=sample_submissions, schema_dir=None)
    yield made
    made.close()


@pytest.fixture
def put(faulty):
    def put(**fields):
        assert requests.post(faulty.server.operator_url + "faults", data=fields, timeout=10).status_code == 200

    yield put
    put()


@pytest.fixture(scope="module")
def signer(authority):
    pairs = [
        authority.professional(people.GP, CARD.card_kind, CARD.title, signature=signature)
        for signature in (False, True)
    ]
    return SoftwareSigner(*pairs)


@pytest.fixture
def dmp(faulty, signer):
    endpoint = DmpEndpoint(faulty.server.base_url, faulty.ca_file, Limits(connect=10, read=1.5, total=10))
    holder = CardHolder(CARD.card_kind, CARD.serial, people.GP, CARD.situations)
    software = Software("Praticien", "0", installation_id=OID, oid=OID)
    connections = connecting(endpoint, software)(signer, holder, CARD.situations[0])
    yield connections.dmp
    connections.dmp.close()


@pytest.fixture
def outbox(tmp_path):
    made = Outbox(tmp_path / "outbox", bytes(32))
    yield made
    made.close()


def accepted(outbox):
    now = datetime.now(UTC)
    party = Party(people.GP, CARD.situations[0].structure)
    patient = Patient(NORA.traits, IdentityStatus.QUALIFIED, NORA.ins)
    document = NewDocument(
        DocumentKind.PRESCRIPTION,
        "Ordonnance d’essai",
        TypedText("Paracétamol 1 g."),
        patient,
        party,
        party,
        now,
        now,
        unique_id=new_oid(),
        set_id=new_oid(),
    )
    delivery = outbox.put(prepare(document, software_oid=OID), Summary("t", document.kind, "patient", OWNER))
    return delivery.id, document.unique_id


def held(dmp, unique_id):
    return sum(entry.unique_id == unique_id for entry in dmp.find_documents(NORA.ins, NORMAL))


@pytest.mark.parametrize(
    "fault,arrived",
    [
        ({"silent": "1"}, True),
        ({"cut_at": "0"}, True),
        ({"cut_at": "100"}, True),
        ({"latency": "600000"}, False),
        *(({"status": str(status)}, False) for status in (500, 502, 503, 504)),
        ({"full_disk": "1"}, False),
    ],
)
def test_retry_after_a_fault_gives_exactly_one_document(dmp, outbox, put, fault, arrived):
    id, unique_id = accepted(outbox)
    put(**fault, **({} if "full_disk" in fault else {"count": "1", "service.repository": "1"}))
    first = outbox.deliver(id, dmp, NORMAL, OWNER)
    assert first.state is not DeliveryState.SENT
    put()
    assert held(dmp, unique_id) == arrived
    if first.state.is_refused:
        outbox.retry(id)
    assert outbox.deliver(id, dmp, NORMAL, OWNER).state is DeliveryState.SENT
    assert held(dmp, unique_id) == 1


def test_silence_leaves_the_delivery_uncertain_never_sent_nor_refused(dmp, outbox, put):
    id, unique_id = accepted(outbox)
    put(silent="1", count="2", **{"service.repository": "1"})
    for _ in range(2):
        assert outbox.deliver(id, dmp, NORMAL, OWNER).state is DeliveryState.UNCERTAIN
    assert outbox.deliver(id, dmp, NORMAL, OWNER).state is DeliveryState.SENT
    assert held(dmp, unique_id) == 1
