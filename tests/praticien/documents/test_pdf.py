"""PDF rendered, checked, read."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.documents.errors import (
    EmptyPdf,
    EmptyText,
    EncryptedPdf,
    InvalidPdf,
    NotPdf,
    PdfTooBig,
    UnprintableText,
)
from praticien.documents.model import TypedText
from praticien.documents.pdf import MAX_PDF_BYTES, check_pdf, render, text_of
from praticien.identity import IdentityStatus, Patient
from tests.praticien.forms import FORMS, pdf_saying, prescription

PDF = render(prescription())
ROOT = Path(__file__).parents[3]


def words(text):
    return " ".join(text.split())


def test_everything_that_must_be_on_the_sheet():
    said = words(text_of(PDF))
    ins = people.SOLO.ins
    for expected in (
        "TESTEXEMPLE",
        "ZOÉ LÉA",
        "12/03/1987",
        "Féminin",
        "99999",
        f"{ins.matricule[:13]} {ins.matricule[13:]}",
        ins.oid,
        "Dr Jeanne TESTMED",
        "Médecine Générale",
        "CABINET DES LILAS (FICTIF)",
        "Le 20/11/2026",
        "Ordonnance du 20 novembre",
        "À revoir si fièvre.",
        "Page 1/1",
    ):
        assert expected in said


@pytest.mark.parametrize("status", [s for s in IdentityStatus if s is not IdentityStatus.QUALIFIED])
def test_the_matricule_is_printed_only_when_qualified(status):
    document = prescription(patient=Patient(people.SOLO.traits, status, people.SOLO.ins))
    said = text_of(render(document))
    assert people.SOLO.ins.matricule[:13] not in said
    assert "TESTEXEMPLE" in said


def test_used_name_is_shown_beside_the_birth_name():
    document = prescription(patient=replace(prescription().patient, used_name="TESTUSAGE"))
    said = text_of(render(document))
    assert "TESTUSAGE" in said
    assert "TESTEXEMPLE" in said


def test_the_same_document_gives_the_same_bytes_even_in_another_process():
    program = (
        "import hashlib; from tests.praticien.forms import prescription; from praticien.documents.pdf import render;"
        "print(hashlib.sha256(render(prescription())).hexdigest())"
    )
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_long_texts_make_several_pages_each_with_patient_and_number():
    body = TypedText("\n\n".join(f"Paragraphe {n} " + "du texte " * 60 for n in range(30)))
    content = render(prescription(body=body))
    pages = check_pdf(content).pages
    assert pages > 3
    said = text_of(content)
    for number in range(1, pages + 1):
        assert f"Page {number}/{pages}" in said
    assert said.count("TESTEXEMPLE ZOÉ, né(e) le 12/03/1987") == pages
    assert "Paragraphe 29" in said


@pytest.mark.parametrize(
    "text",
    [
        "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ àâäçéèêëîïôöùûüÿœæ",
        "« Guillemets », points… tirets – — l'été, l’été €",
        "Créatinine 80 µmol/L ± 5 ≤ 100 ≥ 60 x² 37,5 °C ½",
        "β-hCG, α-foetoprotéine",
        "<b>pas du gras</b> & <para> &amp; ]]>",
    ],
)
def test_characters_come_out_as_typed(text):
    assert words(text) in words(text_of(render(prescription(body=TypedText(text)))))


def test_unusual_blanks_and_arrows_have_a_printable_form():
    said = text_of(render(prescription(body=TypedText("1\u202f000 mg → 2\u2011 3\tfin\u2003et\u200b\x07 suite"))))
    assert "->" in said
    assert "fin et suite" in words(said.replace("\u00a0", " "))
    assert "2- 3" in words(said)


def test_lines_and_aligned_columns_are_kept():
    said = text_of(render(prescription(body=TypedText("Na    140\nK     4,0"))))
    lines = [line for line in said.splitlines() if line.startswith(("Na", "K "))]
    assert len(lines) == 2


@pytest.mark.parametrize(
    "text,missing", [("Prescription 处方", "处方"), ("عربي", None), ("ok 😀", "😀"), ("puce \uf0b7", "\uf0b7")]
)
def test_a_character_without_glyph_is_refused_never_dropped(text, missing):
    with pytest.raises(UnprintableText) as caught:
        render(prescription(body=TypedText(text)))
    assert caught.value.field == "text"
    if missing:
        assert set(caught.value.characters) == set(missing)


@pytest.mark.parametrize("text", ["", "  \n \t\n"])
def test_nothing_typed(text):
    with pytest.raises(EmptyText) as caught:
        render(prescription(body=TypedText(text)))
    assert caught.value.field == "text"


@given(st.text(max_size=300))
def test_any_text_renders_or_is_refused_by_name(text):
    try:
        content = render(prescription(body=TypedText(text)))
    except (EmptyText, UnprintableText):
        return
    assert check_pdf(content).pages >= 1


def test_a_word_wider_than_the_page():
    assert check_pdf(render(prescription(body=TypedText("x" * 5000)))).pages >= 1


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind != "imaging_report"])
def test_each_kind_renders(kind):
    assert check_pdf(render(FORMS[kind]())).size > 1000


# -- check -------------------------------------------------------------------------------------------------------


def encrypted(*, user):
    import io

    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(user, "owner", canPrint=0))
    canvas.drawString(50, 700, "secret")
    canvas.save()
    return out.getvalue()


def without_pages():
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n101\n%%EOF\n"
    )


@pytest.mark.parametrize(
    "content,error",
    [
        (b"", EmptyPdf),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), NotPdf),
        (b"PK\x03\x04 a word processor's file", NotPdf),
        (b"%PDF-1.7\nnothing else", NotPdf),
        (PDF[: len(PDF) // 3], NotPdf),
        (without_pages(), InvalidPdf),
        (encrypted(user="user"), EncryptedPdf),
        (encrypted(user=""), EncryptedPdf),
        (b"%PDF-" + bytes(MAX_PDF_BYTES), PdfTooBig),
    ],
    ids=["empty", "png", "zip", "header only", "cut", "no page", "password", "restricted", "too big"],
)
def test_what_cannot_be_sent(content, error):
    for act in (check_pdf, text_of):
        with pytest.raises(error) as caught:
            act(content)
        assert caught.value.field == "pdf"


def test_info():
    assert check_pdf(PDF).pages == 1
    assert check_pdf(PDF).size == len(PDF)


def test_a_pdf_without_text_says_nothing():
    assert text_of(pdf_saying("").content).strip() == ""


@given(st.integers(0, len(PDF) - 1), st.binary(min_size=1, max_size=40))
def test_damaged_pdfs_are_refused_or_read_never_crash(place, noise):
    damaged = PDF[:place] + noise + PDF[place + len(noise) :]
    try:
        check_pdf(damaged)
        text_of(damaged)
    except InvalidPdf as error:
        assert error.code.startswith("pdf.")  # noqa: PT017 (both outcomes are right)


def test_several_threads():
    """PDFium itself knows one caller at a time."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(text_of(PDF))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
