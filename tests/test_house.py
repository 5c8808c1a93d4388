"""The rules of the house: arrows, style, types. Run by tools that others wrote."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = ["praticien", "card_reader", "connectors", "reference_server", "ui", "demonstration", "composition"]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.timeout(300)
def test_arrows_point_one_way():
    done = run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


def test_nobody_imports_the_command_line():
    importing = [p for p in python_files() if re.search(r"^\s*(?:import|from) main\b", p.read_text("utf-8"), re.M)]
    assert importing == []


def test_style():
    done = run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


def test_format():
    done = run(sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")
    assert done.returncode == 0, done.stdout


@pytest.mark.timeout(300)
def test_types(tmp_path):
    done = run(sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout


def python_files() -> list[Path]:
    return [path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")]


def test_one_module_imports_pyscard():
    importing = {
        path.relative_to(ROOT).as_posix()
        for path in python_files()
        if re.search(r"^\s*(?:import|from) smartcard\b", path.read_text("utf-8"), re.M)
    }
    assert importing == {"card_reader/pcsc.py"}


def test_heavy_libraries_are_imported_inside_functions():
    heavy = re.compile(r"^(?:import|from) (pydicom|reportlab|pypdfium2|sqlalchemy)\b", re.M)
    offenders = {
        path.relative_to(ROOT).as_posix()
        for path in python_files()
        if path.relative_to(ROOT).parts[0] in {"praticien", "ui"} and heavy.search(path.read_text("utf-8"))
    }
    assert offenders == set()


def test_no_private_key_in_the_tree():
    tracked = run("git", "ls-files").stdout.split() or [p.relative_to(ROOT).as_posix() for p in python_files()]
    marker = "PRIVATE " + "KEY-----"
    assert [name for name in tracked if marker in (ROOT / name).read_text("utf-8", errors="ignore")] == []
