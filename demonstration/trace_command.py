"""The commands ``main.py export-trace`` and ``main.py verify-trace``: the server's log, for its operator."""

from __future__ import annotations

import sys
from pathlib import Path

from praticien.errors import PraticienError
from reference_server import trace_file
from reference_server.storage import traces
from reference_server.storage.database import Database
from reference_server.storage.traces import Extract


def export(data: Path, target: Path, extract: Extract, database_url: str = "") -> int:
    """Write the log of the server under ``data``. Returns the exit status: 2 when it cannot be read or written."""
    folder = data / "dmp"
    if not folder.is_dir():
        return _failed(f"aucun serveur n’a encore tourné dans {data}.")
    try:
        database = Database(folder, database_url)
        try:
            with database.reading() as session, target.open("xb") as file:
                file.writelines(traces.export(session, extract))
        finally:
            database.close()
    except PraticienError as error:
        return _failed(f"{error.code} {error.detail}")
    except OSError as error:
        return _failed(f"{target} : {error.strerror}.")
    return verify(target)


def verify(file: Path, fingerprint: str = "") -> int:
    """Say in one line what a file is worth. Returns 0 when it holds, 1 when it was altered, 2 when it is no trace."""
    try:
        report = trace_file.verify(file)
    except PraticienError as error:
        return _failed(f"ce fichier n’est pas une trace exportée ({error.detail}).")
    if report.altered is not None:
        print(f"trace altérée : ligne {report.altered} ({report.why}).")
        return 1
    if fingerprint and report.fingerprint != fingerprint.lower():
        print(f"trace signée par une autre clé : {report.fingerprint}")
        return 1
    print(f"trace intacte : {report.count} lignes, dont {report.shown} montrées ; clé {report.fingerprint}")
    return 0


def _failed(why: str) -> int:
    print(f"praticien : {why}", file=sys.stderr)
    return 2
