"""What a VIHF says: spellings, mandatory attributes, instants."""

import subprocess
from dataclasses import replace

import pytest
from lxml import etree
from signxml import SignatureMethod, XMLSigner
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm

from demonstration import people
from tests.reference_server.client import EXC, Words, later, signature_over, signed_assertion, stamp, unsigned_assertion
from tests.reference_server.vihf.support import DS, INS, SAML, accepted, refused, sent

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
