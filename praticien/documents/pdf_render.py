"""Typed text or a prescription as an A4 PDF: strict traits, INS, author, structure, date, title, text, page numbers.

The same document gives the same bytes. Fonts are embedded; a character they do not have is refused, never dropped.
"""

from __future__ import annotations

import io
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from praticien.documents import imaging_pdf, lab_pdf, prescription_pdf, summary_pdf
from praticien.documents.errors import EmptyText, UnprintableText
from praticien.documents.imaging import ImagingReport
from praticien.documents.lab_report import LabReport
from praticien.documents.model import NewDocument, Party, PdfFile, TypedText
from praticien.documents.nomenclatures import author_specialty
from praticien.documents.prescription import Prescription
from praticien.documents.summary import MedicalSummary
from praticien.identity import IdentityStatus, Patient, Sex

_FONTS = {"Praticien": "Vera.ttf", "Praticien-Bold": "VeraBd.ttf"}
_EQUAL = str.maketrans({"\u2011": "-", "\t": "    ", "→": "->", "№": "N°", "μ": "µ", "Μ": "M"})
_GREEK = re.compile(r"([Α-ΡΣ-Ωα-ω]+)")
_INK, _SOFT, _RULE = "#1b2a41", "#5b6b7f", "#c6d0dc"
_MARGIN = 56  # points, about 2 cm


def render(document: NewDocument) -> bytes:
    """The typed text or the structured body as an A4 PDF.

    Raises EmptyText, UnprintableText (field "text"; of a prescription, the line or the comment; of a report, "lab").
    """
    if isinstance(document.body, PdfFile):
        raise TypeError("a PDF is not rendered again")
    if isinstance(document.body, TypedText) and not document.body.text.strip():
        raise EmptyText
    pages = _build(document, total=0)[1]
    return _build(document, total=pages)[0]


