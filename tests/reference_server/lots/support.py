"""Changes that break one thing of a submission, and what must be left of it: nothing."""

from __future__ import annotations

import re

from demonstration import people
from reference_server.storage import documents
from tests.reference_server.client import NS
from tests.reference_server.conftest import Desk
from tests.reference_server.deposits import Deposit

INS = people.NORA.ins
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"


def stored(desk: Desk, ins=INS) -> list[str]:
    with desk.database.reading() as session:
        return [row.unique_id for row in documents.of_patient(session, ins)]


def broken(desk, answer, rule, error, ins=INS):
    assert answer.status == 200, answer.reason
    assert answer.body.get("status").endswith(":Failure")
    assert rule in answer.rules, answer.rules
    assert dict(zip(answer.rules, answer.errors, strict=True))[rule] == error
    assert stored(desk, ins) == []
    assert desk.history(ins)[0].outcome == "refused"
    assert desk.told(ins) == []


def entry_of(client, deposit: Deposit):
    found = client.find(deposit.patient).body.iterfind(".//rim:ExtrinsicObject", NS)
    return next(one for one in found if one.find("rim:Name/*", NS).get("value") == deposit.title)


def drop(pattern: str):
    def change(text: str) -> str:
        changed = re.sub(pattern, "", text, count=1)
        assert changed != text, pattern
        return changed

    return change


def swap(old: str, new: str):
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return change


def classification(scheme: str) -> str:
    return rf'<ri:Classification id="\w+" classificationScheme="urn:uuid:{scheme}[0-9a-f-]*".*?</ri:Classification>'


def external(owner: str, scheme: str) -> str:
    scheme = f"urn:uuid:{scheme}[0-9a-f-]*"
    return (
        rf'<ri:ExternalIdentifier id="\w+" registryObject="{owner}" identificationScheme="{scheme}".*?'
        r"</ri:ExternalIdentifier>"
    )


def slot_of(name: str) -> str:
    return rf'<ri:Slot name="{name}">.*?</ri:Slot>'


META = "XDSRegistryMetadataError"
