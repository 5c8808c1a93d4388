"""A laboratory report of 80 results, from the message of the laboratory to a CR-BIO, and read again; without a network.

The official rules are run too, once, in a program of their own, where they are beside the project.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from benchmarks.figures import Row, Section
from benchmarks.forms import confirmed, patient_of
from benchmarks.laps import Laps
from benchmarks.setting import PATIENCE, SOFTWARE_OID, Setting
from connectors.hl7v2.oru import read_reports
from demonstration.laboratory import blood_test
from demonstration.people import GP, LABORATOIRE, SOLO
from praticien.deposit import prepare
from praticien.documents import cda_writer, pdf
from praticien.documents.cda_check import check_header
from praticien.documents.cda_reader import read
from praticien.documents.coded.reading import read_facts
from praticien.documents.lab_report import LabReport
from praticien.documents.lab_source import with_authority
from praticien.documents.model import DocumentKind, NewDocument, Party

TITLE = "Laboratory report of 80 results: message read, CR-BIO written, read again"
RESULTS = 80
_VALIDATORS = Path(os.environ.get("PRATICIEN_VALIDATORS", Path(__file__).parents[2] / "shared" / "validators"))


def measure(setting: Setting, runs: int) -> Section:
    """Each step in turn, ``runs`` times."""
    laps, content = Laps(lambda: 0), message()
    for _ in range(runs):
        cda = write(content, laps)
    notes = [f"the message: {len(content)} bytes, the document: {len(cda)}", f"peak memory: {_peak():.0f} MB"]
    rows = laps.rows()
    judged = judge(cda, setting.folder)
    return Section(TITLE, (*rows, judged) if judged else rows, notes=tuple(notes))


def message(results: int = RESULTS) -> bytes:
    """A blood test whose first result is there as often as it takes."""
    segments = blood_test(SOLO, datetime.now().astimezone()).strip("\r").split("\r")
    (place,) = [number for number, segment in enumerate(segments) if "|718-7^" in segment]
    again = [segments[place]] * (results - 5)
    return "\r".join([*segments[:place], *again, *segments[place:]]).encode()


def write(content: bytes, laps: Laps) -> bytes:
    """One report, its steps timed. Raises AssertionError unless every result is there in the end."""
    with laps.lap("all, message to metadata"):
        with laps.lap("1. HL7 v2 message read"):
            (report,) = read_reports(content, production=False)
        document = form(report)
        with laps.lap("2. header and results checked"):
            check_header(document)
        with laps.lap("3. page drawn (PDF)"):
            page = pdf.render(document)
        with laps.lap("4. CDA written"):
            cda_writer.build(document, page)
    with laps.lap("prepared as for a deposit (2 to 4, and the page's text compared)"):
        cda = prepare(document, software_oid=SOFTWARE_OID).documents[0].content
    with laps.lap("read: header, sections, copy"):
        read(cda)
    with laps.lap("read: coded results"):
        facts = read_facts(cda)
    if len(facts.results) != RESULTS:
        raise AssertionError("results were lost")
    return cda


def form(report: LabReport) -> NewDocument:
    """What the window would confirm."""
    body, party = with_authority(report, SOFTWARE_OID), Party(GP, LABORATOIRE)
    document = confirmed(DocumentKind.LAB_RESULT, "Bilan", body, patient_of(SOLO), party)
    return replace(document, service_start=report.collected_at or document.created_at, service_stop=report.released_at)


def judge(cda: bytes, folder: Path) -> Row | None:
    """The official schemas and schematrons. Raises AssertionError when they refuse."""
    if not _VALIDATORS.is_dir():
        return None
    file = folder / "lab_report.xml"
    file.write_bytes(cda)
    command = [sys.executable, str(_VALIDATORS / "cda" / "cda_validate.py"), "--json", str(file)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * PATIENCE, check=False)
    taken = (time.perf_counter() - start) * 1000
    if not json.loads(done.stdout)["reports"][0]["valid"]:
        raise AssertionError("the official rules refuse the document")
    return Row("official schemas and schematrons, a program of its own", "ms", [taken])


def _peak() -> float:
    """Megabytes of this process at its largest, 0 where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
