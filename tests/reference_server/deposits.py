"""ITI-41 messages written by hand: one valid submission; each test breaks one thing of it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from demonstration.authority import KeyPair
from praticien.identity import Ins
from tests.reference_server.client import (
    EXC,
    NS,
    RSA_SHA256,
    SHA256,
    Client,
    Received,
    Words,
    b64,
    c14n,
    envelope,
    signed_assertion,
    slot,
)

ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
Change = Callable[[str], str]


def same(text: str) -> str:
    return text


def oid() -> str:
    return f"2.25.{uuid.uuid4().int}"


@dataclass
class Deposit:
    """A submission of one document. ``edit_*`` change texts after they are made, before anything is signed or sent."""

    patient: Ins
    author: str = "899700000123^TESTMED^Jeanne"
    institution: str = "CABINET DES LILAS (FICTIF)^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499700000123401"
    title: str = "Ordonnance d'essai"
    type: tuple[str, str] = ("57833-6", "2.16.840.1.113883.6.1")
    class_code: str = "42"
    visibility: tuple[str, ...] = ()
    unique_id: str = field(default_factory=oid)
    set_id: str = field(default_factory=oid)
    cda_patient: Ins | None = None
    content: bytes | None = None
    replaces: str = ""
    edit_entry: Change = same
    edit_set: Change = same
    edit_objects: Change = same
    edit_manifest: Change = same
    edit_signature: Change = same
    edit_signed_info: Change = same
    entry_id: str = "doc-1"
    hash_slot: str | None = None
    size_slot: str | None = None
    references: tuple[str, ...] = ()
    manifest_digest: str = SHA256
    with_signature: bool = True
    also: tuple[Deposit, ...] = ()
    edit_request: Change = same

    # -- content --------------------------------------------------------------------------------------------------

    def cda(self) -> bytes:
        who = self.cda_patient or self.patient
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><d:ClinicalDocument xmlns:d="urn:hl7-org:v3">'
            f'<d:typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><d:id root="{self.unique_id}"/>'
            f'<d:code code="{self.type[0]}" codeSystem="{self.type[1]}"/><d:title>essai</d:title>'
            f'<d:confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>'
            f'<d:recordTarget><d:patientRole><d:id root="1.2.3.999" extension="IPP1"/>'
            f'<d:id root="{who.oid}" extension="{who.matricule}"/></d:patientRole></d:recordTarget>'
            f"</d:ClinicalDocument>"
        ).encode()

    # -- metadata -------------------------------------------------------------------------------------------------

    def _code(self, owner: str, scheme: str, code: str, system: str) -> str:
        return (
            f'<ri:Classification id="c{uuid.uuid4().hex}" classificationScheme="urn:uuid:{scheme}" '
            f'classifiedObject="{owner}" nodeRepresentation="{code}">{slot("codingScheme", system)}'
            f'<ri:Name><ri:LocalizedString value="libellé"/></ri:Name></ri:Classification>'
        )

    def _author(self, owner: str, scheme: str) -> str:
        person = f"{self.author}^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
        slots = slot("authorPerson", person) + slot("authorInstitution", self.institution)
        slots += slot("authorSpecialty", "G15_10/SM54^Médecine générale^1.2.250.1.213.1.1.4.5")
        return (
            f'<ri:Classification id="a{uuid.uuid4().hex}" classificationScheme="urn:uuid:{scheme}" '
            f'classifiedObject="{owner}" nodeRepresentation="">{slots}</ri:Classification>'
        )

    def _external(self, owner: str, scheme: str, value: str, name: str) -> str:
        return (
            f'<ri:ExternalIdentifier id="e{uuid.uuid4().hex}" registryObject="{owner}" '
            f'identificationScheme="urn:uuid:{scheme}" value="{value.replace("&", "&amp;")}">'
            f'<ri:Name><ri:LocalizedString value="{name}"/></ri:Name></ri:ExternalIdentifier>'
        )

    @property
    def cx(self) -> str:
        return f"{self.patient.matricule}^^^&{self.patient.oid}&ISO^NH"

    def _extrinsic(self, identifier: str, slots: str, title: str, codes: str, unique_id: str) -> str:
        return (
            f'<ri:ExtrinsicObject id="{identifier}" mimeType="text/xml" '
            f'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">{slots}'
            f'<ri:Name><ri:LocalizedString value="{title}"/></ri:Name>'
            + self._author(identifier, "93606bcf-9494-43ec-9b4e-a7748d1a838d")
            + codes
            + self._external(identifier, "58a6f841-87b3-4a3e-92fd-a8ffeff98427", self.cx, "XDSDocumentEntry.patientId")
            + self._external(identifier, "2e82c1f6-a085-4c72-9da3-8640a32e42ab", unique_id, "XDSDocumentEntry.uniqueId")
            + "</ri:ExtrinsicObject>"
        )

    def _visibility(self, owner: str, codes: tuple[str, ...]) -> str:
        scheme = "f4f85eac-e6cb-4883-b524-f2705394840f"
        made = self._code(owner, scheme, "N", "2.16.840.1.113883.5.25")
        return made + "".join(self._code(owner, scheme, code, "1.2.250.1.213.1.1.4.13") for code in codes)

    def entry(self) -> str:
        who = self.entry_id
        slots = (
            slot("creationTime", "20261122140000")
            + slot("languageCode", "fr-FR")
            + slot("serviceStartTime", "202611221300")
            + slot("sourcePatientId", "IPP1^^^&1.2.3.999&ISO^PI")
            + slot("sourcePatientInfo", "PID-5|TESTEXEMPLE^ZOÉ^^^^^L", "PID-7|19870312", "PID-8|F")
            + slot("legalAuthenticator", f"{self.author}^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS")
        )
        if self.hash_slot is not None:
            slots += slot("hash", self.hash_slot)
        if self.size_slot is not None:
            slots += slot("size", self.size_slot)
        if self.references:
            slots += slot("urn:ihe:iti:xds:2013:referenceIdList", *self.references)
        codes = (
            self._code(who, "41a5887f-8865-4c09-adf7-e362475b143a", self.class_code, "1.2.250.1.213.1.1.4.1")
            + self._code(who, "f0306f51-975f-434e-a61c-c59651d33983", *self.type)
            + self._code(
                who, "a09d5840-386c-46f2-b5ad-9c3699a4309d", "urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3"
            )
            + self._code(who, "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", "SA07", "1.2.250.1.71.4.2.4")
            + self._code(who, "cccf5598-8b07-4b77-a05e-ae952c785ead", "AMBULATOIRE", "1.2.250.1.213.1.1.4.9")
            + self._visibility(who, self.visibility)
        )
        return self._extrinsic(who, slots, self.title, codes, self.unique_id)

    def signature_entry(self, unique_id: str) -> str:
        who = "sig-1"
        codes = (
            self._code(who, "41a5887f-8865-4c09-adf7-e362475b143a", "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN")
            + self._code(who, "f0306f51-975f-434e-a61c-c59651d33983", "E1762", "ASTM")
            + self._code(who, "a09d5840-386c-46f2-b5ad-9c3699a4309d", "http://www.w3.org/2000/09/xmldsig#", "URN")
            + self._code(who, "2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", "1.2.840.10065.1.12.1.14", "1.2.840.10065.1.12")
            + self._visibility(who, ("MASQUE_PS", "INVISIBLE_PATIENT"))
        )
        slots = slot("creationTime", "20261122140000") + slot("languageCode", "art")
        return self._extrinsic(who, slots, "Source", codes, unique_id)

    def submission_set(self) -> str:
        who = "set-1"
        return (
            f'<ri:RegistryPackage id="{who}">{slot("submissionTime", "20261122140001")}'
            f'<ri:Classification id="n1" classifiedObject="{who}" '
            f'classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
            + self._author(who, "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d")
            + self._code(who, "aa543740-bdda-424e-8c96-df4873be8500", "SA07", "1.2.250.1.71.4.2.4")
            + self._external(who, "6b5aea1a-874d-4603-a4bc-96a0a7b38446", self.cx, "XDSSubmissionSet.patientId")
            + self._external(who, "554ac39e-e3fe-47fe-b233-965d2a147832", "1.2.3.4.5.6", "XDSSubmissionSet.sourceId")
            + self._external(who, "96fdda7c-d067-4183-912e-bf5ee74998a8", self.set_id, "XDSSubmissionSet.uniqueId")
            + "</ri:RegistryPackage>"
        )

    def _association(self, number: str, kind: str, source: str, target: str, slots: str = "") -> str:
        return (
            f'<ri:Association id="{number}" associationType="{kind}" sourceObject="{source}" '
            f'targetObject="{target}">{slots}</ri:Association>'
        )

    def associations(self) -> str:
        member = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
        original = slot("SubmissionSetStatus", "Original")
        made = self._association("as1", member, "set-1", self.entry_id, original)
        for number, other in enumerate(self.also):
            made += self._association(f"also{number}", member, "set-1", other.entry_id, original)
        if self.with_signature:
            made += self._association("as2", member, "set-1", "sig-1", original)
            made += self._association("as3", "urn:ihe:iti:2007:AssociationType:signs", "sig-1", "set-1")
        if self.replaces:
            made += self._association("as4", "urn:ihe:iti:2007:AssociationType:RPLC", self.entry_id, self.replaces)
        return made

    def request(self, pair: KeyPair, inline: bool) -> tuple[str, dict[str, bytes]]:
        content = self.content if self.content is not None else self.cda()
        signature_id = oid()
        contents = {self.entry_id: content}
        objects = self.edit_set(self.submission_set()) + self.edit_entry(self.entry())
        if self.with_signature:
            contents["sig-1"] = lot_signature(self, content, pair).encode()
            objects += self.signature_entry(signature_id)
        for other in self.also:
            contents[other.entry_id] = other.cda()
            objects += other.entry()
        objects = self.edit_objects(objects + self.associations())
        if inline:
            documents = "".join(f'<w:Document id="{one}">{b64(data)}</w:Document>' for one, data in contents.items())
        else:
            documents = "".join(
                f'<w:Document id="{one}"><inc:Include xmlns:inc="{NS["xop"]}" href="cid:{one}%40essai"/></w:Document>'
                for one in contents
            )
        body = (
            f'<w:ProvideAndRegisterDocumentSetRequest xmlns:w="{NS["x"]}" xmlns:ri="{NS["rim"]}">'
            f'<l:SubmitObjectsRequest xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><ri:RegistryObjectList>'
            f"{objects}</ri:RegistryObjectList></l:SubmitObjectsRequest>{documents}"
            f"</w:ProvideAndRegisterDocumentSetRequest>"
        )
        return self.edit_request(body), contents


def lot_signature(deposit: Deposit, content: bytes, pair: KeyPair) -> str:
    algorithm = hashlib.sha256 if deposit.manifest_digest == SHA256 else hashlib.sha1
    head = f'xmlns:z="{NS["ds"]}"'
    others = "".join(
        f'<z:Reference URI="urn:oid:{other.unique_id}"><z:DigestMethod Algorithm="{deposit.manifest_digest}"/>'
        f"<z:DigestValue>{b64(algorithm(other.cda()).digest())}</z:DigestValue></z:Reference>"
        for other in deposit.also
    )
    manifest = deposit.edit_manifest(
        f'<z:Manifest {head} Id="IHEManifest"><z:Reference URI="urn:oid:{deposit.set_id}"><z:DigestMethod '
        f'Algorithm="{SHA256}"/><z:DigestValue>AA==</z:DigestValue></z:Reference>'
        f'<z:Reference URI="urn:oid:{deposit.unique_id}"><z:DigestMethod Algorithm="{deposit.manifest_digest}"/>'
        f"<z:DigestValue>{b64(algorithm(content).digest())}</z:DigestValue></z:Reference>{others}</z:Manifest>"
    )
    digest = b64(hashlib.sha256(c14n(manifest)).digest())
    signed_info = deposit.edit_signed_info(
        f'<z:SignedInfo {head}><z:CanonicalizationMethod Algorithm="{EXC}"/><z:SignatureMethod '
        f'Algorithm="{RSA_SHA256}"/><z:Reference URI="#IHEManifest" Type="http://www.w3.org/2000/09/xmldsig#Manifest">'
        f'<z:Transforms><z:Transform Algorithm="{EXC}"/></z:Transforms><z:DigestMethod Algorithm="{SHA256}"/>'
        f"<z:DigestValue>{digest}</z:DigestValue></z:Reference></z:SignedInfo>"
    )
    value = b64(pair.key.sign(c14n(signed_info), padding.PKCS1v15(), hashes.SHA256()))
    return deposit.edit_signature(
        f"<z:Signature {head}>{signed_info}<z:SignatureValue>{value}</z:SignatureValue><z:KeyInfo><z:X509Data>"
        f"<z:X509Certificate>{b64(pair.certificate_der)}</z:X509Certificate></z:X509Data></z:KeyInfo>"
        f"<z:Object>{manifest}</z:Object></z:Signature>"
    )


def send(
    client: Client, deposit: Deposit, *, inline: bool = False, words: Words | None = None, pair: KeyPair | None = None
) -> Received:
    body, contents = deposit.request(pair or client.bearer.signing, inline)
    message = envelope(ACTION, body, signed_assertion(client.bearer, words or Words(deposit.patient)))
    if inline:
        return client.post("repository", message)
    parts = [("root@essai", 'application/xop+xml; charset=UTF-8; type="application/soap+xml"', message)]
    parts += [(f"{one}@essai", "text/xml", data) for one, data in contents.items()]
    packed = b"".join(
        f"\r\n--limite\r\nContent-Type: {kind}\r\nContent-ID: <{one}>\r\n".encode()
        + b"Content-Transfer-Encoding: binary\r\n\r\n"
        + data
        for one, kind, data in parts
    )
    kind = 'multipart/related; type="application/xop+xml"; start="<root@essai>"; start-info="application/soap+xml"'
    return client.post("repository", packed + b"\r\n--limite--\r\n", f'{kind}; boundary="limite"')
