"""The door: everything that is wrong with a CDA document.

The shape comes first; the rules about content are read only on a document that has one. Then the identity and what
the official rules leave out (``strict``).
"""

from __future__ import annotations

from itertools import chain, islice

from praticien.documents.cda_xml import parse
from praticien.documents.conformance import (
    common_rules,
    header_rules,
    imaging_rules,
    laboratory_rules,
    prescription_rules,
    summary_rules,
)
from praticien.documents.conformance.problem import Element, Problem
from praticien.documents.conformance.rules import Rule, broken, by_template
from praticien.documents.conformance.shape import check_shape
from praticien.documents.conformance.strict import STRICTER, check_strictly
from praticien.documents.errors import NotConformant

MOST = 200
"""Problems that are looked for, of shape and of content: more say no more."""
UNEXAMINED = "shape.unexamined"

_EVERYWHERE = (
    *header_rules.HEADER,
    *common_rules.SHARED,
    *prescription_rules.TREATMENTS,
    *laboratory_rules.ANALYSES,
    *imaging_rules.DICOM_ENTRIES,
    *summary_rules.SYNTHESIS_SECTIONS,
    *summary_rules.SYNTHESIS_ENTRIES,
)
_MODELS: dict[str, tuple[Rule, ...]] = {
    prescription_rules.MODEL: prescription_rules.PRESCRIPTION,
    laboratory_rules.MODEL: laboratory_rules.LABORATORY,
    imaging_rules.MODEL: imaging_rules.IMAGING,
    summary_rules.MODEL: summary_rules.SUMMARY,
}
_FORMER = {
    prescription_rules.MODEL: frozenset({"2022.01", "2023.01"}),
    laboratory_rules.MODEL: frozenset({"2021.01", "2023.01"}),
}
_OURS = frozenset({*STRICTER, "strict.model"})
_LISTED = 5


def check(content: bytes) -> tuple[Problem, ...]:
    """All problems of a document, none when it conforms. Raises what ``cda_xml.parse`` raises."""
    return check_tree(parse(content))


def require_conformity(content: bytes) -> None:
    """Raise NotConformant, whose detail lists the first problems: codes, places and rules, nothing of the patient."""
    problems = check(content)
    if problems:
        listed = [" ".join(filter(None, (each.code, each.path, each.rule))) for each in problems[:_LISTED]]
        raise NotConformant(" · ".join(listed))


def departures(content: bytes) -> tuple[Problem, ...]:
    """Where somebody else's document departs from the official rules: our own demands are left out."""
    return tuple(problem for problem in check(content) if problem.code not in _OURS)


def check_tree(root: Element) -> tuple[Problem, ...]:
    """The same for a document that was parsed."""
    shape = tuple(islice(check_shape(root), MOST))
    if any(problem.code != UNEXAMINED for problem in shape):
        return shape
    model = _model(root)
    rules = _EVERYWHERE + _MODELS.get(model, ())
    content = chain(broken(rules, root, by_template(root)), check_strictly(root, is_known=model in _MODELS))
    return (*shape, *islice(content, MOST))


def _model(root: Element) -> str:
    """The last templateId of a known model; none for a document of level 1, whose body no model describes."""
    if root.find("{*}component/{*}nonXMLBody") is not None:
        return ""
    marks = [mark for mark in root.findall("{urn:hl7-org:v3}templateId") if mark.get("root") in _MODELS]
    return marks[-1].get("root", "") if marks and _is_examined(marks[-1]) else ""


def _is_examined(mark: Element) -> bool:
    """Former versions have rules of their own, which nobody here writes for."""
    model, version = mark.get("root"), mark.get("extension", "")
    return version == summary_rules.VERSION if model == summary_rules.MODEL else version not in _FORMER.get(model, ())
