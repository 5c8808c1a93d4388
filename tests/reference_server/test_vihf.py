"""The VIHF: what is accepted in several spellings, and every forgery or fault that is not."""

import base64
import datetime as dt
import subprocess
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree
from signxml import SignatureMethod, XMLSigner
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm

from demonstration import people
from demonstration.authority import KeyPair, TestAuthority
from praticien.identity import Ins
from praticien.professional import CardKind
from reference_server import xml_signature
from reference_server.proofs import Proofs
from reference_server.storage import dossiers
from tests.reference_server.client import (
    EXC,
    NS,
    QUERY_ACTION,
    Words,
    c14n,
    envelope,
    find_documents,
    later,
    signature_over,
    signed_assertion,
    stamp,
    status_request,
    unsigned_assertion,
)

INS = people.SOLO.ins
SAML, DS = NS["saml"], NS["ds"]


def sent(desk, bearer, assertion, patient: Ins = INS):
    return desk.client(bearer).post("patients", envelope(*status_request(patient), assertion))


def accepted(answer):
    assert answer.status == 200, (answer.subcode, answer.reason)


def refused(answer, subcode="DMPInvalidVIHF"):
    assert answer.status == 400
    assert answer.subcode == subcode, answer.reason


# -- spellings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["3.0", "4.0"])
@pytest.mark.parametrize("spelling", ["Authentification_mode", "Authentification_Mode"])
@pytest.mark.parametrize("prefix", ["saml2", "x-1"])
def test_both_versions_both_spellings_any_prefix(desk, gp, version, spelling, prefix):
    accepted(desk.client(gp).status(INS, Words(INS, version=version, mode_attribute=spelling, prefix=prefix)))


def test_issuer_as_short_names_oids_and_hexadecimal(desk, gp):
    number, surname, given = people.GP.national_id, people.GP.family_name, people.GP.given_name
    hexadecimal = "#0c" + f"{len(surname):02x}" + surname.encode().hex()
    for issuer in (
        f"CN={number}+SN={surname}+GN={given},C=FR",
        f"2.5.4.4={hexadecimal}+CN={number}+OID.2.5.4.42={given}, C=FR",
        f"GIVENNAME={given.upper()}+surname={surname.lower()}+cn={number},c=fr",
    ):
        accepted(desk.client(gp).status(INS, Words(INS, issuer=issuer)))


@pytest.mark.parametrize(
    "issuer", ["", "pas un nom", "CN=autre,C=FR", "C=FR,CN=899700000123+SN=TESTMED+GN=Jeanne", "CN=899700000123,C=FR"]
)
def test_issuer_must_be_the_signer(desk, gp, issuer):
    refused(desk.client(gp).status(INS, Words(INS, issuer=issuer)))


def test_one_vihf_may_serve_several_calls(desk, gp):
    assertion = signed_assertion(gp, Words(INS))
    accepted(sent(desk, gp, assertion))
    accepted(sent(desk, gp, assertion))


def test_signature_by_signxml_and_by_xmlsec1_are_accepted(desk, gp, tmp_path):
    text = unsigned_assertion(gp, Words(INS), "_essai-1")
    key = gp.signing
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    placed = text.replace("</assertion:Issuer>", f'</assertion:Issuer><ds:Signature xmlns:ds="{DS}" Id="placeholder"/>')
    signed = signer.sign(
        etree.fromstring(placed), key=key.key, cert=[key.certificate], reference_uri="_essai-1", id_attribute="ID"
    )
    accepted(sent(desk, gp, etree.tostring(signed).decode()))
    accepted(sent(desk, gp, by_xmlsec1(gp, tmp_path)))


def by_xmlsec1(bearer, folder) -> str:
    text = unsigned_assertion(bearer, Words(INS), "_essai-2")
    template = (
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXC}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        '<ds:Reference URI="#_essai-2"><ds:Transforms><ds:Transform '
        'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>'
        f'<ds:Transform Algorithm="{EXC}"/></ds:Transforms>'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>'
        "</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo></ds:Signature>"
    )
    end = "</assertion:Issuer>"
    (folder / "in.xml").write_text(text.replace(end, end + template))
    (folder / "k.pem").write_bytes(bearer.signing.key_pem)
    (folder / "c.pem").write_bytes(bearer.signing.certificate_pem)
    command = ["xmlsec1", "--sign", "--privkey-pem", f"{folder}/k.pem,{folder}/c.pem"]
    command += ["--id-attr:ID", f"{SAML}:Assertion", "--output", str(folder / "out.xml"), str(folder / "in.xml")]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=30)
    except FileNotFoundError:
        pytest.skip("xmlsec1 is not installed")
    finally:
        (folder / "k.pem").unlink()
    return etree.tostring(etree.parse(str(folder / "out.xml")).getroot()).decode()


