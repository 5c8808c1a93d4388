"""The patient's own choices, as forms beside what they are told: who may consult, what is masked, emergencies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from aiohttp import web
from jinja2 import Environment
from sqlalchemy.orm import Session

from praticien.access import DossierState
from praticien.identity import Ins
from reference_server import lifecycle, patient_acts
from reference_server.ages import may_be_minor
from reference_server.forms import fields_of
from reference_server.patient_acts import Act, ActRefused
from reference_server.storage import documents, habilitations
from reference_server.storage.database import Database
from reference_server.storage.habilitations import Listed
from reference_server.storage.tables import DocumentRow, PersonRow

_UNKNOWN = "Aucune personne de ce matricule."


class PatientChoices:
    """Adds ``MATRICULE/choix`` to the patients' pages: shown, and changed by a form (``act``, ``target``)."""

    def __init__(
        self, database: Database, pool: ThreadPoolExecutor, clock: Callable[[], datetime], templates: Environment
    ) -> None:
        self._database, self._pool, self._clock, self._templates = database, pool, clock, templates

    def add_to(self, application: web.Application, base: str) -> None:
        """Under the pages' secret path ``base``."""
        path = f"{base}{{matricule:[0-9AB]{{15}}}}/choix"
        application.router.add_get(path, self._show)
        application.router.add_post(path, self._change)

    async def _show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def _change(self, request: web.Request) -> web.Response:
        fields = await fields_of(request)
        try:
            act = Act(fields.get("act", ""))
            await self._asked(self._perform, request, act, fields.get("target", "").strip())
        except (ValueError, ActRefused):
            return await self._page(request, "Ce choix n’est pas possible dans l’état du dossier.", 409)
        raise web.HTTPSeeOther("choix")

    async def _asked(self, question: Callable[..., Any], request: web.Request, *arguments: Any) -> Any:
        matricule = request.match_info["matricule"]
        return await asyncio.get_running_loop().run_in_executor(self._pool, question, matricule, *arguments)

    async def _page(self, request: web.Request, message: str = "", status: int = 200) -> web.Response:
        data = await self._asked(self._choices, request)
        html = self._templates.get_template("choices.html").render(data=data, message=message, act=Act)
        return web.Response(text=html, content_type="text/html", status=status)

    def _perform(self, matricule: str, act: Act, target: str) -> None:
        with self._database.transaction() as session:
            patient_acts.perform(session, _person(session, matricule), act, target, self._clock())

    def _choices(self, matricule: str) -> dict[str, Any]:
        with self._database.reading() as session:
            person, now = _person(session, matricule), self._clock()
            minor = may_be_minor(person.birth_date, now.date())
            return {
                "name": f"{person.birth_name} {' '.join(person.first_names)}",
                "matricule": matricule,
                "opens_on": lifecycle.opens_on(person),
                "opposed": person.state == DossierState.ABSENT.value and person.opposed_to_creation,
                "open": person.state == DossierState.OPEN.value,
                "closed": person.state == DossierState.CLOSED.value,
                "person": {name: getattr(person, name) for name in _SETTINGS},
                "holders": [_holder(session, one, now) for one in habilitations.holders_of(session, matricule)],
                "documents": [_document(row) for row in _known_documents(session, person, minor)],
            }


_SETTINGS = ("opposed_to_break_glass", "opposed_to_regulation", "masked_visible_in_emergency")


def _person(session: Session, matricule: str) -> PersonRow:
    row = session.get(PersonRow, matricule)
    if row is None:
        raise web.HTTPNotFound(text=_UNKNOWN)
    return row


def _holder(session: Session, one: Listed, now: datetime) -> dict[str, Any]:
    known = habilitations.professional(session, one.row.holder)
    name = f"{known.given_name} {known.family_name}" if known else habilitations.structure_name(session, one.row.holder)
    state = "bloqué" if one.row.forbidden else "autorisé" if one.row.valid_until > now.isoformat() else "expiré"
    return {"id": one.row.holder, "name": name or one.row.holder, "state": state, "blocked": one.row.forbidden}


def _known_documents(session: Session, person: PersonRow, minor: bool) -> list[DocumentRow]:
    rows = documents.of_patient(session, Ins(person.matricule, person.oid))
    return [row for row in rows if documents.is_known_to_patient(row, minor)]


def _document(row: DocumentRow) -> dict[str, Any]:
    return {"id": row.entry_uuid, "title": row.title, "masked": row.masked}
