"""A medical synthesis as it was typed: a text a part, and the codes of what was taken from documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from praticien.documents import cda_reader
from praticien.documents.cda_model import StructuredBody
from praticien.documents.coded.reading import read_facts
from praticien.documents.prescription import ProductCode
from praticien.documents.prescription_products import Product
from praticien.documents.summary import LongTreatment, MedicalSummary
from praticien.documents.summary_entry import READERS, Lexicon, bundled, read, write, write_line
from praticien.documents.summary_sources import Proposal, former, words_under
from praticien.matching import fold
from praticien.metadata import Code


@dataclass(frozen=True, slots=True, repr=False)
class SummaryTyped:
    """What the panel holds. ``codes`` are found by folded words, ``drugs`` by name."""

    texts: dict[str, str] = field(default_factory=dict)
    no_known_allergy: bool = False
    codes: dict[str, Code] = field(default_factory=dict)
    drugs: dict[str, ProductCode] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Nothing was typed."""
        return not self.no_known_allergy and not any(text.strip() for text in self.texts.values())

    def summary(self, products: Iterable[Product]) -> MedicalSummary:
        """The synthesis that it makes."""
        return read(self.texts, self._lexicon(products), no_known_allergy=self.no_known_allergy)

    def with_line(self, proposal: Proposal) -> SummaryTyped:
        """One more line, with its code."""
        text = self.texts.get(proposal.part, "").rstrip("\n")
        added = write_line(proposal.line)
        texts = {**self.texts, proposal.part: f"{text}\n{added}" if text else added}
        codes, drugs = _codes_of([proposal.line])
        return replace(self, texts=texts, codes={**self.codes, **codes}, drugs={**self.drugs, **drugs})

    def _lexicon(self, products: Iterable[Product]) -> Lexicon:
        drugs = {one.name: one.code for one in products if one.code and not one.is_device}
        return replace(bundled().with_codes(self.codes), drugs={**drugs, **self.drugs})


def typed_of(summary: MedicalSummary) -> SummaryTyped:
    """A synthesis as it would be typed."""
    lines = [line for part in READERS for line in getattr(summary, part)]
    codes, drugs = _codes_of(lines)
    texts = {part: write(getattr(summary, part)) for part in READERS}
    return SummaryTyped(texts, summary.no_known_allergy, codes, drugs)


def _codes_of(lines: Iterable[Any]) -> tuple[dict[str, Code], dict[str, ProductCode]]:
    codes: dict[str, Code] = {}
    drugs: dict[str, ProductCode] = {}
    for line in lines:
        code = getattr(line, "code", None)
        if code and isinstance(line, LongTreatment):
            drugs[line.name] = code
        elif code:
            codes[fold(getattr(line, "agent", "") or line.words)] = code
    return codes, drugs


def former_summary(content: bytes) -> SummaryTyped:
    """A former synthesis, to go on from: its coded lines, and what it says in words alone."""
    if not content:
        return SummaryTyped()
    body = cda_reader.read(content).body
    sections = body.sections if isinstance(body, StructuredBody) else ()
    vigilance, work = (words_under(sections, code) for code in ("30954-2", "10161-8"))
    return typed_of(former(read_facts(content), vigilance, work))
