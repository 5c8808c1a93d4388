"""The VIHF: a signed SAML 2.0 assertion that says who calls, from where, how, and for which patient.

Read only from the element that its own signature covers: exactly one Assertion in the whole message, directly inside
the only wsse:Security, its Signature right after Issuer, one Reference to that very assertion. Facts: protocol 1.
Reuse: one VIHF may serve several calls while it is valid (a card signs slowly); replay by somebody else is barred by
the TLS certificate, which must be the same person's or structure's.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from lxml import etree

from reference_server import distinguished_names, names, vihf_content, xml, xml_signature
from reference_server.access import AuthMode
from reference_server.certificates import Subject, TrustStore, Untrusted, is_for_signature, subject_of
from reference_server.errors import IdentityMismatch, InvalidSigningCertificate, InvalidVihf
from reference_server.names import q
from reference_server.proofs import Proofs
from reference_server.soap import Envelope
from reference_server.vihf_content import Audience, Vihf, instant
from reference_server.xml import Element
from reference_server.xml_signature import ENVELOPED, EXC_C14N, SHA256, BadSignature

LIFETIME = timedelta(hours=8)
"""Our choice: no public source gives one (facts 1.1). A shorter Conditions window is honoured."""
SKEW = timedelta(minutes=5)
MAX_PROOFS = 4096
"""Proven assertions kept in memory."""
_BEARERS = etree.XPath(
    "count(//@*[. = $identifier]"
    "[local-name() = 'ID' or local-name() = 'Id' or local-name() = 'id' or local-name() = 'AssertionID'])"
)
"""Attributes of that value that some program takes for an identifier, in whatever namespace."""


@dataclass(frozen=True, slots=True, repr=False)
class _Proven:
    """What an assertion's own octets prove: who signed, and what it says."""

    certificate: x509.Certificate
    vihf: Vihf


class Verifier:
    """Verifies the VIHF of messages; remembers which assertions were proven, because one serves many calls.

    Remembered for the same octets: the signature, its usage, the issuer and the words. Decided for each message: the
    place of the assertion in it, the dates, the chain and its revocations, the bearer of the connection.
    """

    def __init__(self, trust: TrustStore) -> None:
        self._trust = trust
        self._proofs: Proofs[_Proven] = Proofs(MAX_PROOFS)

    def verify(self, message: Envelope, tls: x509.Certificate, now: datetime, audience: Audience) -> Vihf:
        """The verified VIHF of a message. Raises InvalidVihf, InvalidSigningCertificate or IdentityMismatch."""
        assertion = _only_assertion(message.header, message.root)
        signature = _enveloped_signature(assertion, message.header)
        identifier = _unique_id(assertion, message.root)
        key = (hashlib.sha256(etree.tostring(assertion, with_tail=False)).digest(), audience)
        proven = self._proofs.get(key)
        if proven is None:
            proven = self._proven(assertion, _check_signature(assertion, signature, identifier), now, audience)
            self._proofs.put(key, proven)
        _check_chain(proven.certificate, self._trust, now)
        _check_time(assertion, now)
        _check_same_bearer(proven.vihf, _trusted_tls(tls, self._trust, now))
        return proven.vihf

    def _proven(self, assertion: Element, certificate: x509.Certificate, now: datetime, audience: Audience) -> _Proven:
        _check_chain(certificate, self._trust, now)
        subject = _check_signer(assertion, certificate)
        _check_time(assertion, now)
        return _Proven(certificate, vihf_content.read(assertion, subject, audience))


# -- one assertion, one signature, over that very element ----------------------------------------------------------


def _only_assertion(header: Element, envelope: Element) -> Element:
    security = xml.children(header, q(names.WSSE, "Security"))
    everywhere = list(envelope.iter(q(names.SAML, "Assertion"), q(names.SAML, "EncryptedAssertion")))
    if len(security) != 1 or len(everywhere) != 1:
        raise InvalidVihf("une seule assertion est attendue dans un seul en-tête wsse:Security")
    assertion = everywhere[0]
    if assertion.getparent() is not security[0] or assertion.tag != q(names.SAML, "Assertion"):
        raise InvalidVihf("l'assertion n'est pas directement dans wsse:Security")
    return assertion


