"""A dictated text cut at its headings, and the act that a study speaks of."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.documents.imaging_acts import InvalidActs, load, proposed
from praticien.documents.imaging_check import CCAM_SHAPE, LOINC_SHAPE
from praticien.documents.imaging_codes import Side
from praticien.documents.imaging_dictation import split
from praticien.documents.nomenclatures import MODALITIES
from tests.praticien.forms import STUDY

PRINTED = """CENTRE D'IMAGERIE FICTIF
Patient : TESTIMAGE HELENE

Indication : gonalgie
mécanique.
TECHNIQUE
T1 sagittal.

Résultats : fissure.
- ménisque médial
Examens antérieurs : IRM 2020
CONCLUSION – méniscopathie.

Dr Paule TESTRADIO
Page 1/1
"""


def test_headings_of_a_printed_report():
    found = split(PRINTED, letterhead=True)
    assert found.indication == "gonalgie\nmécanique."
    assert found.technique == "T1 sagittal."
    assert found.findings == "fissure.\n- ménisque médial"
    assert found.comparison == "IRM 2020"
    assert found.conclusion == "méniscopathie."


def test_what_was_dictated_before_a_heading_is_kept():
    found = split("Genou normal.\nConclusion : rien.\nDr TEST a été prévenu.")
    assert (found.findings, found.conclusion) == ("Genou normal.", "rien.\nDr TEST a été prévenu.")


@pytest.mark.parametrize("text", ["Technique de gymnastique : à revoir", "au total rien", "12 : x", ""])
def test_no_heading_is_seen_where_there_is_none(text):
    assert split(text).findings == text


HEADINGS = ("Technique :", "CONCLUSION", "Résultats -", "Examens antérieurs :")
lines = st.sampled_from(["alpha", "bêta : gamma", "- delta", "", *HEADINGS])


@given(st.lists(lines, max_size=12), st.booleans())
def test_no_line_of_a_dictation_is_lost(dictated, windows):
    kept = split(("\r\n" if windows else "\n").join(dictated)).text
    assert sorted(kept.split()) == sorted(" ".join(line for line in dictated if line not in HEADINGS).split())


def knee(**changes):
    return replace(STUDY, description="IRM du genou gauche", body_part="KNEE", **changes)


def test_the_act_of_a_body_part_and_its_side():
    act = proposed(knee(), load())
    assert (act.code.code, act.modality, act.location.words, act.side) == ("24802-1", "MR", "genou", Side.LEFT)


def test_the_laterality_of_the_images_goes_before_words():
    assert proposed(knee(laterality="R"), load()).side is Side.RIGHT


def test_words_alone_need_two_that_agree():
    assert proposed(replace(knee(), body_part=""), load()).code.code == "24802-1"
    assert proposed(replace(STUDY, description="genou", body_part=""), load()) is None
    assert proposed(replace(STUDY, description="", body_part=""), load()) is None


def test_among_several_the_most_general():
    study = replace(STUDY, modality="CT", body_part="CHEST", description="")
    assert proposed(study, load()).code.display == "CT thorax"
    assert proposed(replace(study, description="SCANNER THORACIQUE AVEC INJECTION"), load()).code.code == "24628-0"


def test_the_bundled_acts_are_sound():
    acts = load()
    assert len({act.name for act in acts}) == len(acts) > 50
    assert len({act.code.code for act in acts}) == len(acts)
    for act in acts:
        assert LOINC_SHAPE.fullmatch(act.code.code)
        assert not act.ccam or CCAM_SHAPE.fullmatch(act.ccam)
        assert set(act.modalities) <= set(MODALITIES)


GOOD = {"name": "RX", "code": "24648-8", "label": "RX thorax", "modalities": ["DX"], "location": "302551006"}


def test_a_users_list_replaces_the_bundled_one(tmp_path):
    path = tmp_path / "actes.json"
    path.write_text(json.dumps({"acts": [GOOD]}))
    (act,) = load(path)
    assert (act.name, act.location.words) == ("RX", "thorax")


@pytest.mark.parametrize(
    "change",
    [{"code": "x"}, {"location": "1"}, {"modalities": ["SR"]}, {"modalities": []}, {"ccam": "zz"}, {"name": ""}],
)
def test_a_wrong_entry_refuses_the_whole_list(tmp_path, change):
    path = tmp_path / "actes.json"
    path.write_text(json.dumps({"acts": [GOOD, GOOD | change]}))
    with pytest.raises(InvalidActs) as caught:
        load(path)
    assert caught.value.field == "imaging.acts_file"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"acts": 3}', '{"acts": [3]}'])
def test_a_file_of_another_shape_is_refused(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(InvalidActs):
        load(tmp_path / "a.json")
