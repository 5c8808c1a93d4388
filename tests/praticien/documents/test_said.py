"""What a document says: the same whatever its identifiers, its dates and the program that exported it."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest

from praticien.deposit import prepare
from praticien.documents.errors import BlankPdf, Unchanged
from praticien.documents.model import AttachedFile, DocumentKind, PdfFile, ReplacedVersion, TypedText
from praticien.documents.prescription import Prescription, PrescriptionLine
from praticien.documents.prescription_posology import parse
from praticien.documents.said import digest
from praticien.documents.summary import Condition, MedicalSummary
from tests.praticien.forms import SOFTWARE_OID, lab_result, pdf_saying, prescription


def cda(document):
    return prepare(document, software_oid=SOFTWARE_OID).documents[0].content


def later(document):
    """The same document made again, ten days later."""
    ten = timedelta(days=10)
    return replace(
        document,
        unique_id="2.25.9001",
        set_id="2.25.9000",
        created_at=document.created_at + ten,
        service_start=document.service_start + ten,
        service_stop=None,
    )


def drugs(typed, until=date(2027, 2, 20)):
    return prescription(body=Prescription((PrescriptionLine("Paracétamol 1 g", parse(typed)),), until))


def with_image(shade, **canvas):
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out, invariant=1, **canvas)
    page.drawImage(ImageReader(Image.new("RGB", (20, 20), (shade, 0, 0))), 100, 100, 200, 200)
    page.save()
    return prescription(body=PdfFile(out.getvalue()))


SYNTHESIS = MedicalSummary(problems=(Condition("Asthme", since="2004"),), no_known_allergy=True)


@pytest.mark.parametrize(
    "document",
    [
        prescription(),
        lab_result(),
        prescription(body=pdf_saying("Compte rendu\nRien à signaler")),
        prescription(kind=DocumentKind.SUMMARY, body=SYNTHESIS),
        drugs("1 matin 5 j"),
        with_image(200),
        prescription(body=AttachedFile("Né à terme, 3 200 g".encode(), "text/plain")),
    ],
    ids=["typed", "lab", "pdf", "synthesis", "drugs", "image", "text"],
)
def test_the_same_said_again_has_the_same_digest(document):
    assert digest(cda(document)) == digest(cda(later(document)))
    assert digest(cda(document), with_day=True) != digest(cda(later(document)), with_day=True)


def test_another_export_of_the_same_pdf_says_the_same():
    assert digest(cda(with_image(200))) == digest(cda(with_image(200, pageCompression=1)))
    one, other = pdf_saying("Compte  rendu\nRien à signaler"), pdf_saying("Compte rendu Rien\nà signaler")
    assert one.content != other.content
    assert digest(cda(prescription(body=one))) == digest(cda(prescription(body=other)))


@pytest.mark.parametrize(
    "one, other",
    [
        (drugs("1 matin 5 j"), drugs("1 matin 6 j")),
        (drugs("1,5 matin"), drugs("15 matin")),
        (drugs("1 matin"), drugs("1 soir")),
        (with_image(200), with_image(201)),
        (prescription(body=pdf_saying("< 5")), prescription(body=pdf_saying("> 5"))),
        (prescription(body=pdf_saying("1 5")), prescription(body=pdf_saying("15"))),
        (prescription(body=TypedText("oui")), prescription(body=TypedText("non"))),
        (
            prescription(kind=DocumentKind.SUMMARY, body=SYNTHESIS),
            prescription(
                kind=DocumentKind.SUMMARY, body=replace(SYNTHESIS, problems=(Condition("Asthme", since="2005"),))
            ),
        ),
    ],
)
def test_anything_else_that_is_said_changes_the_digest(one, other):
    assert digest(cda(one)) != digest(cda(other))


def test_an_unchanged_new_version_is_refused():
    first = drugs("1 matin 5 j")
    former = ReplacedVersion(first.unique_id, "urn:uuid:0", digest(cda(first)))
    again = replace(later(first), version=2, replaces=former)
    with pytest.raises(Unchanged):
        cda(again)
    assert cda(replace(again, body=drugs("2 matin 5 j").body))


def test_blank_pages_are_no_document():
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    page = Canvas(out)
    page.drawString(100, 100, "   ")
    page.showPage()
    page.showPage()
    page.save()
    with pytest.raises(BlankPdf) as caught:
        cda(prescription(body=PdfFile(out.getvalue())))
    assert caught.value.field == "pdf"
