"""Nothing goes twice, and nothing of a patient is on the disk."""

from dataclasses import replace
from datetime import timedelta

import pytest

from demonstration import people
from praticien.deposit import prepare
from praticien.deposited import KEPT, Deposited
from praticien.documents.errors import AlreadyDeposited
from praticien.documents.model import ReplacedVersion, TypedText
from tests.praticien.forms import NOW, SOFTWARE_OID, patient, pdf_saying, prescription

KEY = b"k" * 32


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "deposited.json"


def cda(document):
    return prepare(document, software_oid=SOFTWARE_OID, text_compared=True).documents[0].content


def again(document, **changes):
    return replace(document, unique_id="2.25.9001", set_id="2.25.9000", **changes)


FILE = prescription(body=pdf_saying("Rien à signaler"), title="Courrier TESTSOLO")


def test_the_same_again_is_refused_with_what_it_equals_even_after_a_restart(path):
    Deposited(path, KEY).remember(FILE, cda(FILE), NOW)
    deposited = Deposited(path, KEY)
    deposited.refuse_again(FILE, cda(FILE))  # the very same document tried again is no repetition
    with pytest.raises(AlreadyDeposited) as caught:
        deposited.refuse_again(again(FILE, title="Autre titre"), cda(again(FILE)))
    assert (caught.value.title, caught.value.day) == ("Courrier TESTSOLO", "20/11/2026")
    assert "TESTSOLO" not in str(caught.value)


@pytest.mark.parametrize(
    "other",
    [
        again(FILE, patient=patient(people.LINA)),
        again(FILE, body=pdf_saying("Fracture")),
        again(FILE, version=2, replaces=ReplacedVersion("2.25.1001", "urn:uuid:0")),
    ],
    ids=["another patient", "another content", "a new version"],
)
def test_something_else_goes(path, other):
    deposited = Deposited(path, KEY)
    deposited.remember(FILE, cda(FILE), NOW)
    deposited.refuse_again(other, cda(other))


def test_typed_words_may_be_said_again_on_another_day(path):
    deposited = Deposited(path, KEY)
    typed = prescription(body=TypedText("Apte au sport."))
    deposited.remember(typed, cda(typed), NOW)
    with pytest.raises(AlreadyDeposited):
        deposited.refuse_again(again(typed), cda(again(typed)))
    ten = timedelta(days=10)
    renewed = again(typed, created_at=typed.created_at + ten, service_start=typed.service_start + ten)
    deposited.refuse_again(renewed, cda(renewed))


def test_what_was_refused_discarded_or_deleted_may_go_again(path):
    deposited = Deposited(path, KEY)
    deposited.remember(FILE, cda(FILE), NOW)
    deposited.settle(FILE.unique_id, refused=True)
    Deposited(path, KEY).refuse_again(again(FILE), cda(again(FILE)))
    deposited.settle(FILE.unique_id, refused=False)
    with pytest.raises(AlreadyDeposited):
        deposited.refuse_again(again(FILE), cda(again(FILE)))
    deposited.forget(FILE.unique_id)
    deposited.refuse_again(again(FILE), cda(again(FILE)))


def test_nothing_of_a_patient_is_on_the_disk(path):
    Deposited(path, KEY).remember(FILE, cda(FILE), NOW)
    kept = path.read_text()
    assert len(kept) > 50
    for secret in (FILE.patient.ins.matricule, "TESTSOLO", "Rien", FILE.unique_id, "2.25"):
        assert secret not in kept
    with pytest.raises(AlreadyDeposited):
        Deposited(path, KEY).refuse_again(again(FILE), cda(again(FILE)))
    Deposited(path, b"l" * 32).refuse_again(again(FILE), cda(again(FILE)))


def test_old_deposits_are_forgotten_and_a_spoiled_file_hinders_nobody(path):
    deposited = Deposited(path, KEY)
    deposited.remember(FILE, cda(FILE), NOW - KEPT - timedelta(days=1))
    other = prescription(body=pdf_saying("Autre chose"), unique_id="2.25.7")
    deposited.remember(other, cda(other), NOW)
    Deposited(path, KEY).refuse_again(again(FILE), cda(again(FILE)))
    for spoiled in ("", "[]", '{"a": 1}', '{"a": [1]}', '{"a": ["x", 2, 3, 4]}'):
        path.write_text(spoiled)
        Deposited(path, KEY).refuse_again(FILE, cda(FILE))
