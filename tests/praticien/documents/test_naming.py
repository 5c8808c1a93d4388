"""Names of files and titles of PDFs: a hint when they name somebody else, silence about the patient and the doctors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.documents.checks import file_name_discrepancies, text_discrepancies
from praticien.documents.naming import somebody_else, stem_of
from praticien.identity import Patient, StrictTraits
from tests.praticien.forms import patient

HELENE = patient(people.SCANNED)  # TESTIMAGE Hélène Marie
OTHER = people.SOLO.ins.matricule

FAMILIES = st.sampled_from(
    ["TESTÉ", "DE LA TESTIÈRE", "TEST-DUPONT", "D’ESTEST", "MARTIN", "SIMON", "LE TEST", "PAUL", "LI", "ŒUVRETEST"]
)
FIRST_NAMES = st.sampled_from(
    ["Zoé", "Jean-Paul", "Marie Hélène", "François", "Gaëlle", "Anne-Sophie", "Loïc", "PIERRE", "Ng", "Aïcha-Testa"]
)
SEPARATORS = st.sampled_from(["_", " ", "-", ".", "  ", "__"])
TRADE = st.lists(st.sampled_from(["CR", "irm", "genou", "Ordonnance", "2026", "bilan", "scan0001", "v2"]), max_size=3)
CASES = st.sampled_from([str, str.upper, str.lower, str.title])


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    """Accents, hyphens, double names, used names."""
    firsts = tuple(draw(st.lists(FIRST_NAMES, min_size=1, max_size=3)))
    traits = StrictTraits(draw(FAMILIES), firsts, "19710509", HELENE.traits.sex)
    used = draw(st.one_of(st.just(""), FAMILIES))
    used_first = draw(st.sampled_from(["", *firsts]))
    return replace(HELENE, traits=traits, used_name=used, used_first_name=used_first)


@st.composite
def own_names(draw: st.DrawFn) -> tuple[Patient, str]:
    """A file or a title named after its patient, in any order, with words of the trade around."""
    who = draw(patients())
    first = who.used_first_name or who.traits.first_name
    family = draw(st.sampled_from([name for name in (who.traits.birth_name, who.used_name) if name]))
    parts = draw(st.permutations([first, family]))
    words = [*draw(TRADE), *(draw(CASES)(part) for part in parts), *draw(TRADE)]
    return who, draw(SEPARATORS).join(words)


@given(own_names())
def test_the_patients_own_names_never_ring(named):
    who, text = named
    assert somebody_else(text, who) == ""
    assert file_name_discrepancies(f"patient_{text}.pdf", who) == []


@given(patients(), CASES, st.sampled_from(["", "M. ", "Mme ", "Monsieur "]))
def test_the_patients_own_names_after_a_label_never_ring(who, case, civility):
    traits = who.traits
    said = [
        f"Nom de naissance : {civility}{case(traits.birth_name)}",
        f"Prénom(s) : {case(' '.join(traits.birth_first_names))}",
        f"Patient : {civility}{case(who.used_name or traits.birth_name)} {case(traits.first_name)}",
        f"Concerne : {case(traits.first_name)} {case(traits.birth_name)}",
        f"Nom : {traits.birth_name.upper()}\nNé(e) le 09/05/1971",
    ]
    assert text_discrepancies("\n".join(said), who) == []


@given(patients(), st.sampled_from(["Dr ", "Docteur ", "Pr ", "dr_", "Professeur "]), st.booleans())
def test_doctors_names_never_ring(who, title, first_last):
    names = "Bernard TESTDOCTEUR" if first_last else "TESTDOCTEUR Bernard"
    assert somebody_else(f"CR {title}{names} genou", who) == ""
    assert somebody_else("CR_TESTDOCTEUR_Bernard", who, ["TESTDOCTEUR"]) == ""


@pytest.mark.parametrize("name", ["CHU Jean Testhôpital", "Clinique Saint Pierre", "Hôpital Henri Testmondor_irm"])
def test_places_never_ring(name):
    assert somebody_else(name, HELENE) == ""


@pytest.mark.parametrize(
    "name, found",
    [
        ("DUPONTEST_Jean_cr.pdf", "DUPONTEST Jean"),
        ("cr-duponTEST-jean.pdf", "duponTEST jean"),
        ("Jean Dupontest 12-10-2026.pdf", "Jean Dupontest"),
        ("TESTIMAGE_Jeanne.pdf", "TESTIMAGE Jeanne"),
        ("TESTAUTRE_Hélène.pdf", "TESTAUTRE Hélène"),
        ("IRM_genou_TESTAUTRE_Paul_v2.pdf", "TESTAUTRE Paul"),
    ],
)
def test_somebody_else_is_seen(name, found):
    assert somebody_else(stem_of(name), HELENE) == found


@pytest.mark.parametrize(
    "name", ["", ".pdf", "scan0001.pdf", "CR_IRM_GENOU_GAUCHE.pdf", "Hélène_genou.pdf", "Rose.pdf"]
)
def test_a_name_that_says_little_is_no_hint(name):
    assert somebody_else(stem_of(name), HELENE) == ""


@pytest.mark.parametrize(
    "name, traits",
    [
        (f"{OTHER}.pdf", ["ins"]),
        (f"cr_{OTHER}_irm.pdf", ["ins"]),
        (f"{HELENE.ins.matricule}.pdf", []),
        ("patient_TESTAUTRE_Jean.pdf", ["birth_name"]),
        ("Nom TESTAUTRE Paul.pdf", ["birth_name"]),
        ("TESTAUTRE_Jean.pdf", []),
        ("impatient_TESTAUTRE_Jean.pdf", []),
        ("patient_IRM_GENOU.pdf", []),
        ("20261122103015000.pdf", []),
    ],
)
def test_only_an_ins_or_a_label_in_the_name_of_a_file_stops(name, traits):
    assert [one.trait for one in file_name_discrepancies(name, HELENE)] == traits


@given(st.text(max_size=120))
def test_any_name_is_looked_at_without_crash(text):
    assert isinstance(somebody_else(text, HELENE), str)
    assert isinstance(file_name_discrepancies(text, HELENE), list)
