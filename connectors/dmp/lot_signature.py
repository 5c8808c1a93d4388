"""The lot signature: a XAdES document that signs the submission, and its DocumentEntry (IHE DSG profile).

Source: facts protocol 3.5. The sample signs with SHA-1; SHA-256 is used here. The same submission signed by the same
card gives the same bytes, so that sending again sends the same thing.
"""

from __future__ import annotations

import base64
import hashlib
from uuid import NAMESPACE_OID, uuid5

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from connectors.dmp.sender import Sender
from connectors.dmp.vihf import DS, instant
from connectors.signing import rfc2253
from connectors.soap.parsing import Element
from praticien.metadata import Author, Code, Confidentiality, DocumentEntry, Institution, Person, Submission

XADES = "http://uri.etsi.org/01903/v1.1.1#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
PURPOSE = "1.2.840.10065.1.12.1.14"
FORMAT = Code(DS, "URN", "Default Signature Style")
_CLASS = Code("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN", "Digital Signature")
_TYPE = Code("E1762", "ASTM", "Full Document")
_SOURCE = Code(PURPOSE, "1.2.840.10065.1.12", "Source")


def is_signature(entry: DocumentEntry) -> bool:
    """True for the technical entry of a lot signature, which no user needs to see."""
    return entry.format_code.code == FORMAT.code or entry.class_code.code == _CLASS.code


def sha1(content: bytes) -> str:
    """The XDS hash attribute: SHA-1 in hexadecimal (fixed by IHE; the signature itself uses SHA-256)."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def describe(submission: Submission, sender: Sender, content: bytes) -> DocumentEntry:
    """The DocumentEntry of the signature; identifiers follow from the submission's, so a retry has the same ones."""
    of, document = submission.submission_set, submission.documents[0].entry
    who, structure = sender.professional, sender.structure
    person = Person(who.national_id, who.family_name, who.given_name)
    name = uuid5(NAMESPACE_OID, f"{of.unique_id}/signature")
    return DocumentEntry(
        entry_uuid=f"urn:uuid:{name}",
        unique_id=f"2.25.{name.int}",
        patient_id=of.patient_id,
        title="Source",
        mime_type="text/xml",
        class_code=_CLASS,
        type_code=_TYPE,
        format_code=FORMAT,
        facility_type=document.facility_type,
        practice_setting=document.practice_setting,
        confidentiality=(Confidentiality.NORMAL, Confidentiality.MASKED, Confidentiality.INVISIBLE_TO_PATIENT),
        authors=(Author(person, Institution(structure.national_id, structure.name), of.author.specialty),),
        legal_authenticator=person,
        creation_time=of.submission_time,
        service_start=of.submission_time,
        source_patient_id=document.source_patient_id,
        source_patient_info=document.source_patient_info,
        language="art",
        event_codes=(_SOURCE,),
        hash=sha1(content),
        size=len(content),
    )


def build(submission: Submission, sender: Sender) -> bytes:
    """The signed document. Its signing time is the submission's. Raises what the card raises."""
    certificate = x509.load_der_x509_certificate(sender.signer.signature_certificate)
    signature = etree.Element(f"{{{DS}}}Signature", Id="lot", nsmap={"ds": DS})
    signed_info = _ds(signature, "SignedInfo")
    value = _ds(signature, "SignatureValue")
    data = _ds(_ds(signature, "KeyInfo"), "X509Data")
    _ds(data, "X509Certificate").text = _b64(sender.signer.signature_certificate)
    properties = _signed_properties(_ds(signature, "Object"), submission, certificate)
    _purpose(_ds(signature, "Object"))
    manifest = _manifest(_ds(signature, "Object"), submission)
    _fill(signed_info, manifest, properties)
    value.text = _b64(sender.signer.sign(canonical(signed_info)))
    return bytes(etree.tostring(signature, xml_declaration=True, encoding="UTF-8"))


def canonical(element: Element) -> bytes:
    """Canonical XML 1.0 with comments. Namespaces are declared where they are used, so no context is missing."""
    return bytes(etree.tostring(element, method="c14n", exclusive=False, with_comments=True))


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _ds(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{DS}}}{name}", attributes)


def _xades(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    element = etree.SubElement(parent, f"{{{XADES}}}{name}", attributes, nsmap={"xades": XADES})
    element.text = text
    return element


def _digest(parent: Element, content: bytes) -> None:
    _ds(parent, "DigestMethod", Algorithm=SHA256)
    _ds(parent, "DigestValue").text = _b64(hashlib.sha256(content).digest())


def _fill(signed_info: Element, manifest: Element, properties: Element) -> None:
    _ds(signed_info, "CanonicalizationMethod", Algorithm=C14N)
    _ds(signed_info, "SignatureMethod", Algorithm=RSA_SHA256)
    for target, type_ in ((manifest, f"{DS}Manifest"), (properties, f"{XADES}SignedProperties")):
        reference = _ds(signed_info, "Reference", URI=f"#{target.get('Id')}", Type=type_)
        _ds(_ds(reference, "Transforms"), "Transform", Algorithm=C14N)
        _digest(reference, canonical(target))


def _manifest(parent: Element, submission: Submission) -> Element:
    """References to the submission (which has no bytes: a dummy digest, as in the sample) and to each document."""
    manifest = _ds(parent, "Manifest", Id="IHEManifest")
    _digest(_ds(manifest, "Reference", URI=f"urn:oid:{submission.submission_set.unique_id}"), b"")
    for document in submission.documents:
        _digest(_ds(manifest, "Reference", URI=f"urn:oid:{document.entry.unique_id}"), document.content)
    return manifest


def _purpose(parent: Element) -> None:
    properties = _ds(parent, "SignatureProperties")
    _ds(properties, "SignatureProperty", Id="purposeOfSignature", Target="#lot").text = PURPOSE


def _signed_properties(parent: Element, submission: Submission, certificate: x509.Certificate) -> Element:
    qualifying = _xades(parent, "QualifyingProperties", Target="#lot")
    properties = _xades(qualifying, "SignedProperties", Id="SignedProperties")
    signed = _xades(properties, "SignedSignatureProperties")
    _xades(signed, "SigningTime", instant(submission.submission_set.submission_time))
    described = _xades(_xades(signed, "SigningCertificate"), "Cert")
    _digest(_xades(described, "CertDigest"), certificate.public_bytes(Encoding.DER))
    serial = _xades(described, "IssuerSerial")
    _ds(serial, "X509IssuerName").text = rfc2253(certificate.issuer)
    _ds(serial, "X509SerialNumber").text = str(certificate.serial_number)
    _xades(_xades(signed, "SignaturePolicyIdentifier"), "SignaturePolicyImplied")
    return properties
