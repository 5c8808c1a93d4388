"""The lot signature: mandatory, over what was sent, by who sends it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demonstration import people
from praticien.professional import CardKind
from tests.effort import examples
from tests.reference_server.client import EXC, SHA256
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.lots.support import INS, META, SHA1, broken, drop, stored, swap


def test_lot_signature_is_mandatory(desk, client):
    broken(desk, send(client, Deposit(INS, with_signature=False)), "LOT-MISSING", META)


SIGNATURE_BREAKS = [
    {"edit_manifest": drop(r"(?<=AA==</z:DigestValue></z:Reference>)<z:Reference.*?</z:Reference>")},
    {"edit_manifest": swap("urn:oid:", "urn:uuid:")},
    {"edit_signature": swap("IHEManifest", "Autre")},
    {"edit_signature": swap("<z:SignatureValue>", "<z:SignatureValue>AAAA")},
    {"edit_signature": swap("<z:DigestValue>AA==", "<z:DigestValue>AB==")},
    {"edit_signature": swap("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha384")},
    {"edit_signature": swap(' Type="http://www.w3.org/2000/09/xmldsig#Manifest"', "")},
    {"edit_signature": lambda text: "<a>" + text},
    {"edit_signature": lambda text: "<!DOCTYPE a>" + text},
    {"edit_signature": lambda text: f"<a>{text}</a>"},
]


@pytest.mark.parametrize("number", range(len(SIGNATURE_BREAKS)))
def test_false_lot_signatures(desk, client, number):
    broken(desk, send(client, Deposit(INS, **SIGNATURE_BREAKS[number])), "LOT-SIGNATURE", META)


XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
SIGNED_INFO_BREAKS = [
    swap(' Type="http://www.w3.org/2000/09/xmldsig#Manifest"', ""),
    swap('URI="#IHEManifest"', 'URI="#ailleurs"'),
    swap('URI="#IHEManifest"', 'URI=""'),
    swap("</z:Transforms>", f'<z:Transform Algorithm="{EXC}"/></z:Transforms>'),
    swap(f'<z:Transform Algorithm="{EXC}"/>', f'<z:Transform Algorithm="{XPATH}"/>'),
    swap(f'<z:DigestMethod Algorithm="{SHA256}"/>', f'<z:DigestMethod Algorithm="{SHA1}"/>'),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(SIGNED_INFO_BREAKS)))
def test_lot_signatures_that_are_signed_and_still_not_accepted(desk, client, number):
    deposit = Deposit(INS, edit_signed_info=SIGNED_INFO_BREAKS[number])
    broken(desk, send(client, deposit), "LOT-SIGNATURE", META)


def test_lot_signature_with_inclusive_canonical_forms(desk, client):
    """As in the published sample: C14N 2001 with comments for SignedInfo."""
    inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
    change = swap(f'CanonicalizationMethod Algorithm="{EXC}"', f'CanonicalizationMethod Algorithm="{inclusive}"')
    assert send(client, Deposit(INS, edit_signed_info=change)).succeeded


def test_lot_signed_with_an_expired_certificate(desk, client, authority):
    past = tuple(dt.datetime.now(dt.UTC) - dt.timedelta(days=days) for days in (9, 1))
    pair = authority.professional(people.GP, CardKind.CPS, "", signature=True, valid=past)
    assert send(client, Deposit(INS), pair=pair).subcode == "DMPInvalidCertificate"


@settings(max_examples=examples(100))
@given(
    where=st.sampled_from(["edit_signature", "edit_entry", "edit_set", "edit_objects"]),
    place=st.floats(0, 1),
    length=st.integers(0, 200),
    filling=st.sampled_from(["", " ", "x", "<a/>", "^", "&amp;", "0", "urn:uuid:", '" id="']),
)
def test_mutilated_lots_never_break_the_server(bare_desk, gp, *, where, place, length, filling):
    client = bare_desk.client(gp)

    def mutilate(text: str) -> str:
        start = int(place * len(text))
        return text[:start] + filling + text[start + length :]

    answer = send(client, Deposit(INS, **{where: mutilate}), inline=True)
    assert answer.status in (200, 400), (answer.subcode, answer.reason)


def test_manifest_over_another_content(desk, client):
    good = Deposit(INS)
    other = replace(good, content=good.cda().replace(b"essai", b"autre"))
    # signed over one content, sent with another one
    import tests.reference_server.deposits as making

    original = making.lot_signature
    try:
        making.lot_signature = lambda deposit, content, pair: original(deposit, good.cda(), pair)
        broken(desk, send(client, other), "LOT-SIGNATURE", META)
    finally:
        making.lot_signature = original


def test_lot_signed_by_somebody_else(desk, client, emergency):
    broken(desk, send(client, Deposit(INS), pair=emergency.signing), "LOT-SIGNER", META)


def test_lot_signed_with_the_authentication_certificate(desk, client, authority):
    pair = authority.professional(people.GP, CardKind.CPS, "", signature=False)
    assert send(client, Deposit(INS), pair=pair).subcode == "DMPInvalidCertificate"
    assert stored(desk) == []
