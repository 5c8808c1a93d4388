"""TD0.5 continued or given up: QUQI_IN000003UV01 and its Cancel (IHE ITI-47), by who asked and within ten minutes.

The search is made again: what changed meanwhile shows.
"""

from __future__ import annotations

from reference_server import xml
from reference_server.errors import BadRequest
from reference_server.exchange import Answer, Exchange
from reference_server.functional_matrix import Function
from reference_server.services import Handler, search
from reference_server.services.hl7 import acknowledge, hl7, message
from reference_server.storage import continuations
from reference_server.xml import Element

CONTINUE = "urn:hl7-org:v3:QUQI_IN000003UV01_Continue"
CANCEL = "urn:hl7-org:v3:QUQI_IN000003UV01_Cancel"
ACCEPTED = "urn:hl7-org:v3:MCCI_IN000002UV01"
_STATUSES = {CONTINUE: "waitContinuedQueryResponse", CANCEL: "aborted"}


def carry_on(exchange: Exchange) -> Answer:
    """The next rows of a search, or QE when it is not remembered."""
    exchange.require_alone(Function.SEARCH)
    asked = _continuation(exchange.payload, CONTINUE)
    criteria = continuations.kept(exchange.session, search.key_of(asked), exchange.caller.identifier, exchange.now)
    start, quantity = _number(asked, "startResultNumber", 1), _number(asked, "continuationQuantity", search.MAX_ROWS)
    return search.results(exchange, criteria, start - 1, quantity)


def give_up(exchange: Exchange) -> Answer:
    """Forgotten, and acknowledged whether or not there was anything to forget."""
    exchange.require_alone(Function.SEARCH)
    asked = _continuation(exchange.payload, CANCEL)
    continuations.forget(exchange.session, search.key_of(asked), exchange.caller.identifier)
    root = message(exchange, "MCCI_IN000002UV01")
    acknowledge(root, exchange.payload, "CA")
    return Answer(root, ACCEPTED)


def _continuation(request: Element, action: str) -> Element:
    found = list(request.iter(hl7("queryContinuation")))
    statuses = [one.get("code") for one in xml.children(found[0], hl7("statusCode"))] if len(found) == 1 else []
    if statuses != [_STATUSES[action]]:
        raise BadRequest("InvalidQuery", f"queryContinuation au statut {_STATUSES[action]} est attendu une fois")
    return found[0]


def _number(asked: Element, name: str, otherwise: int) -> int:
    for one in xml.children(asked, hl7(name)):
        text = one.get("value", "")
        if not text.isdecimal() or int(text) < 1:
            raise BadRequest("InvalidQuery", f"{name} n'est pas un nombre utilisable")
        return min(int(text), 1_000_000)
    return otherwise


HANDLERS = {
    hl7("QUQI_IN000003UV01"): Handler(CONTINUE, carry_on),
    hl7("QUQI_IN000003UV01_Cancel"): Handler(CANCEL, give_up),
}
