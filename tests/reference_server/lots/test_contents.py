"""What the documents of a lot are, against their metadata."""

from __future__ import annotations

import hashlib

import pytest

from demonstration import people
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.lots.support import INS, META, broken, stored, swap


@pytest.mark.parametrize(
    "change,rule,error",
    [
        ({"hash_slot": "0" * 40}, "DOC-HASH", "XDSNonIdenticalHash"),
        ({"size_slot": "1"}, "DOC-SIZE", "XDSNonIdenticalSize"),
        ({"content": b"pas du xml"}, "CDA-XML", "XDSRepositoryError"),
        ({"content": b"<a/>"}, "CDA-ROOT", "XDSRepositoryError"),
        ({"content": b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'}, "CDA-XML", "XDSRepositoryError"),
        ({"content": b""}, "DOC-EMPTY", "XDSRepositoryError"),
        ({"cda_patient": people.SOLO.ins}, "CDA-PATIENT", "XDSPatientIdDoesNotMatch"),
    ],
)
def test_content(desk, client, change, rule, error):
    broken(desk, send(client, Deposit(INS, **change)), rule, error)


def test_announced_hash_and_size_that_are_true(desk, client):
    deposit = Deposit(INS)
    content = deposit.cda()
    deposit.hash_slot, deposit.size_slot = hashlib.sha1(content).hexdigest().upper(), str(len(content))
    assert send(client, deposit).succeeded


@pytest.mark.parametrize(
    "old,new,rule",
    [
        (b'<d:id root="2.25', b'<d:id root="2.26', "CDA-ID"),
        (b'<d:code code="57833-6"', b'<d:code code="11502-2"', "CDA-TYPE"),
        (b'<d:confidentialityCode code="N"', b'<d:confidentialityCode code="V"', "CDA-CONFIDENTIALITY"),
    ],
)
def test_header_against_entry(desk, client, old, new, rule):
    deposit = Deposit(INS)
    deposit.content = deposit.cda().replace(old, new)
    broken(desk, send(client, deposit), rule, META)


def test_entry_for_another_patient(desk, client):
    mine, other = INS.matricule, people.SOLO.ins.matricule
    answer = send(client, Deposit(INS, edit_entry=swap(f"{mine}^^^", f"{other}^^^")))
    broken(desk, answer, "PATIENT-TWO", "XDSPatientIdDoesNotMatch")
    assert stored(desk, people.SOLO.ins) == []


DICOM = b"\0" * 128 + b"DICM"
MINE, THEIRS = INS.matricule.encode(), people.SOLO.ins.matricule.encode()


@pytest.mark.parametrize(
    "content,rule,error",
    [
        (DICOM + b"\x10\0\x20\0LO\x10\0" + MINE + b" ", "", ""),
        (DICOM + b"\x10\0\x20\0LO\x10\0" + THEIRS + b" ", "KOS-PATIENT", "XDSPatientIdDoesNotMatch"),
        (b"pas un DICOM" * 20, "KOS-FILE", "XDSRepositoryError"),
    ],
)
def test_kos(desk, client, content, rule, error):
    deposit = Deposit(
        INS,
        type=("IMG-KOS", "1.2.250.1.213.1.1.4.12"),
        class_code="31",
        content=content,
        edit_entry=swap('mimeType="text/xml"', 'mimeType="application/dicom"'),
    )
    answer = send(client, deposit)
    if rule:
        broken(desk, answer, rule, error)
    else:
        assert answer.succeeded, answer.rules
