"""Faults switched on a running server, over real sockets, by the forms of the operator page."""

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from demonstration import people
from demonstration.authority import TestAuthority
from reference_server import trace_file
from reference_server.certificates import TrustStore, Untrusted
from reference_server.dispatcher import SERVICES
from reference_server.faults import wire
from reference_server.faults.panel import NONE, STATUSES, Faults, Panel, UnusableFault, from_form
from reference_server.operator_page import OperatorPage
from tests.reference_server.conftest import start
from tests.reference_server.deposits import Deposit, send

INS = people.NORA.ins


@pytest.fixture(scope="module")
def shared(keys, tmp_path_factory):
    made = start(keys, tmp_path_factory.mktemp("faulty"), faults=True, revoke=keys.authority.revocation_lists)
    yield made
    made.close()


@pytest.fixture
def faulty(shared):
    yield shared
    put(shared)
    for client in shared.clients:
        client.session.close()


def posted(world, form, fields):
    return requests.post(world.server.operator_url + form, data=fields, timeout=10)


def put(world, **fields):
    assert posted(world, "faults", fields).status_code == 200  # after the redirection to the page


def state(world):
    return requests.get(world.server.operator_url + "state.json", timeout=10).json()


def page(world):
    return html.fromstring(requests.get(world.server.operator_url, timeout=10).text)


def test_page_shows_what_is_on_and_puts_all_in_order(faulty):
    fields = {"latency": "30", "jitter": "5", "status": "503", "cut_at": "0", "silent": "1", "count": "7"}
    put(faulty, **fields, clock_ahead="3600", full_disk="1", **{"service.registry": "1"})
    (form,) = [one for one in page(faulty).forms if one.xpath(".//table")]
    shown = dict(form.form_values())
    assert shown == {**fields, "clock_ahead": "3600", "full_disk": "1", "service.registry": "1", "rights": ""}
    assert state(faulty)["faults"]["services"] == ["registry"]
    put(faulty)
    assert state(faulty)["faults"] == state(faulty)["faults"] | {"latency": 0, "cut_at": None, "full_disk": False}
    assert not page(faulty).xpath("//script")


def test_unusable_value_changes_nothing(faulty):
    put(faulty, latency="20")
    answer = posted(faulty, "faults", {"latency": "beaucoup"})
    assert answer.status_code == 400
    assert "latency" in html.fromstring(answer.text).xpath("string(//*[@role='alert'])")
    assert state(faulty)["faults"]["latency"] == 20


def test_secret_path_and_no_patient_on_any_operator_route(faulty, gp):
    base = faulty.server.operator_url
    root = base[: base.index("/", len("http://"))]
    for path in ("", "/", "/state.json", "/jeton/state.json"):
        assert requests.get(root + path, timeout=10).status_code == 404
    client = faulty.client(gp)
    assert client.find(INS).succeeded
    assert client.find(people.BLOCKING.ins).subcode == "DMPBlockedProfessional"
    assert send(client, Deposit(INS, title="Titre de TESTFAMILLE")).succeeded
    routes = operator_routes()
    assert {("GET", ""), ("GET", "trace.jsonl"), ("POST", "faults")} <= routes
    for method, route in sorted(routes):
        answer = requests.request(method, base + route, timeout=10)
        assert answer.status_code == 200, route
        for seed in people.DOSSIERS:
            assert seed.ins.matricule[:13] not in answer.text
            assert seed.traits.birth_name not in answer.text


def operator_routes():
    """Every route that the page has, as (method, path after the token): a new one is walked too."""
    page = OperatorPage(Panel(), None, None, None, clockwork=None, revoke=None)
    routes = page.build().router.routes()
    return {
        (route.method, route.resource.canonical.removeprefix(f"/{page.token}/"))
        for route in routes
        if route.method != "HEAD"
    }


def test_without_faults_there_is_no_operator_page(world):
    assert world.server.operator_url == ""


