"""Who signed the VIHF, and whom it names."""

import datetime as dt
from dataclasses import replace

import pytest

from demonstration import people
from demonstration.authority import TestAuthority
from praticien.professional import CardKind
from tests.reference_server.vihf.support import INS, refused


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
