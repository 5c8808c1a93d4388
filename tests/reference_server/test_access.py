"""The access decision over the whole product of its inputs, against the matrix written down a second time."""

from dataclasses import replace
from itertools import product

import pytest

from praticien.access import AccessMode, Authorisation, DossierState
from praticien.professional import CardKind
from reference_server.access import OPENINGS, Actor, AuthMode, Creation, Dossier, column_of, decide, may_see_masked
from reference_server.access_rules import EXPLANATIONS, Rule
from reference_server.functional_matrix import MATRIX, Column, Function

N, R, B = AccessMode.NORMAL, AccessMode.REGULATION, AccessMode.BREAK_GLASS
# The published table, row by row, cell by cell: PN n/r/b, MD n/r/b, MW, MT n/b, CPE n, ES n/r ("y" or "-").
PUBLISHED = {
    Function.STATUS: "yyy yyy y yy y yy",
    Function.DECLARE: "y-- y-- - y- y --",
    Function.WITHDRAW: "y-- y-- - y- - --",
    Function.STOP_TREATING: "--- --- - y- - --",
    Function.DEPOSIT: "yyy yyy y yy - yy",
    Function.DEPOSIT_BY_STAFF: "--- --- - -- y --",
    Function.LIST: "yyy yyy y yy - --",
    Function.TECHNICAL_ID: "yyy yyy y yy y yy",
    Function.READ: "yyy yyy - yy - --",
    Function.DOSSIERS: "yyy yyy y yy y y-",
    Function.SEARCH: "-y- -y- - -- - -y",
    Function.WEB: "yyy yyy y yy y --",
    Function.IDENTITY: "yyy yyy y yy y yy",
    Function.PROFESSIONALS: "y-- y-- y y- - --",
    Function.MASK: "y-- y-- y y- - --",
    Function.UNMASK: "y-- y-- y y- - --",
    Function.MAKE_VISIBLE: "y-- y-- y y- - --",
    Function.ARCHIVE: "y-- yyy y yy - --",
    Function.DELETE: "yyy yyy y yy y yy",
    # no longer published: ours
    Function.CREATE: "y-- y-- - y- - --",
    Function.REACTIVATE: "y-- y-- - y- - --",
    Function.MODIFY: "y-- y-- - y- - --",
    Function.CLOSE: "y-- y-- - y- - --",
}
CONSULTATION = (
    Function.LIST, Function.READ, Function.PROFESSIONALS, Function.MASK, Function.UNMASK, Function.MAKE_VISIBLE,
    Function.ARCHIVE,
)  # fmt: skip
CELLS = [
    (Column.PN, "n"), (Column.PN, "r"), (Column.PN, "b"), (Column.MD, "n"), (Column.MD, "r"), (Column.MD, "b"),
    (Column.MW, "n"), (Column.MT, "n"), (Column.MT, "b"), (Column.CPE, "n"), (Column.ES, "n"), (Column.ES, "r"),
]  # fmt: skip


@pytest.mark.parametrize("function", list(Function))
def test_matrix_is_the_published_one(function):
    row = PUBLISHED[function].replace(" ", "")
    expected = {cell for cell, mark in zip(CELLS, row, strict=True) if mark == "y"}
    actual = {(column, mode) for column, modes in MATRIX[function].items() if column is not Column.PE for mode in modes}
    assert actual == expected


def test_staff_behind_a_structures_software():
    """Column PE of the second published table: normal mode only; and the rows that nobody has that way."""
    open_to_staff = {Function.STATUS, Function.DECLARE, Function.DOSSIERS, Function.WEB, Function.IDENTITY,
                     Function.TECHNICAL_ID, Function.DELETE}  # fmt: skip
    assert {function: modes[Column.PE] for function, modes in MATRIX.items() if Column.PE in modes} == dict.fromkeys(
        open_to_staff, "n"
    )
    treating = Dossier(DossierState.OPEN, Authorisation.VALID, treating=True)
    physician = Actor(AuthMode.REINFORCED, None, "10", N)
    direct = Actor(AuthMode.DIRECT, CardKind.CPS, "10", N)
    shut = {one for one in Function if decide(one, direct, treating).allowed > decide(one, physician, treating).allowed}
    assert shut == {Function.DEPOSIT, Function.STOP_TREATING}


