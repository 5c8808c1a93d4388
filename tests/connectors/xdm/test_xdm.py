"""Packages made and opened again; hostile ones refused before anything is unpacked."""

import io
import stat
import zipfile
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.xdm import importing
from connectors.xdm.errors import DamagedXdm, NotXdm, SeveralPatients, UnsafeXdm, XdmProblem, XdmTooBig
from connectors.xdm.exporting import FOLDER, Exporter, export
from connectors.xdm.importing import open_package
from demonstration import people
from praticien.metadata import Code
from tests.connectors import samples, schemas
from tests.validators import official

BY = Exporter(samples.entry().authors[0], "2.25.1234567890", Code("SA07", "1.2.250.1.71.4.2.4", "Cabinet"), "Praticien")
PDF = b"%PDF-1.4 fictif"


def two():
    pdf = replace(samples.entry(PDF, "2.25.1002"), mime_type="application/pdf", title="Résultats <fictifs>")
    return [(samples.registered(samples.entry()), samples.CONTENT), (pdf, PDF)]


@pytest.fixture(scope="module")
def packed():
    return export(two(), BY, samples.MOMENT)


def members(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rebuilt(held, **info):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in held.items() if isinstance(held, dict) else held:
            member = zipfile.ZipInfo(name)
            for key, value in info.items():
                setattr(member, key, value)
            archive.writestr(member, content)
    return made.getvalue()


def test_there_and_back(packed):
    found = open_package(packed)
    assert [each.content for each in found] == [samples.CONTENT, PDF]
    assert [each.entry.unique_id for each in found] == ["2.25.1001", "2.25.1002"]
    assert found[1].entry.title == "Résultats <fictifs>"


def test_names_of_the_profile(packed):
    assert list(members(packed)) == [
        "INDEX.HTM",
        "README.TXT",
        f"{FOLDER}/METADATA.XML",
        f"{FOLDER}/DOC00001.XML",
        f"{FOLDER}/DOC00002.PDF",
    ]
    assert b"&lt;fictifs&gt;" in members(packed)["INDEX.HTM"]


@official
@pytest.mark.official
def test_metadata_follow_the_schema(packed):
    schemas.submission(etree.fromstring(members(packed)[f"{FOLDER}/METADATA.XML"]))


def test_nothing_to_export():
    with pytest.raises(XdmProblem):
        export([], BY, samples.MOMENT)


def test_one_patient_a_package(packed):
    stranger = replace(samples.entry(), patient_id=people.LINA.ins)
    with pytest.raises(SeveralPatients):
        export([*two(), (stranger, b"x")], BY, samples.MOMENT)
    held = members(packed)
    metadata = f"{FOLDER}/METADATA.XML"
    held[metadata] = held[metadata].replace(people.NORA.ins.matricule.encode(), people.LINA.ins.matricule.encode(), 2)
    with pytest.raises((SeveralPatients, NotXdm)):
        open_package(rebuilt(held))


@pytest.mark.parametrize(
    "change,error",
    [
        (lambda held: held.pop(f"{FOLDER}/DOC00002.PDF"), DamagedXdm),
        (lambda held: held.update({f"{FOLDER}/DOC00002.PDF": b"autre"}), DamagedXdm),
        (lambda held: held.pop(f"{FOLDER}/METADATA.XML"), NotXdm),
        (lambda held: held.update({f"{FOLDER}/METADATA.XML": b"<a"}), NotXdm),
        (lambda held: held.update({f"{FOLDER}/METADATA.XML": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), NotXdm),
        (lambda held: held.update({"../EVIL": b"x"}), UnsafeXdm),
        (lambda held: held.update({"/etc/EVIL": b"x"}), UnsafeXdm),
        (lambda held: held.update({"C:EVIL": b"x"}), UnsafeXdm),
        (lambda held: held.update({f"{FOLDER}/doc00002.pdf": b"x"}), UnsafeXdm),
    ],
)
def test_damaged_or_hostile(packed, change, error):
    held = members(packed)
    change(held)
    with pytest.raises(error):
        open_package(rebuilt(held))


@pytest.mark.parametrize("uri", ["../../INDEX.HTM", "/INDEX.HTM"])
def test_uri_that_leads_out(packed, uri):
    held = members(packed)
    held[f"{FOLDER}/METADATA.XML"] = held[f"{FOLDER}/METADATA.XML"].replace(b"DOC00002.PDF", uri.encode())
    with pytest.raises(UnsafeXdm):
        open_package(rebuilt(held))


def test_links_and_encryption(packed):
    with pytest.raises(UnsafeXdm):
        open_package(rebuilt(members(packed), external_attr=(stat.S_IFLNK | 0o777) << 16))
    flagged = bytearray(packed)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = flagged.find(mark)
        flagged[at + place] |= 1
    with pytest.raises((UnsafeXdm, NotXdm)):
        open_package(bytes(flagged))


def test_bombs(monkeypatch):
    monkeypatch.setattr(importing, "MAX_BYTES", 100_000)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{FOLDER}/METADATA.XML", b"0" * 200_000)
    with pytest.raises(XdmTooBig):
        open_package(made.getvalue())
    monkeypatch.setattr(importing, "MAX_FILES", 2)
    with pytest.raises(XdmTooBig):
        open_package(rebuilt([(str(number), b"") for number in range(3)]))


def test_a_directory_that_lies_about_sizes(monkeypatch, packed):
    monkeypatch.setattr(importing, "MAX_METADATA", 100)
    with pytest.raises(XdmTooBig):
        open_package(packed)


@given(st.data())
def test_any_damage_is_a_typed_refusal(packed, data):
    content = bytearray(packed)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(XdmProblem):
        open_package(bytes(content))


@given(st.binary(max_size=200))
def test_anything_but_a_package(content):
    with pytest.raises(XdmProblem):
        open_package(content)
