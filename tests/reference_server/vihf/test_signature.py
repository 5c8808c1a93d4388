"""The signature of the VIHF: every forgery or fault that is not accepted."""

import base64
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from demonstration import people
from demonstration.authority import KeyPair, TestAuthority
from praticien.professional import CardKind
from tests.reference_server.client import EXC, NS, Words, c14n, signature_over, signed_assertion, unsigned_assertion
from tests.reference_server.vihf.support import INS, accepted, refused, resigned, sent


def test_altered_text(desk, gp):
    text = signed_assertion(gp, Words(INS)).replace("CLIENT D'ESSAI", "CLIENT D'ESSAJ")
    refused(sent(desk, gp, text))


def test_unsigned(desk, gp):
    refused(sent(desk, gp, unsigned_assertion(gp, Words(INS), "_u")))


def test_signature_by_another_key_under_the_right_certificate(desk, gp):
    other = KeyPair(rsa.generate_private_key(65537, 2048), gp.signing.certificate)
    refused(desk.client(replace(gp, signing=other)).status(INS))


@pytest.mark.parametrize(
    "old,new",
    [
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
        (EXC, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        (EXC, "http://www.w3.org/TR/1999/REC-xslt-19991116"),
    ],
)
def test_other_algorithms(desk, gp, old, new):
    """Really signed with what is announced, so that nothing but the policy refuses."""
    text = unsigned_assertion(gp, Words(INS), "_a")
    signature = signature_over(text, "_a", gp.signing).replace(old, new)
    root = etree.fromstring(signature)
    info = root.find("ds:SignedInfo", NS)
    algorithm = hashes.SHA1() if "sha1" in new and "rsa" in new else hashes.SHA256()
    value = gp.signing.key.sign(c14n(etree.tostring(info).decode()), padding.PKCS1v15(), algorithm)
    root.find("ds:SignatureValue", NS).text = base64.b64encode(value).decode()
    refused(sent(desk, gp, text.replace("</assertion:Issuer>", f"</assertion:Issuer>{etree.tostring(root).decode()}")))


def test_resigning_alone_changes_nothing(desk, gp):
    accepted(sent(desk, gp, resigned(gp, lambda text: text)))


ENVELOPED = '<sig:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
REFERENCE_END = "</sig:Reference>"


def reference_of(text):
    return text[text.index("<sig:Reference") : text.index(REFERENCE_END)] + REFERENCE_END


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace('URI="#_r"', 'URI=""'),
        lambda text: text.replace('URI="#_r"', 'URI="#_autre"'),
        lambda text: text.replace(' URI="#_r"', ""),
        lambda text: text.replace(ENVELOPED, ""),
        lambda text: text.replace(ENVELOPED, ENVELOPED * 2),
        lambda text: text.replace(ENVELOPED, '<sig:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>'),
        lambda text: text[: text.index("<sig:Reference")] + "</sig:SignedInfo>",
        lambda text: text.replace(REFERENCE_END, REFERENCE_END + reference_of(text)),
        lambda text: text.replace("<sig:DigestValue>", "<sig:DigestValue>?"),
    ],
)  # fmt: skip
def test_references_that_are_signed_and_still_not_accepted(desk, gp, edit):
    refused(sent(desk, gp, resigned(gp, edit)))


@pytest.mark.parametrize(
    "old,new",
    [
        ("sig:KeyInfo", "sig:KeyInfos"),
        ("sig:X509Certificate", "sig:X509Autre"),
        ("<sig:X509Certificate>", "<sig:X509Certificate>AAAA"),
        ("<sig:SignatureValue>", "<sig:SignatureValue>?"),
    ],
)
def test_signature_without_its_parts(desk, gp, old, new):
    refused(sent(desk, gp, resigned(gp, lambda text: text, lambda text: text.replace(old, new))))


def test_text_without_canonical_form(desk, gp):
    """A relative namespace: canonicalisation fails, and that is a refusal, not a bug."""
    good = signed_assertion(gp, Words(INS))
    refused(sent(desk, gp, good.replace("<assertion:Subject>", '<assertion:Subject xmlns:r="relatif" r:a="1">')))


def test_short_key(desk, gp, authority):
    key = rsa.generate_private_key(65537, 1024)
    template = gp.signing.certificate
    builder = x509.CertificateBuilder(
        authority.persons.certificate.subject, template.subject, key.public_key(), 77,
        template.not_valid_before_utc, template.not_valid_after_utc,
    )  # fmt: skip
    for extension in template.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    weak = KeyPair(key, builder.sign(authority.persons.key, hashes.SHA256()))
    refused(desk.client(replace(gp, signing=weak)).status(INS))


@pytest.mark.parametrize(
    "old,new",
    [
        ('Version="2.0"', 'Version="1.1"'),
        ("AuthnContextClassRef>", "AuthnContextAutre>"),
        ("assertion:AuthnStatement", "assertion:Autre"),
        ("SA07^1.2.250.1.71.4.2.4", "SA07"),
        ("assertion:NameID>", "assertion:Nom>"),
        (
            "FICTIF-0000</assertion:AttributeValue>",
            "FICTIF-0000</assertion:AttributeValue><assertion:AttributeValue>x</assertion:AttributeValue>",
        ),
    ],
)
def test_other_words_really_signed(desk, gp, old, new):
    refused(sent(desk, gp, resigned(gp, lambda text: text, edit_assertion=lambda text: text.replace(old, new))))


def test_assertion_deeper_in_the_header(desk, gp):
    good = signed_assertion(gp, Words(INS))
    refused(sent(desk, gp, f'<e:x xmlns:e="urn:e">{good}</e:x>'))


def test_tls_certificate_that_the_authority_no_longer_vouches_for(desk, gp, keys):
    """TLS itself refuses it; the VIHF's check does not rely on that."""
    stranger = TestAuthority.create().professional(people.GP, CardKind.CPS, "", signature=False)
    refused(desk.client(replace(gp, tls=keys.files("other", stranger))).status(INS), "DMPIdentityMismatch")


def test_comment_does_not_cut_a_value(desk, gp):
    """A comment is outside the canonical form: the value read must be the whole one."""
    text = signed_assertion(replace(gp, name_id="899700000123"), Words(INS))
    accepted(sent(desk, gp, text.replace("<assertion:NameID>8997", "<assertion:NameID>8997<!-- -->")))
    longer = signed_assertion(replace(gp, name_id="899700000123.autre"), Words(INS))
    refused(sent(desk, gp, longer.replace("0123.autre", "0123<!---->.autre")), "DMPIdentityMismatch")
