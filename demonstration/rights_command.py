"""The command ``main.py reading-rights``: may this profession read this type of document, then and now?"""

from __future__ import annotations

import sys
from datetime import date

from reference_server import reading_rights
from reference_server.metadata.codes import TYPE_SYSTEMS
from reference_server.reading_rights import Version


def run(profession: str, type_code: str, on: date | None) -> int:
    """One line a version, or one for the day ``on``. Returns 0 when the last line says yes, 1 for no, 2 for unknown."""
    code = _profession(profession)
    if code is None or type_code not in TYPE_SYSTEMS:
        return _unknown("profession" if code is None else "type de document")
    versions = [reading_rights.in_force(on)] if on else list(reading_rights.versions())
    for version in versions:
        print(_line(version, code, type_code, on))
    print("Matrice illustrative : le tableau officiel n’est pas public.")
    last = versions[-1]
    return 0 if last is not None and last.may_read(code, type_code) else 1


def _profession(text: str) -> str | None:
    """A G15 code, from itself or from the one label it is a part of."""
    labels = {code: one.label for version in reading_rights.versions() for code, one in version.professions.items()}
    found = [code for code, label in labels.items() if text == code or text.casefold() in label.casefold()]
    return text if text in labels else found[0] if len(found) == 1 else None


def _line(version: Version | None, profession: str, type_code: str, on: date | None) -> str:
    if version is None:
        return f"Le {on:%d/%m/%Y} : non, aucune matrice n’était en vigueur."
    since = on or version.since
    word = "oui" if version.may_read(profession, type_code) else "non"
    known = version.professions.get(profession)
    who = f"{known.label} ({profession})" if known else f"profession {profession}, absente de la matrice"
    return f"{'Le' if on else 'À partir du'} {since:%d/%m/%Y} : {word} – {who}, type {type_code} – {version.source}."


def _unknown(what: str) -> int:
    codes = sorted({code for version in reading_rights.versions() for code in version.professions})
    known = (
        f" Professions : {', '.join(codes)}." if what == "profession" else " Les types sont dans docs/access-rules.md."
    )
    print(f"praticien : {what} sans correspondance, ou qui en a plusieurs.{known}", file=sys.stderr)
    return 2
