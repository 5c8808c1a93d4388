"""Keys from the keyring, a passphrase, a file."""

from __future__ import annotations

import json

import pytest

from praticien import secrets_at_rest as secrets
from praticien.secrets_at_rest import (
    KeyFileUnusable,
    KeyringUnavailable,
    WrongPassphrase,
    key_from_file,
    key_from_keyring,
    key_from_passphrase,
)


@pytest.fixture(autouse=True)
def cheap(monkeypatch):
    monkeypatch.setattr(secrets, "_COST", {"n": 2**14, "r": 8, "p": 1})


class Ring:
    """A keyring in memory, put in the place of the system's."""

    def __init__(self, monkeypatch, *, forgetful=False, broken=False):
        self.kept, self.forgetful, self.broken = {}, forgetful, broken
        import keyring

        monkeypatch.setattr(keyring, "get_password", self.get)
        monkeypatch.setattr(keyring, "set_password", self.set)

    def get(self, service, name):
        if self.broken:
            raise RuntimeError("no backend, said with secret words")
        return self.kept.get((service, name))

    def set(self, service, name, value):
        if not self.forgetful:
            self.kept[service, name] = value


def test_the_keyring_keeps_one_key_a_name(monkeypatch):
    Ring(monkeypatch)
    key = key_from_keyring()
    assert len(key) == 32
    assert key_from_keyring() == key
    assert key_from_keyring("other") != key


@pytest.mark.parametrize("fault", ["forgetful", "broken"])
def test_a_keyring_that_does_not_keep_is_told(monkeypatch, fault):
    Ring(monkeypatch, **{fault: True})
    with pytest.raises(KeyringUnavailable) as caught:
        key_from_keyring()
    assert "secret" not in str(caught.value)


def test_a_keyring_that_holds_something_else_is_not_overwritten(monkeypatch):
    ring = Ring(monkeypatch)
    ring.kept[secrets.SERVICE, "outbox"] = "c2hvcnQ="
    with pytest.raises(KeyringUnavailable):
        key_from_keyring()
    assert ring.kept == {(secrets.SERVICE, "outbox"): "c2hvcnQ="}


def phrase(text="une phrase assez longue é"):
    return bytearray(text.encode())


def test_a_passphrase_gives_the_same_key_again(tmp_path):
    key = key_from_passphrase(phrase(), tmp_path / "data")
    assert len(key) == 32
    assert key_from_passphrase(phrase(), tmp_path / "data") == key
    assert key_from_passphrase(phrase(), tmp_path / "elsewhere") != key


def test_another_passphrase_is_refused_and_changes_nothing(tmp_path):
    key = key_from_passphrase(phrase(), tmp_path)
    with pytest.raises(WrongPassphrase):
        key_from_passphrase(phrase("autre"), tmp_path)
    assert key_from_passphrase(phrase(), tmp_path) == key


def test_the_passphrase_is_wiped_in_every_case(tmp_path):
    for text in ("une", "une", "autre"):
        given = phrase(text)
        try:
            key_from_passphrase(given, tmp_path)
        except WrongPassphrase:
            assert text == "autre"
        assert given == bytearray(len(given))


def test_the_parameters_tell_neither_passphrase_nor_key(tmp_path):
    key = key_from_passphrase(phrase(), tmp_path)
    kept = (tmp_path / "passphrase.json").read_bytes()
    assert key.hex().encode() not in kept
    assert b"phrase assez" not in kept
    assert (tmp_path / "passphrase.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "change",
    [{"n": 2**30}, {"n": 2}, {"r": 0}, {"r": 10**6}, {"p": 10**6}, {"salt": "zz"}, {"salt": ""}, {"check": ""},
     {"version": 2}],
)  # fmt: skip
def test_altered_parameters_are_refused(tmp_path, change):
    key_from_passphrase(phrase(), tmp_path)
    path = tmp_path / "passphrase.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(KeyFileUnusable):
        key_from_passphrase(phrase(), tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"version": 1, "n": "x"}'])
def test_damaged_parameters_are_refused_not_made_again(tmp_path, content):
    (tmp_path / "passphrase.json").write_text(content)
    with pytest.raises(KeyFileUnusable):
        key_from_passphrase(phrase(), tmp_path)
    assert (tmp_path / "passphrase.json").read_text() == content


def test_the_demonstrations_key_file(tmp_path):
    key = key_from_file(tmp_path / "data")
    assert key_from_file(tmp_path / "data") == key
    assert (tmp_path / "data" / "demonstration.key").stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_file_is_told_not_replaced(tmp_path):
    (tmp_path / "demonstration.key").write_bytes(b"short")
    with pytest.raises(KeyFileUnusable):
        key_from_file(tmp_path)
    assert (tmp_path / "demonstration.key").read_bytes() == b"short"


def test_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileUnusable):
        key_from_file(tmp_path / "file" / "data")
    with pytest.raises(KeyFileUnusable):
        key_from_passphrase(phrase(), tmp_path / "file" / "data")
