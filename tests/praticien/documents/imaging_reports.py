"""Generated imaging reports: every shape that the form can give, with awkward words, over generated studies."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from praticien.documents.imaging import (
    Exposure,
    ImagingAct,
    ImagingReport,
    ImagingSeries,
    ReportSections,
    SopInstance,
)
from praticien.documents.imaging_acts import load
from praticien.documents.imaging_codes import LOCATIONS, QUANTITIES, Pregnancy, Side
from praticien.documents.nomenclatures import MODALITIES
from tests.praticien.forms import STUDY

_LETTERS = "abcdefghijklmnopqrstuvwxyzÉÈÀÇŒÜéèàçœïôù'’-<>&\"%/,.()+ 0123456789µ\n"
texts = st.text(_LETTERS, max_size=80)
conclusions = texts.filter(str.strip)
uids = st.integers(1, 10**30).map(lambda number: f"2.25.{number}")

ACTS = load()
acts = st.builds(
    ImagingAct,
    st.sampled_from([act.code for act in ACTS]),
    st.sampled_from(list(MODALITIES)),
    st.sampled_from(LOCATIONS),
    st.none() | st.sampled_from(Side),
    st.sampled_from(["", "ZBQK002"]),
)
numbers = st.decimals(min_value="0.000001", max_value=99_999, places=6).map(lambda value: f"{value.normalize():f}")
exposures = st.sampled_from(list(QUANTITIES.values())).flatmap(
    lambda quantity: st.builds(Exposure, st.just(quantity.code.code), numbers, st.just(quantity.unit))
)
series = st.builds(
    ImagingSeries,
    uids,
    st.sampled_from(["CT", "MR", "DX", "SR", "KO"]),
    st.sampled_from(["", "1", "12"]),
    st.text(_LETTERS.strip(), max_size=30),
    st.sampled_from(["", "20261119", "20261119101500", "20261119256199"]),
    st.lists(st.builds(SopInstance, st.just("1.2.840.10008.5.1.4.1.1.4"), uids), max_size=4).map(tuple),
)
sections = st.builds(ReportSections, texts, texts, texts, texts, texts, conclusions)
reports = st.builds(
    ImagingReport,
    st.lists(acts, min_size=1, max_size=3).map(tuple),
    sections,
    st.lists(exposures, max_size=4).map(tuple),
    st.sampled_from(Pregnancy),
    st.sampled_from(["", "Jeanne TESTMED", "D’TEST"]),
    st.sampled_from(["", "984375862"]),
    st.sampled_from(["", "1.2.250.1.999.12"]),
)
studies = st.none() | st.builds(
    lambda listed, url: replace(STUDY, series=tuple(listed), retrieve_url=url),
    st.lists(series, max_size=4),
    st.sampled_from(["", "https://drim.test.invalid/wado-rs/"]),
)
