"""A program that kills itself (SIGKILL) before and after each thing the outbox does to the disk, and looks afterwards.

``python -m tests.praticien.outbox_killed FOLDER`` prints one JSON object a kill: what had been promised, what the
server got, and what the outbox says once it was opened again and everything waiting was tried.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from praticien.access import NORMAL
from praticien.deposit import prepare
from praticien.documents.model import DocumentKind
from praticien.errors import Refused
from praticien.metadata import Acknowledgement, Submission
from praticien.outbox import Outbox, Owner, Summary
from tests.praticien import forms

KEY = bytes(32)
ME = Owner("899700000123", "499700000123401")
TOUCHED = ("open", "fsync", "replace")
_real = {name: getattr(os, name) for name in TOUCHED}


class Known(Refused):
    """The server has it already."""

    code = "dmp.already_deposited"


class Server:
    """One file a document, and one line a request, in a folder that outlives the client."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def deposit(self, submission: Any, access: Any) -> Acknowledgement:
        del access
        with (self._folder / "requests").open("a") as log:
            log.write("x")
        kept = self._folder / submission.documents[0].entry.unique_id
        if kept.exists():
            raise Known
        kept.write_bytes(submission.documents[0].content)
        return Acknowledgement(submission.submission_set.unique_id, datetime.now(UTC))

    def seen(self) -> dict[str, int]:
        log = self._folder / "requests"
        kept = [path for path in self._folder.iterdir() if path != log]
        return {"documents": len(kept), "requests": len(log.read_text()) if log.exists() else 0}


def dying(number: int) -> None:
    """This process is killed at the ``number``-th time that the disk is touched: even before, odd after."""
    left = [number]

    def touch(name: str) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            _count(left)
            result = _real[name](*given, **named)
            _count(left)
            return result

        return wrapped

    for name in TOUCHED:
        setattr(os, name, touch(name))


def _count(left: list[int]) -> None:
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1


def live(folder: Path, number: int, submission: Submission) -> None:
    """Put one document, promise it, deliver it; die on the way."""
    server = Server(folder / "server")
    dying(number)
    box = Outbox(folder / "outbox", KEY)
    delivery = box.put(submission, Summary("Ordonnance", DocumentKind.PRESCRIPTION, "TEST", ME))
    (folder / "promised").touch()
    box.deliver(delivery.id, server, NORMAL, ME)  # type: ignore[arg-type]
    box.close()


def afterwards(folder: Path) -> dict[str, Any]:
    """Open again, try what waits, and tell."""
    server, box = Server(folder / "server"), Outbox(folder / "outbox", KEY)
    for one in box.deliveries():
        if one.state.is_waiting:
            box.deliver(one.id, server, NORMAL, ME)  # type: ignore[arg-type]
    states = [one.state.value for one in box.deliveries()]
    box.close()
    return {"promised": (folder / "promised").exists(), "states": states, **server.seen()}


def main(folder: Path) -> None:
    """Until one lives to the end."""
    form = forms.prescription(unique_id="2.25.1", title="Ordonnance fictive")
    submission = prepare(form, software_oid=forms.SOFTWARE_OID)
    number, killed = 0, True
    while killed:
        place = folder / str(number)
        place.mkdir()
        child = os.fork()
        if child == 0:
            live(place, number, submission)
            os._exit(0)
        killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        print(json.dumps({"killed": killed, **afterwards(place)}), flush=True)
        number += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
