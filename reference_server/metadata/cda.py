"""What a deposited CDA must say for its DocumentEntry to be true of it. Facts: cda 2, protocol 3.2."""

from __future__ import annotations

from collections.abc import Iterator

from praticien.identity import INS_OIDS
from reference_server import names, xml
from reference_server.errors import Finding, MalformedXml
from reference_server.metadata.rules import METADATA_ERROR
from reference_server.metadata.views import Entry
from reference_server.names import DocumentEntryId, q
from reference_server.xml import Element


def findings(entry: Entry, octets: bytes) -> Iterator[Finding]:
    """Rules that the content breaks against its entry. A KOS must be a DICOM file; the rest must be CDA R2."""
    if entry.mime_type == "application/dicom":
        if octets[128:132] != b"DICM":
            yield Finding("KOS-FILE", "XDSRepositoryError", "Le document n'est pas un fichier DICOM.")
        elif entry.patient_id.split("^")[0].encode() not in octets:
            yield Finding("KOS-PATIENT", "XDSPatientIdDoesNotMatch", "Le KOS ne nomme pas le patient de la fiche.")
        return
    try:
        root = xml.parse(octets)
    except MalformedXml:
        yield Finding("CDA-XML", "XDSRepositoryError", "Le document n'est pas un XML bien formé et sans DOCTYPE.")
        return
    if root.tag != q(names.HL7, "ClinicalDocument"):
        yield Finding("CDA-ROOT", "XDSRepositoryError", "Le document n'est pas un CDA R2.")
        return
    yield from _header_findings(entry, root)


def _header_findings(entry: Entry, root: Element) -> Iterator[Finding]:
    if _unique_id(root) != entry.unique_id:
        yield Finding("CDA-ID", METADATA_ERROR, "L'identifiant du CDA n'est pas uniqueId.")
    if not _names_patient(root, entry.patient_id):
        yield Finding("CDA-PATIENT", "XDSPatientIdDoesNotMatch", "Le patient du CDA n'est pas celui de la fiche.")
    if _code(root, "code") != entry.type_code:
        yield Finding("CDA-TYPE", METADATA_ERROR, "Le code du CDA n'est pas le type de la fiche.")
    levels = {one.code for one in entry.coded(DocumentEntryId.CONFIDENTIALITY)}
    if _code(root, "confidentialityCode") not in levels:
        yield Finding("CDA-CONFIDENTIALITY", METADATA_ERROR, "La confidentialité du CDA n'est pas celle de la fiche.")


def _unique_id(root: Element) -> str:
    for one in xml.children(root, q(names.HL7, "id")):
        extension = one.get("extension", "")
        return str(one.get("root", "")) + (f"^{extension}" if extension else "")
    return ""


def _code(root: Element, name: str) -> str:
    for one in xml.children(root, q(names.HL7, name)):
        return str(one.get("code", ""))
    return ""


def _names_patient(root: Element, patient_id: str) -> bool:
    """Some id of the only recordTarget is the INS of the entry, and no other INS is there."""
    targets = xml.children(root, q(names.HL7, "recordTarget"))
    roles = xml.children(targets[0], q(names.HL7, "patientRole")) if len(targets) == 1 else []
    identifiers = xml.children(roles[0], q(names.HL7, "id")) if len(roles) == 1 else []
    number, _, authority = patient_id.split("^ISO", maxsplit=1)[0].partition("^^^&")
    wanted = (number, authority.split("&")[0])
    named = {(one.get("extension"), one.get("root")) for one in identifiers}
    return wanted in named and not any(root in INS_OIDS for _number, root in named - {wanted})
