"""Documents to damage: written variants and generated ones of each type, the same at each run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import strategies as st

from demonstration import people
from praticien.documents.model import NewDocument
from tests.generated import drawn
from tests.praticien.documents import imaging_reports, lab_reports, prescriptions, summaries
from tests.praticien.documents.structured import (
    test_imaging_writer,
    test_lab_writer,
    test_prescription_writer,
    test_summary_writer,
)
from tests.praticien.documents.structured.support import submit
from tests.praticien.documents.test_cda_writer import VARIANTS as LEVEL1
from tests.praticien.forms import imaging_report, prescription

PATIENTS = [people.LINA, people.SOLO, people.YANN, people.SCANNED]
FORMS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], NewDocument]]] = {
    "prescription": (prescriptions.prescriptions, lambda body: prescription(body=body)),
    "laboratory": (
        st.tuples(lab_reports.reports, st.sampled_from(PATIENTS)),
        lambda drawn: lab_reports.document(*drawn),
    ),
    "imaging": (
        st.tuples(imaging_reports.reports, imaging_reports.studies),
        lambda drawn: imaging_report(body=drawn[0], study=drawn[1]),
    ),
    "summary": (summaries.summaries(), test_summary_writer.of),
}
VARIANTS: dict[str, dict[str, NewDocument]] = {
    "level1": LEVEL1,
    "prescription": test_prescription_writer.VARIANTS,
    "laboratory": {name: form for name, form in test_lab_writer.VARIANTS.items() if name != "200 results"},
    "imaging": test_imaging_writer.VARIANTS,
    "summary": test_summary_writer.VARIANTS,
}


def written(document: NewDocument) -> bytes:
    """The CDA that would be sent."""
    return submit(document, text_compared=True).content


@cache
def variants(kind: str) -> dict[str, bytes]:
    """The written variants of one type."""
    return {f"{kind}: {name}": written(form) for name, form in VARIANTS[kind].items()}


def generated(kind: str, number: int, number_seed: int) -> dict[str, bytes]:
    """``number`` generated documents of one type; the same for the same seed and version of hypothesis."""
    strategy, form = FORMS[kind]
    documents = [written(form(one)) for one in drawn(strategy, number, number_seed)]
    return {f"{kind}: generated {number_seed}/{place}": content for place, content in enumerate(documents)}
