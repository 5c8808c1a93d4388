"""What a VIHF says, once its signature is verified: identity, structure, modes, roles, patient. Facts: protocol 1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from praticien.access import AccessMode
from praticien.errors import InvalidInput
from praticien.identity import Ins
from reference_server import names, xml
from reference_server.access import AuthMode
from reference_server.certificates import Subject
from reference_server.errors import InvalidVihf
from reference_server.names import q
from reference_server.xml import Element

MODE_SYSTEM = "1.2.250.1.213.1.1.4.248"
SUBJECT_ID = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
REASON = "Mode_Acces_Raison"
CONFIDENTIALITY = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
SECRECY = "INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"
_SECTOR = re.compile(r"([A-Z0-9_]+)\^([0-9.]+)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


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
    """What a verified assertion says. ``patient`` is None when no resource-id is there; ``secret`` for a minor's
    secret connection (CSP R.1111-50).
    """

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
    secret: bool = False


def read(assertion: Element, subject: Subject, audience: Audience) -> Vihf:
    """What a verified assertion says, complete for its audience. Raises InvalidVihf."""
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
        secret=_is_secret(values),
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
    instant(statements[0].get("AuthnInstant", ""))
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


def _is_secret(values: Values) -> bool:
    text = _single(values, CONFIDENTIALITY)
    if text not in ("", SECRECY):
        raise InvalidVihf("confidentiality-code n'est pas celui de la connexion secrète")
    return bool(text)


def instant(text: str) -> datetime:
    """An aware instant in UTC. Raises InvalidVihf."""
    if not _INSTANT.fullmatch(text):
        raise InvalidVihf("une date n'est pas un instant UTC", rule="vihf.time")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise InvalidVihf("une date n'existe pas", rule="vihf.time") from None
