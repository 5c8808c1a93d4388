"""A real PostgreSQL, where the system has one: a cluster of its own in a temporary folder, on a private socket."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

_ACCOUNT = "nobody"
"""PostgreSQL refuses to run as root."""


class Cluster:
    """Running until closed; trust authentication, reachable through its socket folder alone."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        self._names = itertools.count()
        self._as = ["runuser", "-u", _ACCOUNT, "--"] if os.geteuid() == 0 else []
        data = str(folder / "data")
        self._run("initdb", "-D", data, "-U", "praticien", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", settings, "start")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self._programs / program), *arguments]
        done = subprocess.run(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, capture_output=program != "pg_ctl", check=False
        )
        assert done.returncode == 0, f"{program} failed"

    def new_database(self) -> str:
        """URL of a fresh, empty database."""
        name = f"dmp{next(self._names)}"
        with psycopg.connect(host=str(self._folder), user="praticien", dbname="postgres", autocommit=True) as session:
            session.execute(f"CREATE DATABASE {name}")
        return f"postgresql://praticien@/{name}?host={self._folder}"

    def close(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-m", "immediate", "stop")


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket has at most 107 octets
    if os.geteuid() == 0:
        shutil.chown(folder, _ACCOUNT)
    made = Cluster(programs, folder)
    yield made
    made.close()
    shutil.rmtree(folder)
