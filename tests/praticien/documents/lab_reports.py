"""Laboratory reports about fictitious people: a few written out, and generated ones with awkward words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from demonstration import people
from demonstration.people import DossierSeed
from praticien.documents.lab_codes import (
    CHAPTERS,
    INTERPRETATIONS,
    LOINC,
    MICROBIOLOGY,
    NCBI_TAXONOMY,
    PENDING_LOINC,
    SNOMED_CT,
    SPECIMENS,
    specimen,
)
from praticien.documents.lab_report import (
    Analysis,
    Battery,
    Chapter,
    CodedValue,
    Identifier,
    Interval,
    Isolate,
    LabReport,
    Prescriber,
    PreviousResult,
    Quantity,
    ReferenceRange,
    ResultStatus,
    SourcePatient,
    Specimen,
    TextValue,
    Titre,
)
from praticien.documents.lab_units import UCUM
from praticien.documents.model import NewDocument, Party
from praticien.metadata import Code
from praticien.professional import OID_PS, Professional
from tests.praticien.forms import NOW, lab_result, patient

BIOLOGIST = Professional("899700000164", "TESTBIO", "Aïssa", profession="10", specialty="SM03")
LABORATORY = Party(BIOLOGIST, people.LABORATOIRE)
COLLECTED = NOW - timedelta(days=1, hours=2)
RECEIVED = NOW - timedelta(days=1)


def source(seed: DossierSeed) -> SourcePatient:
    """The laboratory's file names this person."""
    traits = seed.traits
    names = " ".join(traits.birth_first_names)
    return SourcePatient(traits.birth_name, "", names, traits.birth_date, traits.sex, seed.ins)


TSH = Analysis(
    "TSH ultrasensible",
    Quantity(Decimal("5.20"), "m[IU]/L"),
    Code("3016-3", LOINC, "Thyréostimuline [Arbitraire/Volume] Sérum/Plasma ; Numérique"),
    Code("TSHUS", "", "TSH ultrasensible"),
    flags=("H",),
    reference=ReferenceRange(Decimal("0.27"), Decimal("4.20"), "m[IU]/L"),
    method="ECLIA",
    observed_at=RECEIVED,
    previous=PreviousResult(Quantity(Decimal("3.9"), "m[IU]/L"), NOW - timedelta(days=200)),
    comment="À contrôler dans six semaines.",
)
CRP = Analysis("CRP", Quantity(Decimal("5"), "mg/L", "<"), local_code=Code("CRP1", "", "Protéine C réactive"))
GLUCOSE = Analysis("Glycémie à jeun", Quantity(Decimal("5.1"), "mmol/L"), Code("14749-6", LOINC, "Glucose"))
SEROLOGY = Analysis("Titre des anticorps", Titre(1, 160), Code("5334-8", LOINC, "Rubéole IgG"), flags=("POS",))
ASPECT = Analysis("Aspect", TextValue("légèrement trouble"), Code("5767-9", LOINC, "Aspect [Aspect] Urine"))
LOST = Analysis("Potassium", None, local_code=Code("K", "", "Potassium"), status=ResultStatus.CANCELLED)


def susceptibility(name: str, flag: str, mic: str) -> Analysis:
    """One line of an antibiogram."""
    value = Quantity(Decimal(mic.strip("<>=")), "ug/mL", mic.rstrip("0123456789."))
    return Analysis(name, value, local_code=Code(name[:4].upper(), "", name), flags=(flag,))


COLI = Isolate(
    "Escherichia coli",
    Code("112283007", SNOMED_CT, "Escherichia coli (organism)"),
    (Analysis("Dénombrement", Quantity(Decimal("100000"), "/mL"), Code("51480-2", LOINC, "Bactérie [Nombre/Volume]")),),
    (susceptibility("Amoxicilline", "R", ">=32"), susceptibility("Gentamicine", "S", "<1")),
)
URINE = Specimen("Urine", specimen("UR"), Identifier("TEST-ECH-1"), COLLECTED, RECEIVED)
THYROID = Chapter(CHAPTERS["18719-5"], (Battery("Bilan thyroïdien", (TSH,)),), comment="Bilan demandé à jeun.")
CULTURE = Chapter(MICROBIOLOGY, (Battery("Examen direct", (ASPECT,)),), (COLI,), (URINE,), "Infection urinaire.")


def report(*chapters: Chapter, **changes: Any) -> LabReport:
    """A complete report about LINA, the patient of ``forms.lab_result``."""
    made = LabReport(
        chapters or (THYROID,),
        source(people.LINA),
        order=Identifier("TEST-PRESC-77"),
        request=Identifier("TEST-2026-000123", "1.2.250.1.999.8"),
        ordered_at=COLLECTED - timedelta(days=3),
        collected_at=COLLECTED,
        released_at=RECEIVED,
        prescriber=Prescriber("TESTMED", "Jeanne", Identifier("899700000123", OID_PS)),
        comment="Résultats à interpréter par votre médecin.",
    )
    return replace(made, **changes)


