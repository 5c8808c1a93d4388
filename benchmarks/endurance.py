"""Memory of the reference server's processes under load: at the start, then at each tenth of the run."""

from __future__ import annotations

import time

from benchmarks import bulk
from benchmarks.capacity import WORKERS, database_of, flood
from benchmarks.figures import Row, Section
from benchmarks.presigned import Practitioner
from benchmarks.processes import resident
from benchmarks.setting import Setting

TITLE = "Memory of the reference server (parent and two workers together) under submissions and queries"
_CLIENTS = 4
_POINTS = 10
_DOCUMENTS = 10
"""In the dossier that is asked about; what is submitted goes to another."""
_SUBMISSIONS = 20
"""Different submissions before each point; queries fill the rest."""


def measure(setting: Setting, runs: int) -> Section:
    """``setting.endurance`` seconds in all, on a server of its own. Raises NotHere."""
    del runs
    with setting.another(workers=WORKERS) as own:
        practitioner, end, samples, count = Practitioner(own), time.monotonic(), list[float](), 0
        query = _query_of_a_dossier(own, practitioner)
        for _ in range(_POINTS):
            end += own.endurance / _POINTS
            count += _work_until(end, own, practitioner, query)
            samples.append(resident(own.server.pid))
    first = Row("resident, after the first tenth", "MB", samples[:1])
    last = Row("resident, at the end", "MB", samples[-1:])
    after_each = "MB after each tenth: " + ", ".join(f"{one:.0f}" for one in samples)
    notes = (f"{count} requests in {setting.endurance:g} s", after_each)
    return Section(TITLE, (first, last.beside(first)), notes=notes)


def _query_of_a_dossier(setting: Setting, practitioner: Practitioner) -> bytes:
    ins = bulk.patient(0)
    with database_of(setting) as database:
        bulk.add_dossiers(database, [ins])
        bulk.fill(database, practitioner.submission, ins, _DOCUMENTS)
    return practitioner.query(ins)


def _work_until(end: float, setting: Setting, practitioner: Practitioner, query: bytes) -> int:
    """At least one round; how many requests were answered."""
    count = 0
    while True:
        made = list(practitioner.submissions(_SUBMISSIONS))
        count += flood(setting, practitioner, made, clients=_CLIENTS, repeated=False).count
        count += flood(setting, practitioner, [query], clients=_CLIENTS, repeated=True).count
        if time.monotonic() >= end:
            return count
