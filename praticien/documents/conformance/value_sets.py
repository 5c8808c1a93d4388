"""The value sets that the rules name: codes by code system, no labels.

Facts from the public nomenclatures of the CI-SIS as of March 2025: JDV_J01 (authors), J02 (facilities), J04 (practice
settings), J07 (types of document), J47, J141 and J144 (participants), J142 (encounters), J143 (genders),
interpretations, specimens, and those of imaging and of the synthesis.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


@cache
def pairs(name: str) -> frozenset[tuple[str, str]]:
    """(code, code system) of a value set."""
    return frozenset(
        (code, system) for system, lines in _tables()[name].items() for line in lines for code in line.split()
    )


@cache
def codes(name: str) -> frozenset[str]:
    """The codes alone, for the rules that look at nothing else."""
    return frozenset(code for code, _ in pairs(name))


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    content = Path(__file__).with_name("value_sets.json").read_text(encoding="utf-8")
    tables: dict[str, dict[str, list[str]]] = json.loads(content)
    return tables
