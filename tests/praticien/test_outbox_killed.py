"""The outbox of a process that dies for good (SIGKILL) at each point where it touches the disk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform == "win32", reason="fork and SIGKILL of Unix")
def test_nothing_promised_is_lost_and_nothing_is_there_twice(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.praticien.outbox_killed", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 20
    for one in found:
        assert one["states"] in ([], ["sent"])
        assert one["documents"] == len(one["states"])
        assert one["requests"] <= 2
        assert not (one["promised"] and one["states"] != ["sent"])
    assert {one["requests"] for one in found} == {0, 1, 2}
    assert [one["killed"] for one in found].count(False) == 1
