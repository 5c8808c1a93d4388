"""The register of compared texts: bound line to line, without a name, exported; no act without its trace."""

import csv
import io
from dataclasses import replace

import pytest

from praticien.comparisons import Comparisons, RegisterAltered, RegisterUnavailable
from praticien.documents.model import TypedText
from tests.praticien.forms import NOW, SECRETARY, imaging_report, pdf_saying, prescription

KEY = b"k" * 32
DOUBTFUL = prescription(body=TypedText("Mère née le 01/01/1950, nom de naissance : TESTMERE"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "comparisons.jsonl"


def rows(register):
    return list(csv.DictReader(io.StringIO(register.export()), delimiter=";"))


def test_an_act_is_one_line_that_names_nobody(path):
    Comparisons(path, KEY).record(DOUBTFUL, NOW)
    (row,) = rows(Comparisons(path, KEY))
    assert row["le"] == "2026-11-20T09:30:15+01:00"
    assert row["professionnel"] == DOUBTFUL.author.professional.national_id
    assert row["type"] == "57833-6"
    assert set(row["ecarts"].split("|")) == {"birth_date", "birth_name"}
    said = path.read_text() + Comparisons(path, KEY).export()
    for secret in (DOUBTFUL.patient.ins.matricule, "TESTMERE", "1950", DOUBTFUL.unique_id, "TESTSOLO"):
        assert secret not in said


def test_who_entered_it_is_who_compared_it(path):
    document = imaging_report(body=pdf_saying("Patient : M. TESTAUTRE Jean"))
    assert document.entered_by == SECRETARY
    Comparisons(path, KEY).record(document, NOW)
    assert rows(Comparisons(path, KEY))[0]["professionnel"] == SECRETARY.professional.national_id


def test_nothing_is_written_when_nothing_disagrees_nor_twice_for_one_act(path):
    register = Comparisons(path, KEY)
    register.record(prescription(), NOW)
    assert not path.exists()
    register.record(DOUBTFUL, NOW)
    register.record(DOUBTFUL, NOW)
    assert len(rows(register)) == 1


@pytest.fixture
def three(path):
    register = Comparisons(path, KEY)
    for number in range(3):
        register.record(replace(DOUBTFUL, unique_id=f"2.25.{number}"), NOW)
    return path.read_text().splitlines(keepends=True)


def test_altered_lines_are_seen(path, three):
    first, second, third = three
    damages = {
        "1": [first.replace("birth_name", "sex"), second, third],
        "2": [first, third],
        "3": [first, second, third[:40]],
    }
    for number, lines in damages.items():
        path.write_text("".join(lines))
        register = Comparisons(path, KEY)
        for act in (register.export, lambda: register.record(replace(DOUBTFUL, unique_id="2.25.9"), NOW)):  # noqa: B023
            with pytest.raises(RegisterAltered) as caught:
                act()
            assert caught.value.detail == number
    path.write_text("".join(three))
    with pytest.raises(RegisterAltered):
        Comparisons(path, b"l" * 32).export()


def test_without_a_place_to_write_the_act_does_not_happen(tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(RegisterUnavailable):
        Comparisons(tmp_path / "data" / "comparisons.jsonl", KEY).record(DOUBTFUL, NOW)