def _build(document: NewDocument, total: int) -> tuple[bytes, int]:
    """The PDF and its number of pages; ``total`` is what the footer says."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    _register_fonts()
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 10,
        title=document.title,
        author=_name(document.author),
        lang="fr-FR",
        invariant=1,
    )

    def footer(canvas: Any, template: Any) -> None:
        _draw_footer(canvas, document, template.page, total)

    template.build(_story(document), onFirstPage=footer, onLaterPages=footer)
    return out.getvalue(), template.page


@cache
def _register_fonts() -> None:
    import reportlab
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in _FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily("Praticien", normal="Praticien", bold="Praticien-Bold")


def _story(document: NewDocument) -> list[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import HRFlowable, KeepTogether, Paragraph, Spacer

    def style(name: str, size: float, **more: Any) -> Any:
        font = more.pop("font", "Praticien")
        color = more.pop("color", _INK)
        return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.45, textColor=color, **more)

    body = style("body", 10, spaceAfter=8)
    title = style("title", 15, font="Praticien-Bold", spaceBefore=16, spaceAfter=10)
    right = style("right", 9, alignment=2)
    story: list[Any] = [
        _heading(document, style("who", 9), right),
        Spacer(1, 12),
        _patient_box(document.patient, style("small", 9), style("label", 7, color=_SOFT)),
        Paragraph(markup(document.title), title),
        HRFlowable(width="100%", color=_RULE, thickness=0.7, spaceAfter=10),
    ]
    if isinstance(document.body, Prescription):
        story += prescription_pdf.story(document, document.body, body, markup)
    elif isinstance(document.body, LabReport):
        story += lab_pdf.story(document.body, body, markup)
    elif isinstance(document.body, ImagingReport):
        story += imaging_pdf.story(document.body, body, markup)
    elif isinstance(document.body, MedicalSummary):
        story += summary_pdf.story(document.body, body, markup)
    else:
        story += [Paragraph(paragraph, body) for paragraph in _paragraphs(document.body)]
    story.append(KeepTogether([Spacer(1, 18), Paragraph(_signature(document), right)]))
    return story


def _heading(document: NewDocument, style: Any, right: Any) -> Any:
    """Author and structure on the left, date on the right."""
    from reportlab.platypus import Paragraph

    author = document.author
    left = [
        f'<font name="Praticien-Bold">{markup(_name(author))}</font>',
        markup(author_specialty(author.professional).display),
        markup(author.structure.name),
        f'<font color="{_SOFT}">Structure {markup(author.structure.national_id)}</font>',
    ]
    date = f"Le {document.created_at:%d/%m/%Y}"
    return _two_columns(Paragraph("<br/>".join(left), style), Paragraph(date, right))


def _patient_box(patient: Patient, style: Any, label: Any) -> Any:
    """The strict traits, always all five, then the INS and its OID when the identity is qualified."""
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Paragraph, Table, TableStyle

    cells = [[Paragraph(markup(name), label), Paragraph(markup(value), style)] for name, value in traits_of(patient)]
    half = (len(cells) + 1) // 2
    rows = [cells[i] + (cells[i + half] if i + half < len(cells) else ["", ""]) for i in range(half)]
    table = Table(rows, colWidths=[92, 150, 92, 149])
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.7, HexColor(_RULE)),
                ("BACKGROUND", (0, 0), (-1, -1), HexColor("#f5f7fa")),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _two_columns(left: Any, right: Any) -> Any:
    from reportlab.platypus import Table, TableStyle

    table = Table([[left, right]], colWidths=[343, 140])
    flush = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)]
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *flush]))
    return table


def traits_of(patient: Patient) -> list[tuple[str, str]]:
    """French labels and values of the strict traits, and the INS when qualified."""
    traits = patient.traits
    rows = [
        ("Nom de naissance", traits.birth_name),
        ("Prénom(s)", " ".join(traits.birth_first_names)),
        ("Né(e) le", french_date(traits.birth_date)),
        ("Sexe", "Masculin" if traits.sex is Sex.MALE else "Féminin"),
        ("Lieu (code INSEE)", traits.birth_place or "inconnu"),
    ]
    if patient.used_name:
        rows.append(("Nom utilisé", patient.used_name))
    if patient.ins and patient.status is IdentityStatus.QUALIFIED:
        rows.append(("Matricule INS", f"{patient.ins.matricule[:13]} {patient.ins.matricule[13:]}"))
        rows.append(("OID", patient.ins.oid))
    return rows


def french_date(compact: str) -> str:
    """``19870312`` as ``12/03/1987``; lunar dates the same way, digit for digit."""
    return f"{compact[6:8]}/{compact[4:6]}/{compact[:4]}"


def _paragraphs(body: object) -> list[str]:
    text = body.text if isinstance(body, TypedText) else ""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip("\n"))
    return ["<br/>".join(markup(line) for line in block.split("\n")) for block in blocks if block.strip()]


def _signature(document: NewDocument) -> str:
    signer = document.legal_authenticator
    who = f"{_name(signer)}, {author_specialty(signer.professional).display}"
    return f"{markup(who)}<br/>{markup(signer.structure.name)}"


def _name(party: Party) -> str:
    title = "Dr " if party.professional.is_physician else ""
    return f"{title}{party.professional.given_name} {party.professional.family_name}"


def markup(text: str) -> str:
    """Text safe for reportlab's paragraphs: escaped, several blanks kept, Greek letters in the Symbol font."""
    plain = unicodedata.normalize("NFC", text).translate(_EQUAL)
    plain = "".join(_visible(c) for c in plain)
    _refuse_missing(plain)
    kept = re.sub(r" {2,}", lambda m: "\u00a0" * len(m[0]), escape(plain))
    return _GREEK.sub(r'<font name="Symbol">\1</font>', kept)


def _visible(character: str) -> str:
    """Blanks of every width as one that does not break, controls and joiners as nothing."""
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") and character != " ":
        return "\u00a0"
    return "" if category in ("Cc", "Cf") else character


def _refuse_missing(text: str) -> None:
    known = _glyphs()
    missing = {c for c in text if ord(c) not in known and not _GREEK.match(c)}
    if missing:
        raise UnprintableText("".join(sorted(missing)))


@cache
def _glyphs() -> frozenset[int]:
    """Characters of the regular face; the bold one has the same."""
    from reportlab.pdfbase import pdfmetrics

    _register_fonts()
    return frozenset(pdfmetrics.getFont("Praticien").face.charToGlyph)


def _draw_footer(canvas: Any, document: NewDocument, page: int, total: int) -> None:
    """Patient and page number on every page, so that a loose sheet still says whose it is."""
    traits = document.patient.traits
    who = f"{traits.birth_name} {traits.first_name}, né(e) le {french_date(traits.birth_date)}"
    canvas.saveState()
    canvas.setFont("Praticien", 7.5)
    canvas.setFillColor(_SOFT)
    canvas.drawString(_MARGIN, 34, who)
    canvas.drawRightString(canvas._pagesize[0] - _MARGIN, 34, f"Page {page}/{total}")
    canvas.restoreState()
