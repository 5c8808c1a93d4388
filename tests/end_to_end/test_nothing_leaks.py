"""All is logged that can be, the four jobs are played, and nothing says who the patients are or what the PIN is."""

from __future__ import annotations

from pathlib import Path

from demonstration.people import LINA, UNCONSCIOUS
from tests.end_to_end.personal import leaked


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_search_finds_what_it_looks_for():
    for text in (LINA.ins.matricule, f"x {UNCONSCIOUS.traits.birth_name.lower()} y", "pin=1234.", "31 32 33 34"):
        assert leaked(text.encode())
    assert leaked(f"<{LINA.traits.birth_name}>".encode("utf-16-le"))
    for innocent in ("20261234", "0x12345", "TESTRADIO", ""):
        assert not leaked(innocent.encode())


def test_search_finds_base64():
    from base64 import b64encode

    for padding in ("", "a", "ab"):
        assert leaked(b64encode(f"{padding}{LINA.ins.matricule} et la suite".encode()))


def test_demonstration_is_played_and_logged(played_in_process):
    folder, process = played_in_process.folder, played_in_process.process
    assert process.returncode == 0, process.stderr
    logs = files(folder / "logs")
    assert len(logs) == 2  # the window's program and the server
    assert all("DEBUG" in log.read_text("utf-8") for log in logs)


def test_logs_and_outputs_say_nothing_of_patients(played_in_process):
    folder, process = played_in_process.folder, played_in_process.process
    assert leaked(process.stdout.encode()) == []
    assert leaked(process.stderr.encode()) == []
    for log in files(folder / "logs"):
        lines = [line for line in log.read_bytes().splitlines() if leaked(line)]
        assert lines == [], log


def test_data_folder_keeps_nothing_of_patients_in_clear(played_in_process):
    folder = played_in_process.folder
    kept = [path for path in files(folder / "data") if path.relative_to(folder / "data").parts[0] != "dmp"]
    assert {"application", "authority", "cards"} <= {path.relative_to(folder / "data").parts[0] for path in kept}
    assert any(path.parent.name == "outbox" or "outbox" in path.parts for path in kept)
    assert [path for path in kept if leaked(path.read_bytes())] == []


def test_nothing_is_left_elsewhere(played_in_process):
    folder = played_in_process.folder
    assert files(folder / "tmp") == []
    assert [path for path in files(folder / "home") if leaked(path.read_bytes())] == []
