"""Both verdicts, ours and the official one, on documents and on their damaged copies.

``python -m tests.praticien.documents.conformance.agreement --copies 3000 --seed 7`` is the long run; the suite runs it
with less. It ends with 1 when we accept what the official rules refuse, or refuse what they accept for a reason that
``strict.STRICTER`` does not list.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from praticien.documents.conformance.checking import check
from praticien.documents.conformance.strict import STRICTER
from praticien.errors import PraticienError
from tests.praticien.documents.conformance.corpus import FORMS, VARIANTS, generated, variants
from tests.praticien.documents.conformance.damage import KINDS, damaged, places
from tests.praticien.documents.conformance.official import refusal


@dataclass
class Report:
    """What was compared. ``lax`` and ``strict`` are the disagreements; ``stricter`` counts those that are listed."""

    whole: int = 0
    copies: int = 0
    refused: int = 0
    stricter: Counter[str] = field(default_factory=Counter)
    lax: list[str] = field(default_factory=list)
    strict: list[str] = field(default_factory=list)

    def compare(self, name: str, content: bytes) -> None:
        """Both verdicts on one document."""
        ours, official = our_codes(content), refusal(content)
        self.refused += bool(official)
        if official and not ours:
            self.lax.append(f"{name} -- {official[:300]}")
        elif ours and not official:
            self._stricter(name, ours)

    def _stricter(self, name: str, ours: dict[str, str]) -> None:
        if set(ours) <= set(STRICTER):
            self.stricter.update(list(ours))
        else:
            self.strict.append(f"{name} -- {ours}")


def our_codes(content: bytes) -> dict[str, str]:
    """Codes of our problems, each with one rule that does not hold."""
    try:
        return {problem.code: problem.rule for problem in check(content)}
    except PraticienError as error:
        return {error.code: ""}


def documents(number: int, seed: int) -> dict[str, bytes]:
    """The written variants and ``number`` generated documents of each type."""
    found: dict[str, bytes] = {}
    for kind in VARIANTS:
        found |= variants(kind)
    for kind in FORMS:
        found |= generated(kind, number, seed)
    return found


def copies(whole: dict[str, bytes], number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """``number`` damaged copies, spread evenly over the kinds of damage and over the documents."""
    draw = random.Random(seed)
    names, kinds = sorted(whole), list(KINDS)
    spots = {name: places(whole[name]) for name in names}
    made = 0
    while made < number:
        name, kind = draw.choice(names), kinds[made % len(kinds)]
        place = draw.choice(spots[name])
        copy = damaged(whole[name], kind, place, draw.randrange(10**6))
        if copy is not None:
            made += 1
            yield f"{name}, {kind} at element {place}", copy


def run(number: int, generated_ones: int, seed: int, *, whole_too: bool = True) -> Report:
    """The comparison."""
    report, whole = Report(), documents(generated_ones, seed)
    if whole_too:
        for name, content in whole.items():
            report.compare(name, content)
        report.whole = len(whole)
    for name, copy in copies(whole, number, seed):
        report.compare(name, copy)
        report.copies += 1
    return report


def main(arguments: list[str] | None = None) -> int:
    """Prints the report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--copies", type=int, default=3000)
    parser.add_argument("--generated", type=int, default=10, help="documents generated of each type")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--damaged-only", action="store_true", help="skip the whole documents")
    options = parser.parse_args(arguments)
    report = run(options.copies, options.generated, options.seed, whole_too=not options.damaged_only)
    json.dump(vars(report), sys.stdout, ensure_ascii=False, indent=1)
    return 1 if report.lax or report.strict else 0


if __name__ == "__main__":
    sys.exit(main())