def _check_signature(assertion: Element, signature: Element, identifier: str) -> x509.Certificate:
    try:
        certificate = xml_signature.certificate_of(signature)
        signed_info = xml_signature.check_value(signature, certificate, frozenset({EXC_C14N}))
        reference = xml_signature.one(signed_info, "Reference")
        transforms = xml_signature.transforms_of(reference)
        if [one.get("Algorithm") for one in transforms] != [ENVELOPED, EXC_C14N]:
            raise BadSignature("transformations attendues : enveloped-signature puis exc-c14n")
        if reference.get("URI") != "#" + identifier:
            raise BadSignature("la signature ne désigne pas l'assertion")
        octets = xml_signature.enveloped_octets(assertion, signature, transforms[1])
        xml_signature.check_digest(reference, octets, frozenset({SHA256}))
    except BadSignature as error:
        raise InvalidVihf(f"signature, {error}", rule="vihf.signature") from error
    return certificate


def _enveloped_signature(assertion: Element, header: Element) -> Element:
    content = xml.children(assertion)
    places = [etree.QName(child).localname for child in content[:2]]
    if places != ["Issuer", "Signature"] or content[1].tag != q(names.DS, "Signature"):
        raise InvalidVihf("la signature doit suivre Issuer")
    if len(list(header.iter(q(names.DS, "Signature")))) != 1 or list(header.iter(q(names.DS, "Object"))):
        raise InvalidVihf("une seule signature, sans objet, est attendue")
    return content[1]


def _unique_id(assertion: Element, envelope: Element) -> str:
    wanted = str(assertion.get("ID", ""))
    if not re.fullmatch(r"[A-Za-z_][\w.\-]*", wanted) or _BEARERS(envelope, identifier=wanted) != 1:
        raise InvalidVihf("l'identifiant de l'assertion manque ou n'est pas unique")
    return wanted


# -- who signed ---------------------------------------------------------------------------------------------------


def _check_chain(certificate: x509.Certificate, trust: TrustStore, now: datetime) -> None:
    try:
        trust.check(certificate, now)
    except Untrusted as error:
        raise InvalidSigningCertificate(str(error)) from error


def _check_signer(assertion: Element, certificate: x509.Certificate) -> Subject:
    if not is_for_signature(certificate):
        raise InvalidSigningCertificate("son usage n'est pas la signature (nonRepudiation)")
    _check_issuer(xml.text_of(xml.children(assertion)[0]), certificate)
    return subject_of(certificate)


def _check_issuer(issuer: str, certificate: x509.Certificate) -> None:
    try:
        named = distinguished_names.parse(issuer)
    except distinguished_names.NotADistinguishedName:
        raise InvalidVihf("Issuer n'est pas un nom X.509 (RFC 2253)", rule="vihf.issuer") from None
    if named != distinguished_names.of_certificate(certificate.subject):
        raise InvalidVihf("Issuer n'est pas le sujet du certificat qui signe", rule="vihf.issuer")


def _trusted_tls(certificate: x509.Certificate, trust: TrustStore, now: datetime) -> Subject:
    try:
        trust.check(certificate, now)
    except Untrusted as error:
        raise IdentityMismatch(f"certificat TLS, {error}") from error
    return subject_of(certificate)


def _check_same_bearer(vihf: Vihf, tls: Subject) -> None:
    signer = vihf.subject
    if vihf.auth_mode is AuthMode.DIRECT:
        if not signer.is_person or not tls.is_person or signer.common_name != tls.common_name:
            raise IdentityMismatch("la carte de la connexion et celle qui signe ne sont pas à la même personne")
        if vihf.name_id != signer.common_name:
            raise IdentityMismatch("NameID n'est pas le titulaire de la carte")
    elif signer.is_person or tls.is_person or not signer.structure_id or signer.structure_id != tls.structure_id:
        raise IdentityMismatch("les deux certificats ne sont pas de la même structure")
    elif vihf.structure_id != signer.structure_id:
        raise IdentityMismatch("Identifiant_Structure n'est pas celui des certificats")


# -- when ---------------------------------------------------------------------------------------------------------


def _check_time(assertion: Element, now: datetime) -> None:
    issued = instant(assertion.get("IssueInstant", ""))
    if not issued - SKEW <= now < issued + LIFETIME:
        raise InvalidVihf("il est périmé ou daté du futur", rule="vihf.time")
    for conditions in xml.children(assertion, q(names.SAML, "Conditions")):
        start, end = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
        too_early = start is not None and now < instant(start) - SKEW
        if too_early or (end is not None and now >= instant(end)):
            raise InvalidVihf("l'heure est hors de ses Conditions", rule="vihf.time")
