"""What the regulator's patient has in their dossier: a medical summary in sections, and advance directives.

Only for the demonstration: the narrative sections that a minimum view reads (no coded entry), in a document built and
registered like the other samples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from praticien.documents.cda_elements import HL7, LOINC, add
from praticien.documents.structured.sections import Words, add_section, add_table
from praticien.metadata import Code, Submission

_CLASSES = "1.2.250.1.213.1.1.4.1"
_TYPES = "1.2.250.1.213.1.1.4.12"
SUMMARY = (Code("60591-5", LOINC, "Synthèse médicale"), Code("11", _CLASSES, "Synthèse"))
DIRECTIVES = (Code("EXPPAT_3", _TYPES, "Directives anticipées"), Code("90", _CLASSES, "Documents du patient"))

Table = tuple[Code, str, Sequence[str], Sequence[Sequence[str]]]
SECTIONS: tuple[Table, ...] = (
    (
        Code("48765-2", LOINC, "Allergies et intolérances"),
        "Allergies et intolérances",
        ("Depuis", "Agent", "Réaction"),
        (("2009", "Amoxicilline", "Œdème de Quincke"),),
    ),
    (
        Code("10160-0", LOINC, "Traitements"),
        "Traitements au long cours",
        ("Médicament", "Posologie"),
        (("Apixaban 5 mg", "1 comprimé matin et soir"), ("Bisoprolol 2,5 mg", "1 comprimé le matin")),
    ),
    (
        Code("46264-8", LOINC, "Dispositifs médicaux"),
        "Dispositifs implantés",
        ("Dispositif", "Pose"),
        (("Stimulateur cardiaque double chambre", "03/2021"),),
    ),
)


def as_document(submission: Submission, codes: tuple[Code, Code], sections: Sequence[Table] = ()) -> Submission:
    """The same submission under another type; with ``sections``, they take the place of the PDF."""
    (document,) = submission.documents
    root = etree.fromstring(document.content)
    code = root.find(f"{{{HL7}}}code")
    assert code is not None
    code.attrib.update({"code": codes[0].code, "codeSystem": codes[0].system, "displayName": codes[0].display})
    if sections:
        _restructure(root, document.entry.unique_id, sections)
    content = bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    entry = replace(document.entry, type_code=codes[0], class_code=codes[1], hash=digest, size=len(content))
    return replace(submission, documents=(replace(document, entry=entry, content=content),))


def _restructure(root: etree._Element, unique_id: str, sections: Sequence[Table]) -> None:
    component = root.find(f"{{{HL7}}}component")
    assert component is not None
    root.remove(component)
    body = add(add(root, "component"), "structuredBody")
    for code, title, header, rows in sections:
        section = add_section(body, unique_id, (), code, title)
        cells = [(f"{code.code}-{n}", [Words(cell) for cell in row]) for n, row in enumerate(rows, 1)]
        add_table(add(section, "text"), header, cells)
