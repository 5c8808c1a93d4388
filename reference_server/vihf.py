"""The VIHF: a signed SAML 2.0 assertion that says who calls, from where, how, and for which patient.

Read only from the element that its own signature covers: exactly one Assertion in the whole message, directly inside
the only wsse:Security, its Signature right after Issuer, one Reference to that very assertion. Facts: protocol 1.
Reuse: one VIHF may serve several calls while it is valid (a card signs slowly); replay by somebody else is barred by
the TLS certificate, which must be the same person's or structure's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from cryptography import x509
from lxml import etree

from praticien.access import AccessMode
from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import distinguished_names, names, xml, xml_signature
from reference_server.access import AuthMode
from reference_server.certificates import Subject, TrustStore, Untrusted, is_for_signature, subject_of
from reference_server.errors import IdentityMismatch, InvalidSigningCertificate, InvalidVihf
from reference_server.names import q
from reference_server.soap import Envelope
from reference_server.xml import Element
from reference_server.xml_signature import ENVELOPED, EXC_C14N, SHA256, BadSignature

LIFETIME = timedelta(hours=8)
"""Our choice: no public source gives one (facts 1.1). A shorter Conditions window is honoured."""
SKEW = timedelta(minutes=5)
MODE_SYSTEM = "1.2.250.1.213.1.1.4.248"
SUBJECT_ID = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
REASON = "Mode_Acces_Raison"
_SECTOR = re.compile(r"([A-Z0-9_]+)\^([0-9.]+)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_ID_ATTRIBUTES = ("ID", "Id", "id", "AssertionID", "{http://www.w3.org/XML/1998/namespace}id")
_WSU_ID = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id"


class Audience(Enum):
    """For whom the assertion is: what it must say differs."""

    DMP = "urn:dmp"
    INSI = "insi"


@dataclass(frozen=True, slots=True)
class Role:
    """One Role value."""

    code: str
    system: str
    display: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Vihf:
    """What a verified assertion says. ``patient`` is None when no resource-id is there."""

    assertion_id: str
    name_id: str
    subject: Subject
    subject_name: str
    structure_id: str
    sector: str
    auth_mode: AuthMode
    access_mode: AccessMode
    reason: str
    roles: tuple[Role, ...]
    patient: Ins | None


def verify(
    message: Envelope, tls_certificate: x509.Certificate, trust: TrustStore, now: datetime, audience: Audience
) -> Vihf:
    """The verified VIHF of a message. Raises InvalidVihf, InvalidSigningCertificate or IdentityMismatch."""
    assertion = _only_assertion(message.header, message.root)
    certificate = _check_signature(assertion, message)
    subject = _check_signer(assertion, certificate, trust, now)
    _check_time(assertion, now)
    vihf = _read(assertion, subject, audience)
    _check_same_bearer(vihf, _trusted_tls(tls_certificate, trust, now))
    return vihf


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


def _check_signature(assertion: Element, message: Envelope) -> x509.Certificate:
    signature = _enveloped_signature(assertion, message.header)
    try:
        certificate = xml_signature.certificate_of(signature)
        signed_info = xml_signature.check_value(signature, certificate, frozenset({EXC_C14N}))
        reference = xml_signature.one(signed_info, "Reference")
        transforms = xml_signature.transforms_of(reference)
        if [one.get("Algorithm") for one in transforms] != [ENVELOPED, EXC_C14N]:
            raise BadSignature("transformations attendues : enveloped-signature puis exc-c14n")
        if reference.get("URI") != "#" + _unique_id(assertion, message.root):
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
    bearers = sum(
        1
        for element in envelope.iter(etree.Element)
        for name in (*_ID_ATTRIBUTES, _WSU_ID)
        if element.get(name) == wanted
    )
    if not re.fullmatch(r"[A-Za-z_][\w.\-]*", wanted) or bearers != 1:
        raise InvalidVihf("l'identifiant de l'assertion manque ou n'est pas unique")
    return wanted


# -- who signed ---------------------------------------------------------------------------------------------------


def _check_signer(assertion: Element, certificate: x509.Certificate, trust: TrustStore, now: datetime) -> Subject:
    try:
        trust.check(certificate, now)
    except Untrusted as error:
        raise InvalidSigningCertificate(str(error)) from error
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
    issued = _instant(assertion.get("IssueInstant", ""))
    if not issued - SKEW <= now < issued + LIFETIME:
        raise InvalidVihf("il est périmé ou daté du futur", rule="vihf.time")
    for conditions in xml.children(assertion, q(names.SAML, "Conditions")):
        start, end = conditions.get("NotBefore"), conditions.get("NotOnOrAfter")
        too_early = start is not None and now < _instant(start) - SKEW
        if too_early or (end is not None and now >= _instant(end)):
            raise InvalidVihf("l'heure est hors de ses Conditions", rule="vihf.time")


def _instant(text: str) -> datetime:
    if not _INSTANT.fullmatch(text):
        raise InvalidVihf("une date n'est pas un instant UTC", rule="vihf.time")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise InvalidVihf("une date n'existe pas", rule="vihf.time") from None


# -- what it says -------------------------------------------------------------------------------------------------


def _read(assertion: Element, subject: Subject, audience: Audience) -> Vihf:
    if assertion.get("Version") != "2.0":
        raise InvalidVihf("une assertion SAML 2.0 est attendue")
    values = _attributes(assertion)
    if audience is Audience.DMP:
        _check_dmp_constants(values)
    auth_mode = _auth_mode(values)
    return Vihf(
        assertion_id=assertion.get("ID", ""),
        name_id=_name_id(assertion),
        subject=subject,
        subject_name=_subject_name(values, required=auth_mode is not AuthMode.DIRECT),
        structure_id=_required(values, "Identifiant_Structure"),
        sector=_sector(values),
        auth_mode=auth_mode,
        access_mode=_access_mode(values, required=audience is Audience.DMP),
        reason=_single(values, REASON),
        roles=_roles(values),
        patient=_patient(values),
    )


Values = dict[str, list[Element]]


def _attributes(assertion: Element) -> Values:
    """AttributeValue elements by attribute name without case; a name given twice is refused."""
    _check_authentication(assertion)
    found: Values = {}
    for statement in xml.children(assertion, q(names.SAML, "AttributeStatement")):
        for attribute in xml.children(statement, q(names.SAML, "Attribute")):
            name = attribute.get("Name", "").casefold()
            if name in found:
                raise InvalidVihf("un attribut est donné deux fois")
            found[name] = xml.children(attribute, q(names.SAML, "AttributeValue"))
    return found


def _check_authentication(assertion: Element) -> None:
    statements = xml.children(assertion, q(names.SAML, "AuthnStatement"))
    if len(statements) != 1:
        raise InvalidVihf("AuthnStatement est attendu une fois")
    _instant(statements[0].get("AuthnInstant", ""))
    if not xml.text_of(next(statements[0].iter(q(names.SAML, "AuthnContextClassRef")), None)):
        raise InvalidVihf("AuthnContextClassRef manque")


def _name_id(assertion: Element) -> str:
    subjects = xml.children(assertion, q(names.SAML, "Subject"))
    found = xml.children(subjects[0], q(names.SAML, "NameID")) if len(subjects) == 1 else []
    value = xml.text_of(found[0]) if len(found) == 1 else ""
    if not value:
        raise InvalidVihf("Subject/NameID est attendu une fois")
    return value


def _check_dmp_constants(values: Values) -> None:
    if _required(values, "VIHF_Version") not in ("3.0", "4.0"):
        raise InvalidVihf("VIHF_Version 3.0 ou 4.0 est attendue")
    if _required(values, "Ressource_URN") != Audience.DMP.value:
        raise InvalidVihf("Ressource_URN urn:dmp est attendue")
    for name in ("LPS_Nom", "LPS_Version", "LPS_ID_HOMOLOGATION_DMP"):
        _required(values, name)


def _single(values: Values, name: str) -> str:
    found = values.get(name.casefold(), [])
    if len(found) > 1:
        raise InvalidVihf(f"l'attribut {name} a plusieurs valeurs")
    return " ".join(xml.text_of(found[0]).split()) if found else ""


def _required(values: Values, name: str) -> str:
    value = _single(values, name)
    if not value:
        raise InvalidVihf(f"l'attribut {name} manque")
    return value


def _subject_name(values: Values, *, required: bool) -> str:
    return _required(values, SUBJECT_ID) if required else _single(values, SUBJECT_ID)


def _sector(values: Values) -> str:
    match = _SECTOR.fullmatch(_required(values, "Secteur_Activite"))
    if not match:
        raise InvalidVihf("Secteur_Activite n'a pas la forme CODE^OID")
    return match[1]


def _auth_mode(values: Values) -> AuthMode:
    try:
        return AuthMode(_required(values, "Authentification_Mode"))
    except ValueError:
        raise InvalidVihf("Authentification_Mode est inconnu") from None


def _access_mode(values: Values, *, required: bool) -> AccessMode:
    found = [child for value in values.get(PURPOSE, []) for child in xml.local_children(value, "PurposeOfUse")]
    if not found and not required:
        return AccessMode.NORMAL
    if len(found) != 1 or found[0].get("codeSystem") != MODE_SYSTEM:
        raise InvalidVihf("PurposeOfUse est attendu une fois, dans la nomenclature des modes d'accès")
    try:
        return AccessMode(found[0].get("code", ""))
    except ValueError:
        raise InvalidVihf("le mode d'accès est inconnu") from None


def _roles(values: Values) -> tuple[Role, ...]:
    found = [child for value in values.get(ROLE, []) for child in xml.local_children(value, "Role")]
    roles = tuple(Role(one.get("code", ""), one.get("codeSystem", ""), one.get("displayName", "")) for one in found)
    if not 1 <= len(roles) <= 2 or not all(role.code and role.system for role in roles):
        raise InvalidVihf("une ou deux valeurs de rôle codées sont attendues")
    return roles


def _patient(values: Values) -> Ins | None:
    text = _single(values, RESOURCE_ID)
    if not text:
        return None
    try:
        return Ins.from_cx(text)
    except InvalidInput:
        raise InvalidVihf("resource-id n'est pas un matricule INS valable") from None