@pytest.mark.parametrize("status", STATUSES)
def test_status_without_any_work(faulty, gp, status):
    client = faulty.client(gp)
    before = len(faulty.page(INS)["history"])
    put(faulty, status=status, count="1")
    got = client.session.post(f"{faulty.server.base_url}/patients", data=b"<a/>", timeout=10)
    assert (got.status_code, got.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert len(faulty.page(INS)["history"]) == before
    assert client.find(INS).succeeded  # the count is over


def test_only_the_services_chosen(faulty, gp):
    put(faulty, status="500", **{"service.registry": "1"})
    client = faulty.client(gp)
    assert client.status(INS).status == 200
    assert client.session.post(f"{faulty.server.base_url}/registry", data=b"<a/>", timeout=10).status_code == 500


def test_latency_keeps_others_waiting_not(faulty, gp, emergency):
    """A late request is still waiting when another service has long answered."""
    put(faulty, latency="600000", **{"service.registry": "1"})
    client = faulty.client(gp)
    with pytest.raises(requests.exceptions.ReadTimeout):
        client.session.post(f"{faulty.server.base_url}/registry", data=b"<a/>", timeout=0.3)
    assert faulty.client(emergency).status(INS).status == 200
    put(faulty, latency="1", jitter="2")
    assert client.find(INS).succeeded


@pytest.mark.parametrize("octets", [0, 1, 200])
def test_answer_cut(faulty, gp, octets):
    client = faulty.client(gp)
    put(faulty, cut_at=octets, count="1")
    with pytest.raises(requests.exceptions.ChunkedEncodingError) as caught:
        client.find(INS)
    broken = caught.value.args[0].args[1]
    assert broken.partial == octets
    assert broken.expected > 0
    assert client.find(INS).succeeded


def test_commit_then_silence(faulty, gp):
    deposit = Deposit(INS)
    client = faulty.client(gp)
    put(faulty, silent="1", count="1")
    real = client.session.post
    client.session.post = lambda *a, **k: real(*a, **(k | {"timeout": 1}))
    with pytest.raises(requests.exceptions.ReadTimeout):
        send(client, deposit)
    client.session.post = real
    assert send(client, deposit).errors == ["XDSDuplicateUniqueIdInRegistry", "XDSDuplicateUniqueIdInRegistry"]
    assert list(client.retrieve(INS, deposit.unique_id).parts.values()) == [deposit.cda()]


def test_silence_has_an_end(faulty, gp, monkeypatch):
    monkeypatch.setattr(wire, "SILENCE", 0.1)
    put(faulty, silent="1", count="1")
    with pytest.raises(requests.exceptions.ConnectionError):
        faulty.client(gp).find(INS)


def test_clock_ahead(faulty, gp):
    client = faulty.client(gp)
    put(faulty, clock_ahead=str(9 * 3600))
    answer = client.find(INS)
    assert (answer.subcode, answer.rule) == ("DMPInvalidVIHF", "vihf.time")
    put(faulty, clock_ahead=str(-3600))
    assert client.find(INS).rule == "vihf.time"
    put(faulty, clock_ahead="240")  # within the tolerance: traced at the server's own time
    assert client.find(INS).succeeded
    assert datetime.fromisoformat(faulty.page(INS)["history"][0]["at"]) > datetime.now(UTC) + timedelta(minutes=2)
    put(faulty)
    assert client.find(INS).succeeded


def test_full_disk_stores_nothing_and_ends_well(faulty, gp, caplog):
    client, deposit = faulty.client(gp), Deposit(INS)
    put(faulty, full_disk="1")
    answer = send(client, deposit)
    assert (answer.status, answer.subcode) == (500, "InternalError")
    put(faulty)
    assert send(client, deposit).succeeded  # nothing of it was kept
    assert INS.matricule not in caplog.text


def test_revoked_certificate(faulty, gp, emergency):
    client = faulty.client(gp)
    assert client.find(INS).succeeded
    seen = {(one["usage"], one["name"]): one["serial"] for one in state(faulty)["certificates"]}
    name = people.GP.national_id
    posted(faulty, "revoked", {f"serial.{seen['signature', name]}": "1"})
    answer = client.find(INS)
    assert answer.subcode == "DMPInvalidCertificate"
    assert "révoqué" in answer.reason
    assert faulty.client(emergency).status(INS).status == 200
    posted(faulty, "revoked", {f"serial.{seen['authentification', name]}": "1"})
    assert client.find(INS).subcode == "DMPIdentityMismatch"
    posted(faulty, "revoked", {})
    assert client.find(INS).succeeded


def test_no_revocation_without_the_authority(keys, tmp_path):
    made = start(keys, tmp_path / "s", faults=True)
    assert posted(made, "revoked", {}).status_code == 404
    assert not page(made).xpath("//form[@action='revoked']")
    made.close()


def test_revocation_list_of_somebody_else(authority):
    trust = TrustStore(authority.bundle_pem)
    with pytest.raises(Untrusted):
        trust.load_revocations(TestAuthority.create().revocation_lists([1]))


def test_revoked_in_one_authority_is_not_in_another(authority, gp):
    trust = TrustStore(authority.bundle_pem)
    certificate = gp.signing.certificate
    organisations_only = authority.revocation_lists([certificate.serial_number]).split(b"-----END X509 CRL-----\n")[1]
    trust.load_revocations(organisations_only + b"-----END X509 CRL-----\n")
    trust.check(certificate, datetime.now(UTC) + timedelta(seconds=1))
    trust.load_revocations(authority.revocation_lists([certificate.serial_number]))
    with pytest.raises(Untrusted, match="révoqué"):
        trust.check(certificate, datetime.now(UTC))


def test_export_from_the_page(faulty, gp, tmp_path):
    assert faulty.client(gp).find(INS).succeeded
    url = f"{faulty.server.operator_url}trace.jsonl"
    query = {"professional": people.GP.national_id, "from": "2026-01-01", "to": ""}
    (tmp_path / "t").write_bytes(requests.get(url, params=query, timeout=10).content)
    report = trace_file.verify(tmp_path / "t")
    assert report.altered is None
    assert report.shown
    assert requests.get(url, params={"from": "hier"}, timeout=10).status_code == 400


def test_server_stops_in_the_middle_of_a_silence(keys, tmp_path, gp, monkeypatch):
    monkeypatch.setattr("reference_server.soap_face.GRACE", 0.1)
    made = start(keys, tmp_path / "s", faults=True)
    put(made, silent="1")
    failed = []

    def ask():
        with pytest.raises(requests.exceptions.RequestException):
            made.client(gp).find(INS)
        failed.append(True)

    asking = threading.Thread(target=ask)
    asking.start()
    while not made.page(INS)["history"]:
        pass
    made.server.close()
    asking.join(20)
    assert failed
    made.close()


def test_command_says_where_the_page_is(tmp_path):
    command = [sys.executable, "main.py", "server", "--faults", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        url = json.loads(process.stdout.readline())["operator_url"]
        assert "Pannes du serveur de référence" in requests.get(url, timeout=10).text
        process.terminate()
        assert process.wait(20) == 0


numbers = st.integers(-10, 10**7).map(str) | st.sampled_from(["", " 7 ", "x", "1e3", "9" * 40])
fields = st.dictionaries(
    st.sampled_from(["latency", "jitter", "status", "cut_at", "count", "clock_ahead", "silent", "service.insi"]),
    numbers,
)


@given(fields)
def test_any_form_is_a_setting_or_a_typed_refusal(given_fields):
    try:
        faults = from_form(given_fields, SERVICES)
    except UnusableFault as error:
        refused = error.field
    else:
        refused = ""
    assert not refused or refused in given_fields
    if refused:
        return
    assert 0 <= faults.latency <= 600_000
    assert faults.status in (0, *STATUSES)
    assert faults.services <= SERVICES


@given(st.integers(1, 6), st.lists(st.sampled_from(["insi", "registry"]), max_size=20))
def test_count_concerns_that_many_requests(count, asked):
    panel = Panel()
    panel.set(Faults(silent=True, count=count, services=frozenset({"insi"}), clock_ahead=5, full_disk=True))
    suffered = [panel.take(service).silent for service in asked]
    wanted = min(count, asked.count("insi"))
    assert sum(suffered) == wanted
    assert panel.faults.clock_ahead == 5
    assert panel.is_disk_full()
    if wanted == count:
        assert panel.take("insi") == Faults(clock_ahead=5, full_disk=True)
    panel.set(NONE)
    assert panel.take("insi") == NONE