def actors():
    kinds = [(AuthMode.DIRECT, card) for card in (*CardKind, None)]
    kinds += [(AuthMode.INDIRECT, None), (AuthMode.REINFORCED, None)]
    for (auth, card), profession, mode, occupational, reason in product(
        kinds, ("10", "60", ""), AccessMode, (False, True), (False, True)
    ):
        yield Actor(auth, card, profession, mode, occupational, reason)


def dossiers():
    for state, authorisation, treating, glass, regulation in product(
        DossierState, Authorisation, (False, True), (False, True), (False, True)
    ):
        yield Dossier(state, authorisation, treating, glass, regulation)


@pytest.mark.parametrize("function", list(Function))
def test_whole_product(function):
    """Properties that must hold for every actor and dossier, said independently of how they are computed."""
    everyone, every_dossier = list(actors()), list(dossiers())
    for actor in everyone:
        for dossier in every_dossier:
            verdict = decide(function, actor, dossier)
            assert isinstance(verdict.rule, Rule)
            check(function, actor, dossier, verdict)


def check(function, actor, dossier, verdict):
    consultation = function in CONSULTATION
    if verdict.allowed:
        assert_nothing_stands_against(function, actor, dossier, consultation)
    elif verdict.rule is Rule.BREAK_GLASS_OPPOSED:
        assert actor.mode is B
        assert dossier.opposed_to_break_glass
        assert consultation
    elif verdict.rule is Rule.REGULATION_OPPOSED:
        assert actor.mode is R
        assert dossier.opposed_to_regulation
        assert consultation
    elif verdict.rule in (Rule.NO_AUTHORISATION, Rule.EXPIRED):
        assert actor.mode is N
        assert consultation
        assert dossier.authorisation in (Authorisation.NONE, Authorisation.EXPIRED)


def assert_nothing_stands_against(function, actor, dossier, consultation):
    assert actor.card not in (CardKind.CPA,)
    assert not (actor.mode is B and not actor.reason_given)
    states = {Function.CREATE: DossierState.ABSENT, Function.REACTIVATE: DossierState.CLOSED}
    if function is not Function.STATUS:
        assert dossier.state is states.get(function, DossierState.OPEN)
        assert dossier.authorisation is not Authorisation.FORBIDDEN
    if function in (Function.DECLARE, Function.WITHDRAW, Function.STOP_TREATING):
        assert actor.mode is N
    if actor.auth_mode is AuthMode.REINFORCED:
        assert function not in (Function.DEPOSIT, Function.DEPOSIT_BY_STAFF)
    if consultation:
        assert actor.profession
        assert actor.auth_mode is not AuthMode.INDIRECT
        assert actor.card in (CardKind.CPS, CardKind.CPF, None)
        assert {N: dossier.authorisation is Authorisation.VALID, B: not dossier.opposed_to_break_glass,
                R: not dossier.opposed_to_regulation}[actor.mode]  # fmt: skip


@pytest.mark.parametrize("function", list(Function))
def test_secret_connection_is_a_minors(function):
    """It opens nothing more, no dossier, and nothing at all of an adult's."""
    for actor, state, minor in product(actors(), DossierState, (False, True)):
        dossier = Dossier(state, Authorisation.VALID, minor=minor)
        plain, secret = decide(function, actor, dossier), decide(function, replace(actor, secret=True), dossier)
        if function not in OPENINGS and (minor or state is DossierState.ABSENT):
            assert secret == plain
        else:
            assert secret.rule in (
                Rule.HIDDEN_OPENING, Rule.ADULT, Rule.FUNCTION, Rule.STAFF_MAY_NOT_READ, Rule.REASON_MISSING
            )  # fmt: skip


