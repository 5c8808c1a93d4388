"""Submissions as bytes and back; anything else is refused with one error."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.deposit import prepare
from praticien.metadata import Code, Submission
from praticien.outbox_codec import CodecError, pack, unpack
from tests.praticien import forms

SUBMISSIONS = [prepare(form(), software_oid=forms.SOFTWARE_OID) for form in forms.FORMS.values()]
PACKED = pack(SUBMISSIONS[2])
codes = st.builds(Code, st.text(), st.text(), st.text())


def head_of(data: bytes) -> dict:
    (length,) = struct.unpack_from(">I", data)
    return json.loads(data[4 : 4 + length])


def with_head(change) -> bytes:
    head = head_of(PACKED)
    change(head)
    (length,) = struct.unpack_from(">I", PACKED)
    plain = json.dumps(head).encode()
    return struct.pack(">I", len(plain)) + plain + PACKED[4 + length :]


@pytest.mark.parametrize("submission", SUBMISSIONS)
def test_submissions_come_back(submission):
    assert unpack(Submission, pack(submission)) == submission


@given(st.binary(max_size=2000), codes)
def test_any_content_and_text_comes_back(content, code):
    document = SUBMISSIONS[0].documents[0]
    entry = replace(document.entry, event_codes=(code,), comments=code.display)
    changed = replace(SUBMISSIONS[0], documents=(replace(document, entry=entry, content=content), document))
    assert unpack(Submission, pack(changed)) == changed


def test_contents_are_not_inflated():
    assert len(PACKED) < len(SUBMISSIONS[2].documents[0].content) + 6000


@given(st.binary(max_size=200))
def test_noise_is_refused(data):
    with pytest.raises(CodecError):
        unpack(Submission, data)


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_one_byte_changed_is_refused_or_another_sound_submission(place, change):
    data = bytearray(PACKED)
    data[place] ^= change
    try:
        found = unpack(Submission, bytes(data))
    except CodecError:
        return
    assert isinstance(found, Submission)


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head.update(version=2),
        lambda head: head.pop("version"),
        lambda head: head["value"].update(surprise=1),
        lambda head: head["value"].pop("submission_set"),
        lambda head: head["value"]["submission_set"].update(submission_time="yesterday"),
        lambda head: head["value"]["submission_set"].update(title=7),
        lambda head: head["value"]["submission_set"]["patient_id"].update(matricule="187039999910193"),
        lambda head: head["value"]["documents"][0]["entry"].update(availability="urn:other"),
        lambda head: head["value"]["documents"][0].update(content=4),
        lambda head: head["value"]["documents"][0].update(content=True),
        lambda head: head.update(sizes=[3]),
        lambda head: head.update(sizes=[-1, 1]),
        lambda head: head.update(value=[]),
    ],
)
def test_each_wrong_field_is_refused_without_quoting_it(change):
    with pytest.raises(CodecError) as caught:
        unpack(Submission, with_head(change))
    assert "18703" not in str(caught.value)


def test_a_field_that_an_older_version_did_not_write_takes_its_default():
    old = with_head(lambda head: head["value"]["submission_set"].pop("comments"))
    assert unpack(Submission, old) == SUBMISSIONS[2]


def test_only_known_forms_are_written():
    @dataclass
    class Odd:
        value: float

    with pytest.raises(TypeError):
        pack(Odd(1.5))