# -- what it must say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "VIHF_Version",
        "Identifiant_Structure",
        "Secteur_Activite",
        "Authentification_Mode",
        "Ressource_URN",
        "LPS_Nom",
        "LPS_Version",
        "LPS_ID_HOMOLOGATION_DMP",
        "role",
        "purpose",
    ],
)
def test_mandatory_attributes(desk, gp, name):
    refused(desk.client(gp).status(INS, Words(INS, drop=(name,))))


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2.0"},
        {"mode": "urgence"},
        {"mode": "brisDeGlace"},
        {"urn": "urn:autre"},
        {"resource": "pas un CX"},
        {"resource": "287039999910100^^^&1.2.250.1.213.1.4.10&ISO^NH"},
        {"extra": '<assertion:Attribute Name="LPS_NOM"><assertion:AttributeValue>autre</assertion:AttributeValue>'
                  "</assertion:Attribute>"},
    ],
)  # fmt: skip
def test_wrong_words(desk, gp, change):
    refused(desk.client(gp).status(INS, Words(INS, **change)))


@pytest.mark.parametrize("change", [{"auth": "AUTRE"}, {"roles": ()}, {"roles": (("10", ""),)}, {"name_id": " "}])
def test_wrong_bearer_words(desk, gp, change):
    refused(desk.client(replace(gp, **change)).status(INS))


def test_indirect_must_name_its_user(desk, structure_bearer):
    refused(desk.client(replace(structure_bearer, subject_name="")).status(INS))


# -- when -----------------------------------------------------------------------------------------------------------


def conditions(before, after):
    return f'<assertion:Conditions NotBefore="{stamp(before)}" NotOnOrAfter="{stamp(after)}"/>'


@pytest.mark.parametrize(
    "words,good",
    [
        (lambda: Words(INS, issued=later(hours=-7.9)), True),
        (lambda: Words(INS, issued=later(hours=-8.1)), False),
        (lambda: Words(INS, issued=later(minutes=4)), True),
        (lambda: Words(INS, issued=later(minutes=6)), False),
        (lambda: Words(INS, conditions=conditions(later(hours=-1), later(hours=1))), True),
        (lambda: Words(INS, conditions=conditions(later(hours=-2), later(hours=-1))), False),
        (lambda: Words(INS, conditions=conditions(later(hours=1), later(hours=2))), False),
    ],
)
def test_time_window(desk, gp, words, good):
    answer = desk.client(gp).status(INS, words())
    accepted(answer) if good else refused(answer)


@pytest.mark.parametrize("instant", ["", "hier", "2026-13-45T00:00:00Z", "20261122T150000Z"])
def test_instants_must_be_instants(desk, gp, instant):
    text = unsigned_assertion(gp, Words(INS), "_t")
    start = text.index('IssueInstant="') + len('IssueInstant="')
    text = text[:start] + instant + text[text.index('"', start) :]
    signature = signature_over(text, "_t", gp.signing)
    refused(sent(desk, gp, text.replace("</assertion:Issuer>", "</assertion:Issuer>" + signature)))


# -- who signed -----------------------------------------------------------------------------------------------------


def test_authentication_certificate_may_not_sign(desk, gp, authority):
    wrong = authority.professional(people.GP, CardKind.CPS, "", signature=False)
    refused(desk.client(replace(gp, signing=wrong)).status(INS), "DMPInvalidCertificate")


def test_certificate_of_another_authority(desk, gp):
    stranger = TestAuthority.create().professional(people.GP, CardKind.CPS, "", signature=True)
    refused(desk.client(replace(gp, signing=stranger)).status(INS), "DMPInvalidCertificate")


