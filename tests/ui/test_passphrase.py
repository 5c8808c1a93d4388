"""The passphrase asked at start: again while wrong, never without end."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QInputDialog

from praticien.secrets_at_rest import key_from_passphrase
from ui import passphrase


def answers(monkeypatch, *given):
    asked = []
    replies = iter(given)

    def ask(_parent, _title, text, _mode):
        asked.append(text)
        return next(replies)

    monkeypatch.setattr(QInputDialog, "getText", ask)
    return asked


def test_asked_again_while_wrong(qapp, monkeypatch, tmp_path):
    first = key_from_passphrase(bytearray(b"juste"), tmp_path)
    asked = answers(monkeypatch, ("fausse", True), ("juste", True))
    assert passphrase.ask(lambda typed: key_from_passphrase(typed, tmp_path)) == first
    assert "pas la" in asked[1]


@pytest.mark.parametrize("reply", [("", True), ("quelque chose", False)])
def test_giving_up_is_an_error_not_a_loop(qapp, monkeypatch, tmp_path, reply):
    answers(monkeypatch, reply)
    with pytest.raises(passphrase.NoPassphrase):
        passphrase.ask(lambda typed: key_from_passphrase(typed, tmp_path))
