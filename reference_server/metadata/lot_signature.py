"""The signature of a submission (IHE DSG, XAdES shape): present, true, by the caller, and over every document.

Facts: protocol 3.5. The ds:Signature refers to its own Manifest ``#IHEManifest``; the Manifest names the submission
set (its digest is a dummy) and each document by ``urn:oid:`` + uniqueId. Signed with RSA-SHA256; the digests inside
the Manifest may be SHA-1, as in the published sample, or SHA-256.
"""

from __future__ import annotations

from datetime import datetime

from cryptography import x509

from reference_server import names, xml, xml_signature
from reference_server.certificates import Subject, TrustStore, Untrusted, is_for_signature, subject_of
from reference_server.errors import Finding, InvalidSigningCertificate, MalformedXml, RegistryRefusal
from reference_server.metadata.rules import METADATA_ERROR
from reference_server.metadata.submission import Received
from reference_server.metadata.views import Entry
from reference_server.names import q
from reference_server.xml import Element
from reference_server.xml_signature import C14N_METHODS, SHA1, SHA256, BadSignature

_DIGESTS = frozenset({SHA1, SHA256})
_MANIFEST_TYPE = "http://www.w3.org/2000/09/xmldsig#Manifest"


def check(received: Received, signer: Subject, trust: TrustStore, now: datetime) -> None:
    """``signer`` is who signed the VIHF. Raises RegistryRefusal or InvalidSigningCertificate."""
    entry = _entry(received)
    try:
        signature = _root(received.contents[entry.id])
        certificate = xml_signature.certificate_of(signature)
        signed_info = xml_signature.check_value(signature, certificate, frozenset(C14N_METHODS))
        manifest = _checked_manifest(signature, signed_info)
        _check_manifest(manifest, received)
    except (BadSignature, MalformedXml) as error:
        sentence = f"La signature de lot est fausse : {error}."
        raise RegistryRefusal(Finding("LOT-SIGNATURE", METADATA_ERROR, sentence)) from error
    _check_signer(certificate, signer, trust, now)


def _entry(received: Received) -> Entry:
    found = [entry for entry in received.entries if entry.is_lot_signature]
    if len(found) != 1:
        sentence = "Une signature de lot est attendue, une seule."
        raise RegistryRefusal(Finding("LOT-MISSING", METADATA_ERROR, sentence))
    signs = [one for one in received.associations if one.type == names.SIGNS]
    if [(one.source, one.target) for one in signs] != [(found[0].id, received.submission_set.id)]:
        sentence = "L'association « signs » de la signature au lot est attendue."
        raise RegistryRefusal(Finding("LOT-SIGNS", METADATA_ERROR, sentence))
    return found[0]


def _root(octets: bytes) -> Element:
    root = xml.parse(octets, keep_comments=True)
    if root.tag != q(names.DS, "Signature"):
        raise BadSignature("ds:Signature attendue à la racine")
    return root


def _checked_manifest(signature: Element, signed_info: Element) -> Element:
    """Check every reference of SignedInfo, all inside the signature itself; return the signed Manifest."""
    manifest: Element | None = None
    for reference in xml.children(signed_info, q(names.DS, "Reference")):
        target = _target(signature, reference.get("URI", ""))
        xml_signature.check_digest(reference, _octets(reference, target), frozenset({SHA256}))
        if target.tag == q(names.DS, "Manifest") and reference.get("Type") == _MANIFEST_TYPE:
            manifest = target
    if manifest is None:
        raise BadSignature("le manifeste n'est pas signé")
    return manifest


def _target(signature: Element, uri: str) -> Element:
    found = [one for one in signature.iter("*") if uri == "#" + one.get("Id", "")]
    objects = xml.children(signature, q(names.DS, "Object"))
    if len(uri) < 2 or len(found) != 1 or not any(parent in objects for parent in found[0].iterancestors()):
        raise BadSignature("une référence ne désigne rien dans la signature")
    return found[0]


def _octets(reference: Element, target: Element) -> bytes:
    transforms = xml_signature.transforms_of(reference)
    if len(transforms) > 1:
        raise BadSignature("une seule transformation est acceptée")
    if not transforms:
        return xml_signature.canonical(target, xml_signature.C14N)
    method = transforms[0]
    return xml_signature.canonical(target, method.get("Algorithm", ""), xml_signature.inclusive_prefixes(method))


def _check_manifest(manifest: Element, received: Received) -> None:
    references = {one.get("URI", ""): one for one in xml.children(manifest, q(names.DS, "Reference"))}
    if f"urn:oid:{received.submission_set.unique_id}" not in references:
        raise BadSignature("le manifeste ne nomme pas le lot")
    expected = {f"urn:oid:{entry.unique_id}": received.contents[entry.id] for entry in received.documents}
    named = set(references) - {f"urn:oid:{received.submission_set.unique_id}"}
    if named != set(expected):
        raise BadSignature("le manifeste ne nomme pas les documents du lot, et eux seuls")
    for uri, octets in expected.items():
        reference = references[uri]
        xml_signature.check_digest(reference, _document_octets(reference, octets), _DIGESTS)


def _document_octets(reference: Element, octets: bytes) -> bytes:
    transforms = xml_signature.transforms_of(reference)
    if not transforms:
        return octets
    return _octets(reference, xml.parse(octets, keep_comments=True))


def _check_signer(certificate: x509.Certificate, signer: Subject, trust: TrustStore, now: datetime) -> None:
    try:
        trust.check(certificate, now)
    except Untrusted as error:
        raise InvalidSigningCertificate(str(error)) from error
    if not is_for_signature(certificate):
        raise InvalidSigningCertificate("celui du lot n'est pas pour la signature")
    by = subject_of(certificate)
    if (by.common_name, by.structure_id) != (signer.common_name, signer.structure_id):
        sentence = "La signature de lot n'est pas de la personne qui appelle."
        raise RegistryRefusal(Finding("LOT-SIGNER", METADATA_ERROR, sentence))
