"""CDA documents read: ours, official examples, hostile bytes."""

from __future__ import annotations

import base64
import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demonstration import people
from praticien.documents.cda_model import (
    AttachedBody,
    Cell,
    ListBlock,
    ListItem,
    Paragraph,
    Picture,
    Run,
    StructuredBody,
    Table,
    Timestamp,
)
from praticien.documents.cda_reader import read
from praticien.documents.cda_writer import build
from praticien.documents.cda_xml import MAX_BYTES
from praticien.documents.errors import CdaTooBig, ForbiddenXml, InvalidCda, NotCda, UnreadableBody
from praticien.documents.model import ReplacedVersion
from praticien.documents.pdf import MAX_PDF_BYTES, check_pdf
from tests.effort import examples
from tests.praticien.forms import FORMS, STUDY, imaging_report, pdf_saying, prescription
from tests.validators import ROOT, official

EXAMPLES = sorted((ROOT / "cda" / "examples").glob("*.xml"))
PDF = pdf_saying("contenu").content
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OURS = build(imaging_report(), PDF)


def document(body: str, header: str = "") -> bytes:
    return (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3">{header}<component>{body}</component></ClinicalDocument>'
    ).encode()


def structured(narrative: str, entries: str = "") -> bytes:
    section = f"<section><title>Titre</title><text>{narrative}</text>{entries}</section>"
    return document(f"<structuredBody><component>{section}</component></structuredBody>")


def blocks(narrative: str, entries: str = ""):
    body = read(structured(narrative, entries)).body
    assert isinstance(body, StructuredBody)
    return body.sections[0].blocks


# -- our own documents -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", list(FORMS))
def test_what_we_write_we_read(form):
    new = FORMS[form]()
    found = read(build(new, PDF))
    header = found.header
    assert header.identifier == new.unique_id
    assert (header.set_id, header.version) == (new.set_id, new.version)
    assert header.title == new.title
    assert header.type_code == new.kind.codes.type_code
    assert header.created.moment == new.created_at
    assert header.patient.ins == new.patient.ins
    assert header.patient.birth_name == new.patient.traits.birth_name
    assert header.patient.birth_first_names == " ".join(new.patient.traits.birth_first_names)
    assert header.patient.first_birth_name == new.patient.traits.first_name
    assert header.patient.birth_date.raw == new.patient.traits.birth_date
    assert header.patient.sex == new.patient.traits.sex.value
    assert header.patient.birth_place == new.patient.traits.birth_place
    assert [a.identifier for a in header.authors] == [new.author.professional.national_id]
    assert header.legal_authenticator.identifier == new.legal_authenticator.professional.national_id
    assert header.custodian.name == new.author.structure.name
    assert header.encounter.facility_type.code == new.author.structure.sector
    assert header.events[0].start.moment == new.service_start
    assert header.events[0].performer.family_name == new.author.professional.family_name
    assert (header.language, header.confidentiality.code) == ("fr-FR", "N")
    assert found.body == AttachedBody("application/pdf", PDF)


def test_imaging_header():
    header = read(OURS).header
    assert header.accession_numbers == (STUDY.accession_number,)
    assert header.orders == (f"{STUDY.accession_issuer}^{STUDY.accession_number}",)
    assert header.entered_by.part == "dataEnterer"
    assert header.entered_by.name == "Odile TESTSECRETAIRE"
    assert header.entered_by.specialty.display == "Secrétariat médical"
    assert header.authors[0].organisation.name == people.IMAGERIE.name
    assert header.authors[0].organisation.sector.code == "AMBULATOIRE"


def test_a_new_version():
    found = read(build(prescription(version=2, replaces=ReplacedVersion("2.25.77", "urn:uuid:1")), PDF))
    assert [(r.relation, r.identifier) for r in found.header.related] == [("RPLC", "2.25.77")]


def test_reprs_tell_no_name():
    found = read(OURS)
    assert "TESTIMAGE" not in f"{found!r} {found.header!r} {found.header.patient!r} {found.body!r}"


# -- official examples -------------------------------------------------------------------------------------------


@official
@pytest.mark.official
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_official_examples_open(path):
    found = read(path.read_bytes())
    header = found.header
    assert header.title
    assert header.type_code.code
    assert header.created.moment
    assert header.patient.ins.matricule
    assert header.patient.birth_name == "PAT-TROIS"
    assert header.patient.first_birth_name == "DOMINIQUE"
    assert header.patient.birth_date.text == "28/03/1979"
    assert header.authors[0].name
    assert header.legal_authenticator.family_name
    assert header.custodian.name
    assert header.encounter.facility_type.code.startswith("SA")
    if "N1" in path.stem or "Niveau-1" in path.stem:
        assert found.body.mime_type == "application/pdf"
        assert found.body.content.startswith(b"%PDF-")
    else:
        assert found.body.sections
        assert all(section.title for section in found.body.sections)
        assert all(a.content.startswith(b"%PDF-") for a in found.body.attachments)


