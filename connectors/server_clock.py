"""The server's time, as its answers say it (HTTP Date), to be compared with this machine's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from connectors.endpoint import DmpEndpoint

_PATIENCE = 4.0
STALE = timedelta(hours=24)
"""Clocks are compared at least this often (PRE_TPS)."""


class ServerClock:
    """Remembers how far the server's clock is from ours. Safe to use from several threads."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._ahead: timedelta | None = None
        self._heard: datetime | None = None

    def hear(self, date: str) -> None:
        """The Date of an answer received just now; anything else than a date is ignored."""
        try:
            said = parsedate_to_datetime(date)
        except ValueError:
            return
        self._heard = self._now()
        self._ahead = (said if said.tzinfo else said.replace(tzinfo=UTC)) - self._heard

    def time(self) -> datetime | None:
        """What the server's clock shows now; None while it never said."""
        ahead = self._ahead
        return None if ahead is None else self._now() + ahead

    def compare(self, endpoint: DmpEndpoint, anew: bool) -> timedelta | None:
        """How far ahead it is; asked ``anew``, or when it said nothing for ``STALE`` (or our clock was set back)."""
        fresh = self._heard is not None and timedelta(0) <= self._now() - self._heard < STALE
        if anew or not fresh:
            self.ask(endpoint)
        return self._ahead

    def ask(self, endpoint: DmpEndpoint) -> None:
        """One request without any card: servers that refuse it with an answer tell their time all the same."""
        import requests

        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = session.head(
                    endpoint.base_url, verify=str(endpoint.ca_file), timeout=_PATIENCE, allow_redirects=False
                )
            except (requests.RequestException, OSError):
                return
        self.hear(answer.headers.get("Date", ""))
