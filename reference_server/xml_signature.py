"""XML-DSig, verified by hand in the few shapes that are accepted: nothing else can be taken for signed.

RSA-SHA256 alone signs (SHA-1 is refused). The caller says which element or bytes a reference must designate; there is
no lookup that an attacker could lead elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from reference_server import certificates, names, xml
from reference_server.names import q
from reference_server.xml import Element

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_METHODS = {
    EXC_C14N: (True, False),
    EXC_C14N + "WithComments": (True, True),
    C14N: (False, False),
    C14N + "#WithComments": (False, True),
}
_DIGESTS = {SHA256: hashlib.sha256, SHA1: hashlib.sha1}
MIN_KEY_BITS = 2048


class BadSignature(ValueError):
    """The signature does not hold; the text says why, in French."""


def canonical(element: Element, method: str, prefixes: list[str] | None = None) -> bytes:
    """Canonical form of an element in its context. Raises BadSignature for a method that is not accepted."""
    if method not in C14N_METHODS:
        raise BadSignature("forme canonique non acceptée")
    exclusive, comments = C14N_METHODS[method]
    try:
        with _without_tail(element):
            octets = etree.tostring(
                element,
                method="c14n",
                exclusive=exclusive,
                with_comments=comments,
                inclusive_ns_prefixes=prefixes if exclusive else None,
            )
    except etree.LxmlError as error:  # a relative namespace, for one, has no canonical form
        raise BadSignature("pas de forme canonique") from error
    return bytes(octets)


@contextmanager
def _without_tail(element: Element) -> Iterator[None]:
    tail, element.tail = element.tail, None
    try:
        yield
    finally:
        element.tail = tail


def one(parent: Element, name: str) -> Element:
    """The only ``ds:name`` child. Raises BadSignature."""
    found = xml.children(parent, q(names.DS, name))
    if len(found) != 1:
        raise BadSignature(f"{name} attendu une fois")
    return found[0]


def inclusive_prefixes(method: Element) -> list[str]:
    """PrefixList of exc-c14n, as lxml wants it."""
    found = xml.children(method, q(EXC_C14N, "InclusiveNamespaces"))
    return found[0].get("PrefixList", "").split() if found else []


def certificate_of(signature: Element) -> x509.Certificate:
    """The first certificate of KeyInfo, the only key that is used. Raises BadSignature."""
    data = one(one(signature, "KeyInfo"), "X509Data")
    found = xml.children(data, q(names.DS, "X509Certificate"))
    if not found:
        raise BadSignature("certificat absent de la signature")
    try:
        return certificates.load(_bytes(found[0]))
    except ValueError as error:
        raise BadSignature("certificat illisible") from error


def check_value(signature: Element, certificate: x509.Certificate, c14n: frozenset[str]) -> Element:
    """Check SignatureValue over SignedInfo, and return SignedInfo. Raises BadSignature."""
    signed_info = one(signature, "SignedInfo")
    method = one(signed_info, "CanonicalizationMethod")
    if method.get("Algorithm") not in c14n:
        raise BadSignature("forme canonique non acceptée")
    if one(signed_info, "SignatureMethod").get("Algorithm") != RSA_SHA256:
        raise BadSignature("algorithme de signature non accepté (RSA-SHA256 attendu)")
    octets = canonical(signed_info, method.get("Algorithm"), inclusive_prefixes(method))
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < MIN_KEY_BITS:
        raise BadSignature("clé RSA de 2048 bits au moins attendue")
    try:
        key.verify(_bytes(one(signature, "SignatureValue")), octets, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise BadSignature("valeur de signature fausse") from None
    return signed_info


def transforms_of(reference: Element) -> list[Element]:
    """The Transform elements of a reference."""
    found = xml.children(reference, q(names.DS, "Transforms"))
    return xml.children(found[0], q(names.DS, "Transform")) if len(found) == 1 else []


def check_digest(reference: Element, octets: bytes, accepted: frozenset[str]) -> None:
    """Compare DigestValue with the octets. Raises BadSignature."""
    method = one(reference, "DigestMethod").get("Algorithm")
    if method not in accepted:
        raise BadSignature("algorithme d'empreinte non accepté")
    if not hmac.compare_digest(_DIGESTS[method](octets).digest(), _bytes(one(reference, "DigestValue"))):
        raise BadSignature("empreinte fausse")


def enveloped_octets(element: Element, signature: Element, c14n: Element) -> bytes:
    """Canonical form of ``element`` as it was before ``signature``, its child, was put into it."""
    position, tail = element.index(signature), signature.tail
    before = element[position - 1] if position else None
    kept = (element.text if before is None else before.tail) or ""
    element.remove(signature)
    _set_text(element, before, kept + (tail or ""))
    try:
        return canonical(element, c14n.get("Algorithm"), inclusive_prefixes(c14n))
    finally:
        _set_text(element, before, kept)
        element.insert(position, signature)
        signature.tail = tail


def _set_text(element: Element, before: Element | None, text: str) -> None:
    if before is None:
        element.text = text
    else:
        before.tail = text


def _bytes(element: Element) -> bytes:
    try:
        return base64.b64decode("".join(xml.text_of(element).split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("base 64 mal formée") from None
