"""What leaves for the DMP, held against the official schemas."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from connectors.dmp import td0_2, td0_3, td2_1, td3_1, td3_2
from connectors.dmp.client import DmpClient
from connectors.dmp.rim import RIM
from connectors.dmp.sender import Sender
from connectors.dmp.td2_1 import XDSB
from demonstration import people
from praticien.access import NORMAL
from tests.connectors import schemas
from tests.connectors.samples import CONTENT, entry, registered, submission
from tests.connectors.support import SOAP, SOFTWARE, WSA, FakeServer, fault
from tests.validators import official

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
INS = people.NORA.ins


@official
@pytest.mark.official
def test_deposit(sender: Sender) -> None:
    body, attachments = td2_1.request(submission(), sender)
    inline = etree.fromstring(etree.tostring(body))
    for document in inline.iter(f"{{{XDSB}}}Document"):  # the schema knows base64, not what XOP puts in its place
        document.remove(document[0])
        document.text = "ZmljdGlm"
    schemas.repository(inline)
    assert len(attachments) == 2
    assert attachments[0].content == CONTENT


def test_deposit_says_what_belongs_to_what(sender: Sender) -> None:
    replacing = replace(submission().documents[0], replaces="urn:uuid:00000000-0000-4000-8000-00000000000a")
    body, attachments = td2_1.request(replace(submission(), documents=(replacing,)), sender)
    of = submission().submission_set.entry_uuid
    ids = [d.get("id") for d in body.iter(f"{{{XDSB}}}Document")]
    told = [
        (a.get("associationType").rpartition(":")[2], a.get("sourceObject"), a.get("targetObject"))
        for a in body.iter(f"{{{RIM}}}Association")
    ]
    assert told == [
        ("HasMember", of, ids[0]),
        ("RPLC", ids[0], replacing.replaces),
        ("HasMember", of, ids[1]),
        ("signs", ids[1], of),
    ]
    hashes = [s.findtext(f".//{{{RIM}}}Value") for s in body.iter(f"{{{RIM}}}Slot") if s.get("name") == "hash"]
    assert hashes == [hashlib.sha1(a.content).hexdigest() for a in attachments]
    nodes = [c.get("classificationNode") for c in body.iter(f"{{{RIM}}}Classification")]
    assert nodes.count("urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd") == 1


@official
@pytest.mark.official
def test_queries() -> None:
    find, get = td3_1.find_documents(INS), td3_1.get_documents(["2.25.1", "2.25.2"])
    schemas.query(find)
    schemas.query(get)
    values = [v.text for question in (find, get) for v in question.iter(f"{{{RIM}}}Value")]
    assert values == [
        f"'{INS.cx}'",
        "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')",
        "('2.25.1','2.25.2')",
    ]


@official
@pytest.mark.official
def test_retrieve() -> None:
    question = td3_2.request(registered(entry()))
    schemas.repository(question)
    assert [e.text for e in question[0]] == ["1.2.250.1.213.4.1.1.1.2", "2.25.1001"]


@official
@pytest.mark.official
def test_existence() -> None:
    question = td0_2.request(INS, SOFTWARE, MOMENT)
    schemas.get_demographics(question)
    asked = question.find(".//{urn:hl7-org:v3}patientIdentifier/{urn:hl7-org:v3}value")
    assert dict(asked.attrib) == {"root": INS.oid, "extension": INS.matricule}


def test_authorisation() -> None:
    question = td0_3.request(INS)
    assert {etree.QName(e).localname: e.text for e in question} == {
        "action": "AJOUT",
        "nationalId": INS.matricule,
        "nationalIdType": INS.oid,
    }


@pytest.mark.parametrize(
    "call, path, action, packaged",
    [
        (lambda d: d.dossier_status(INS, NORMAL), "/patients", td0_2.ACTION, False),
        (lambda d: d.declare_authorisation(INS), "/habilitations", td0_3.ACTION, False),
        (lambda d: d.find_documents(INS, NORMAL), "/registry", td3_1.ACTION, False),
        (lambda d: d.retrieve(INS, registered(entry()), NORMAL), "/repository", td3_2.ACTION, True),
        (lambda d: d.deposit(submission(), NORMAL), "/repository", td2_1.ACTION, True),
    ],
)
def test_every_call_is_addressed_and_signed(  # noqa: PLR0917
    dmp: DmpClient, server: FakeServer, call, path: str, action: str, packaged: bool
) -> None:
    server.serve(fault("DMPClosed"))
    with pytest.raises(Exception, match="DMPClosed"):
        call(dmp)
    (received,) = server.received
    assert received.path == path
    assert f'action="{action}"' in received.content_type
    assert received.content_type.startswith("multipart/related" if packaged else "application/soap+xml")
    header = received.envelope.find(f"{{{SOAP}}}Header")
    assert header.findtext(f"{{{WSA}}}Action") == action
    assert header.findtext(f"{{{WSA}}}To").endswith(path)
    assert header.findtext(f"{{{WSA}}}ReplyTo/{{{WSA}}}Address") == f"{WSA}/anonymous"
    assert [e.tag for e in header if e.get(f"{{{SOAP}}}mustUnderstand") == "1"][:2] == [
        f"{{{WSA}}}Action",
        f"{{{WSA}}}ReplyTo",
    ]
    assert len(list(header.iter("{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"))) == 1
