"""The composition root, in this process: what each command line leads to, and what it refuses."""

from __future__ import annotations

import pytest

import main
from praticien import configuration


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


@pytest.fixture
def configured(tmp_path):
    path = tmp_path / "praticien.toml"
    path.write_text(configuration.EXAMPLE, "utf-8")
    (tmp_path / "ca.pem").touch()
    return path


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip() == f"Praticien {main.version()}"


def test_application_is_put_together_from_its_configuration(configured, tmp_path, monkeypatch):
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    shown = []
    monkeypatch.setattr(main, "_show", lambda parts: shown.append(parts) or 0)
    monkeypatch.setattr("card_reader.desk.Desk", lambda transport, **_: transport)
    assert main.main(["--config", str(configured), "--data", str(tmp_path / "mine")]) == 0
    (parts,) = shown
    assert parts.endpoint.base_url == "https://localhost:8443"
    assert parts.endpoint.ca_file == tmp_path / "ca.pem"
    assert parts.data == tmp_path / "mine"
    assert [physician.family_name for physician in parts.radiologists] == ["TESTRADIO"]
    assert (parts.notice, parts.card_table, parts.patient_view) == ("", None, None)


def test_without_pyscard_one_sentence(configured, monkeypatch, capsys):
    monkeypatch.setattr(main, "_has_pyscard", lambda: False)
    assert main.main(["--config", str(configured)]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "pyscard" in sentence


@pytest.mark.parametrize("folder", ["config", "data"])
def test_folders_are_the_users(folder, tmp_path):
    assert tmp_path in main._folder(folder, "praticien").parents
