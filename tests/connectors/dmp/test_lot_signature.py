"""The lot signature document."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from lxml import etree

from connectors.dmp import lot_signature
from connectors.dmp.sender import Sender
from connectors.dmp.vihf import DS
from demonstration import people
from demonstration.authority import TestAuthority
from tests.connectors.samples import CONTENT, entry, submission
from tests.connectors.xmlsec import needs_xmlsec1, verifies


@needs_xmlsec1
def test_xmlsec1_verifies_it(sender: Sender, authority: TestAuthority, tmp_path: Path) -> None:
    document = lot_signature.build(submission(), sender)
    assert verifies(tmp_path, document, authority.bundle_pem)
    for told, forged in ((b"urn:oid:2.25.1001", b"urn:oid:2.25.1002"), (b"2026-11-22T09", b"2026-11-22T10")):
        assert told in document
        assert not verifies(tmp_path, document.replace(told, forged), authority.bundle_pem)


def test_the_manifest_binds_each_document(sender: Sender) -> None:
    root = etree.fromstring(lot_signature.build(submission(), sender))
    references = {r.get("URI"): r.findtext(f"{{{DS}}}DigestValue") for r in root.iter(f"{{{DS}}}Reference")}
    assert list(references) == ["#IHEManifest", "#SignedProperties", "urn:oid:2.25.2001", "urn:oid:2.25.1001"]
    assert references["urn:oid:2.25.1001"] == base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()


def test_the_same_submission_gives_the_same_bytes(sender: Sender) -> None:
    first, second = (lot_signature.build(submission(), sender) for _ in range(2))
    assert first == second
    described = [lot_signature.describe(submission(), sender, first) for _ in range(2)]
    assert described[0] == described[1]


def test_its_entry_is_technical_and_hidden(sender: Sender) -> None:
    described = lot_signature.describe(submission(), sender, b"contenu")
    assert lot_signature.is_signature(described)
    assert not lot_signature.is_signature(entry())
    assert described.language == "art"
    assert [c.code for c in described.confidentiality] == ["N", "MASQUE_PS", "INVISIBLE_PATIENT"]
    assert described.patient_id == people.NORA.ins
    assert (described.hash, described.size) == (hashlib.sha1(b"contenu").hexdigest(), 7)
    assert described.unique_id != submission().documents[0].entry.unique_id
