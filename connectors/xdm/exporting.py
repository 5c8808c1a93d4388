"""Writes an IHE XDM package (ITI-32, ITI TF-2 3.32): INDEX.HTM, README.TXT and one submission set under IHE_XDM.

The package is not encrypted: where it is written is the user's decision, and the window says so.
"""

from __future__ import annotations

import hashlib
import html
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from lxml import etree

from connectors.dmp import ebxml, rim
from connectors.xdm.errors import SeveralPatients, XdmProblem
from praticien.metadata import Association, AssociationType, Author, Code, DocumentEntry, SubmissionSet

LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
FOLDER = "IHE_XDM/SUBSET01"
METADATA = "METADATA.XML"
_EXTENSIONS = {
    "text/xml": "XML",
    "application/pdf": "PDF",
    "application/dicom": "DCM",
    "text/plain": "TXT",
    "text/rtf": "RTF",
    "image/jpeg": "JPG",
    "image/tiff": "TIF",
    "image/png": "PNG",
}
_README = """Documents de santé exportés au format IHE XDM.

Ouvrir INDEX.HTM pour la liste. Les documents et leur description (METADATA.XML) sont dans IHE_XDM/SUBSET01.
Ces fichiers ne sont pas chiffrés : ils contiennent des données de santé à caractère personnel.
Logiciel : {software}
"""


@dataclass(frozen=True, slots=True)
class Exporter:
    """Who makes the package: the professional, the installation's OID, the software's name."""

    author: Author
    source_id: str
    content_type: Code
    software: str


def export(documents: Sequence[tuple[DocumentEntry, bytes]], by: Exporter, now: datetime) -> bytes:
    """The zip file of these documents, in their order. Raises XdmProblem (none), SeveralPatients."""
    if not documents:
        raise XdmProblem("nothing to export")
    if len({entry.patient_id for entry, _content in documents}) != 1:
        raise SeveralPatients
    named = [
        (f"DOC{number:05}.{_extension(entry)}", entry, content) for number, (entry, content) in _numbered(documents)
    ]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("INDEX.HTM", _index(named))
        archive.writestr("README.TXT", _README.format(software=by.software))
        archive.writestr(f"{FOLDER}/{METADATA}", _metadata(named, by, now))
        for name, _entry, content in named:
            archive.writestr(f"{FOLDER}/{name}", content)
    return packed.getvalue()


_Named = tuple[str, DocumentEntry, bytes]


def _numbered(documents: Sequence[tuple[DocumentEntry, bytes]]) -> list[tuple[int, tuple[DocumentEntry, bytes]]]:
    return list(enumerate(documents, 1))


def _extension(entry: DocumentEntry) -> str:
    return _EXTENSIONS.get(entry.mime_type, "BIN")


def _metadata(named: Sequence[_Named], by: Exporter, now: datetime) -> bytes:
    root = etree.Element(f"{{{LCM}}}SubmitObjectsRequest", nsmap={"lcm": LCM})
    objects = ebxml.registry_objects()
    root.append(objects)
    of = _submission_set(named[0][1], by, now)
    for number, (name, entry, content) in enumerate(named, 1):
        described = _as_submitted(entry, content, f"Document{number:05}")
        stable = ebxml.add_entry(objects, described)
        rim.add_slot(stable, "URI", [name])
        stable.insert(0, stable[-1])  # the schema wants slots before the rest
    ebxml.add_submission_set(objects, of)
    for number in range(1, len(named) + 1):
        member = Association(AssociationType.HAS_MEMBER, of.entry_uuid, f"Document{number:05}")
        ebxml.add_association(objects, member)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _as_submitted(entry: DocumentEntry, content: bytes, symbolic: str) -> DocumentEntry:
    """Without what a registry had set; size and hash are those of what is packed."""
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return replace(entry, entry_uuid=symbolic, logical_id="", repository_id="", hash=digest, size=len(content))


def _submission_set(entry: DocumentEntry, by: Exporter, now: datetime) -> SubmissionSet:
    return SubmissionSet(
        entry_uuid="SubmissionSet01",
        unique_id=f"2.25.{uuid4().int}",
        source_id=by.source_id,
        patient_id=entry.patient_id,
        submission_time=now.astimezone(UTC).replace(microsecond=0),
        content_type=by.content_type,
        author=by.author,
    )


def _index(named: Sequence[_Named]) -> str:
    rows = "".join(
        f'<tr><td><a href="{FOLDER}/{name}">{html.escape(entry.title)}</a></td>'
        f"<td>{html.escape(entry.type_code.display or entry.type_code.code)}</td>"
        f"<td>{entry.creation_time:%d/%m/%Y}</td></tr>"
        for name, entry, _content in named
    )
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Documents de santé</title></head>'
        "<body><h1>Documents de santé</h1><table><tr><th>Document</th><th>Type</th><th>Date</th></tr>"
        f"{rows}</table></body></html>"
    )