@pytest.mark.parametrize("days", [(-20, -10), (10, 20)])
def test_expired_or_not_yet_valid_certificate(desk, gp, authority, days):
    valid = tuple(dt.datetime.now(dt.UTC) + dt.timedelta(days=one) for one in days)
    pair = authority.professional(people.GP, CardKind.CPS, "", signature=True, valid=valid)
    refused(desk.client(replace(gp, signing=pair)).status(INS), "DMPInvalidCertificate")


def test_leaf_certificate_is_no_authority(desk, gp, authority):
    from demonstration import authority as making

    leaf = authority.professional(people.GP, CardKind.CPS, "", signature=True)
    forged = making._issue(leaf.certificate.subject, leaf, signature=True)
    refused(desk.client(replace(gp, signing=forged)).status(INS), "DMPInvalidCertificate")


def test_card_and_vihf_of_two_persons(desk, gp, emergency):
    refused(desk.client(replace(gp, tls=emergency.tls)).status(INS), "DMPIdentityMismatch")


def test_name_id_of_somebody_else(desk, gp):
    refused(desk.client(replace(gp, name_id=people.EMERGENCY.national_id)).status(INS), "DMPIdentityMismatch")


def test_structure_certificates_do_not_make_a_direct_vihf(desk, structure_bearer):
    refused(desk.client(replace(structure_bearer, auth="DIRECTE")).status(INS), "DMPIdentityMismatch")


def test_card_does_not_make_an_indirect_vihf(desk, gp):
    bearer = replace(gp, auth="INDIRECTE", subject_name="Jeanne TESTMED")
    refused(desk.client(bearer).status(INS), "DMPIdentityMismatch")


# -- signature ------------------------------------------------------------------------------------------------------


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


# -- wrapping -------------------------------------------------------------------------------------------------------


def split_signature(signed: str) -> tuple[str, str]:
    """Signature and the assertion without it."""
    start, end = signed.index("<sig:Signature "), signed.index("</sig:Signature>") + len("</sig:Signature>")
    return signed[start:end], signed[:start] + signed[end:]


def forged(bearer, identifier="_evil"):
    """What the attacker wants believed: another access mode."""
    return unsigned_assertion(bearer, Words(INS, mode="centre_15"), identifier)


def put(assertion, inside):
    return assertion.replace("</assertion:Issuer>", "</assertion:Issuer>" + inside, 1)


def wrappings(bearer):
    good = signed_assertion(bearer, Words(INS), "_good")
    signature, bare = split_signature(good)
    wrapped_in_object = signature.replace("</sig:Signature>", f"<sig:Object>{bare}</sig:Object></sig:Signature>")
    whole_in_object = signature.replace("</sig:Signature>", f"<sig:Object>{good}</sig:Object></sig:Signature>")
    evil, same = forged(bearer), forged(bearer, "_good")
    end = "</assertion:AttributeStatement></assertion:Assertion>"
    return {
        "XSW1 forged beside, signature kept on the original": evil + good,
        "XSW2 original first, forged after": good + evil,
        "XSW3 forged holds the signed original": put(evil, good),
        "XSW4 forged holds the original, signature moved up": put(evil, signature).replace(end, bare + end),
        "XSW5 forged carries the signature, original beside it": put(evil, signature) + bare,
        "XSW6 original inside the signature of the forged": put(evil, wrapped_in_object),
        "XSW7 whole original in an Object of the signature": put(evil, whole_in_object),
        "XSW8 same ID twice": put(same, signature) + bare,
        "same ID, original inside the forged": put(same, signature).replace(end, bare + end),
        "same ID, original in an Object": put(same, wrapped_in_object),
        "original in an extension of the attributes": put(evil, signature).replace(
            "</assertion:AttributeStatement>",
            f"<assertion:Attribute Name='e'>{bare}</assertion:Attribute></assertion:AttributeStatement>",
        ),
        "signature before Issuer": signature + bare,
        "two signatures": put(bare, signature + signature),
    }


@pytest.mark.parametrize("shape", range(13))
def test_wrapping(desk, gp, shape):
    shapes = wrappings(gp)
    assert len(shapes) == 13
    name, text = list(shapes.items())[shape]
    refused(sent(desk, gp, text))
    row = desk.history(INS)
    assert not row, f"{name}: a dossier was reached"


