"""Files other than PDF: known by their first bytes, checked, sent as they are."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from praticien.deposit import prepare
from praticien.documents.attached import (
    MAX_BYTES,
    EmptyFile,
    FileTooBig,
    UnusableFile,
    recognised,
    rtf_text,
    text_of,
)
from praticien.documents.cda_reader import read
from praticien.documents.errors import OtherPatient
from tests.praticien.forms import SOFTWARE_OID, prescription

RTF = rb"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\*\generator Riched20;}
\pard\b Conclusion\b0  : n\'e9 \u224?g\'e9, 3\~200 g.\par Rien \{de plus\}.\par}"""


def image(kind, blank=False):
    picture, out = Image.new("L", (40, 30), 255), io.BytesIO()
    if not blank:
        ImageDraw.Draw(picture).line((0, 0, 39, 29), 0)
    picture.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    "content, mime_type, format_code",
    [
        ("Bonjour, à revoir.".encode(), "text/plain", "urn:ihe:iti:xds-sd:text:2008"),
        (RTF, "application/rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010"),
        (image("JPEG"), "image/jpeg", "urn:ihe:iti-fr:xds-sd:jpeg:2010"),
        (image("TIFF"), "image/tiff", "urn:ihe:iti-fr:xds-sd:tiff:2010"),
    ],
)
def test_a_file_travels_as_it_is(content, mime_type, format_code):
    file = recognised(content, "fichier.bin")
    assert (file.mime_type, file.content) == (mime_type, content)
    submitted = prepare(prescription(body=file), software_oid=SOFTWARE_OID).documents[0]
    assert submitted.entry.format_code.code == format_code
    body = read(submitted.content).body
    assert (body.mime_type, body.content) == (mime_type, content)


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"", EmptyFile),
        (b" \n\t ", EmptyFile),
        (rb"{\rtf1{\fonttbl Arial;}\par }", EmptyFile),
        (image("JPEG", blank=True), EmptyFile),
        (image("TIFF", blank=True), EmptyFile),
        (image("JPEG")[:200], UnusableFile),
        (image("TIFF")[:20], UnusableFile),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, UnusableFile),
        ("déjà".encode("latin-1"), UnusableFile),
        (b"PK\x03\x04 docx", UnusableFile),
        (b"a" * (MAX_BYTES + 1), FileTooBig),
    ],
)
def test_what_cannot_be_sent_is_refused_where_it_is_chosen(content, kind):
    with pytest.raises(kind) as caught:
        recognised(content)
    assert caught.value.field == "pdf"


def test_the_mark_of_an_editor_is_no_part_of_a_text():
    assert recognised("\ufeffBonjour".encode()).content == b"Bonjour"


def test_the_words_of_an_rtf():
    assert rtf_text(RTF.decode()).split("\n") == ["Conclusion : né àgé, 3\u00a0200 g.", "Rien {de plus}.", ""]


@given(st.text(max_size=80) | st.text(r"{}\'*u0123456789 ab" + "\n", max_size=80))
def test_any_rtf_is_read_without_failing(words):
    rtf_text("{\\rtf1" + words)


def test_a_text_that_names_another_patient_is_stopped():
    file = recognised("Né le 01/01/1950".encode())
    assert "1950" in text_of(file)
    with pytest.raises(OtherPatient):
        prepare(prescription(body=file), software_oid=SOFTWARE_OID)
