"""The coded entries of any CI-SIS document, as a tree of ``Entry``: nothing here knows a document type.

Source: CDA R2 clinical statements (POCD_HD000040). What is missing or odd is left out, never refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from praticien.documents.cda_xml import HL7, Element, attribute, child, children, elements, name_of, parse, text
from praticien.documents.coded.model import Actor, Concept, Entry, Period, Product, Range, Ratio, Source, Value
from praticien.documents.coded.narrative import Narrative
from praticien.documents.coded.values import concept, interval, periods, quantity, ratio, reference_of, value, words_of
from praticien.documents.errors import NotCda

_STATEMENTS = frozenset(
    {"act", "encounter", "observation", "organizer", "procedure", "supply", "substanceAdministration"}
)


def root_of(content: bytes) -> Element:
    """The ClinicalDocument. Raises NotCda, ForbiddenXml, CdaTooBig (all InvalidCda, field "document"), nothing else."""
    root = parse(content)
    if root.tag != f"{{{HL7}}}ClinicalDocument":
        raise NotCda("another root element")
    return root


def entries(root: Element) -> tuple[Entry, ...]:
    """Top-level entries of every section, in document order."""
    identifier = child(root, "id")
    named = attribute(identifier, "root"), attribute(identifier, "extension")
    reader = _Reader("^".join(part for part in named if part), Narrative())
    body = child(root, "component/structuredBody")
    for block in [] if body is None else body.iter(f"{{{HL7}}}text"):
        if name_of(block.getparent()) == "section":
            reader.narrative.add(block)
    return tuple(entry for section in children(body, "component/section") for entry in reader.section(section))


class _Reader:
    """One document being read. References point anywhere in it: the field does not keep to the section."""

    def __init__(self, document: str, narrative: Narrative) -> None:
        self._document, self.narrative = document, narrative

    def section(self, section: Element) -> Iterator[Entry]:
        code = child(section, "code")
        title = text(child(section, "title")) or attribute(code, "displayName")
        place = Source(self._document, title, attribute(code, "code"))
        for entry in children(section, "entry"):
            for item in elements(entry):
                if name_of(item) in _STATEMENTS:
                    found = self._entry(item, "", place)
                    yield replace(found, templates=(*_templates(entry), *found.templates))  # XD-LAB types the entry
        for inner in children(section, "component/section"):
            yield from self.section(inner)

    def _entry(self, item: Element, relation: str, place: Source) -> Entry:
        narrative, code = self.narrative, child(item, "code")
        return Entry(
            kind=name_of(item),
            relation=relation,
            templates=_templates(item),
            code=concept(code, narrative),
            source=self._source(item, place),
            mood=attribute(item, "moodCode") or "EVN",
            negated=attribute(item, "negationInd") == "true",
            status=attribute(child(item, "statusCode"), "code"),
            times=tuple(period for time in children(item, "effectiveTime") for period in periods(time, narrative)),
            values=tuple(self._values(item)),
            interpretations=tuple(concept(found, narrative) for found in children(item, "interpretationCode")),
            method=self._concept(item, "methodCode"),
            ranges=tuple(self._ranges(item)),
            product=self._product(item),
            dose=interval(child(item, "doseQuantity"), narrative),
            rate=interval(child(item, "rateQuantity"), narrative),
            max_doses=tuple(found for dose in children(item, "maxDoseQuantity") if (found := ratio(dose))),
            route=self._concept(item, "routeCode"),
            repeats=_whole(attribute(child(item, "repeatNumber"), "value")),
            amount=quantity(child(item, "quantity")),
            use_time=self._use_time(item),
            precondition=words_of(child(item, "precondition/criterion/text"), narrative),
            actors=tuple(self._actors(item)),
            children=tuple(self._below(item, place)),
        )

    def _source(self, item: Element, place: Source) -> Source:
        """The narrative of the statement itself, else of its code, value or agent."""
        for holder in ("text", "code/originalText", "value/originalText", "code"):
            reference = reference_of(child(item, holder))
            row = self.narrative.row(reference)
            if row:
                words = self.narrative.words(reference)
                return Source(place.document, place.section, place.section_code, words, row, reference)
        return place

    def _concept(self, item: Element, name: str) -> Concept | None:
        found = child(item, name)
        return None if found is None else concept(found, self.narrative)

    def _values(self, item: Element) -> Iterator[Value]:
        for element in children(item, "value"):
            found = value(element, self.narrative)
            if found is not None:
                yield found

    def _ranges(self, item: Element) -> Iterator[Range]:
        for found in children(item, "referenceRange/observationRange"):
            yield Range(interval(child(found, "value")), words_of(child(found, "text"), self.narrative))

    def _product(self, item: Element) -> Product | None:
        made = child(item, "consumable/manufacturedProduct/manufacturedMaterial")
        made = made if made is not None else child(item, "product/manufacturedProduct/manufacturedMaterial")
        if made is None:
            return None
        found = Product(
            code=concept(child(made, "code"), self.narrative),
            name=text(child(made, "name")),
            form=concept(made.find("{*}formCode"), self.narrative).text,  # in a namespace of IHE pharmacy
            lot=text(child(made, "lotNumberText")),
            strengths=tuple(self._strengths(made)),
        )
        return found if found.text else None

    @staticmethod
    def _strengths(made: Element) -> Iterator[Ratio]:
        for amount in made.iterfind("{*}ingredient/{*}quantity"):
            found = ratio(amount)
            if found:
                yield found

    def _use_time(self, item: Element) -> Period | None:
        element = child(item, "expectedUseTime")
        return None if element is None else next(periods(element, self.narrative), None)

    def _actors(self, item: Element) -> Iterator[Actor]:
        for participant in children(item, "participant"):
            role = child(participant, "participantRole")
            thing = child(role, "playingEntity")
            thing = thing if thing is not None else child(role, "playingDevice")
            yield self._actor(attribute(participant, "typeCode"), child(thing, "code"), text(child(thing, "name")))
        specimen = child(item, "specimen/specimenRole/specimenPlayingEntity")
        if specimen is not None:
            yield self._actor("specimen", child(specimen, "code"), text(child(specimen, "name")))
        subject = child(item, "subject/relatedSubject/code")
        if subject is not None:
            yield self._actor("subject", subject, "")

    def _actor(self, part: str, code: Element | None, name: str) -> Actor:
        return Actor(part, concept(code, self.narrative), name)

    def _below(self, item: Element, place: Source) -> Iterator[Entry]:
        for link in [*children(item, "entryRelationship"), *children(item, "component")]:
            for inner in elements(link):
                if name_of(inner) in _STATEMENTS:
                    yield self._entry(inner, attribute(link, "typeCode") or "COMP", place)


def _templates(item: Element) -> tuple[str, ...]:
    return tuple(attribute(template, "root") for template in children(item, "templateId"))


def _whole(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else None
