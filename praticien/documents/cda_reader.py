"""Reads any CI-SIS CDA R2 document: header summary, and body as an attached file or human-readable sections.

The bytes come from the network and are not trusted: no DOCTYPE, no entity, bounded size and depth. What is missing or
odd is left empty rather than refused: a professional must be able to read an imperfect document.
"""

from __future__ import annotations

from praticien.documents.cda_header import read_header
from praticien.documents.cda_model import AttachedBody, CdaDocument, Picture, Section, StructuredBody
from praticien.documents.cda_narrative import Pictures, read_blocks
from praticien.documents.cda_xml import HL7, Element, attribute, carried, child, children, parse, path, text
from praticien.documents.errors import NotCda, UnreadableBody
from praticien.metadata import Code


def read(content: bytes) -> CdaDocument:
    """Read a document.

    Raises NotCda, ForbiddenXml, CdaTooBig, UnreadableBody (all InvalidCda, field "document"), nothing else.
    """
    root = parse(content)
    if root.tag != f"{{{HL7}}}ClinicalDocument":
        raise NotCda("another root element")
    return CdaDocument(read_header(root), _body(root))


def _body(root: Element) -> AttachedBody | StructuredBody | None:
    if sum(len(children(root, f"component/{kind}")) for kind in ("nonXMLBody", "structuredBody")) > 1:
        raise UnreadableBody("several bodies")  # which of them was meant is not ours to guess
    attached = child(root, "component/nonXMLBody/text")
    if attached is not None:
        content = carried(attached)
        if content is None:
            raise UnreadableBody
        return AttachedBody(attribute(attached, "mediaType") or "text/plain", content)
    structured = child(root, "component/structuredBody")
    return None if structured is None else _structured(structured)


def _structured(body: Element) -> StructuredBody:
    pictures = _pictures(body)
    carried_once = {id(picture): picture for picture in pictures.values()}.values()
    attachments = [AttachedBody(p.mime_type, p.content) for p in carried_once if not p.mime_type.startswith("image/")]
    return StructuredBody(_sections(body, pictures), tuple(attachments))


def _pictures(body: Element) -> dict[str, Picture]:
    """Everything carried inside, by the ID that the narrative refers to; regions lead to the media inside them."""
    found: dict[str, Picture] = {}
    for number, media in enumerate(body.iter(path("observationMedia"))):
        value = child(media, "value")
        content = None if value is None else carried(value)
        if content is not None:
            found[attribute(media, "ID") or f"#{number}"] = Picture(attribute(value, "mediaType"), content)
    for region in body.iter(path("regionOfInterest")):
        media = next(region.iter(path("observationMedia")), None)
        picture = found.get(attribute(media, "ID"))
        if picture and attribute(region, "ID"):
            found[attribute(region, "ID")] = picture
    return found


def _sections(parent: Element, pictures: Pictures) -> tuple[Section, ...]:
    return tuple(_section(section, pictures) for section in children(parent, "component/section"))


def _section(section: Element, pictures: Pictures) -> Section:
    narrative, code = child(section, "text"), child(section, "code")
    label = attribute(code, "displayName")
    return Section(
        title=text(child(section, "title")) or label,
        code=Code(attribute(code, "code"), attribute(code, "codeSystem"), label) if attribute(code, "code") else None,
        blocks=() if narrative is None else read_blocks(narrative, pictures),
        sections=_sections(section, pictures),
    )