def document(body: LabReport | None = None, seed: DossierSeed = people.LINA, **changes: Any) -> NewDocument:
    """A form of the laboratory about ``seed``, whom its file names."""
    body = body or report()
    form = {
        "title": "Biologie du 20 novembre",
        "body": replace(body, patient=source(seed)),
        "patient": patient(seed),
        "author": LABORATORY,
        "legal_authenticator": LABORATORY,
        "service_start": COLLECTED,
        "service_stop": RECEIVED,
    }
    return lab_result(**(form | changes))


# -- generated ---------------------------------------------------------------------------------------------------------

_LETTERS = "abcdefghijklmnopqrstuvwxyzÉÈÀÇŒÜéèàçœïôù'’-<>&\"%/,.()+ 0123456789µ°²³α"
names = st.text(_LETTERS, min_size=1, max_size=50).filter(str.strip)
texts = st.lists(names, min_size=1, max_size=4).map("\n".join)
numbers = st.decimals(-1000, 10**7, places=3) | st.sampled_from(["0", "0.001", "1.50", "100000"]).map(Decimal)
units = st.sampled_from(sorted(UCUM))
moments = st.integers(1, 5000).map(lambda minutes: NOW - timedelta(minutes=minutes))
quantities = st.builds(Quantity, numbers, units, st.sampled_from(["", "<", "<=", ">", ">="]))
coded_values = st.builds(CodedValue, st.builds(Code, st.just("260385009"), st.just(SNOMED_CT), names))


@st.composite
def intervals(draw, kind=Interval):
    low, high = sorted((draw(numbers), draw(numbers)))
    return kind(low, high, draw(units))


values = (
    quantities
    | intervals()
    | coded_values
    | st.builds(TextValue, texts)
    | st.builds(Titre, st.integers(1, 5), st.integers(1, 100_000))
)
references = (
    intervals(ReferenceRange)
    | st.builds(ReferenceRange, st.just(None), numbers, units)
    | st.builds(ReferenceRange, numbers, st.just(None), units)
    | st.builds(ReferenceRange, text=names)
)
loinc_codes = st.builds(Code, st.integers(1, 99999).map(lambda n: f"{n}-{n % 10}"), st.just(LOINC), names)
pending_codes = st.builds(Code, st.integers(1, 999).map(lambda n: f"X{n:05}"), st.just(PENDING_LOINC), names)
local_codes = st.builds(Code, st.text("ABCDEFGHIJ0123456789", min_size=1, max_size=8), st.just(""), names)
analyses = st.builds(
    Analysis,
    name=names,
    value=values,
    code=st.none() | loinc_codes | pending_codes,
    local_code=st.none() | local_codes,
    status=st.sampled_from([ResultStatus.FINAL, ResultStatus.CORRECTED]),
    flags=st.lists(st.sampled_from(sorted(INTERPRETATIONS)), unique=True, max_size=2).map(tuple),
    reference=st.none() | references,
    method=st.just("") | names,
    observed_at=st.none() | moments,
    previous=st.none() | st.builds(PreviousResult, values, moments),
    comment=st.just("") | texts,
) | st.builds(Analysis, name=names, value=st.none(), status=st.just(ResultStatus.CANCELLED))
several = st.lists(analyses, min_size=1, max_size=5).map(tuple)
batteries = st.builds(Battery, names, several, st.none() | loinc_codes)
organisms = st.builds(Code, st.integers(1, 10**8).map(str), st.sampled_from([SNOMED_CT, NCBI_TAXONOMY]), names)
isolates = st.builds(Isolate, names, st.none() | organisms, several | st.just(()), several | st.just(()))
specimens = st.builds(
    Specimen,
    names,
    st.none() | st.sampled_from(sorted(SPECIMENS)).map(specimen),
    st.none() | st.builds(Identifier, names),
    st.none() | moments,
    st.none() | moments,
)
chapters = st.builds(
    Chapter,
    code=st.sampled_from(list(CHAPTERS.values())),
    batteries=st.lists(batteries, min_size=1, max_size=3).map(tuple),
    isolates=st.lists(isolates, max_size=2).map(tuple),
    specimens=st.lists(specimens, max_size=2).map(tuple),
    comment=st.just("") | texts,
)
reports = st.builds(
    LabReport,
    chapters=st.lists(chapters, min_size=1, max_size=3, unique_by=lambda chapter: chapter.code.code).map(tuple),
    order=st.none() | st.builds(Identifier, names),
    request=st.none() | st.builds(Identifier, names, st.sampled_from(["", "1.2.250.1.999.8"])),
    ordered_at=st.none() | moments,
    prescriber=st.none()
    | st.builds(Prescriber, names, st.just("") | names, st.none() | st.builds(Identifier, names, st.just(""))),
    comment=st.just("") | texts,
)