@official
@pytest.mark.official
def test_an_official_prescription_shows_its_tables_and_pictures():
    (path,) = [p for p in EXAMPLES if "PosoStruct" in p.name]
    sections = read(path.read_bytes()).body.sections
    everything = list(walk(sections))
    assert any(isinstance(b, Picture) and b.mime_type == "image/jpeg" for b in everything)
    assert any(isinstance(b, Table) and b.header_rows for b in everything)


def walk(sections):
    for section in sections:
        yield from inside(section.blocks)
        yield from walk(section.sections)


def inside(found):
    for block in found:
        yield block
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from inside(cell.blocks)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from inside(item.blocks)


# -- narrative ---------------------------------------------------------------------------------------------------


def test_paragraphs_and_loose_text():
    assert blocks("  un <paragraph> deux\n  trois </paragraph> quatre ") == (
        Paragraph((Run("un"),)),
        Paragraph((Run("deux trois"),)),
        Paragraph((Run("quatre"),)),
    )


def test_styles_breaks_and_links():
    (paragraph,) = blocks(
        'a <content styleCode="Bold Underline">gras <content styleCode="Italics">et</content></content><br/>'
        '<linkHtml href="https://example.test/">lien</linkHtml>'
    )
    assert paragraph.runs == (
        Run("a "),
        Run("gras ", bold=True, underline=True),
        Run("et", bold=True, italic=True, underline=True),
        Run("\n"),
        Run("lien", link="https://example.test/"),
    )


def test_lists():
    (found,) = blocks(
        '<list listType="ordered"><caption>Soins</caption><item>un</item>'
        "<item>deux<list><item>deux bis</item></list></item></list>"
    )
    nested = ListBlock((ListItem((Paragraph((Run("deux bis"),)),)),))
    assert found == ListBlock(
        (ListItem((Paragraph((Run("un"),)),)), ListItem((Paragraph((Run("deux"),)), nested))), True, "Soins"
    )


def test_tables():
    (found,) = blocks(
        '<table><caption>T</caption><thead><tr><th colspan="2">Examen</th></tr></thead>'
        '<tbody><tr><td rowspan="3">Na</td><td>140</td></tr></tbody></table>'
    )
    assert found == Table(
        (
            (Cell((Paragraph((Run("Examen"),)),), header=True, columns=2),),
            (Cell((Paragraph((Run("Na"),)),), rows=3), Cell((Paragraph((Run("140"),)),))),
        ),
        1,
        "T",
    )


@pytest.mark.parametrize("span,kept", [("999999999", 100), ("0", 1), ("-3", 1), ("x", 1), ("", 1), ("9" * 5000, 1)])
def test_absurd_spans(span, kept):
    (table,) = blocks(f'<table><tr><td colspan="{span}">x</td></tr></table>')
    assert table.rows[0][0].columns == kept


def media(identifier, mime, content):
    encoded = base64.b64encode(content).decode()
    value = f'<value mediaType="{mime}" representation="B64">{encoded}</value>'
    return f'<entry><observationMedia ID="{identifier}">{value}</observationMedia></entry>'


def test_pictures_and_attachments():
    narrative = '<renderMultiMedia referencedObject="i absent p"><caption>Schéma</caption></renderMultiMedia>'
    found = read(structured(narrative, media("i", "image/png", PNG) + media("p", "application/pdf", PDF)))
    assert found.body.sections[0].blocks == (
        Picture("image/png", PNG, "Schéma"),
        Paragraph((Run("Schéma [image absente du document]"),)),
        Picture("application/pdf", PDF, "Schéma"),
    )
    assert found.body.attachments == (AttachedBody("application/pdf", PDF),)


def test_a_region_of_interest_shows_its_picture():
    inner = media("i", "image/png", PNG).replace("<entry>", "").replace("</entry>", "")
    entry = f'<entry><regionOfInterest ID="r"><entryRelationship>{inner}</entryRelationship></regionOfInterest></entry>'
    assert blocks('<renderMultiMedia referencedObject="r"/>', entry) == (Picture("image/png", PNG),)


def test_an_undecodable_picture_is_named():
    bad = media("i", "image/png", PNG).replace("iVBOR", "§§§§§")
    assert blocks('texte <renderMultiMedia referencedObject="i"/>', bad) == (
        Paragraph((Run("texte"),)),
        Paragraph((Run("[image absente du document]"),)),
    )


# -- bodies and headers ------------------------------------------------------------------------------------------


