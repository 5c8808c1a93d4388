"""TD0.5: PRPA_IN201305UV02, a patient by traits without INS, for a regulation centre alone. Facts: protocol 2.1.

Only open dossiers are found. Who opposed emergency access comes back with that flag; homonyms all come back, best match
first. The degree is ours: each given criterion counts 100 when it is met exactly, 80 when it is the beginning.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from statistics import mean

from reference_server import xml
from reference_server.errors import BadRequest
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.services import Handler
from reference_server.services.hl7 import (
    OPPOSED_TO_REGULATION,
    XSI_TYPE,
    Shown,
    acknowledge,
    control_act,
    hl7,
    message,
    observation,
    query_ack,
    registration,
)
from reference_server.storage import administrative, continuations
from reference_server.storage.tables import AdministrativeRow, PersonRow
from reference_server.xml import Element

ACTION = "urn:hl7-org:v3:PRPA_IN201305UV02"
ANSWER_ACTION = "urn:hl7-org:v3:PRPA_IN201306UV02"
MAX_ROWS = 50
"""Ours. A request may ask for fewer (initialQuantity)."""
_EXACT, _BEGINNING = 100, 80
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True, repr=False)
class Match:
    """A person who answers all that was asked, with the degree in percent."""

    person: PersonRow
    data: AdministrativeRow | None
    degree: int


def answer(exchange: Exchange) -> Answer:
    """OK with the matches, or NF; what is left may be asked for by the same caller (``search_continuation``)."""
    exchange.require_alone(Function.SEARCH)
    criteria = _criteria(exchange.payload)
    query = next(exchange.payload.iter(hl7("queryByParameter")), exchange.payload)
    if key_of(query):
        continuations.keep(exchange.session, key_of(query), exchange.caller.identifier, criteria, exchange.now)
    return results(exchange, criteria, 0, _limit(exchange.payload))


def key_of(query: Element) -> str:
    """The identifier that the asking software gave the query; empty when it gave none."""
    found = xml.children(query, hl7("queryId"))
    return f"{found[0].get('root', '')}^{found[0].get('extension', '')}" if found else ""


def results(exchange: Exchange, criteria: dict[str, str] | None, start: int, quantity: int) -> Answer:
    """Rows from ``start`` on, ``quantity`` of them at most; QE when there are no criteria."""
    root = message(exchange, "PRPA_IN201306UV02")
    if criteria is None:
        acknowledge(root, exchange.payload, "AE", ("UnknownQuery", "Cette recherche est inconnue ou trop ancienne."))
        query_ack(control_act(root, "PRPA_TE201306UV02"), exchange.payload, "QE")
        return Answer(root, ANSWER_ACTION)
    matches = _matches(exchange, criteria)
    shown = matches[start : start + min(quantity, MAX_ROWS)]
    acknowledge(root, exchange.payload)
    act = control_act(root, "PRPA_TE201306UV02")
    for one in shown:
        _add(act, one)
    totals = (len(matches), len(shown), max(len(matches) - start - len(shown), 0))
    query_ack(act, exchange.payload, "OK" if matches else "NF", totals)
    return Answer(root, ANSWER_ACTION)


def _matches(exchange: Exchange, criteria: dict[str, str]) -> list[Match]:
    """Best first; the same order each time."""
    matches = [
        Match(person, data, degree)
        for person, data in administrative.with_dossier(exchange.session)
        if (degree := _degree(criteria, person, data)) is not None
    ]
    matches.sort(key=lambda one: (-one.degree, one.person.matricule))
    return matches


def _add(act: Element, one: Match) -> None:
    patient = registration(act, Shown(one.person, {}, one.data))
    about = xml.add(patient, hl7("subjectOf1"), typeCode="SBJ")
    degree = xml.add(about, hl7("queryMatchObservation"), classCode="OBS", moodCode="EVN")
    xml.add(degree, hl7("code"), code="IHE_PDQ")
    xml.add(degree, hl7("value"), **{"value": str(one.degree), XSI_TYPE: "INT"})
    observation(patient, "subjectOf2", OPPOSED_TO_REGULATION, one.person.opposed_to_regulation)


def _limit(request: Element) -> int:
    for quantity in request.iter(hl7("initialQuantity")):
        text = quantity.get("value", "")
        if text.isdecimal() and int(text) > 0:
            return min(int(text), MAX_ROWS)
    return MAX_ROWS


def _criteria(request: Element) -> dict[str, str]:
    """What was asked, folded: family, given, birth, sex, city, postal. Raises BadRequest."""
    found = {
        "family": _text(request, "livingSubjectName", "family"),
        "given": _text(request, "livingSubjectName", "given"),
        "city": _text(request, "patientAddress", "city"),
        "postal": _text(request, "patientAddress", "postalCode"),
        "birth": _attribute(request, "livingSubjectBirthTime", "value"),
        "sex": _attribute(request, "livingSubjectAdministrativeGender", "code"),
    }
    if len(found["family"]) < _SHORTEST_NAME:
        raise BadRequest("InvalidQuery", "un nom d'au moins deux lettres est attendu")
    return {name: value for name, value in found.items() if value}


def _values(request: Element, parameter: str) -> list[Element]:
    return [value for one in request.iter(hl7(parameter)) for value in xml.children(one, hl7("value"))]


def _text(request: Element, parameter: str, part: str) -> str:
    return fold(next((xml.local_text(value, part) for value in _values(request, parameter)), ""))


def _attribute(request: Element, parameter: str, attribute: str) -> str:
    return next((str(value.get(attribute, "")).strip() for value in _values(request, parameter)), "").upper()


def fold(text: str) -> str:
    """Upper case without accents, hyphens and apostrophes as spaces."""
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return " ".join(bare.upper().replace("-", " ").replace("'", " ").split())


def _degree(criteria: dict[str, str], person: PersonRow, data: AdministrativeRow | None) -> int | None:
    """Percent, or None when a criterion is not met."""
    known = {
        "family": [person.birth_name, data.used_name if data else ""],
        "given": [" ".join(person.first_names), *person.first_names],
        "birth": [person.birth_date],
        "sex": [person.sex],
        "city": [data.city if data else ""],
        "postal": [data.postal_code if data else ""],
    }
    degrees = [max(_likeness(wanted, fold(value)) for value in known[name]) for name, wanted in criteria.items()]
    return round(mean(degrees)) if all(degrees) else None


def _likeness(wanted: str, value: str) -> int:
    if wanted == value:
        return _EXACT
    return _BEGINNING if value.startswith(wanted) else 0


HANDLERS = {hl7("PRPA_IN201305UV02"): Handler(ACTION, answer)}
