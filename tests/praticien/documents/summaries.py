"""Generated medical syntheses: every shape that the form can give, with awkward words."""

from __future__ import annotations

from hypothesis import strategies as st

from praticien.documents.prescription import CIP, CIS, Posology, ProductCode
from praticien.documents.summary import (
    CCAM,
    CIM10,
    AllergyKind,
    Condition,
    FamilyHistory,
    Habit,
    HabitKind,
    Intervention,
    KnownAllergy,
    LongTreatment,
    MedicalSummary,
    Relative,
)
from praticien.metadata import Code
from tests.praticien.documents.prescriptions import free_texts, names, structured

days = st.sampled_from(["", "1951", "200402", "20180312", "20261119"])
_later = st.sampled_from(["", "2026", "20261120"])
_diseases = st.none() | st.sampled_from(
    [Code("I10", CIM10, "Hypertension essentielle"), Code("E11.9", CIM10, "Diabète")]
)
_acts = st.none() | st.just(Code("HHFA001", CCAM, "Appendicectomie, par abord de la fosse iliaque"))
conditions = st.builds(Condition, names, _diseases, days, _later)
current = st.builds(Condition, names, _diseases, days)
treatments = st.builds(
    LongTreatment,
    names,
    structured() | st.builds(Posology, text=free_texts) | st.just(Posology()),
    st.none() | st.builds(ProductCode, st.text("0123456789", min_size=7, max_size=13), st.sampled_from([CIS, CIP])),
    days,
    st.just("") | names,
)
allergies = st.builds(KnownAllergy, names, st.sampled_from(AllergyKind), st.none(), days, st.just("") | names)


def _some(what, most=4):
    return st.lists(what, max_size=most).map(tuple)


@st.composite
def summaries(draw):
    """A synthesis that says something."""
    found = draw(_some(allergies))
    return MedicalSummary(
        problems=draw(st.lists(current, min_size=1, max_size=8).map(tuple)),
        history=draw(_some(conditions)),
        interventions=draw(_some(st.builds(Intervention, names, _acts, days))),
        allergies=found,
        no_known_allergy=not found,
        treatments=draw(_some(treatments, 8)),
        habits=draw(_some(st.builds(Habit, st.sampled_from(HabitKind), names))),
        work=draw(_some(names)),
        family=draw(_some(st.builds(FamilyHistory, st.sampled_from(Relative), names, _diseases))),
        vigilance=draw(_some(names)),
    )
