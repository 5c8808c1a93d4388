"""HTTPS to one server with the card's key: what is sent, what may come back, and within what limits."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy

import requests
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ProtocolError

from connectors.endpoint import DmpEndpoint
from connectors.errors import (
    AnswerCut,
    AnswerTooLarge,
    Cancelled,
    ConnectTimeout,
    MalformedAnswer,
    ServerUnreachable,
    WireProblem,
)
from connectors.server_clock import ServerClock
from connectors.tls.adapter import CardAdapter
from connectors.tls.card_key import CardContext
from connectors.tls.watched import Watch
from praticien.ports import Signer

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Reply:
    """An HTTP answer received whole."""

    status: int
    content_type: str
    body: bytes


class Channel:
    """Connections kept alive for one card. Safe to use from several threads; nothing is opened before ``post``."""

    def __init__(self, endpoint: DmpEndpoint, signer: Signer, clock: ServerClock | None = None) -> None:
        self._clock = clock or ServerClock()
        self.limits = endpoint.limits
        self._endpoint = endpoint
        self._signer = signer
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._closed = False
        self._opened: tuple[requests.Session, CardContext] | None = None

    def post(self, url: str, content_type: str, body: bytes, *, once: bool = False) -> Reply:
        """Send and receive. Raises WireProblem subclasses, and whatever the card raises when it is asked to sign.

        A server may close an idle connection just as it is used again. A question is then asked a second time. What
        must not be sent twice (``once``) leaves on a new connection instead (its TLS session is resumed).
        """
        session = self._session()
        if once:
            self._drop_idle(session)
            return self._exchange(session, url, content_type, body)
        try:
            return self._exchange(session, url, content_type, body)
        except _HungUp:
            return self._exchange(session, url, content_type, body)

    @staticmethod
    def _drop_idle(session: requests.Session) -> None:
        for adapter in session.adapters.values():
            assert isinstance(adapter, CardAdapter)
            adapter.drop_idle()

    def _exchange(self, session: requests.Session, url: str, content_type: str, body: bytes) -> Reply:
        watch = Watch(self.limits, self._cancelled)
        headers = {"Content-Type": content_type, "Accept-Encoding": "identity"}
        timeout = (self.limits.connect, self.limits.read)
        try:
            with watch.applied():
                response = session.post(
                    url, data=body, headers=headers, timeout=timeout, stream=True, allow_redirects=False
                )
                with closing(response):
                    return self._receive(response)
        except (requests.RequestException, HTTPError) as error:
            raise translate(error) from None

    def _receive(self, response: requests.Response) -> Reply:
        self._clock.hear(response.headers.get("Date", ""))
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise MalformedAnswer("compressed answer")
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > self.limits.answer:
            raise AnswerTooLarge("announced")
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > self.limits.answer:
                raise AnswerTooLarge("received")
        return Reply(response.status_code, response.headers.get("Content-Type", ""), bytes(body))

    def _session(self) -> requests.Session:
        with self._lock:
            if self._closed:
                raise Cancelled("channel closed")
            if self._opened is None:
                self._opened = self._open()
            return self._opened[0]

    def _open(self) -> tuple[requests.Session, CardContext]:
        context = CardContext(self._signer, self._endpoint.ca_file)
        session = requests.Session()
        session.trust_env = False  # neither proxies nor authorities from the environment
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        session.adapters.clear()  # https alone
        session.mount("https://", CardAdapter(context))
        return session, context

    def cancel(self) -> None:
        """Give up the exchanges under way in other threads: they raise Cancelled. Later ones are not concerned."""
        with self._lock:
            given_up, self._cancelled = self._cancelled, threading.Event()
        given_up.set()

    def close(self) -> None:
        """Give up what is under way, end the connections and forget the card; never raises."""
        with self._lock:
            self._closed = True
            opened, self._opened = self._opened, None
        self._cancelled.set()
        if opened:
            opened[0].close()
            opened[1].close()


class _HungUp(AnswerCut):
    """The connection ended before the first byte of an answer."""


def translate(error: Exception) -> WireProblem:
    """What a failure of requests or urllib3 means to us (those of the handshake have their own errors already)."""
    if isinstance(error, requests.ConnectTimeout):
        return ConnectTimeout()
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return ServerUnreachable("address")
    cause = error.args[0] if error.args else None
    if isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError):
        return ServerUnreachable()
    if isinstance(cause, ProtocolError) and isinstance(cause.args[-1], ConnectionError):
        return _HungUp()
    return AnswerCut(type(error).__name__)
