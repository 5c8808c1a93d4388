"""What the tests of the structured writers share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from praticien.deposit import prepare
from praticien.documents.model import NewDocument
from praticien.metadata import SubmittedDocument
from tests.praticien.forms import SOFTWARE_OID
from tests.validators import errors_of

NS = {"h": "urn:hl7-org:v3", "d": "urn:dicom-org:ps3-20", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}


def submit(document: NewDocument, **how: Any) -> SubmittedDocument:
    """The document as it would leave."""
    return prepare(document, software_oid=SOFTWARE_OID, **how).documents[0]


def without(content: bytes, path: str) -> bytes:
    """A damaged copy: the first element at ``path`` is gone."""
    root = etree.fromstring(content)
    gone = root.find(path, NS)
    gone.getparent().remove(gone)
    return etree.tostring(root)


def part(template: str) -> str:
    """The path of what bears a templateId."""
    return f".//h:templateId[@root='{template}']/../.."


def assert_officially_right(judged: Mapping[str, Mapping[str, Any]], model: str, fired: int) -> None:
    """All are accepted, held to ``model`` of which ``fired`` rules applied, but those whose name says broken."""
    for name, verdict in judged.items():
        if name.startswith("broken"):
            assert not verdict["valid"], f"the official rules accept: {name}"
            continue
        assert errors_of(verdict) == {}, name
        assert verdict["valid"], name
        assert verdict["volet"] == model
        assert verdict["layers"]["volet"]["fired"] >= fired
