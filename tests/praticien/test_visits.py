"""When was this dossier looked at before? Kept without saying whose."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demonstration import people
from praticien.visits import KEPT, SAME_VISIT, Visits

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ME, OTHER = people.GP.national_id, people.EMERGENCY.national_id
NORA, SOLO = people.NORA.ins, people.SOLO.ins
DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "application" / "visits.json"


@pytest.fixture
def visits(path):
    return Visits(path, bytes(32))


def test_the_first_visit_has_none_before(visits):
    assert visits.look(ME, NORA, NOW) is None


def test_looking_again_is_the_same_visit(visits):
    visits.look(ME, NORA, NOW)
    assert visits.look(ME, NORA, NOW + DAY) == NOW
    assert visits.look(ME, NORA, NOW + DAY + timedelta(minutes=30)) == NOW
    assert visits.look(ME, NORA, NOW + DAY + SAME_VISIT + timedelta(hours=1)) == NOW + DAY + timedelta(minutes=30)


def test_each_professional_and_patient_apart(visits):
    visits.look(ME, NORA, NOW)
    assert visits.look(OTHER, NORA, NOW + DAY) is None
    assert visits.look(ME, SOLO, NOW + DAY) is None


def test_kept_over_a_restart_and_unreadable_without_the_key(visits, path):
    visits.look(ME, NORA, NOW)
    assert Visits(path, bytes(32)).look(ME, NORA, NOW + DAY) == NOW
    assert Visits(path, b"1" * 32).look(ME, NORA, NOW + DAY) is None
    kept = path.read_text()
    assert NORA.matricule not in kept
    assert ME not in kept
    assert path.stat().st_mode & 0o077 == 0


def test_old_visits_are_forgotten(visits, path):
    visits.look(ME, NORA, NOW)
    visits.look(ME, SOLO, NOW + KEPT + DAY)
    assert Visits(path, bytes(32)).look(ME, NORA, NOW + KEPT + 2 * DAY) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": [1, "b"]}', "null"])
def test_a_damaged_file_only_means_that_nothing_is_new(path, content):
    path.parent.mkdir()
    path.write_text(content)
    visits = Visits(path, bytes(32))
    assert visits.look(ME, NORA, NOW) is None
    assert visits.look(ME, NORA, NOW + DAY) == NOW


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    visits = Visits(tmp_path / "file" / "visits.json", bytes(32))
    visits.look(ME, NORA, NOW)
    assert visits.look(ME, NORA, NOW + DAY) == NOW


@given(st.lists(st.integers(min_value=0, max_value=72), max_size=12))
def test_the_visit_before_is_always_over(tmp_path_factory, hours):
    visits, now, seen = Visits(tmp_path_factory.mktemp("visits") / "v.json", bytes(32)), NOW, []
    for pause in hours:
        now += timedelta(hours=pause)
        before = visits.look(ME, NORA, now)
        assert before is None or before in seen
        gaps = [b - a for a, b in zip([*seen, now], [*seen[1:], now, now], strict=False) if b > a]
        assert before is None or any(gap > SAME_VISIT for gap in gaps)
        seen.append(now)
