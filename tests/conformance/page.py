"""The conformance list as a page: ``docs/conformance.md`` is this text.

``python -m tests.conformance.page > docs/conformance.md`` writes it again; a test compares the two.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("requirements.toml")
_HEAD = """# Conformance

Printed by `python -m tests.conformance.page` from `tests/conformance/requirements.toml`; tests check that every test
named here exists and that this page is the data. The requirements are those of the DMP's integration guide whose
numbers are public; the guide itself was not available, the wording is ours. None of this is a homologation: the tests
run against the reference server and virtual cards.
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule; ``tests`` are node ids without parameters, ``not_applicable`` the reason why none is needed."""

    id: str
    area: str
    side: str
    says: str
    tests: tuple[str, ...] = ()
    not_applicable: str = ""
    note: str = ""


def load() -> tuple[Requirement, ...]:
    """All of them, in the order of the file."""
    rows = tomllib.loads(DATA.read_text("utf-8"))["requirement"]
    return tuple(Requirement(**{**row, "tests": tuple(row.get("tests", ()))}) for row in rows)


def page() -> str:
    """Markdown, one section an area."""
    found = load()
    areas = tuple(dict.fromkeys(one.area for one in found))
    applied = sum(not one.not_applicable for one in found)
    count = f"\n{len(found)} requirements: {applied} shown by tests, {len(found) - applied} not applicable.\n"
    return _HEAD + count + "".join(_section(area, found) for area in areas)


def _section(area: str, found: tuple[Requirement, ...]) -> str:
    lines = [f"\n## {area}\n"]
    for one in found:
        if one.area == area:
            lines.append("\n" + "\n".join(_told(one)) + "\n")
    return "".join(lines)


def _told(one: Requirement) -> Iterator[str]:
    yield f"**{one.id}** ({one.side}) {one.says}"
    if one.not_applicable:
        yield ""
        yield f"*Not applicable:* {one.not_applicable}"
    if one.note:
        yield ""
        yield f"*Note:* {one.note}"
    if one.tests:
        yield ""
    yield from (f"* `{test}`" for test in one.tests)


if __name__ == "__main__":
    sys.stdout.write(page())
