"""VIHF: the signed SAML 2.0 assertion that says who calls, from where, why and about whom.

Source: facts protocol 1.1 to 1.5 (DMP samples, CI-SIS mapping). Guesses: the reason of an emergency travels as the
attribute ``Mode_Acces_Raison`` (name seen in Pro Santé Connect only); no Conditions (samples have none).
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from cryptography import x509
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.signer import XMLSigner

from connectors.dmp.sender import Sender, utc_now
from connectors.signing import CardSigningKey, rfc2253
from connectors.soap.parsing import Element, clean
from praticien.access import Access, AccessMode
from praticien.documents.nomenclatures import (
    OTHER_SPECIALTIES,
    PHYSICIAN_SPECIALTIES,
    PROFESSIONS,
    PROFESSIONS_IN_TRAINING,
    ROLES,
)
from praticien.identity import Ins
from praticien.metadata import Code, Confidentiality
from praticien.notices import reason_text
from praticien.professional import (
    OID_NON_PS_ROLE,
    OID_PROFESSION_G15,
    OID_PROFESSION_G16,
    OID_SECTOR_R02,
    OID_SPECIALTY_R01,
    Professional,
)

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XS = "http://www.w3.org/2001/XMLSchema"
HL7 = "urn:hl7-org:v3"
PURPOSE_OF_USE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
SUBJECT_ID = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
REASON = "Mode_Acces_Raison"
SECRECY = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
"""A minor's secret connection (EX_0.1-1100), JDV_J64."""
_PURPOSES = {
    AccessMode.NORMAL: "Accès normal",
    AccessMode.BREAK_GLASS: "Accès en bris de glace",
    AccessMode.REGULATION: "Accès par un centre de régulation médicale",
}

REUSE = timedelta(minutes=5)
"""How long one assertion serves the calls about the same patient in the same mode: a card takes about half a second to
sign, and no source limits an assertion to one call."""


class Assertions:
    """The assertions of one unlocked card; the latest one is used again for ``REUSE``. Safe from several threads."""

    def __init__(self, sender: Sender, clock: Callable[[], datetime] = utc_now) -> None:
        self._sender = sender
        self._clock = clock
        self._lock = threading.Lock()
        self._latest: tuple[tuple[Ins | None, Access], datetime, Element] | None = None

    def about(self, patient: Ins | None, access: Access) -> Element:
        """A signed assertion of its own for the caller. Raises what the card raises."""
        with self._lock:
            now, about = self._clock(), (patient, replace(access, since=None, until=None))
            if self._latest is None or self._latest[0] != about or not timedelta(0) <= now - self._latest[1] < REUSE:
                self._latest = about, now, build(self._sender, patient, access, now)
            return copy.deepcopy(self._latest[2])


