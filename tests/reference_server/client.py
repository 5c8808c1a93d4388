"""A client written by hand for these tests alone: text templates with unusual prefixes, its own signing, requests.

It shares nothing with the server or with the project's own client but the fictitious people and their authority (the
dispatcher is only handed finished messages).
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from demonstration.authority import KeyPair
from praticien.identity import Ins
from reference_server.dispatcher import Dispatcher

EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://www.w3.org/2005/08/addressing",
    "h": "urn:hl7-org:v3",
    "hab": "urn:si-dmp-habilitations",
    "rim": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
    "rs": "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0",
    "q": "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0",
    "x": "urn:ihe:iti:xds-b:2007",
    "i": "http://www.cnamts.fr/INSiResultat",
    "xop": "http://www.w3.org/2004/08/xop/include",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(frozen=True)
class Bearer:
    """Keys and the words of a VIHF. ``tls`` are paths of certificate and key; ``signing`` is a pair."""

    tls: tuple[str, str]
    signing: KeyPair
    name_id: str
    structure: str
    sector: str = "SA07"
    roles: tuple[tuple[str, str], ...] = (("10", "1.2.250.1.71.1.2.7"), ("SM54", "1.2.250.1.71.4.2.5"))
    auth: str = "DIRECTE"
    subject_name: str = ""


@dataclass(frozen=True)
class Words:
    """What can be said differently in a VIHF."""

    patient: Ins | None = None
    mode: str = "normal"
    reason: str = ""
    version: str = "3.0"
    mode_attribute: str = "Authentification_Mode"
    issued: datetime | None = None
    conditions: str = ""
    issuer: str | None = None
    extra: str = ""
    drop: tuple[str, ...] = ()
    resource: str | None = None
    prefix: str = "assertion"
    urn: str = "urn:dmp"


def issuer_of(certificate: x509.Certificate) -> str:
    return certificate.subject.rfc4514_string()


def unsigned_assertion(bearer: Bearer, words: Words, identifier: str) -> str:
    now = words.issued or datetime.now(UTC)
    p = words.prefix
    values = {
        "VIHF_Version": words.version,
        "Identifiant_Structure": bearer.structure,
        "Secteur_Activite": f"{bearer.sector}^1.2.250.1.71.4.2.4",
        "urn:oasis:names:tc:xspa:1.0:subject:subject-id": bearer.subject_name,
        words.mode_attribute: bearer.auth,
        "Ressource_URN": words.urn,
        "LPS_Nom": "CLIENT D'ESSAI",
        "LPS_Version": "0",
        "LPS_ID_HOMOLOGATION_DMP": "FICTIF-0000",
        "Mode_Acces_Raison": words.reason,
    }
    resource = words.resource
    if resource is None and words.patient is not None:
        resource = f"{words.patient.matricule}^^^&{words.patient.oid}&ISO^NH"
    if resource:
        values["urn:oasis:names:tc:xacml:2.0:resource:resource-id"] = resource
    attributes = [
        f'<{p}:Attribute Name={quoteattr(name)}><{p}:AttributeValue xsi:type="xs:string">{escape(value)}'
        f"</{p}:AttributeValue></{p}:Attribute>"
        for name, value in values.items()
        if value and name not in words.drop
    ]
    roles = "".join(
        f'<{p}:AttributeValue><v3:Role xmlns:v3="urn:hl7-org:v3" xsi:type="v3:CE" code="{code}" codeSystem="{system}" '
        f'displayName="r"/></{p}:AttributeValue>'
        for code, system in bearer.roles
    )
    if "role" not in words.drop:
        attributes.append(f'<{p}:Attribute Name="urn:oasis:names:tc:xacml:2.0:subject:role">{roles}</{p}:Attribute>')
    if "purpose" not in words.drop:
        attributes.append(
            f'<{p}:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"><{p}:AttributeValue>'
            f'<PurposeOfUse xmlns="urn:hl7-org:v3" xsi:type="CE" code="{words.mode}" '
            f'codeSystem="1.2.250.1.213.1.1.4.248" codeSystemName="mode acces VIHF 2.0" displayName="m"/>'
            f"</{p}:AttributeValue></{p}:Attribute>"
        )
    issuer = words.issuer if words.issuer is not None else issuer_of(bearer.signing.certificate)
    return (
        f'<{p}:Assertion xmlns:{p}="{NS["saml"]}" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="{identifier}" Version="2.0" '
        f'IssueInstant="{stamp(now)}">'
        f'<{p}:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">{escape(issuer)}</{p}:Issuer>'
        f"<{p}:Subject><{p}:NameID>{escape(bearer.name_id)}</{p}:NameID></{p}:Subject>{words.conditions}"
        f'<{p}:AuthnStatement AuthnInstant="{stamp(now)}"><{p}:AuthnContext><{p}:AuthnContextClassRef>'
        f"urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI</{p}:AuthnContextClassRef></{p}:AuthnContext>"
        f"</{p}:AuthnStatement>"
        f"<{p}:AttributeStatement>{''.join(attributes)}{words.extra}</{p}:AttributeStatement></{p}:Assertion>"
    )


def c14n(text: str) -> bytes:
    return etree.tostring(etree.fromstring(text.encode()), method="c14n", exclusive=True)


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def signature_over(assertion: str, identifier: str, pair: KeyPair, *, certificate: bytes | None = None) -> str:
    digest = b64(hashlib.sha256(c14n(assertion)).digest())
    signed_info = (
        f'<sig:SignedInfo xmlns:sig="{NS["ds"]}"><sig:CanonicalizationMethod Algorithm="{EXC}"/>'
        f'<sig:SignatureMethod Algorithm="{RSA_SHA256}"/><sig:Reference URI="#{identifier}"><sig:Transforms>'
        f'<sig:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
        f'<sig:Transform Algorithm="{EXC}"/></sig:Transforms><sig:DigestMethod Algorithm="{SHA256}"/>'
        f"<sig:DigestValue>{digest}</sig:DigestValue></sig:Reference></sig:SignedInfo>"
    )
    value = b64(pair.key.sign(c14n(signed_info), padding.PKCS1v15(), hashes.SHA256()))
    der = b64(certificate or pair.certificate_der)
    return (
        f'<sig:Signature xmlns:sig="{NS["ds"]}">{signed_info}<sig:SignatureValue>{value}</sig:SignatureValue>'
        f"<sig:KeyInfo><sig:X509Data><sig:X509Certificate>{der}</sig:X509Certificate></sig:X509Data></sig:KeyInfo>"
        f"</sig:Signature>"
    )


def signed_assertion(bearer: Bearer, words: Words, identifier: str | None = None) -> str:
    identifier = identifier or f"_{uuid.uuid4()}"
    text = unsigned_assertion(bearer, words, identifier)
    end = f"</{words.prefix}:Issuer>"
    return text.replace(end, end + signature_over(text, identifier, bearer.signing), 1)


def envelope(action: str, body: str, assertion: str, *, message_id: str = "", headers: str = "") -> bytes:
    message_id = message_id or f"urn:uuid:{uuid.uuid4()}"
    return (
        f'<env0:Envelope xmlns:env0="{NS["s"]}" xmlns:adr="{NS["a"]}"><env0:Header>'
        f"<adr:MessageID>{message_id}</adr:MessageID><adr:To>urn:dmp</adr:To>"
        f'<adr:ReplyTo env0:mustUnderstand="true"><adr:Address>{NS["a"]}/anonymous</adr:Address></adr:ReplyTo>'
        f'<adr:Action env0:mustUnderstand="1">{action}</adr:Action>{headers}'
        f'<sec:Security xmlns:sec="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">'
        f"{assertion}</sec:Security></env0:Header><env0:Body>{body}</env0:Body></env0:Envelope>"
    ).encode()


@dataclass(frozen=True)
class Received:
    """An answer: HTTP status, the element of its Body, its binary parts, the whole tree."""

    status: int
    body: etree._Element
    parts: dict[str, bytes]
    root: etree._Element

    @property
    def subcode(self) -> str:
        return self.body.findtext("s:Code/s:Subcode/s:Value", "", NS)

    @property
    def reason(self) -> str:
        return self.body.findtext("s:Reason/s:Text", "", NS)

    @property
    def rule(self) -> str:
        found = self.body.find("s:Detail/*", NS)
        return "" if found is None else found.get("rule", "")

    @property
    def errors(self) -> list[str]:
        return [one.get("errorCode") for one in self.body.iter(f"{{{NS['rs']}}}RegistryError")]

    @property
    def rules(self) -> list[str]:
        return [one.get("location") for one in self.body.iter(f"{{{NS['rs']}}}RegistryError")]

    @property
    def succeeded(self) -> bool:
        found = [one.get("status") for one in self.body.iter() if one.get("status")]
        return self.status == 200 and bool(found) and found[0].endswith(":Success")


def understood(status: int, content_type: str, data: bytes) -> Received:
    parts = {}
    if content_type.startswith("multipart/"):
        message = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + data)
        for index, part in enumerate(message.get_payload()):
            octets = part.get_payload(decode=True)
            if index:
                parts[part["Content-ID"].strip("<>")] = octets
            else:
                data = octets
    root = etree.fromstring(data)
    return Received(status, root.find("s:Body", NS)[0], parts, root)


@dataclass
class Client:
    """Speaks to one server in the name of one bearer."""

    base_url: str
    ca_file: Path
    bearer: Bearer
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.verify = str(self.ca_file)
        self.session.cert = self.bearer.tls
        self.session.trust_env = False

    def close(self) -> None:
        self.session.close()

    def post(self, service: str, data: bytes, content_type: str = "application/soap+xml; charset=utf-8") -> Received:
        url = f"{self.base_url}/{service}"
        got = self.session.post(url, data=data, headers={"Content-Type": content_type}, timeout=30)
        return understood(got.status_code, got.headers["Content-Type"], got.content)

    def call(self, service: str, action: str, body: str, words: Words, headers: str = "") -> Received:
        return self.post(service, envelope(action, body, signed_assertion(self.bearer, words), headers=headers))

    # -- transactions ---------------------------------------------------------------------------------------------

    def status(self, patient: Ins, words: Words | None = None) -> Received:
        return self.call("patients", *status_request(patient), words or Words(patient))

    def authorise(self, patient: Ins, action: str = "AJOUT", role: str = "", words: Words | None = None) -> Received:
        extra = f"<role>{role}</role>" if role else ""
        body = f'<setAuthorization xmlns="{NS["hab"]}"><action>{action}</action>{extra}</setAuthorization>'
        name = "urn:si-dmp-habilitations:HabilitationsEndPoint:setAuthorization"
        return self.call("habilitations", name, body, words or Words(patient))

    def find(self, patient: Ins, words: Words | None = None, **options: str) -> Received:
        return self.call("registry", QUERY_ACTION, find_documents(patient, **options), words or Words(patient))

    def get(self, patient: Ins, slots: str, leaf: str = "ObjectRef", words: Words | None = None) -> Received:
        query = adhoc("urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4", slots, leaf)
        return self.call("registry", QUERY_ACTION, query, words or Words(patient))

    def retrieve(self, patient: Ins, *unique_ids: str, words: Words | None = None, repository: str = "") -> Received:
        requests_ = "".join(
            f"<w:DocumentRequest><w:RepositoryUniqueId>{repository or '1.2.250.1.213.4.1.1.1.2'}</w:RepositoryUniqueId>"
            f"<w:DocumentUniqueId>{one}</w:DocumentUniqueId></w:DocumentRequest>"
            for one in unique_ids
        )
        body = f'<w:RetrieveDocumentSetRequest xmlns:w="{NS["x"]}">{requests_}</w:RetrieveDocumentSetRequest>'
        return self.call("repository", "urn:ihe:iti:2007:RetrieveDocumentSet", body, words or Words(patient))


@dataclass
class DirectClient(Client):
    """The same without a network: hands its messages to a dispatcher, with its TLS certificate."""

    dispatcher: Dispatcher | None = None

    def post(self, service: str, data: bytes, content_type: str = "application/soap+xml; charset=utf-8") -> Received:
        pem = Path(self.bearer.tls[0]).read_bytes()
        peer = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
        reply = self.dispatcher.handle(service, content_type, data, peer)
        return understood(reply.status, reply.content_type, reply.body)


QUERY_ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"


def status_request(patient: Ins) -> tuple[str, str]:
    body = f"""<k:PRPA_IN201307UV02 xmlns:k="urn:hl7-org:v3" ITSVersion="XML_1.0">
      <k:id root="1.2.3.4" extension="77"/><k:creationTime value="20261122150000"/>
      <k:interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/>
      <k:processingCode code="D"/><k:processingModeCode code="T"/><k:acceptAckCode code="AL"/>
      <k:receiver typeCode="RCV"><k:device classCode="DEV" determinerCode="INSTANCE">
        <k:id root="1.2.250.1.213.4.1.1.1"/></k:device></k:receiver>
      <k:sender typeCode="SND"><k:device classCode="DEV" determinerCode="INSTANCE">
        <k:id root="1.2.3.4.5"/></k:device></k:sender>
      <k:controlActProcess classCode="CACT" moodCode="EVN">
        <k:reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/>
        <k:queryByParameter><k:queryId root="1.2.3.4.6" extension="q1"/><k:statusCode code="new"/>
          <k:parameterList><k:patientIdentifier><k:value root="{patient.oid}" extension="{patient.matricule}"/>
            <k:semanticsText>Patient.id</k:semanticsText></k:patientIdentifier></k:parameterList>
        </k:queryByParameter></k:controlActProcess></k:PRPA_IN201307UV02>"""
    return "urn:hl7-org:v3:PRPA_IN201307UV02", body


def adhoc(query_id: str, slots: str, leaf: str = "LeafClass") -> str:
    return (
        f'<qq:AdhocQueryRequest xmlns:qq="{NS["q"]}" xmlns:ri="{NS["rim"]}"><qq:ResponseOption returnType="{leaf}" '
        f'returnComposedObjects="true"/><ri:AdhocQuery id="{query_id}">{slots}</ri:AdhocQuery></qq:AdhocQueryRequest>'
    )


def slot(name: str, *values: str, prefix: str = "ri") -> str:
    listed = "".join(f"<{prefix}:Value>{escape(value)}</{prefix}:Value>" for value in values)
    return f'<{prefix}:Slot name="{name}"><{prefix}:ValueList>{listed}</{prefix}:ValueList></{prefix}:Slot>'


def find_documents(patient: Ins, *, slots: str = "", status: str = APPROVED, leaf: str = "LeafClass") -> str:
    required = slot("$XDSDocumentEntryPatientId", f"'{patient.matricule}^^^&{patient.oid}&ISO^NH'")
    required += slot("$XDSDocumentEntryStatus", f"('{status}')") if status else ""
    return adhoc("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", required + slots, leaf)


def changed(words: Words, **changes: object) -> Words:
    return replace(words, **changes)


def later(**parts: float) -> datetime:
    return datetime.now(UTC) + timedelta(**parts)
