"""What a regulator sees first: allergies, treatments, implants, advance directives, contacts, each with its source.

Assembled from the documents that carry such things: by their type, and inside structured ones by the code of the
section. "Nothing found" is said as such, and is not "none". Sources: JDV_J07 (types), LOINC section codes of the
CI-SIS (VSM, discharge letters, eP-MED-DM); the choice of types and the limits are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from praticien.documents import cda_reader
from praticien.documents.cda_model import (
    AttachedBody,
    Block,
    CdaDocument,
    ListBlock,
    Paragraph,
    Participant,
    Picture,
    Section,
    StructuredBody,
    Table,
)
from praticien.documents.coded.facts import CodedFacts
from praticien.documents.coded.facts import Fact as CodedFact
from praticien.documents.coded.reading import read_facts
from praticien.documents.errors import InvalidCda
from praticien.matching import fold
from praticien.metadata import DocumentEntry

MOST_OF_A_KIND = 2
"""Documents read of each type, the newest first: a minimum view does not read the whole dossier."""
MOST_LINES = 5
"""Lines of a topic on the first screen; the rest is in the source."""
_LONGEST = 240


class Topic(Enum):
    """The five questions, in the order they are asked."""

    ALLERGIES = "allergies"
    TREATMENTS = "treatments"
    IMPLANTS = "implants"
    DIRECTIVES = "directives"
    CONTACTS = "contacts"


_SECTIONS = {
    "48765-2": Topic.ALLERGIES,
    "10160-0": Topic.TREATMENTS,
    "57828-6": Topic.TREATMENTS,
    "46264-8": Topic.IMPLANTS,
    "42348-3": Topic.DIRECTIVES,
    "42349-1": Topic.DIRECTIVES,
}
_SUMMARIES = ("60591-5", "SYNTH", "DOCPAT08", "74207-2", "34133-9", "11490-0")
_BY_TYPE = {
    "57833-6": Topic.TREATMENTS,
    "60593-1": Topic.TREATMENTS,
    "101881-1": Topic.IMPLANTS,
    "EXPPAT_3": Topic.DIRECTIVES,
    "EXPPAT_1": Topic.DIRECTIVES,
    "FICHE-CONTACTS": Topic.CONTACTS,
}
_ORDERS = ("57833-6", "60593-1")
_CONTACT_CLASSES = ("informant", "participant")


@dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """One line, with the document it comes from.

    ``is_whole_document``: its content is read in the document itself. ``is_doubtful``: the codes of the document say
    something else than its text.
    """

    topic: Topic
    text: str
    source: DocumentEntry
    is_whole_document: bool = False
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class MinimumView:
    """``unread``: documents that could not be had; ``others``: how many more the dossier holds for this reader."""

    facts: tuple[Fact, ...] = ()
    looked_at: tuple[DocumentEntry, ...] = ()
    unread: tuple[DocumentEntry, ...] = ()
    others: int = 0

    def about(self, topic: Topic) -> tuple[Fact, ...]:
        """The facts of one topic, newest source first."""
        return tuple(fact for fact in self.facts if fact.topic is topic)


def chosen(entries: Iterable[DocumentEntry]) -> tuple[DocumentEntry, ...]:
    """The documents to read for the view: of each type that carries such facts, the newest."""
    counted: dict[str, int] = {}
    kept = []
    for entry in sorted(entries, key=lambda one: one.creation_time, reverse=True):
        code = entry.type_code.code
        if (code in _SUMMARIES or code in _BY_TYPE) and counted.get(code, 0) < MOST_OF_A_KIND:
            counted[code] = counted.get(code, 0) + 1
            kept.append(entry)
    return tuple(kept)


def build(read: Sequence[tuple[DocumentEntry, bytes]]) -> MinimumView:
    """The view out of documents as retrieved. One that cannot be parsed is named among ``unread``."""
    facts: list[Fact] = []
    looked_at, unread = [], []
    for entry, content in read:
        try:
            facts += _facts(entry, cda_reader.read(content), read_facts(content))
            looked_at.append(entry)
        except InvalidCda:
            unread.append(entry)
    return MinimumView(tuple(_without_repeats(facts)), tuple(looked_at), tuple(unread))


def _facts(entry: DocumentEntry, document: CdaDocument, coded: CodedFacts) -> Iterator[Fact]:
    body, entries = document.body, list(_coded_lines(coded))
    doubtful = {_key(line) for _topic, line, sure in entries if not sure}
    lines = [*_lines_of_sections(_all_sections(body)), *((topic, line) for topic, line, _sure in entries)]
    if entry.type_code.code in _ORDERS:  # a device that is ordered is no implant
        lines = [(topic, line) for topic, line in lines if topic is Topic.TREATMENTS]
    found = [Fact(topic, line, entry, is_doubtful=_key(line) in doubtful) for topic, line in lines]
    topic = _BY_TYPE.get(entry.type_code.code)
    if topic and not any(fact.topic is topic for fact in found):
        found.append(_whole(entry, topic, body))
    yield from found
    yield from (Fact(Topic.CONTACTS, _contact(one), entry) for one in document.header.others if _is_contact(one))


def _coded_lines(coded: CodedFacts) -> Iterator[tuple[Topic, str, bool]]:
    """What is coded wherever it stands, in the words of the narrative beside it; and whether both agree."""
    groups: tuple[tuple[Topic, Iterable[CodedFact]], ...] = (
        (Topic.ALLERGIES, coded.allergies),
        (Topic.TREATMENTS, coded.treatments),
        (Topic.IMPLANTS, coded.devices),
    )
    for topic, facts in groups:
        for fact in facts:
            line = _row([cell for _heading, cell in fact.source.row]) or _short(fact.source.words)
            if line:
                yield topic, line, fact.is_sure


def _whole(entry: DocumentEntry, topic: Topic, body: AttachedBody | StructuredBody | None) -> Fact:
    """A document whose type says what it is about, and whose content no code tells."""
    text = body.text.strip() if isinstance(body, AttachedBody) else ""
    return Fact(topic, _short(text), entry) if text else Fact(topic, entry.title, entry, is_whole_document=True)


def _all_sections(body: AttachedBody | StructuredBody | None) -> Iterator[Section]:
    waiting = list(body.sections) if isinstance(body, StructuredBody) else []
    while waiting:
        section = waiting.pop(0)
        yield section
        waiting = [*section.sections, *waiting]


def _lines_of_sections(sections: Iterable[Section]) -> Iterator[tuple[Topic, str]]:
    for section in sections:
        topic = _SECTIONS.get(section.code.code) if section.code else None
        if topic:
            yield from ((topic, line) for block in section.blocks for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    """One line a paragraph, a list item, a table row."""
    if isinstance(block, Paragraph):
        yield from filter(None, (_short(line) for line in _text(block).split("\n")))
    elif isinstance(block, ListBlock):
        for item in block.items:
            yield from filter(None, [_short(" ".join(_flat(item.blocks)))])
    elif isinstance(block, Table):
        for row in block.rows[block.header_rows :]:
            cells = [" ".join(_flat(cell.blocks)) for cell in row]
            yield from filter(None, [_row(cells)])


def _row(cells: Iterable[str]) -> str:
    return _short(" · ".join(cell for cell in cells if cell.strip(" -")))


def _flat(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield _text(block)
        elif not isinstance(block, Picture):
            yield from _lines(block)


def _text(paragraph: Paragraph) -> str:
    return "".join(run.text for run in paragraph.runs)


def _short(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= _LONGEST else f"{joined[: _LONGEST - 1]}…"


def _key(text: str) -> str:
    """To tell whether two lines say the same: letters and digits alone."""
    return fold(text).replace(" ", "")


def _is_contact(one: Participant) -> bool:
    """Somebody near the patient: no professional (who has a structure)."""
    return one.part in _CONTACT_CLASSES and bool(one.family_name) and one.organisation is None


def _contact(one: Participant) -> str:
    role = one.specialty.display if one.specialty else ""
    return " – ".join(part for part in (one.name, role) if part)


def _without_repeats(facts: Iterable[Fact]) -> Iterator[Fact]:
    seen: set[tuple[Topic, str]] = set()
    for fact in facts:
        key = (fact.topic, _key(fact.text))
        if key not in seen:
            seen.add(key)
            yield fact
