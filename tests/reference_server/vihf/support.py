"""A VIHF sent, accepted or refused, really signed after a change, or forged."""

import base64

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from demonstration import people
from praticien.identity import Ins
from tests.reference_server.client import NS, Words, envelope, signature_over, status_request, unsigned_assertion

INS = people.SOLO.ins
SAML, DS = NS["saml"], NS["ds"]


def sent(desk, bearer, assertion, patient: Ins = INS):
    return desk.client(bearer).post("patients", envelope(*status_request(patient), assertion))


def accepted(answer):
    assert answer.status == 200, (answer.subcode, answer.reason)


def refused(answer, subcode="DMPInvalidVIHF"):
    assert answer.status == 400
    assert answer.subcode == subcode, answer.reason


def resigned(bearer, edit_info, edit_signature=lambda text: text, edit_assertion=lambda text: text) -> str:
    """An assertion whose SignedInfo was changed and then really signed."""
    text = edit_assertion(unsigned_assertion(bearer, Words(INS), "_r"))
    root = etree.fromstring(signature_over(text, "_r", bearer.signing))
    info = root.find("ds:SignedInfo", NS)
    changed = etree.fromstring(edit_info(etree.tostring(info).decode()))
    root.replace(info, changed)
    value = bearer.signing.key.sign(
        etree.tostring(changed, method="c14n", exclusive=True), padding.PKCS1v15(), hashes.SHA256()
    )
    root.find("ds:SignatureValue", NS).text = base64.b64encode(value).decode()
    signature = edit_signature(etree.tostring(root).decode())
    return text.replace("</assertion:Issuer>", f"</assertion:Issuer>{signature}")


def split_signature(signed: str) -> tuple[str, str]:
    """Signature and the assertion without it."""
    start, end = signed.index("<sig:Signature "), signed.index("</sig:Signature>") + len("</sig:Signature>")
    return signed[start:end], signed[:start] + signed[end:]


def forged(bearer, identifier="_evil"):
    """What the attacker wants believed: another access mode."""
    return unsigned_assertion(bearer, Words(INS, mode="centre_15"), identifier)


def put(assertion, inside):
    return assertion.replace("</assertion:Issuer>", "</assertion:Issuer>" + inside, 1)
