"""The configuration file: complete, or one clear reason."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from composition.refusals import _WHY
from praticien import configuration, imaging_configuration, listening
from praticien.configuration import (
    EXAMPLE,
    InvalidConfiguration,
    NoConfiguration,
    Settings,
    _known_names,
    load,
)
from praticien.identity import InsOid


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_text("-")
    path = tmp_path / "praticien.toml"
    path.write_text(EXAMPLE, "utf-8")
    return path


def test_the_example_can_be_used_as_it_is(file: Path):
    configuration = load(file)
    assert configuration.base_url == "https://localhost:8443"
    assert configuration.ca_file == file.parent / "ca.pem"
    assert configuration.ins_oid == InsOid.TEST
    assert configuration.radiologists[0].family_name == "TESTRADIO"


def test_the_way_to_the_cards(file: Path):
    assert (load(file).cards_mode, load(file).pkcs11_library) == ("auto", None)
    file.write_text(EXAMPLE.replace('mode = "auto"', 'mode = "pkcs11"\npkcs11_library = "lib/libcps.so"'), "utf-8")
    assert (load(file).cards_mode, load(file).pkcs11_library) == ("pkcs11", file.parent / "lib" / "libcps.so")
    file.write_text(EXAMPLE.replace('[cards]\nmode = "auto"', ""), "utf-8")
    assert load(file).cards_mode == "auto"


def test_the_user_s_own_products(file: Path):
    assert load(file).products_file is None
    own = EXAMPLE.replace("# [prescription]\n# products", "[prescription]\nproducts")
    file.write_text(own, "utf-8")
    with pytest.raises(InvalidConfiguration) as caught:
        load(file)
    assert caught.value.field == "prescription.products_file"
    (file.parent / "produits.json").write_text("{}")
    assert load(file).products_file == file.parent / "produits.json"


def test_environment_is_test_unless_said(file):
    assert not load(file).production
    text = file.read_text("utf-8")
    production = text.replace('environment = "test"', 'environment = "production"')
    file.write_text(production.replace('ins_oid = "test"', 'ins_oid = "nir"'), "utf-8")
    assert load(file).production
    file.write_text(text.replace('[application]\nenvironment = "test"', ""), "utf-8")
    assert not load(file).production


def test_no_file(tmp_path: Path):
    with pytest.raises(NoConfiguration):
        load(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    "old,new,field",
    [
        ("https://localhost:8443", "http://localhost", "dmp.base_url"),
        ("https://localhost:8443", "", "dmp.base_url"),
        ('"ca.pem"', '"nowhere.pem"', "dmp.ca_file"),
        ('"test"', '"other"', "identity.ins_oid"),
        ('family_name = "TESTRADIO"', "", "radiologists.family_name"),
        ("[dmp]", "[other]", "dmp.base_url"),
        ('mode = "auto"', 'mode = "other"', "cards.mode"),
        ('mode = "auto"', "mode = 3", "cards.mode"),
        ('mode = "auto"', 'pkcs11_library = ""', "cards.pkcs11_library"),
        ('environment = "test"', 'environment = "prod"', "application.environment"),
        ("[cards]", "[[cards]]", "cards.mode"),
        ("https://localhost:8443", "https://[::1", "dmp.base_url"),
        ("https://localhost:8443", "https://localhost:port", "dmp.base_url"),
        ("[application]", "[aplication]", "aplication"),
        ("environment =", "enviroment =", "application.enviroment"),
        ("[[radiologists]]", "[radiologists]", "radiologists"),
        ('specialty = "SM44"', 'specialty = "SM44"\nname = "X"', "radiologists.name"),
        ('environment = "test"', 'environment = "production"', "identity.ins_oid"),
        ("[application]", "other = 1\n[application]", "other"),
    ],
)
def test_each_wrong_entry_is_named(file: Path, old: str, new: str, field: str):
    file.write_text(EXAMPLE.replace(old, new), "utf-8")
    with pytest.raises(InvalidConfiguration) as caught:
        load(file)
    assert caught.value.field == field


def test_every_entry_of_the_example_is_known(file: Path):
    """Uncommented, the example says all that there is."""
    whole = re.sub(r"(?m)^# (?=\[+\w+\]+$|\w+ = )", "", EXAMPLE)
    assert whole.count("# ") < EXAMPLE.count("# ")
    sections = _known_names()
    assert {"dmp", "laboratory", "dicom", "radiologists"} <= sections.keys()
    assert {
        name: set(values[0] if isinstance(values, list) else values) for name, values in tomllib.loads(whole).items()
    } == sections


def test_a_mark_before_the_text_is_no_error(file: Path):
    file.write_text(EXAMPLE, "utf-8-sig")
    assert load(file).base_url


def test_a_disk_that_takes_nothing_keeps_nobody_from_working(tmp_path: Path, monkeypatch):
    settings = Settings(tmp_path / "settings.json")
    settings.set("structure/1", "A")

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("praticien.configuration.os.replace", full)
    settings.set("structure/1", "B")
    assert settings.get("structure/1") == "B"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_what_is_wrong_is_said_in_french():
    sources = [Path(configuration.__file__), Path(imaging_configuration.__file__), Path(listening.__file__)]
    details = {
        found
        for source in sources
        for found in re.findall(r'Invalid(?:Configuration|Imaging|Address)\("([^"]+)"', source.read_text("utf-8"))
    }
    assert len(details) > 10
    assert details - _WHY.keys() == set()


@pytest.mark.parametrize("content", [b"[dmp", b"\xff\xfe\x00", b"dmp = 3"])
def test_what_is_no_configuration_is_refused(file: Path, content: bytes):
    file.write_bytes(content)
    with pytest.raises(InvalidConfiguration):
        load(file)


def test_settings_are_remembered(tmp_path: Path):
    path = tmp_path / "folder" / "settings.json"
    assert Settings(path).get("situation.0001") == ""
    Settings(path).set("situation.0001", "2")
    assert Settings(path).get("situation.0001") == "2"


@pytest.mark.parametrize("content", ["", "[1]", "{"])
def test_damaged_settings_are_asked_again(tmp_path: Path, content: str):
    path = tmp_path / "settings.json"
    path.write_text(content)
    assert Settings(path).get("anything") == ""


def test_laboratory_address(tmp_path):
    from praticien.configuration import EXAMPLE, InvalidConfiguration, load
    from praticien.listening import ListenAddress

    (tmp_path / "ca.pem").write_text("")
    path = tmp_path / "praticien.toml"
    cases = {
        '[laboratory]\nlisten = "127.0.0.1:2575"\n': ListenAddress("127.0.0.1", 2575),
        '[laboratory]\nlisten = "0.0.0.0:2575"\nallow = ["10.0.0.0/8"]\n': ListenAddress(
            "0.0.0.0", 2575, ("10.0.0.0/8",)
        ),
        "": None,
    }
    for text, expected in cases.items():
        path.write_text(text + EXAMPLE)
        assert load(path).laboratory == expected
    for wrong, field in (('listen = "0.0.0.0:2575"', "laboratory.allow"), ('listen = "x"', "laboratory.listen")):
        path.write_text(f"[laboratory]\n{wrong}\n" + EXAMPLE)
        with pytest.raises(InvalidConfiguration) as caught:
            load(path)
        assert caught.value.field == field


def test_laboratory_over_tls(tmp_path):
    from praticien.configuration import EXAMPLE, InvalidConfiguration, load
    from praticien.listening import TlsFiles

    for name in ("ca.pem", "mllp.pem", "mllp.key"):
        (tmp_path / name).write_text("")
    path = tmp_path / "praticien.toml"

    def loaded(*entries):
        path.write_text("\n".join(['[laboratory]\nlisten = "127.0.0.1:2575"', *entries]) + "\n" + EXAMPLE)
        return load(path).laboratory_tls

    pair = ('certificate = "mllp.pem"', 'key = "mllp.key"')
    assert loaded() is None
    assert loaded(*pair) == TlsFiles(tmp_path / "mllp.pem", tmp_path / "mllp.key")
    assert loaded(*pair, 'clients = "ca.pem"').clients == tmp_path / "ca.pem"
    for entries, field in (
        (pair[:1], "laboratory.key"),
        (pair[1:], "laboratory.certificate"),
        (('clients = "ca.pem"',), "laboratory.certificate"),
        ((pair[0], 'key = "nowhere.key"'), "laboratory.key"),
        ((pair[0], "key = 3"), "laboratory.key"),
    ):
        with pytest.raises(InvalidConfiguration) as caught:
            loaded(*entries)
        assert caught.value.field == field
