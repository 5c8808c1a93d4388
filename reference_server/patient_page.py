"""What the patients see: history of accesses and notifications, as plain HTML (no script) and as JSON.

Served on the loopback interface without TLS, under an unguessable path: it stands for the patient's own space. The
HTML keeps to what a simple text browser renders: headings, paragraphs, tables.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session

from praticien.access import AccessMode, DossierState
from reference_server import lifecycle
from reference_server.access_rules import EXPLANATIONS, Rule
from reference_server.ages import may_be_minor
from reference_server.dispatcher import utc_now
from reference_server.functional_matrix import Function
from reference_server.metadata import announcements
from reference_server.patient_acts import Act
from reference_server.patient_choices import PatientChoices
from reference_server.services import insi
from reference_server.storage import documents, traces
from reference_server.storage.database import Database
from reference_server.storage.tables import DocumentRow, NotificationRow, PersonRow, TraceRow

_MODES = {
    AccessMode.NORMAL.value: "Accès normal",
    AccessMode.BREAK_GLASS.value: "Bris de glace",
    AccessMode.REGULATION.value: "Régulation médicale",
}
_ACTS = {
    Function.STATUS.value: "Existence du dossier et autorisation",
    Function.DECLARE.value: "Déclaration d’autorisation",
    Function.WITHDRAW.value: "Retrait d’autorisation",
    Function.STOP_TREATING.value: "Fin du rôle de médecin traitant",
    Function.DEPOSIT.value: "Dépôt de document",
    Function.DEPOSIT_BY_STAFF.value: "Dépôt de document par un secrétariat",
    Function.LIST.value: "Liste des documents",
    Function.TECHNICAL_ID.value: "Recherche d’identifiant technique",
    Function.READ.value: "Lecture de document",
    Function.IDENTITY.value: "Lecture des données administratives",
    Function.CREATE.value: "Création du dossier",
    Function.REACTIVATE.value: "Réactivation du dossier",
    Function.MODIFY.value: "Modification des données administratives",
    Function.CLOSE.value: "Fermeture du dossier",
    Function.PROFESSIONALS.value: "Liste des professionnels autorisés ou bloqués",
    Function.MASK.value: "Masquage d’un document aux professionnels",
    Function.UNMASK.value: "Démasquage d’un document",
    Function.MAKE_VISIBLE.value: "Document rendu visible",
    Function.DELETE.value: "Suppression d’un document",
    Function.ARCHIVE.value: "Archivage ou désarchivage d’un document",
    lifecycle.OPENED: "Ouverture du dossier, six semaines après l’information du patient",
    lifecycle.ERASED: "Effacement du dossier, dix ans après sa fermeture",
    announcements.ACT: "Rappel ou fin du délai d’annonce d’un document",
    Act.OPPOSE_CREATION.value: "Opposition à la création du dossier",
    Act.ALLOW_CREATION.value: "Fin de l’opposition à la création du dossier",
    Act.CLOSE.value: "Fermeture du dossier",
    Act.REOPEN.value: "Réouverture du dossier",
    Act.WITHDRAW.value: "Retrait de l’accès d’un professionnel",
    Act.BLOCK.value: "Blocage d’un professionnel",
    Act.UNBLOCK.value: "Déblocage d’un professionnel",
    Act.MASK.value: "Masquage d’un document aux professionnels",
    Act.UNMASK.value: "Démasquage d’un document",
    Act.REFUSE_BREAK_GLASS.value: "Refus du bris de glace",
    Act.ALLOW_BREAK_GLASS.value: "Accord au bris de glace",
    Act.REFUSE_REGULATION.value: "Refus de la consultation par un centre de régulation",
    Act.ALLOW_REGULATION.value: "Accord à la consultation par un centre de régulation",
    Act.HIDE_MASKED.value: "Documents masqués aussi en urgence",
    Act.SHOW_MASKED.value: "Documents masqués lisibles en urgence",
    insi.BY_VITALE: "Recherche du matricule INS par la carte Vitale",
    insi.BY_TRAITS: "Recherche du matricule INS par les traits",
}
_STATES = {"active": "Ouvert", "terminated": "Fermé", "absent": "Aucun dossier"}
_OUTCOMES = {traces.ALLOWED: "Autorisé", traces.REFUSED: "Refusé", traces.FAILED: "Échec"}
_RULES = {rule.value: explanation for rule, explanation in EXPLANATIONS.items()}


class PatientPages:
    """The application and its secret path."""

    def __init__(self, database: Database, pool: ThreadPoolExecutor, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._pool, self._clock = database, pool, clock
        self.token = secrets.token_urlsafe(24)
        self._templates = Environment(
            loader=PackageLoader("reference_server"), autoescape=select_autoescape(), undefined=StrictUndefined
        )

    def build(self) -> web.Application:
        """Routes: ``/TOKEN/`` and ``index.json``, ``/TOKEN/MATRICULE`` ``MATRICULE.json``; ``PatientChoices``."""
        application = web.Application(client_max_size=1024)
        application.router.add_get(f"/{self.token}/", self._index)
        application.router.add_get(f"/{self.token}/index.json", self._index)
        application.router.add_get(f"/{self.token}/{{matricule:[0-9AB]{{15}}}}{{kind:(\\.json)?}}", self._patient)
        PatientChoices(self._database, self._pool, self._clock, self._templates).add_to(application, f"/{self.token}/")
        return application

    async def _index(self, request: web.Request) -> web.Response:
        data = await self._asked(self._everyone)
        return self._shown(request, "index.html", data)

    async def _patient(self, request: web.Request) -> web.Response:
        data = await self._asked(self._one, request.match_info["matricule"])
        if data is None:
            raise web.HTTPNotFound(text="Aucune personne de ce matricule.")
        return self._shown(request, "patient.html", data)

    async def _asked(self, question: Any, *arguments: str) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, question, *arguments)

    def _shown(self, request: web.Request, template: str, data: Any) -> web.Response:
        if request.path.endswith(".json"):
            return web.json_response(data)
        html = self._templates.get_template(template).render(data=data)
        return web.Response(text=html, content_type="text/html")

    def _everyone(self) -> list[dict[str, Any]]:
        with self._database.reading() as session:
            rows = session.scalars(select(PersonRow).order_by(PersonRow.birth_name, PersonRow.birth_date))
            return [_identity(row) for row in rows]

    def _one(self, matricule: str) -> dict[str, Any] | None:
        with self._database.reading() as session:
            row = session.get(PersonRow, matricule)
            if row is None:
                return None
            minor = may_be_minor(row.birth_date, self._clock().date())
            seen = [one for one in traces.traces_of(session, matricule) if not (one.secret and minor)]
            told = [_told(one) for one in traces.notifications_of(session, matricule)]
            return {
                **_identity(row),
                "history": [_seen(session, one, minor) for one in seen],
                "notifications": [one for one in told if not one["recipient"]],
                "treating_physician_notifications": [one for one in told if one["recipient"]],
            }


def _identity(row: PersonRow) -> dict[str, Any]:
    born = row.birth_date
    return {
        "matricule": row.matricule,
        "oid": row.oid,
        "name": f"{row.birth_name} {' '.join(row.first_names)}",
        "born": f"{born[6:]}/{born[4:6]}/{born[:4]}",
        "state": row.state,
        "state_text": _state(row),
        "opposed_to_break_glass": row.opposed_to_break_glass,
        "opposed_to_regulation": row.opposed_to_regulation,
    }


def _state(row: PersonRow) -> str:
    opening = lifecycle.opens_on(row)
    if opening:
        return f"En cours de création, ouvert le {opening:%d/%m/%Y} sauf opposition"
    if row.state == DossierState.ABSENT.value and row.opposed_to_creation:
        return "Aucun dossier : opposition à sa création"
    return _STATES[row.state]


def _told(row: NotificationRow) -> dict[str, str]:
    return {"at": row.at, "when": _local(row.at), "recipient": row.recipient, "text": row.text}


def _seen(session: Session, row: TraceRow, minor: bool) -> dict[str, Any]:
    explanation = _RULES.get(row.rule)
    refused = explanation is not None and row.rule not in (Rule.ALLOWED.value, Rule.ALLOWED_EMERGENCY.value)
    return {
        "at": row.at,
        "when": _local(row.at),
        "who": row.actor_name or row.actor,
        "actor": row.actor,
        "structure": row.structure_name or row.structure,
        "mode": row.access_mode,
        "mode_text": _MODES.get(row.access_mode, ""),
        "reason": row.reason,
        "transaction": row.transaction,
        "act": _ACTS.get(row.transaction, row.transaction),
        "documents": row.documents,
        "titles": _titles(session, row.documents, minor),
        "outcome": row.outcome,
        "outcome_text": _OUTCOMES[row.outcome],
        "rule": row.rule,
        "rule_text": explanation.sentence if explanation and refused else "",
        "article": explanation.article if explanation and refused else "",
    }


def _titles(session: Session, unique_ids: list[str], minor: bool) -> list[str]:
    """Titles of the documents that the patient may know of."""
    rows = session.scalars(select(DocumentRow).where(DocumentRow.unique_id.in_(unique_ids)))
    return [row.title for row in rows if documents.is_known_to_patient(row, minor)]


def _local(at: str) -> str:
    """French day and time, in French legal time where the zone data are installed."""
    moment = datetime.fromisoformat(at)
    try:
        return moment.astimezone(ZoneInfo("Europe/Paris")).strftime("%d/%m/%Y à %H:%M:%S")
    except ZoneInfoNotFoundError:
        return moment.astimezone().strftime("%d/%m/%Y à %H:%M:%S")
