"""Bad input from the network: each gives one sentence; what was typed, chosen or accepted stays, and leaves once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from card_reader.virtual.cps3 import VirtualCps3
from connectors.endpoint import DmpEndpoint
from demonstration.authority import TestAuthority, write_pair
from demonstration.cards import cps
from demonstration.child import Child
from demonstration.people import CARDS, NORA, YANN
from praticien.outbox import DeliveryState
from reference_server.certificates import TrustStore
from reference_server.dispatcher import Dispatcher, Reply
from reference_server.running import ServerConfig, ServerThread
from reference_server.storage.database import Database
from tests.end_to_end.bench import CONTROL, Bench, Key
from tests.end_to_end.conftest import QUICK
from tests.end_to_end.network import ChangingServer
from tests.end_to_end.readers import InProcessReaders
from ui.pages import Page

TEXT = "Paracétamol 500 mg, trois jours"


def search(bench: Bench) -> None:
    """Type an identity and ask."""
    bench.type_identity(NORA)
    bench.press(Key.Key_Return, CONTROL)


def assert_search_kept(bench: Bench) -> None:
    """Everything typed is still in its field."""
    assert bench.window.page is Page.PATIENT
    kept = bench.window.pages.patient_form.snapshot()
    assert kept["ins"] == NORA.ins.matricule
    assert kept["birth_name"] == NORA.traits.birth_name
    assert kept["birth_first_name"] == NORA.traits.first_name
    assert kept["birth_date"].replace("/", "") == "21061984"


def deposit(bench: Bench, title: str) -> None:
    """Write a prescription and send it."""
    bench.write_prescription(TEXT, title)
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait("le dépôt accepté", bench.outbox.deliveries)


def assert_waits_then_leaves_once(bench: Bench, title: str, again: Callable[[], None]) -> None:
    """The deposit waits in the outbox; when the way is free it leaves, and the DMP holds it once."""
    (delivery,) = bench.outbox.deliveries()
    assert delivery.state.is_waiting
    assert f"« {title} » attend dans les envois" in bench.hand.read("notice.text").replace("«\xa0", "« ")
    again()
    bench.window.outgoing.retry(delivery)
    bench.hand.wait("le départ", lambda: title in bench.titles)
    bench.rest()
    assert [d.state for d in bench.outbox.deliveries()] == [DeliveryState.SENT]
    assert bench.titles.count(title) == 1


# -- down, slow, cut -------------------------------------------------------------------------------------------------


def test_server_down_when_a_patient_is_searched(bench, proxy):
    bench.arrive()
    proxy.stop()
    search(bench)
    bench.wait_for("server.unreachable")
    assert_search_kept(bench)
    proxy.start()
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait_for_text(NORA.traits.birth_name, "patient_banner.name")


def test_server_down_in_an_open_dossier(bench, proxy):
    bench.arrive()
    bench.open(NORA)
    titles = bench.titles
    proxy.stop()
    bench.press(Key.Key_F5)
    bench.wait_for("server.unreachable")
    assert bench.titles == titles
    bench.press(Key.Key_Escape)
    bench.read_first()
    bench.wait_for("server.unreachable")
    proxy.start()
    bench.read()


def test_server_down_when_a_document_is_deposited(bench, proxy):
    bench.arrive()
    bench.open(NORA)
    proxy.stop()
    deposit(bench, "Ordonnance sans serveur")
    bench.wait_for("server.unreachable")
    assert_waits_then_leaves_once(bench, "Ordonnance sans serveur", proxy.start)


def test_silent_server_is_given_up_and_says_what_it_does_meanwhile(bench, proxy):
    bench.arrive()
    bench.open(NORA)
    titles = bench.titles
    proxy.hold()
    bench.press(Key.Key_F5)
    bench.hand.wait_for_text("Recherche du dossier médical partagé", "progress.text")
    bench.wait_for("server.timeout")
    assert bench.titles == titles
    proxy.release()


def test_silent_server_at_the_first_connection(bench, proxy):
    bench.arrive()
    proxy.hold()
    search(bench)
    bench.wait_for("server.connect_timeout")
    assert_search_kept(bench)


def test_waiting_can_be_given_up(bench, proxy):
    bench.arrive()
    proxy.hold()
    search(bench)
    bench.hand.wait_for_text("INSi", "progress.text")
    bench.press(Key.Key_Escape)
    assert not bench.window.is_busy
    assert bench.said() == []
    assert_search_kept(bench)
    proxy.release()
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait_for_text(NORA.traits.birth_name, "patient_banner.name")


def test_answer_cut_in_the_middle_of_a_document(bench, proxy):
    bench.arrive()
    bench.open(NORA)
    proxy.cut(up=1, down=20_000)
    bench.read_first()
    bench.wait_for("answer.cut")
    assert proxy.has_cut
    assert not bench.window.pages.dossier.viewer.pages.is_drawn
    bench.read()


def test_answer_to_a_deposit_lost(bench, proxy):
    """The DMP has it, and we do not know: the second try finds the first."""
    bench.arrive()
    bench.open(NORA)
    proxy.cut(up=15_000)
    deposit(bench, "Ordonnance sans réponse")
    bench.wait_for("answer.cut")
    assert proxy.has_cut
    assert_waits_then_leaves_once(bench, "Ordonnance sans réponse", lambda: None)


def test_deposit_survives_the_program(open_bench, in_process, proxy):
    bench = open_bench(in_process)
    bench.arrive()
    bench.open(NORA)
    proxy.stop()
    deposit(bench, "Ordonnance d’hier")
    bench.wait_for("server.unreachable")
    bench.withdraw()
    bench.end()
    proxy.start()
    bench = open_bench(in_process)
    bench.arrive()
    bench.hand.wait("le départ", lambda: bench.outbox.deliveries()[0].state is DeliveryState.SENT)
    bench.rest()
    bench.open(NORA)
    assert bench.titles.count("Ordonnance d’hier") == 1


# -- certificates ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory) -> Path:
    """Another TEST authority, that nobody here knows."""
    folder = tmp_path_factory.mktemp("elsewhere")
    authority = TestAuthority.open_or_create(folder / "authority")
    (folder / "ca.pem").write_bytes(authority.bundle_pem)
    return folder


def test_card_of_an_unknown_authority(open_bench, elsewhere):
    stranger = VirtualCps3(cps(elsewhere, CARDS["cps-medecin"]))
    bench = open_bench(InProcessReaders({"cps-medecin": stranger}))
    bench.arrive()
    search(bench)
    bench.wait_for("tls.card_refused")
    assert_search_kept(bench)


def test_expired_card(bench):
    bench.insert("cps-expiree")
    bench.unlock()
    search(bench)
    bench.wait_for("tls.card_expired")
    assert_search_kept(bench)


def test_server_of_an_unknown_authority(open_bench, in_process, endpoint, elsewhere):
    bench = open_bench(in_process, replace(endpoint, ca_file=elsewhere / "ca.pem"))
    bench.arrive()
    search(bench)
    bench.wait_for("tls.server_unknown")
    assert_search_kept(bench)


def test_server_whose_certificate_expired(open_bench, in_process, authority, tmp_path):
    """Dates out of date: nothing is sent, what was typed stays."""
    past = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))
    write_pair(tmp_path, "server", authority.server(valid=past))
    (tmp_path / "ca.pem").write_bytes(authority.bundle_pem)
    config = ServerConfig(tmp_path / "dmp", tmp_path / "ca.pem", tmp_path / "server.pem", tmp_path / "server.key")
    server = ServerThread(config)
    try:
        bench = open_bench(in_process, DmpEndpoint(server.base_url, tmp_path / "ca.pem"))
        bench.arrive()
        search(bench)
        bench.wait_for("tls.server_expired")
        assert_search_kept(bench)
    finally:
        server.close()


# -- answers ---------------------------------------------------------------------------------------------------------

SOAP = "application/soap+xml; charset=utf-8"
_ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE = b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


def says(body: bytes, status: int = 200, content_type: str = SOAP) -> Callable[[Reply], Reply]:
    """Answers this whatever was asked."""
    return lambda _reply: Reply(status, content_type, body)


BAD_ANSWERS = {
    "malformed": (says(b"<Envelope><Body>"), "answer.malformed"),
    "nothing": (says(b""), "answer.malformed"),
    "web-page": (says(b"<html><body>Bonjour</body></html>", content_type="text/html"), "answer.malformed"),
    "huge": (says(b"<x>" + b"a" * 9_000_000 + b"</x>"), "answer.too_large"),
    "doctype": (says(_OUTSIDE + b"<x/>"), "answer.forbidden_xml"),
    "entities": (says(_ENTITIES + b"<x>&b;</x>"), "answer.forbidden_xml"),
    "gateway": (says(b"<html>502</html>", 502, "text/html"), "server.http_error"),
}


@pytest.fixture
def changing(server: Child, cards_folder: Path, authority: TestAuthority) -> Iterator[ChangingServer]:
    """A server that can be made to answer ill, on the dossiers of the other one."""
    database = Database(cards_folder / "dmp")
    made = ChangingServer(Dispatcher(database, TrustStore(authority.bundle_pem)), cards_folder)
    yield made
    made.close()
    database.close()


@pytest.fixture
def bad_bench(open_bench, in_process, changing, server) -> Bench:
    endpoint = DmpEndpoint(f"https://127.0.0.1:{changing.port}", Path(server.ready["ca_file"]), QUICK)
    bench: Bench = open_bench(in_process, endpoint)
    bench.arrive()
    return bench


def test_bad_answers_to_a_search(bad_bench, changing):
    for change, code in BAD_ANSWERS.values():
        changing.changes["insi"] = change
        search(bad_bench)
        bad_bench.wait_for(code)
        assert_search_kept(bad_bench)
    changing.changes.clear()
    bad_bench.find(NORA)


@pytest.mark.parametrize("service", ["patients", "registry"])
def test_bad_answers_about_a_dossier(bad_bench, changing, service):
    bad_bench.open(NORA)
    titles = bad_bench.titles
    for change, code in BAD_ANSWERS.values():
        changing.changes[service] = change
        bad_bench.press(Key.Key_F5)
        bad_bench.wait_for(code)
        assert bad_bench.titles == titles
        bad_bench.press(Key.Key_Escape)
    changing.changes.clear()
    bad_bench.press(Key.Key_F5)
    bad_bench.rest()
    assert bad_bench.said() == []


def test_bad_answers_to_a_reading(bad_bench, changing):
    bad_bench.open(NORA)
    for change, code in BAD_ANSWERS.values():
        changing.changes["repository"] = change
        bad_bench.read_first()
        bad_bench.wait_for(code)
    changing.changes["repository"] = lambda reply: replace(reply, body=reply.body.replace(b"FICTIF", b"FACTIF"))
    bad_bench.read_first()
    bad_bench.wait_for("answer.hash_mismatch")
    assert not bad_bench.window.pages.dossier.viewer.pages.is_drawn
    changing.changes.clear()
    bad_bench.read()


@pytest.mark.parametrize("answer", ["malformed", "entities"])
def test_bad_answer_to_a_deposit(bad_bench, changing, answer):
    change, code = BAD_ANSWERS[answer]
    title = f"Ordonnance {answer}"
    bad_bench.open(NORA)
    changing.changes["repository"] = change
    deposit(bad_bench, title)
    bad_bench.wait_for(code)
    assert_waits_then_leaves_once(bad_bench, title, changing.changes.clear)


def test_answer_of_another_patient(bad_bench, changing):
    """A list that speaks of somebody else is not shown."""
    bad_bench.open(NORA)
    titles = bad_bench.titles
    mine, other = NORA.ins.matricule.encode(), YANN.ins.matricule.encode()
    changing.changes["registry"] = lambda reply: replace(reply, body=reply.body.replace(mine, other))
    bad_bench.press(Key.Key_F5)
    bad_bench.wait_for("answer.unrelated")
    assert bad_bench.titles == titles