def build(sender: Sender, patient: Ins | None, access: Access, now: datetime) -> Element:
    """One assertion, signed by the card's signature key. Raises what the card raises."""
    certificate = x509.load_der_x509_certificate(sender.signer.signature_certificate)
    assertion = etree.Element(f"{{{SAML}}}Assertion", nsmap={"saml": SAML, "xsi": XSI, "xs": XS})
    assertion.attrib.update({"ID": f"_{uuid4()}", "Version": "2.0", "IssueInstant": instant(now)})
    issuer = _child(assertion, "Issuer", rfc2253(certificate.subject))
    issuer.set("Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName")
    etree.SubElement(assertion, f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
    _child(_child(assertion, "Subject"), "NameID", sender.professional.national_id)
    _authentication(assertion, sender.since)
    statement = _child(assertion, "AttributeStatement")
    _who(statement, sender)
    _what(statement, patient, access)
    _software(statement, sender)
    return _signed(assertion, sender, certificate)


def instant(moment: datetime) -> str:
    """``YYYY-MM-DDThh:mm:ss.SSSZ``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _child(parent: Element, name: str, text: str | None = None) -> Element:
    child = etree.SubElement(parent, f"{{{SAML}}}{name}")
    child.text = text
    return child


def _authentication(assertion: Element, since: datetime) -> None:
    statement = _child(assertion, "AuthnStatement")
    statement.set("AuthnInstant", instant(since))
    card = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
    _child(_child(statement, "AuthnContext"), "AuthnContextClassRef", card)


def _attribute(statement: Element, name: str) -> Element:
    attribute = _child(statement, "Attribute")
    attribute.set("Name", name)
    return attribute


def _text(statement: Element, name: str, value: str) -> None:
    element = _child(_attribute(statement, name), "AttributeValue", clean(value))
    element.set(f"{{{XSI}}}type", "xs:string")


def _coded(attribute: Element, name: str, code: Code, system_name: str = "") -> None:
    value = _child(attribute, "AttributeValue")
    coded = etree.SubElement(value, f"{{{HL7}}}{name}", nsmap={None: HL7})
    coded.set(f"{{{XSI}}}type", "CE")
    coded.attrib.update({"code": code.code, "codeSystem": code.system, "displayName": code.display})
    if system_name:
        coded.set("codeSystemName", system_name)


def _who(statement: Element, sender: Sender) -> None:
    professional, structure = sender.professional, sender.structure
    _text(statement, "VIHF_Version", "3.0")
    _text(statement, "Authentification_Mode", "DIRECTE")
    _text(statement, "Identifiant_Structure", structure.national_id)
    _text(statement, "Secteur_Activite", f"{structure.sector}^{OID_SECTOR_R02}")
    _text(statement, SUBJECT_ID, f"{professional.family_name} {professional.given_name}".strip())
    role = _attribute(statement, ROLE)
    for code in roles(professional):
        _coded(role, "Role", code)


def roles(who: Professional) -> list[Code]:
    """The profession, then the specialty of those who must say it; the future one in training; or the role of staff."""
    if who.future_profession:
        label = PROFESSIONS_IN_TRAINING.get(who.future_profession, who.future_profession)
        return [Code(who.future_profession, OID_PROFESSION_G16, label)]
    if not who.profession:
        return [Code(who.role, OID_NON_PS_ROLE, ROLES.get(who.role, who.role))]
    values = [Code(who.profession, OID_PROFESSION_G15, PROFESSIONS.get(who.profession, who.profession))]
    if who.specialty:
        other = OTHER_SPECIALTIES.get(f"{who.profession}/{who.specialty}", who.specialty)
        label = PHYSICIAN_SPECIALTIES.get(who.specialty, other) if who.is_physician else other
        values.append(Code(who.specialty, OID_SPECIALTY_R01, label))
    return values


def _what(statement: Element, patient: Ins | None, access: Access) -> None:
    if patient is not None:
        _text(statement, RESOURCE_ID, patient.cx)
    _text(statement, "Ressource_URN", "urn:dmp")
    purpose = _attribute(statement, PURPOSE_OF_USE)
    mode = Code(access.mode.value, "1.2.250.1.213.1.1.4.248", _PURPOSES[access.mode])
    _coded(purpose, "PurposeOfUse", mode, "mode acces VIHF 2.0")
    reason = reason_text(access.reason, access.words)
    if access.mode is not AccessMode.NORMAL and reason:
        _text(statement, REASON, reason)
    if access.secret:
        hidden = Confidentiality.INVISIBLE_TO_REPRESENTATIVES
        _text(statement, SECRECY, f"{hidden.code}^{hidden.system}")


def _software(statement: Element, sender: Sender) -> None:
    software = sender.software
    _text(statement, "LPS_Nom", software.name)
    _text(statement, "LPS_Version", software.version)
    _text(statement, "LPS_ID", software.installation_id)
    _text(statement, "LPS_ID_HOMOLOGATION_DMP", software.homologation_id)


def _signed(assertion: Element, sender: Sender, certificate: x509.Certificate) -> Element:
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    return signer.sign(
        assertion,
        key=CardSigningKey(sender.signer),  # type: ignore[arg-type]  # anything with sign(data, padding, algorithm)
        cert=[certificate],
        reference_uri=f"#{assertion.get('ID')}",
        id_attribute="ID",
    )