def test_text_body():
    found = read(document('<nonXMLBody><text mediaType="text/plain">Bonjour é</text></nonXMLBody>'))
    assert found.body.text == "Bonjour é"


def test_no_body():
    assert read(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>').body is None


@pytest.mark.parametrize(
    "body",
    [
        '<text mediaType="application/pdf" representation="B64">%%%</text>',
        '<text mediaType="application/pdf" representation="B64"></text>',
        '<text mediaType="application/pdf" representation="B64" compression="DF">AAAA</text>',
        '<text mediaType="application/pdf"><reference value="http://example.test/x.pdf"/></text>',
    ],
)
def test_a_body_that_cannot_be_decoded_is_told(body):
    with pytest.raises(UnreadableBody):
        read(document(f"<nonXMLBody>{body}</nonXMLBody>"))


def test_an_empty_header_is_read_as_empty():
    header = read(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>').header
    assert (header.title, header.identifier, header.authors, header.patient.ins, header.version) == (
        "",
        "",
        (),
        None,
        None,
    )


def test_a_matricule_with_a_wrong_key_is_no_ins_but_stays_visible():
    ids = '<id root="1.2.250.1.213.1.4.10" extension="287039999910193"/><id root="1.2.3" extension="IPP1"/>'
    header = read(document("", f"<recordTarget><patientRole>{ids}</patientRole></recordTarget>")).header
    assert header.patient.ins is None
    assert header.patient.identifiers[1] == ("1.2.3", "IPP1")


@pytest.mark.parametrize("version,read_as", [("2", 2), ("x", None), ("٣", None), ("9" * 50, None), ("-1", None)])
def test_odd_versions(version, read_as):
    assert read(document("", f'<versionNumber value="{version}"/>')).header.version == read_as


@pytest.mark.parametrize("prefix", ["", "x:", "cda:"])
def test_any_prefix(prefix):
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    content = (
        f'<{prefix}ClinicalDocument {name}="urn:hl7-org:v3"><{prefix}title>T</{prefix}title></{prefix}ClinicalDocument>'
    )
    assert read(content.encode()).header.title == "T"


def test_a_device_as_author():
    author = (
        "<author><assignedAuthor><assignedAuthoringDevice><manufacturerModelName>M</manufacturerModelName>"
        "<softwareName>Logiciel</softwareName></assignedAuthoringDevice></assignedAuthor></author>"
    )
    assert read(document("", author)).header.authors[0].name == "Logiciel"


@pytest.mark.parametrize(
    "raw,text,has_moment",
    [
        ("20260312101500+0100", "12/03/2026 10:15", True),
        ("202603121015+0100", "12/03/2026 10:15", True),
        ("20260312101500.123-0430", "12/03/2026 10:15", True),
        ("20260312101500", "12/03/2026 10:15", False),
        ("20260312", "12/03/2026", False),
        ("202603", "03/2026", False),
        ("2026", "2026", False),
        ("20261342101500+0100", "42/13/2026 10:15", False),
        ("20260312101500+9999", "12/03/2026 10:15", False),
        ("jadis", "jadis", False),
    ],
)
def test_times(raw, text, has_moment):
    assert Timestamp(raw).text == text
    assert (Timestamp(raw).moment is not None) is has_moment


@given(st.text(max_size=30))
def test_times_never_raise(raw):
    assert Timestamp(raw).text is not None
    assert Timestamp(raw).moment is None or Timestamp(raw).moment.tzinfo


# -- hostile bytes -----------------------------------------------------------------------------------------------

BOMB = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE ClinicalDocument>",
        '<!DOCTYPE x SYSTEM "http://example.test/x.dtd">',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        BOMB,
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_no_doctype_no_entity(prolog, encoding):
    declaration = f'<?xml version="1.0" encoding="{"utf-16" if "16" in encoding else encoding}"?>'
    use = "&e;" if "ENTITY e" in prolog else "&j;" if prolog is BOMB else ""
    text = f'{declaration}{prolog}<ClinicalDocument xmlns="urn:hl7-org:v3"><title>{use}</title></ClinicalDocument>'
    with pytest.raises(InvalidCda) as caught:
        read(text.encode(encoding))
    if encoding == "utf-8":
        assert isinstance(caught.value, ForbiddenXml)


@pytest.mark.parametrize(
    "content,error",
    [
        (b"", NotCda),
        (b"%PDF-1.4", NotCda),
        (b"<ClinicalDocument/>", NotCda),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', NotCda),
        (OURS[: len(OURS) // 2], NotCda),
        (b"<a>" * 150 + b"</a>" * 150, CdaTooBig),
        (b"<a>" * 100_000, InvalidCda),
        (b"<a" + b" " * MAX_BYTES + b"/>", CdaTooBig),
        (b'<a b="' + b"x" * 11_000_000 + b'"/>', CdaTooBig),
        (b"\xff\xfe\x00<", NotCda),
    ],
    ids=["empty", "pdf", "no namespace", "fhir", "cut", "deep", "very deep", "huge", "huge attribute", "noise"],
)
def test_other_bytes(content, error):
    with pytest.raises(error) as caught:
        read(content)
    assert caught.value.field == "document"


def test_deep_narrative_within_the_limit():
    deep = "<content>" * 80 + "x" + "</content>" * 80
    assert blocks(deep) == (Paragraph((Run("x"),)),)
    nested = "<list><item>" * 40 + "x" + "</item></list>" * 40
    assert isinstance(blocks(nested)[0], ListBlock)


def mutate(data: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    mutated = bytearray(data)
    for place, length, noise in cuts:
        start = place % (len(mutated) + 1)
        mutated[start : start + length] = noise
    return bytes(mutated)


SHORT = build(imaging_report(), b"%PDF-1.4 tiny")
TAGS = sorted({b"<%s>" % tag for tag in (b"id", b"name", b"table", b"tr", b"text", b"list", b"section")})
cuts = st.lists(
    st.tuples(
        st.integers(0, 10**6),
        st.integers(0, 30),
        st.one_of(
            st.binary(max_size=8), st.sampled_from([*TAGS, b'"', b"", b"&#0;", b"&lt;", b"<!--", b"-->", b"]]>"])
        ),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=examples(200))
@given(cuts)
def test_mutated_documents_never_crash(changes):
    try:
        found = read(mutate(SHORT, changes))
    except InvalidCda as error:
        assert error.code.startswith("cda.")  # noqa: PT017 (both outcomes are right)
        return
    assert dataclasses.is_dataclass(found)


BLOCK_TAGS = ["paragraph", "list", "item", "table", "thead", "tbody", "tr", "td", "th", "renderMultiMedia"]
tags = st.sampled_from([*BLOCK_TAGS, "content", "br", "caption", "sup", "other"])
narratives = st.recursive(
    st.text(alphabet="abc é\n", max_size=6),
    lambda inner: st.builds(lambda t, parts: f"<{t}>{''.join(parts)}</{t}>", tags, st.lists(inner, max_size=4)),
    max_leaves=25,
)


@settings(max_examples=examples(200))
@given(narratives)
def test_any_nesting_of_the_narrative_keeps_its_text(narrative):
    """Whatever the order of the elements, letters outside tables and captions are not lost."""
    found = blocks(narrative)
    if not any(f"<{tag}>" in narrative for tag in ("table", "list", "caption", "renderMultiMedia")):
        kept = "".join(run.text for block in found for run in block.runs)
        typed = "".join(part.split(">")[-1] for part in narrative.split("<"))
        assert "".join(kept.split()) == "".join(typed.split())


def test_the_largest_pdf_that_may_leave_can_be_read_by_a_cautious_reader():
    largest = PDF + b"\n%" + b"x" * (MAX_PDF_BYTES - len(PDF) - 2)
    assert check_pdf(largest).size == MAX_PDF_BYTES
    assert read(build(prescription(), largest)).body.content == largest


@pytest.mark.parametrize(
    "narrative, said",
    [
        ("Leucocytes 10<sup>9</sup>/L", "Leucocytes 10⁹/L"),  # never 109
        ("1<sup>er</sup> jour, CO<sub>2</sub>", "1er jour, CO₂"),
        ('<content revised="delete">Pénicilline</content> rien', "[supprimé\u00a0: Pénicilline] rien"),
        ("5,1<footnote>à jeun</footnote>", "5,1 [note\u00a0: à jeun]"),
        ('5,1<footnoteRef IDREF="n1"/>', "5,1 [voir note]"),
        ("a<br/>b", "a\nb"),
    ],
)
def test_what_style_alone_would_say_is_said_in_words(narrative, said):
    (paragraph,) = blocks(narrative)
    assert "".join(run.text for run in paragraph.runs) == said


def test_captions_of_items_are_read():
    (found,) = blocks("<list><item><caption>Cœur</caption>régulier</item></list>")
    assert [run.text for block in found.items[0].blocks for run in block.runs] == ["Cœur", "régulier"]


def test_words_in_cells_and_on_lines_stay_apart():
    narrative = "<table><caption>a<br/>b<sup>2</sup><content revised='delete'>c</content></caption></table>"
    assert blocks(narrative)[0].caption == "a b²"


@pytest.mark.parametrize(
    "bodies", ["<nonXMLBody><text>a</text></nonXMLBody><structuredBody/>", "<structuredBody/>" * 2]
)
def test_several_bodies_are_not_chosen_from(bodies):
    with pytest.raises(UnreadableBody):
        read(document(bodies))
