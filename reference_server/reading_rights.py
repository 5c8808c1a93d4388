"""Which professions read which types of documents, and since when: dated data (``reading_rights.json``).

The official table (order of 26/10/2023, 19 professions by 87 types) was not found in public: the data keep its known
fragments, are illustrative for the rest, and say so (facts: protocol 4.6). A profession that a version does not name
reads nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Profession:
    """A G15 profession: its label, and the types that are closed to it."""

    label: str
    closed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Version:
    """A state of the matrix, in force from a day on."""

    since: date
    source: str
    professions: dict[str, Profession]

    def may_read(self, profession: str, type_code: str) -> bool:
        """Whether the type is open to the profession (G15 code)."""
        found = self.professions.get(profession)
        return found is not None and type_code not in found.closed


@cache
def versions() -> tuple[Version, ...]:
    """All versions, oldest first."""
    text = files("reference_server").joinpath("reading_rights.json").read_text("utf-8")
    return tuple(sorted((_version(one) for one in json.loads(text)["versions"]), key=lambda one: one.since))


def _version(data: dict[str, object]) -> Version:
    professions = data["professions"]
    assert isinstance(professions, dict)
    return Version(
        date.fromisoformat(str(data["since"])),
        str(data["source"]),
        {code: Profession(one["label"], frozenset(one["closed"])) for code, one in professions.items()},
    )


def in_force(on: date) -> Version | None:
    """The version in force on a day; None before the first."""
    return next((one for one in reversed(versions()) if one.since <= on), None)


def may_read(profession: str, type_code: str, on: date) -> bool:
    """Whether that profession could read that type on that day."""
    version = in_force(on)
    return version is not None and version.may_read(profession, type_code)
