"""Answers of TD0.2 against the HL7 v3 schemas, and ebXML answers against the IHE ones.

PRPA_IN201308UV02 is not among the schemas at hand, but its parts are: the wrapper of PRPA_IN201310UV02 with the
patient of PRPA_MT201303UV02. That schema is put together here, in a temporary folder.
"""

from pathlib import Path

import pytest
from lxml import etree

from demonstration import people
from tests import validators
from tests.reference_server.client import NS, Words, slot
from tests.reference_server.deposits import Deposit, send

pytestmark = [pytest.mark.official, validators.official]


@pytest.fixture(scope="module")
def hl7(tmp_path_factory) -> etree.XMLSchema:
    folder = validators.ROOT / "hl7v3" / "multicacheschemas"
    text = (folder / "PRPA_IN201310UV02.xsd").read_text("utf-8")
    text = text.replace("PRPA_IN201310UV02", "PRPA_IN201308UV02").replace("PRPA_MT201304UV02", "PRPA_MT201303UV02")
    text = text.replace('schemaLocation="../', f'schemaLocation="{folder.parent.as_uri()}/')
    for name in ("MCCI_MT000300UV01", "MFMI_MT700711UV01", "PRPA_MT201303UV02", "PRPA_MT201307UV02"):
        text = text.replace(f'schemaLocation="{name}', f'schemaLocation="{folder.as_uri()}/{name}')
    path: Path = tmp_path_factory.mktemp("hl7") / "PRPA_IN201308UV02.xsd"
    path.write_text(text, "utf-8")
    return etree.XMLSchema(etree.parse(str(path)))


@pytest.mark.parametrize("person", [people.SOLO, people.NORA, people.TOM, people.CLOSED, people.BLOCKING])
def test_status_answers(desk, gp, hl7, person):
    body = desk.client(gp).status(person.ins).body
    hl7.assertValid(etree.fromstring(etree.tostring(body)))


@pytest.fixture(scope="module")
def ihe():
    folder = validators.ROOT / "ihe"
    names = {NS["x"]: "XDS.b_DocumentRepository.xsd", NS["q"]: "query.xsd", NS["rs"]: "rs.xsd"}
    return {uri: etree.XMLSchema(etree.parse(str(folder / name))) for uri, name in names.items()}


def check(ihe, answer):
    """The answer as a client reads it, its documents put back in place of the includes."""
    body = etree.fromstring(etree.tostring(answer.body))
    for document in body.iter(f"{{{NS['x']}}}Document"):
        document[:] = []
        document.text = "QUE="
    ihe[etree.QName(body).namespace].assertValid(body)


def test_ebxml_answers(desk, gp, ihe):
    client, ins = desk.client(gp), people.NORA.ins
    deposit = Deposit(ins)
    for answer in (
        send(client, deposit),
        send(client, deposit),
        send(client, Deposit(ins, class_code="77")),
        client.find(ins),
        client.find(ins, leaf="ObjectRef"),
        client.find(ins, status=""),
        client.get(ins, slot("$XDSDocumentEntryUniqueId", f"('{deposit.unique_id}')"), "LeafClass"),
        client.retrieve(ins, deposit.unique_id),
        client.retrieve(ins, deposit.unique_id, "1.2.3"),
        client.retrieve(ins, "1.2.3"),
        client.find(ins, Words(ins, mode="bris_de_glace", reason="chute")),
    ):
        assert answer.status == 200, answer.reason
        check(ihe, answer)
