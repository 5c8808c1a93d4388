"""The client's table of acts on a dossier, held against the server's own."""

from itertools import product

import pytest

from demonstration import people
from praticien.access import AccessMode, Authorisation, DossierState, DossierStatus
from praticien.dossier_acts import DossierAct, DossierRule, may
from praticien.professional import CardHolder, CardKind
from reference_server.access import Actor, AuthMode, Dossier, Function, decide
from tests.praticien.test_document_acts import HOLDERS

FUNCTIONS = {
    DossierAct.WITHDRAW: Function.WITHDRAW,
    DossierAct.STOP_TREATING: Function.STOP_TREATING,
    DossierAct.CORRECT: Function.MODIFY,
    DossierAct.CLOSE: Function.CLOSE,
}


@pytest.mark.parametrize("act", FUNCTIONS)
def test_the_window_promises_nothing_that_the_server_refuses(act):
    for holder, mode, state, authorisation, treating, attached in product(
        HOLDERS.values(), AccessMode, DossierState, Authorisation, (False, True), (False, True)
    ):
        if treating and not holder.professional.is_physician:
            continue
        status = DossierStatus(state, authorisation, treating, attached=attached)
        actor = Actor(AuthMode.DIRECT, holder.card_kind, holder.professional.profession, mode, reason_given=True)
        dossier = Dossier(state, authorisation, treating=treating, attached=attached)
        if may(act, status, holder, mode).allowed:
            assert decide(FUNCTIONS[act], actor, dossier).allowed, (act, status, mode)


GP = HOLDERS["gp"]
OPEN = DossierStatus(DossierState.OPEN, Authorisation.VALID)
MINE = DossierStatus(DossierState.OPEN, Authorisation.VALID, treating_physician=True, attached=False)


@pytest.mark.parametrize(
    "act, status, holder, mode, rule",
    [
        (DossierAct.WITHDRAW, OPEN, GP, AccessMode.NORMAL, DossierRule.ALLOWED),
        (DossierAct.BECOME_TREATING, OPEN, GP, AccessMode.NORMAL, DossierRule.ALLOWED),
        (DossierAct.BECOME_TREATING, MINE, GP, AccessMode.NORMAL, DossierRule.TREATING_ALREADY),
        (DossierAct.BECOME_TREATING, OPEN, HOLDERS["nurse"], AccessMode.NORMAL, DossierRule.PHYSICIAN_ONLY),
        (DossierAct.STOP_TREATING, MINE, GP, AccessMode.NORMAL, DossierRule.ALLOWED),
        (DossierAct.STOP_TREATING, OPEN, GP, AccessMode.NORMAL, DossierRule.NOT_TREATING),
        (DossierAct.CORRECT, MINE, GP, AccessMode.NORMAL, DossierRule.ALLOWED),
        (DossierAct.CLOSE, OPEN, GP, AccessMode.NORMAL, DossierRule.ATTACHED),
        (DossierAct.CLOSE, MINE, HOLDERS["secretary"], AccessMode.NORMAL, DossierRule.NO_PROFESSION),
        (DossierAct.WITHDRAW, OPEN, GP, AccessMode.BREAK_GLASS, DossierRule.NOT_IN_EMERGENCY),
        (DossierAct.WITHDRAW, DossierStatus(DossierState.OPEN), GP, AccessMode.NORMAL, DossierRule.NO_AUTHORISATION),
        (DossierAct.CLOSE, DossierStatus(DossierState.CLOSED), GP, AccessMode.NORMAL, DossierRule.NOT_OPEN),
        (
            DossierAct.BECOME_TREATING,
            DossierStatus(DossierState.OPEN, Authorisation.FORBIDDEN),
            GP,
            AccessMode.NORMAL,
            DossierRule.BLOCKED,
        ),
        (
            DossierAct.WITHDRAW,
            OPEN,
            CardHolder(CardKind.CPA, "4", people.SECRETARY),
            AccessMode.NORMAL,
            DossierRule.NO_PROFESSION,
        ),
    ],
)
def test_each_reason(act, status, holder, mode, rule):
    assert may(act, status, holder, mode).rule is rule
