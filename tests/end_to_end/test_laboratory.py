"""A laboratory sends over MLLP, the report is deposited from the window, the server has it, official rules agree."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from composition.receiving import lab_reader
from connectors.endpoint import DmpEndpoint
from connectors.hl7v2.framing import Deframer, framed
from demonstration.laboratory import blood_test, urine_culture
from demonstration.people import NORA, RADIOLOGIST
from praticien.access import NORMAL
from praticien.documents.cda_reader import read
from praticien.listening import ListenAddress
from praticien.metadata import DocumentEntry
from praticien.outbox import DeliveryState
from praticien.secrets_at_rest import key_from_file
from tests.end_to_end.bench import CONTROL, SHIFT, Bench, Key, dependencies
from tests.end_to_end.personal import leaked
from tests.end_to_end.readers import InProcessReaders
from tests.validators import ROOT, errors_of, judge
from ui.pages import Page

NOW = datetime.now().astimezone()
NUMBER = f"TEST-{NOW:%H%M%S%f}"


@pytest.fixture
def bench(qapp, endpoint: DmpEndpoint, in_process: InProcessReaders, tmp_path: Path) -> Iterator[Bench]:
    """The application as ``composition`` puts it together, listening for laboratories."""
    data = tmp_path / "application"
    given = dependencies(endpoint, in_process, data, ListenAddress.parse("127.0.0.1:0"))
    made = Bench(given, in_process)
    made.inbox = given.lab_inbox
    yield made
    made.end()
    for path in data.rglob("*"):
        assert not (path.is_file() and leaked(path.read_bytes())), path.name


def send(bench: Bench, message: bytes) -> str:
    """What MSA-1 says."""
    deframer = Deframer()
    with socket.create_connection(bench.inbox.source.address, timeout=20) as laboratory:
        laboratory.sendall(framed(message))
        while not (answers := deframer.feed(laboratory.recv(4096))):
            pass
    return answers[0].decode().split("\r")[1].split("|")[1]


def show_received(bench: Bench) -> None:
    bench.press(Key.Key_F7, SHIFT)
    bench.hand.wait("les résultats reçus", lambda: bench.window.page is Page.LAB_INBOX)
    bench.rest()


def deposit_first(bench: Bench) -> None:
    """From the list to the DMP, by the keyboard."""
    show_received(bench)
    bench.press(Key.Key_Home)
    bench.rest()
    bench.press(Key.Key_Return)
    bench.hand.wait("le formulaire", lambda: bench.window.page is Page.DEPOSIT)
    chooser = bench.window.pages.deposit.parts.authors
    if not chooser.isHidden():
        chooser.choose(RADIOLOGIST, {})
    already = len([d for d in bench.outbox.deliveries() if d.state is DeliveryState.SENT])
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait(
        "l’accusé", lambda: len([d for d in bench.outbox.deliveries() if d.state is DeliveryState.SENT]) > already
    )
    bench.rest()


def stored(bench: Bench, number: str) -> list[tuple[DocumentEntry, bytes]]:
    """Active documents of NORA that answer this request, as the server gives them."""
    dmp = bench.practice.dmp
    found = [e for e in dmp.find_documents(NORA.ins, NORMAL) if any(r.identifier == number for r in e.references)]
    return [(entry, dmp.retrieve(NORA.ins, entry, NORMAL).content) for entry in found]


def open_from_the_report(bench: Bench) -> None:
    """F2 in the list takes the traits of the file; INSi finds the patient; the identity is checked."""
    show_received(bench)
    bench.press(Key.Key_F2)
    bench.hand.wait("la recherche", lambda: bench.window.page is Page.PATIENT)
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait_for_text(NORA.traits.birth_name, "patient_banner.name")
    bench.press(Key.Key_I, CONTROL)
    bench.rest()


def test_from_the_laboratory_to_the_dmp(bench, tmp_path):
    bench.arrive()
    assert send(bench, blood_test(NORA, NOW, number=f"{NUMBER}-1").encode()) == "AA"
    assert send(bench, urine_culture(NORA, NOW, number=f"{NUMBER}-2").encode("latin-1")) == "AA"
    assert send(bench, b"MSH|^~\\&|nonsense") == "AR"
    open_from_the_report(bench)
    assert len(bench.window.pages.lab_inbox.rows) == 2
    deposit_first(bench)  # the culture came last
    show_received(bench)
    assert "reçu par le DMP" in bench.window.pages.lab_inbox.rows[0]
    assert "à traiter" in bench.window.pages.lab_inbox.rows[1]
    ((entry, content),) = stored(bench, f"{NUMBER}-2")
    assert entry.format_code.code == "urn:ihe:lab:xd-lab:2008"
    assert [code.code for code in entry.event_codes] == ["18725-2"]
    assert read(content).header.patient.ins == NORA.ins
    if ROOT.is_dir():
        verdict = judge(tmp_path, {"stored": content})["stored"]
        assert verdict["valid"], errors_of(verdict)
        assert verdict["volet"] == "CI-SIS_BIO-CR-BIO_2024.01"


def test_a_secretary_s_correction_replaces_the_first_report(bench):
    """The entryUUID is asked by TD3.1b, which a CPE may do, though it may read nothing."""
    number = f"{NUMBER}-3"
    bench.arrive("cpe-secretaire")
    assert send(bench, blood_test(NORA, NOW, number=number).encode()) == "AA"
    open_from_the_report(bench)
    deposit_first(bench)
    assert send(bench, blood_test(NORA, NOW, number=number, status="C").encode()) == "AA"
    deposit_first(bench)
    first, second = sorted(bench.inbox.reports(), key=lambda line: line.version)
    assert (first.version, second.version) == (1, 2)
    assert first.set_id == second.set_id
    bench.withdraw("cpe-secretaire")
    bench.arrive("cps-medecin")
    ((entry, content),) = stored(bench, number)
    assert entry.unique_id == second.document_id
    assert first.document_id.encode() in content


def test_acknowledged_is_kept_whatever_happens(bench, tmp_path):
    """The window is locked, nobody is there; the program ends; the report is there at the next start."""
    assert send(bench, blood_test(NORA, NOW, number=f"{NUMBER}-4").encode()) == "AA"
    bench.end()
    from praticien.deposit import new_oid
    from praticien.lab_inbox import LabInbox

    data = tmp_path / "application"
    again = LabInbox(data / "laboratory", key_from_file(data), lab_reader(production=False), new_oid)
    (line,) = again.reports()
    assert again.report(line.id).patient.ins == NORA.ins
    again.close()


def test_a_taken_address_is_said_and_work_goes_on(bench, endpoint, in_process, tmp_path, qapp):
    host, port = bench.inbox.source.address
    given = dependencies(endpoint, in_process, tmp_path / "other", ListenAddress(host, port))
    other = Bench(given, in_process)
    try:
        other.arrive()
        show_received(other)
        label = other.window.findChild(type(other.window.pages.lab_inbox._stopped), "lab_inbox.stopped")
        assert "l’adresse configurée est prise" in label.text()
    finally:
        other.end()
