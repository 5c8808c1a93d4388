"""The operator's page: faults, clock, revoked certificates, export of the trace. Nothing about any patient.

Plain HTML forms on the loopback interface, under an unguessable path. ``state.json`` says the same to programs.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from praticien.errors import InvalidInput
from reference_server.certificates import TrustStore, is_for_signature, subject_of
from reference_server.clockwork import Clockwork
from reference_server.dispatcher import SERVICES
from reference_server.faults import panel
from reference_server.faults.panel import Panel
from reference_server.forms import fields_of
from reference_server.storage import traces
from reference_server.storage.database import Database
from reference_server.storage.traces import Extract

Revoke = Callable[[Collection[int]], bytes]
"""Serial numbers in, PEM of the authorities' revocation lists out."""


class OperatorPage:
    """The application and its secret path."""

    def __init__(
        self,
        faults: Panel,
        trust: TrustStore,
        database: Database,
        pool: ThreadPoolExecutor,
        *,
        clockwork: Clockwork,
        revoke: Revoke | None,
    ) -> None:
        self._panel, self._trust, self._database, self._pool, self._revoke = faults, trust, database, pool, revoke
        self._clockwork = clockwork
        self.token = secrets.token_urlsafe(24)
        self._templates = Environment(
            loader=PackageLoader("reference_server"), autoescape=select_autoescape(), undefined=StrictUndefined
        )

    def build(self) -> web.Application:
        """Routes: ``/TOKEN/`` with ``state.json``, ``trace.jsonl``, and the forms ``faults`` and ``revoked``."""
        application = web.Application(client_max_size=64 * 1024)
        base = f"/{self.token}/"
        application.router.add_get(base, self._index)
        application.router.add_get(f"{base}state.json", self._state)
        application.router.add_get(f"{base}trace.jsonl", self._trace)
        application.router.add_post(f"{base}faults", self._set_faults)
        application.router.add_post(f"{base}revoked", self._set_revoked)
        return application

    async def _index(self, _: web.Request) -> web.Response:
        return self._page()

    async def _state(self, _: web.Request) -> web.Response:
        faults = asdict(self._panel.faults)
        faults["services"] = sorted(faults["services"])
        return web.json_response({"faults": faults, "certificates": self._certificates()})

    async def _set_faults(self, request: web.Request) -> web.Response:
        try:
            self._panel.set(panel.from_form(await fields_of(request), SERVICES))
        except InvalidInput as error:
            return self._page(f"Valeur inutilisable : {error.field}.", status=400)
        await asyncio.get_running_loop().run_in_executor(self._pool, self._clockwork.turn)
        raise web.HTTPSeeOther("./")

    async def _set_revoked(self, request: web.Request) -> web.Response:
        if self._revoke is None:
            raise web.HTTPNotFound
        fields = await fields_of(request)
        serials = [int(name[7:]) for name in fields if name.startswith("serial.") and name[7:].isdecimal()]
        self._trust.load_revocations(self._revoke(serials))
        raise web.HTTPSeeOther("./")

    async def _trace(self, request: web.Request) -> web.Response:
        professionals = frozenset(request.query.get("professional", "").split())
        extract = Extract(professionals, *map(_day, _period(request)))
        octets = await asyncio.get_running_loop().run_in_executor(self._pool, self._exported, extract)
        headers = {"Content-Disposition": "attachment; filename=trace.jsonl"}
        return web.Response(body=octets, content_type="application/jsonl", headers=headers)

    def _exported(self, extract: Extract) -> bytes:
        with self._database.reading() as session:
            return b"".join(traces.export(session, extract))

    def _page(self, message: str = "", status: int = 200) -> web.Response:
        html = self._templates.get_template("operator.html").render(
            message=message,
            faults=self._panel.faults,
            statuses=panel.STATUSES,
            rights=panel.RIGHTS,
            services=sorted(SERVICES),
            certificates=self._certificates(),
            can_revoke=self._revoke is not None,
        )
        return web.Response(text=html, content_type="text/html", status=status)

    def _certificates(self) -> list[dict[str, Any]]:
        return [
            {
                "serial": str(one.serial_number),
                "name": subject_of(one).common_name,
                "usage": "signature" if is_for_signature(one) else "authentification",
                "revoked": self._trust.is_revoked(one),
            }
            for one in self._trust.seen()
        ]


def _period(request: web.Request) -> tuple[str, str]:
    return request.query.get("from", ""), request.query.get("to", "")


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise web.HTTPBadRequest(text="Les jours s’écrivent AAAA-MM-JJ.") from None
