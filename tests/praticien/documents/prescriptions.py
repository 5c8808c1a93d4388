"""Generated prescriptions: every shape that the form can give, with awkward words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from praticien.documents.prescription import (
    CIP,
    CIS,
    COUNT,
    LPP,
    UCD,
    DeviceLine,
    Dose,
    Duration,
    DurationUnit,
    Flag,
    Mark,
    Moment,
    Posology,
    Prescription,
    PrescriptionLine,
    ProductCode,
    Substitution,
    Take,
)
from praticien.documents.prescription_posology import UNITS
from tests.praticien.forms import NOW

_LETTERS = "abcdefghijklmnopqrstuvwxyzÉÈÀÇŒÜéèàçœïôù'’-<>&\"%/,.()+ 0123456789µ"
names = st.text(_LETTERS, min_size=1, max_size=60).filter(str.strip)
free_texts = names.map(lambda text: f"{text} #")  # what no grammar knows

amounts = st.sampled_from(["0.25", "0.5", "1", "1.5", "2", "3", "10", "500", "1000", "12.125"]).map(Decimal)
units = st.sampled_from([COUNT, *UNITS])
durations = st.builds(Duration, st.integers(1, 90), st.sampled_from(DurationUnit))
conditions = st.sampled_from(["", "douleur", "fièvre ou frissons", "besoin", "crise d’asthme"])


@st.composite
def doses(draw, unit=units):
    low, high = sorted((draw(amounts), draw(amounts)))
    return Dose(low, high if draw(st.booleans()) else low, draw(unit))


@st.composite
def structured(draw, unit=units):
    """A posology with dose and rhythm."""
    dose = draw(doses(unit))
    tail = {
        "condition": draw(conditions),
        "max_per_day": draw(st.none() | amounts),
        "duration": draw(st.none() | durations),
    }
    rhythm = draw(st.sampled_from(["takes", "times", "hours"]))
    if rhythm == "times":
        return Posology(dose=dose, times_per_day=draw(st.integers(1, 24)), **tail)
    if rhythm == "hours":
        return Posology(dose=dose, every_hours=draw(st.integers(1, 720)), **tail)
    moments = sorted(draw(st.sets(st.sampled_from(Moment), min_size=1)), key=list(Moment).index)
    same = draw(st.booleans())
    unit = st.just(dose.unit)
    return Posology(takes=tuple(Take(m, dose if same else draw(doses(unit))) for m in moments), **tail)


@st.composite
def tapered(draw):
    """Several stages, all but perhaps the last with an end."""
    unit = st.just(draw(units))
    found = [
        replace(draw(structured(unit)), condition="", max_per_day=None, duration=draw(durations))
        for _ in range(draw(st.integers(2, 4)))
    ]
    last = replace(found[-1], duration=draw(st.none() | durations))
    return Posology(stages=(*found[:-1], last))


posologies = structured() | tapered() | st.builds(Posology, text=free_texts, duration=st.none() | durations)
_digits = st.text("0123456789", min_size=7, max_size=13)
drugs = st.builds(
    PrescriptionLine,
    name=names,
    posology=posologies,
    code=st.none() | st.builds(ProductCode, _digits, st.sampled_from([CIS, CIP, UCD])),
    renewals=st.integers(0, 12),
    substitution=st.sampled_from(Substitution),
    flags=st.frozensets(st.sampled_from(Flag)),
)
devices = st.builds(
    DeviceLine,
    name=names,
    quantity=st.integers(1, 200),
    duration=st.none() | durations,
    code=st.none() | st.builds(ProductCode, _digits, st.just(LPP)),
    renewals=st.integers(0, 12),
    flags=st.frozensets(st.sampled_from([flag for flag in Flag if flag is not Flag.OFF_LABEL])),
)
prescriptions = st.builds(
    Prescription,
    lines=st.lists(drugs | devices, min_size=1, max_size=12).map(tuple),
    valid_until=st.dates(NOW.date(), date(2027, 11, 20)) | st.just(NOW.date() + timedelta(days=90)),
    marks=st.frozensets(st.sampled_from(Mark)),
    comment=st.just("") | st.lists(names, max_size=4).map("\n".join),
)