def test_no_wrapping_profits_from_an_assertion_that_was_proven(desk, gp, monkeypatch):
    """The same original, first sent as it should be: the server remembers that its signature holds."""
    good = signed_assertion(gp, Words(INS), "_good")
    monkeypatch.setitem(globals(), "signed_assertion", lambda *_: good)
    accepted(sent(desk, gp, good))
    for name, text in wrappings(gp).items():
        refused(sent(desk, gp, text))
        assert len(desk.history(INS)) == 1, f"{name}: a dossier was reached"


# -- an assertion that was proven ----------------------------------------------------------------------------------


@pytest.fixture
def verifications(monkeypatch):
    """Signatures verified, by certificate."""
    made = []
    original = xml_signature.check_value

    def counted(signature, certificate, methods):
        made.append(certificate)
        return original(signature, certificate, methods)

    monkeypatch.setattr(xml_signature, "check_value", counted)
    return made


def test_the_same_assertion_is_verified_once_and_another_anew(desk, gp, verifications):
    good = signed_assertion(gp, Words(INS), "_good")
    for _ in range(3):
        accepted(sent(desk, gp, good))
    assert len(verifications) == 1
    refused(sent(desk, gp, good.replace("CLIENT D'ESSAI", "CLIENT D'ESSAJ")))
    accepted(sent(desk, gp, signed_assertion(gp, Words(INS), "_good")))
    assert len(verifications) == 3


def test_a_proven_assertion_expires(desk, gp):
    good = signed_assertion(gp, Words(INS))
    accepted(sent(desk, gp, good))
    desk.later(hours=8, minutes=1)
    refused(sent(desk, gp, good))


def test_a_proven_assertion_falls_with_its_certificate(desk, gp, authority):
    good = signed_assertion(gp, Words(INS))
    accepted(sent(desk, gp, good))
    desk.dispatcher._trust.load_revocations(authority.revocation_lists([gp.signing.certificate.serial_number]))
    refused(sent(desk, gp, good), "DMPInvalidCertificate")


def test_a_proven_assertion_serves_its_bearer_alone(desk, gp, emergency):
    good = signed_assertion(gp, Words(INS))
    accepted(sent(desk, gp, good))
    refused(sent(desk, emergency, good), "DMPIdentityMismatch")


def test_rights_are_decided_anew_for_a_proven_assertion(desk, gp):
    good = signed_assertion(gp, Words(INS))
    message = envelope(QUERY_ACTION, find_documents(INS), good)
    desk.client(gp).authorise(INS)
    accepted(desk.client(gp).post("registry", message))
    with desk.database.transaction() as session:
        dossiers.withdraw(session, INS, gp.name_id)
    refused(desk.client(gp).post("registry", message), "DMPAuthorizationMissing")


def test_no_more_is_remembered_than_said():
    proofs = Proofs(3)
    for number in range(9):
        proofs.put(number, number)
        proofs.get(0 if number < 3 else 6)
    assert [proofs.get(number) for number in range(9)] == [None] * 6 + [6, 7, 8]


def test_wrapped_original_hidden_elsewhere_in_the_message(desk, gp):
    """The original in the body or in another header block, the forged one in wsse:Security."""
    signature, bare = split_signature(signed_assertion(gp, Words(INS), "_good"))
    action, body = status_request(INS)
    for headers, content in (
        (f"<e:x xmlns:e='urn:e'>{bare}</e:x>", body),
        ("", body.replace("<k:id ", bare + "<k:id ", 1)),
    ):
        message = envelope(action, content, put(forged(gp), signature), headers=headers)
        refused(desk.client(gp).post("patients", message))


def test_id_borrowed_by_another_element(desk, gp):
    """Another element with the same Id, where a lookup by identifier could land."""
    good = signed_assertion(gp, Words(INS), "_good")
    message = envelope(*status_request(INS), good, headers='<e:x xmlns:e="urn:e" Id="_good"/>')
    refused(desk.client(gp).post("patients", message))


@pytest.mark.parametrize("count", [0, 2])
def test_security_headers(desk, gp, count):
    message = envelope(*status_request(INS), signed_assertion(gp, Words(INS)))
    start, end = message.index(b"<sec:Security"), message.index(b"</sec:Security>") + len(b"</sec:Security>")
    block = message[start:end]
    refused(desk.client(gp).post("patients", message[:start] + block * count + message[end:]))
