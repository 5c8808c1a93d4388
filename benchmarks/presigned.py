"""Requests ready to be sent in the name of the general practitioner: whole HTTP messages, signed beforehand.

The keys are those of their virtual card, without the card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils

from benchmarks.forms import confirmed, patient_of
from benchmarks.load import Identity
from benchmarks.setting import SOFTWARE_OID, Setting
from connectors.dmp import td2_1, td3_1, vihf
from connectors.dmp.sender import Sender, utc_now
from connectors.endpoint import Software
from connectors.soap import envelope, mtom
from connectors.soap.parsing import Element
from demonstration import cards
from demonstration.authority import KeyPair, read_pair
from demonstration.people import CARDS, NORA
from praticien.access import NORMAL
from praticien.deposit import new_oid, prepare
from praticien.documents.model import DocumentKind, Party, TypedText
from praticien.errors import InvalidInput
from praticien.identity import Ins
from praticien.metadata import Submission
from praticien.professional import CardHolder

_CARD = CARDS["cps-medecin"]
SOAP_TYPE = "application/soap+xml; charset=utf-8"


class SoftwareSigner:
    """The keys of the general practitioner's virtual card without the card. Implements Signer."""

    supports_pss = False

    def __init__(self, authentication: KeyPair, signature: KeyPair) -> None:
        self._authentication, self._signature = authentication, signature

    @property
    def authentication_certificate(self) -> bytes:
        """See Signer."""
        return self._authentication.certificate_der

    @property
    def signature_certificate(self) -> bytes:
        """See Signer."""
        return self._signature.certificate_der

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        """See Signer; SHA-256 alone."""
        assert hash_name == "sha256"
        return self._authentication.key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))

    def authenticate_pss(self, encoded: bytes) -> bytes:  # noqa: ARG002
        """See Signer."""
        raise InvalidInput("no PSS")

    def sign(self, message: bytes) -> bytes:
        """See Signer."""
        return self._signature.key.sign(message, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True)
class Call:
    """A request to one service: what it asks, and what is attached."""

    service: str
    action: str
    body: Element
    attachments: tuple[mtom.Attachment, ...] | None = None


class Practitioner:
    """Writes requests about patients who gave their authorisation. One assertion serves many, as in a session."""

    def __init__(self, setting: Setting) -> None:
        self._endpoint = setting.endpoint
        cards.cps(setting.folder, _CARD)  # makes the keys when no card table did
        kept = setting.folder / "cards"
        tls = kept / f"{_CARD.name}-authentication"
        self.identity = Identity(str(self._endpoint.ca_file), f"{tls}.pem", f"{tls}.key")
        signer = SoftwareSigner(read_pair(kept, tls.name), read_pair(kept, f"{_CARD.name}-signature"))
        holder = CardHolder(_CARD.card_kind, _CARD.serial, _CARD.professional, _CARD.situations)
        self.software = Software("Praticien", "0", SOFTWARE_OID, SOFTWARE_OID)
        self._sender = Sender(signer, holder, _CARD.situations[0], self.software, utc_now())

    def url(self, service: str) -> str:
        """Where a service is."""
        return self._endpoint.url(service)

    def assertion(self, ins: Ins) -> Element:
        """A VIHF of its own."""
        return vihf.build(self._sender, ins, NORMAL, utc_now())

    def envelope(self, action: str, body: Element, assertion: Element, service: str) -> bytes:
        """A SOAP message."""
        return envelope.write(envelope.Request(action, body, assertion), self.url(service))[0]

    def query(self, ins: Ins) -> bytes:
        """TD3.1, FindDocuments, as HTTP."""
        return self._http(Call("registry", td3_1.ACTION, td3_1.find_documents(ins)), self.assertion(ins))

    def submissions(self, count: int) -> Iterator[bytes]:
        """So many different TD2.1 of one small document each, about one patient, under one assertion, as HTTP."""
        assertion = self.assertion(NORA.ins)
        for _ in range(count):
            body, attachments = td2_1.request(again(self.submission), self._sender)
            call = Call("repository", td2_1.ACTION, body, tuple(attachments))
            yield self._http(call, deepcopy(assertion))

    @cached_property
    def submission(self) -> Submission:
        """A short prescription."""
        party = Party(_CARD.professional, _CARD.situations[0].structure)
        body = TypedText("Document fictif, écrit pour mesurer.")
        form = confirmed(DocumentKind.PRESCRIPTION, "Ordonnance de mesure", body, patient_of(NORA), party)
        return prepare(form, software_oid=SOFTWARE_OID)

    def _http(self, call: Call, assertion: Element) -> bytes:
        root = self.envelope(call.action, call.body, assertion, call.service)
        content_type, body = SOAP_TYPE, root
        if call.attachments is not None:
            content_type, body = mtom.write(root, call.attachments, call.action)
        parts = urlsplit(self.url(call.service))
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {content_type}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def again(submission: Submission) -> Submission:
    """The same as another submission: identifiers, octets and hash are its own."""
    (one,) = submission.documents
    unique_id = new_oid()
    content = one.content.replace(one.entry.unique_id.encode(), unique_id.encode())
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    entry = replace(one.entry, entry_uuid=_uuid(), unique_id=unique_id, hash=digest, size=len(content))
    of = replace(submission.submission_set, entry_uuid=_uuid(), unique_id=new_oid())
    return replace(submission, submission_set=of, documents=(replace(one, entry=entry, content=content),))


def _uuid() -> str:
    return f"urn:uuid:{uuid4()}"