@pytest.mark.parametrize("creation", list(Creation))
def test_there_is_nothing_in_a_dossier_being_created(creation):
    rules = {
        Creation.NONE: "dossier.absent",
        Creation.PENDING: "dossier.being_created",
        Creation.OPPOSED: "dossier.creation_opposed",
    }
    for function, actor in product(set(Function) - {Function.STATUS, Function.CREATE}, actors()):
        absent = decide(function, actor, Dossier(DossierState.ABSENT, Authorisation.VALID, creation=creation))
        assert not absent.allowed
        if decide(function, actor, Dossier(DossierState.OPEN, Authorisation.VALID)).allowed:
            assert absent.rule.value == rules[creation]
        opened = Dossier(DossierState.OPEN, Authorisation.VALID, creation=creation)
        assert decide(function, actor, opened) == decide(function, actor, replace(opened, creation=Creation.NONE))


def test_what_may_be_opened():
    gp = Actor(AuthMode.DIRECT, CardKind.CPS, "10", N)
    for state, creation, attached in product(DossierState, Creation, (False, True)):
        dossier = Dossier(state, creation=creation, attached=attached)
        assert decide(Function.CREATE, gp, dossier).allowed is (state is DossierState.ABSENT)
        kept = state is DossierState.CLOSED and not attached
        assert decide(Function.REACTIVATE, gp, dossier).allowed is kept


def test_oppositions_do_not_touch_feeding_nor_the_normal_mode():
    for function, actor in product((Function.DEPOSIT, Function.STATUS), actors()):
        free = decide(function, actor, Dossier(DossierState.OPEN))
        opposed = Dossier(DossierState.OPEN, opposed_to_break_glass=True, opposed_to_regulation=True)
        assert decide(function, actor, opposed) == free


def test_feeding_needs_no_authorisation():
    gp = Actor(AuthMode.DIRECT, CardKind.CPS, "10", N)
    for authorisation in (Authorisation.NONE, Authorisation.EXPIRED, Authorisation.VALID):
        assert decide(Function.DEPOSIT, gp, Dossier(DossierState.OPEN, authorisation)).allowed


@pytest.mark.parametrize("mode", list(AccessMode))
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("treating", [False, True])
@pytest.mark.parametrize("allowed_by_patient", [False, True])
def test_masked_documents(mode, own, treating, allowed_by_patient):
    actor = Actor(AuthMode.DIRECT, CardKind.CPS, "10", mode, reason_given=True)
    dossier = Dossier(DossierState.OPEN, treating=treating, masked_visible_in_emergency=allowed_by_patient)
    expected = (own or treating) if mode is N else allowed_by_patient
    assert may_see_masked(actor, dossier, own=own).allowed == expected


def test_treating_physician_on_call_at_a_regulation_centre_is_a_physician_like_another():
    actor = Actor(AuthMode.DIRECT, CardKind.CPS, "10", R)
    assert column_of(actor, treating=True) is Column.MD


def test_every_rule_has_a_sentence():
    assert set(EXPLANATIONS) == set(Rule)
    assert all(one.sentence.endswith(".") and one.subcode.startswith("DMP") for one in EXPLANATIONS.values())


@pytest.mark.parametrize("mode", list(AccessMode))
@pytest.mark.parametrize("function", list(Function))
def test_a_card_in_training_has_the_rights_of_a_professional_who_is_no_physician(function, mode):
    dossier = Dossier(DossierState.OPEN, Authorisation.VALID, treating=True)
    intern = Actor(AuthMode.DIRECT, CardKind.CPF, "", mode, reason_given=True, training="10")
    nurse = Actor(AuthMode.DIRECT, CardKind.CPS, "60", mode, reason_given=True)
    assert decide(function, intern, dossier) == decide(function, nurse, dossier)
    for kind in (CardKind.CPS, CardKind.CPA):  # a code of training on another card is none
        assert not decide(function, replace(intern, card=kind), dossier).allowed
