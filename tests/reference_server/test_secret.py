"""A minor's secret connection (CSP R.1111-50): what is deposited in it, and who hears of it."""

import pytest

from demonstration import people
from tests.reference_server.client import Words
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.test_updates import set_visibility

INS = people.LINA.ins
CODE = "INVISIBLE_REPRESENTANTS_LEGAUX"


def secret(value=f"{CODE}^1.2.250.1.213.1.1.4.13"):
    name = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
    attribute = (
        f'<assertion:Attribute Name="{name}"><assertion:AttributeValue>{value}</assertion:AttributeValue>'
        f"</assertion:Attribute>"
    )
    return Words(INS, extra=attribute)


def test_every_document_is_hidden_from_the_representatives(desk, gp):
    client = desk.client(gp)
    refused = send(client, Deposit(INS), words=secret())
    assert refused.rules == ["SECRET-VISIBLE"]
    assert send(client, Deposit(INS, visibility=(CODE,)), words=secret()).succeeded
    half = Deposit(INS, visibility=(CODE,), also=(Deposit(INS, entry_id="doc-2"),))
    assert send(client, half, words=secret()).rules == ["SECRET-VISIBLE"]


def test_nobody_is_told_in_the_space_that_representatives_read(desk, gp):
    client = desk.client(gp)
    send(client, Deposit(INS, visibility=(CODE,)), words=secret())
    client.authorise(INS, words=secret())
    assert client.find(INS, secret()).succeeded
    assert desk.told(INS) == []
    assert len(desk.history(INS)) == 3
    client.find(INS)
    assert len(desk.told(INS)) == 1


def test_hidden_stays_hidden_within_it(desk, gp):
    client = desk.client(gp)
    deposit = Deposit(INS, visibility=(CODE,))
    assert send(client, deposit, words=secret()).succeeded
    client.authorise(INS)
    assert set_visibility(client, deposit, words=secret()).rules == ["SECRET-VISIBLE"]
    assert set_visibility(client, deposit).succeeded


@pytest.mark.parametrize("value", ["MASQUE_PS^1.2.250.1.213.1.1.4.13", CODE, "N"])
def test_no_other_code_is_understood(desk, gp, value):
    assert desk.client(gp).find(INS, secret(value)).subcode == "DMPInvalidVIHF"
