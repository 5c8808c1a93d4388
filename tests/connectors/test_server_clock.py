"""The server's time is taken from its answers, and nothing but a date changes it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from connectors.endpoint import DmpEndpoint
from connectors.server_clock import ServerClock

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def test_what_was_heard_goes_on_running() -> None:
    now = [NOW]
    clock = ServerClock(lambda: now[0])
    assert clock.time() is None
    clock.hear("Fri, 20 Nov 2026 09:10:00 GMT")
    now[0] += timedelta(hours=1)
    assert clock.time() == NOW + timedelta(hours=1, minutes=10)


@pytest.mark.parametrize("said", ["", "yesterday", "Fri, 99 Nov 2026 09:10:00 GMT", "\x00", "2026-11-20"])
def test_what_is_no_date_is_ignored(said: str) -> None:
    clock = ServerClock(lambda: NOW)
    clock.hear(said)
    assert clock.time() is None


class Refusing(BaseHTTPRequestHandler):
    """No card, no answer but a refusal with its date."""

    def do_HEAD(self) -> None:
        self.send_response_only(400)
        self.send_header("Date", "Fri, 20 Nov 2026 08:00:00 GMT")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def refusing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_refusal_tells_the_time(refusing: str, tmp_path: Path) -> None:
    clock = ServerClock(lambda: NOW)
    clock.ask(DmpEndpoint(refusing, tmp_path))
    assert clock.time() == NOW - timedelta(hours=1)


def test_nobody_there_tells_nothing(tmp_path: Path) -> None:
    clock = ServerClock(lambda: NOW)
    clock.ask(DmpEndpoint("https://127.0.0.1:1", tmp_path / "missing.pem"))
    assert clock.time() is None


def test_asked_once_a_day_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    """PRE_TPS: answers tell the time anyway; a server that said nothing for a day is asked."""
    now = [datetime(2026, 11, 22, 10, tzinfo=UTC)]
    clock = ServerClock(lambda: now[0])
    asked: list[datetime] = []

    def ask(_endpoint: DmpEndpoint) -> None:
        asked.append(now[0])
        clock.hear(format_datetime(now[0] + timedelta(minutes=5)))

    monkeypatch.setattr(clock, "ask", ask)
    endpoint = DmpEndpoint("https://nowhere.invalid", Path("ca.pem"))
    assert clock.compare(endpoint, False) == timedelta(minutes=5)
    now[0] += timedelta(hours=23)
    clock.compare(endpoint, False)
    assert len(asked) == 1
    clock.hear(format_datetime(now[0]))  # any answer
    now[0] += timedelta(hours=23)
    assert clock.compare(endpoint, False) == timedelta(0)
    assert len(asked) == 1
    now[0] += timedelta(hours=1)
    clock.compare(endpoint, False)
    assert len(asked) == 2
    clock.compare(endpoint, True)
    assert len(asked) == 3
    now[0] -= timedelta(days=2)  # set back
    clock.compare(endpoint, False)
    assert len(asked) == 4
