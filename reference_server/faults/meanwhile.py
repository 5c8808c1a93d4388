"""Rights that change while a professional reads: the patient acts right after the next list of documents was given."""

from __future__ import annotations

from collections.abc import Iterator

from reference_server import patient_acts
from reference_server.exchange import Exchange
from reference_server.faults.panel import Panel
from reference_server.functional_matrix import Function
from reference_server.patient_acts import Act
from reference_server.storage import documents, dossiers, traces

Target = tuple[Act, str]


class Meanwhile:
    """What the operator page asked for, done once, in the transaction of the exchange it follows."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def __call__(self, exchange: Exchange) -> None:
        """After an exchange that ended well."""
        listed = exchange.trace.transaction == Function.LIST.value and exchange.trace.outcome == traces.ALLOWED
        patient = exchange.caller.patient
        person = dossiers.person(exchange.session, patient) if patient else None
        if not listed or person is None:
            return
        for act, target in _acts(exchange, self._panel.take_rights()):
            patient_acts.perform(exchange.session, person, act, target, exchange.now)


def _acts(exchange: Exchange, change: str) -> Iterator[Target]:
    caller = exchange.caller
    if change == "withdrawn":
        yield from ((Act.WITHDRAW, holder) for holder in caller.holders)
    elif change == "blocked":
        yield Act.BLOCK, caller.identifier
    elif change == "closed":
        yield Act.CLOSE, ""
    elif change == "masked" and caller.patient:
        rows = documents.of_patient(exchange.session, caller.patient)
        yield from ((Act.MASK, row.entry_uuid) for row in rows if not documents.is_lot_signature(row))
