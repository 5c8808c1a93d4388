"""What the application is put together from, and what it refuses."""

from __future__ import annotations

import pytest

import main
from composition import application, doctor, folders
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


def test_application_is_put_together_from_its_configuration(configured, tmp_path, monkeypatch):
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    shown = []
    monkeypatch.setattr(application, "show", lambda parts: shown.append(parts) or 0)
    monkeypatch.setattr("card_reader.desk.Desk", lambda transport, **_: transport)
    assert main.main(["--config", str(configured), "--data", str(tmp_path / "mine")]) == 0
    (parts,) = shown
    assert parts.endpoint.base_url == "https://localhost:8443"
    assert parts.endpoint.ca_file == tmp_path / "ca.pem"
    assert parts.data == tmp_path / "mine"
    assert [physician.family_name for physician in parts.radiologists] == ["TESTRADIO"]
    assert (parts.notice, parts.card_table, parts.patient_view) == ("", None, None)


@pytest.mark.parametrize("command", [[], ["diagnose"]])
def test_without_pyscard_one_sentence(command, configured, monkeypatch, capsys):
    for module in (application, doctor):
        monkeypatch.setattr(module, "has_pyscard", lambda: False)
    assert main.main(["--config", str(configured), *command]) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "pyscard" in sentence


@pytest.mark.parametrize("find", [folders.configuration_file, folders.data_folder, folders.demonstration_folder])
def test_folders_are_the_users(find, tmp_path):
    assert tmp_path in find().parents
