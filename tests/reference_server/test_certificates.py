"""Chains of certificates, and what a subject says."""

import datetime as dt

import pytest
from cryptography import x509

from demonstration import authority as making
from demonstration import people
from praticien.professional import CardKind
from reference_server.certificates import TrustStore, Untrusted, is_for_signature, subject_of

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def pair(authority):
    return authority.professional(people.GP, CardKind.CPS, "Médecin", signature=True)


def test_chain_to_the_root(authority, pair):
    trust = TrustStore(authority.bundle_pem)
    trust.check(pair.certificate, NOW)
    trust.check(pair.certificate, NOW)


@pytest.mark.parametrize("days", [-1, 366 * 4])
def test_dates_are_looked_at_each_time(authority, pair, days):
    trust = TrustStore(authority.bundle_pem)
    trust.check(pair.certificate, NOW)
    with pytest.raises(Untrusted, match="périmé"):
        trust.check(pair.certificate, NOW + dt.timedelta(days=days))


def test_intermediate_alone_is_no_root(authority, pair):
    with pytest.raises(Untrusted, match="autorité"):
        TrustStore(authority.persons.certificate_pem).check(pair.certificate, NOW)


def test_self_signed_is_nobody(authority):
    alone = making._issue(making._ca_name("TEST SEUL"), None, signature=True)
    with pytest.raises(Untrusted):
        TrustStore(authority.bundle_pem).check(alone.certificate, NOW)


def test_same_name_another_key(authority):
    impostor = making.TestAuthority.create()
    leaf = impostor.professional(people.GP, CardKind.CPS, "", signature=True)
    with pytest.raises(Untrusted, match="autorité"):
        TrustStore(authority.bundle_pem).check(leaf.certificate, NOW)


def test_bundle_with_a_leaf_in_it_does_not_make_it_an_authority(authority, pair):
    below = making._issue(making._ca_name("TEST DESSOUS"), pair, signature=True)
    with pytest.raises(Untrusted, match="n'en est pas une"):
        TrustStore(authority.bundle_pem + pair.certificate_pem).check(below.certificate, NOW)


def test_authority_below_one_that_allows_none(authority):
    deeper = making._issue(making._ca_name("TEST AC DE TROP"), authority.persons, ca_depth=0)
    leaf = making._issue(making._ca_name("TEST FEUILLE"), deeper, signature=True)
    with pytest.raises(Untrusted, match="n'en est pas une"):
        TrustStore(authority.bundle_pem + deeper.certificate_pem).check(leaf.certificate, NOW)


def test_subject_of_a_card(pair):
    subject = subject_of(pair.certificate)
    assert subject.is_person
    assert (subject.common_name, subject.family_name, subject.given_name) == ("899700000123", "TESTMED", "Jeanne")
    assert (subject.card_kind, subject.profession, subject.structure_id) == (CardKind.CPS, "10", "")
    assert is_for_signature(pair.certificate)


def test_subject_of_a_structure(authority):
    certificate = authority.structure(people.HOPITAL, signature=False).certificate
    subject = subject_of(certificate)
    assert not subject.is_person
    assert subject.structure_id == people.HOPITAL.national_id
    assert not is_for_signature(certificate)


def test_staff_card_has_no_profession(authority):
    subject = subject_of(authority.professional(people.SECRETARY, CardKind.CPE, "", signature=True).certificate)
    assert (subject.card_kind, subject.profession) == (CardKind.CPE, "")


def test_certificate_without_key_usage_is_not_for_signature(authority):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    name = making._ca_name("TEST NU")
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + dt.timedelta(days=1))
    assert not is_for_signature(builder.sign(key, hashes.SHA256()))
