"""The access rules as a page, printed from the data that decide: ``docs/access-rules.md`` is this text.

``python -m reference_server.rights_page > docs/access-rules.md`` writes it again; a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from reference_server.access_rules import EXPLANATIONS
from reference_server.document_rights import NOTES, PATIENT_KEPT, Note
from reference_server.functional_matrix import (
    MATRIX,
    NEEDS_CONSENT,
    NOT_REINFORCED,
    NOT_SERVED,
    UNPUBLISHED,
    Column,
    Function,
)
from reference_server.metadata.codes import TYPE_SYSTEMS
from reference_server.reading_rights import Version, versions

_NOTE_SIGNS = {Note.OWN: "⁸", Note.STRUCTURE: "⁹"}
_INTRODUCTION = """# Access rules of the reference server

Printed by `reference_server/rights_page.py` from the data the server decides with; a test compares them.

Order of the checks, the first that fails gives the rule: function and mode, reason of an emergency, state of the
dossier, blocked professional, authorisation or opposition, then the document (limit of the cell, masking, type).
"""
_MATRIX_REMARKS = """
Modes: n normal, r regulation, b break-glass. ⁸ one's own documents only (a physician archives without this limit in an
emergency or behind a structure's software), ⁹ the structure's documents only, * of the patient's own documents only by
the médecin traitant, † an authorisation or an emergency is needed, ‡ never by a user of a structure's software (AIR),
§ ours: no longer in the published matrix, ¶ not served here. Masked documents: to their author and the médecin
traitant; in an emergency only if the patient allowed it. A new version replaces a document of one's own or of one's
structure (ours).
"""
_TYPES_REMARKS = """
Illustrative: the official table is not public but for a few fragments. A profession that a version does not name reads
nothing; one's own documents are never closed by their type.
"""


def page() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, "\n## Functions\n\n", _matrix(), _MATRIX_REMARKS, "\n## Rules\n\n", _rules()]
    parts += ["\n## Professions and types of documents\n", _TYPES_REMARKS]
    parts += [_version(one) for one in versions()]
    return "".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _matrix() -> str:
    head = ["function", *(f"{column.name}: {column.value}" for column in Column)]
    return _table(head, ([_function(one), *(_cell(one, column) for column in Column)] for one in Function))


def _function(function: Function) -> str:
    marks = [
        mark
        for mark, functions in (
            ("*", PATIENT_KEPT), ("†", NEEDS_CONSENT), ("‡", NOT_REINFORCED), ("§", UNPUBLISHED),
            ("¶", NOT_SERVED),
        )
        if function in functions
    ]  # fmt: skip
    return " ".join([function.value, *marks])


def _cell(function: Function, column: Column) -> str:
    modes = MATRIX[function].get(column, "")
    note = NOTES.get(function, {}).get(column)
    return f"{modes}{_NOTE_SIGNS[note] if note else ''}" if modes else "–"


def _rules() -> str:
    rows = ((rule.value, told.subcode, told.sentence, told.article) for rule, told in EXPLANATIONS.items())
    return _table(("rule", "code", "sentence", "source"), rows)


def _version(version: Version) -> str:
    rows = (
        (f"{code} {one.label}", str(len(TYPE_SYSTEMS.keys() - one.closed)), ", ".join(sorted(one.closed)))
        for code, one in version.professions.items()
    )
    head = f"\n### From {version.since.isoformat()}\n\n{version.source}\n\n"
    return head + _table(("profession (G15)", "types open", "types closed"), rows)


if __name__ == "__main__":
    sys.stdout.write(page())
