"""What may be done with one document, over the whole product of inputs; the dated matrix; the printed page."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import main
from praticien.access import AccessMode, Authorisation, DossierState
from praticien.professional import CardKind
from reference_server import document_rights, reading_rights, rights_page
from reference_server.access import Actor, AuthMode, Creation, Dossier, column_of, decide
from reference_server.access_rules import Rule
from reference_server.document_rights import Document, may_change, may_see
from reference_server.functional_matrix import Column, Function
from reference_server.metadata.codes import TYPE_SYSTEMS
from tests.effort import examples

N, R, B = AccessMode.NORMAL, AccessMode.REGULATION, AccessMode.BREAK_GLASS
TODAY = date(2026, 11, 22)
PODOLOGIST, NURSE, DENTIST, PHYSICIAN = "80", "60", "40", "10"
UPDATES = [Function.MASK, Function.UNMASK, Function.MAKE_VISIBLE, Function.ARCHIVE, Function.DELETE]
KINDS = [(AuthMode.DIRECT, CardKind.CPS), (AuthMode.DIRECT, CardKind.CPE), (AuthMode.INDIRECT, None),
         (AuthMode.REINFORCED, None)]  # fmt: skip

actors = st.builds(
    lambda kind, *rest: Actor(*kind, *rest, reason_given=True),
    st.sampled_from(KINDS), st.sampled_from([PHYSICIAN, NURSE, PODOLOGIST, ""]), st.sampled_from(list(AccessMode)),
    st.booleans(),
)  # fmt: skip
open_dossiers = st.builds(
    Dossier, st.just(DossierState.OPEN), st.just(Authorisation.VALID), st.booleans(), st.just(False), st.just(False),
    st.booleans(),
)  # fmt: skip
types = st.sampled_from(sorted(TYPE_SYSTEMS))
documents = st.builds(Document, st.booleans(), st.booleans(), st.booleans(), st.booleans(), types)


@given(st.sampled_from(UPDATES), actors, open_dossiers, documents)
def test_no_limit_of_the_matrix_is_passed(function, actor, dossier, document):
    """The notes of the published table, said a second time."""
    if not decide(function, actor, dossier).allowed:
        return
    column = column_of(actor, treating=dossier.treating)
    verdict = may_change(function, actor, dossier, document, TODAY)
    if function in (Function.ARCHIVE, Function.DELETE) and document.by_patient:
        assert not verdict.allowed or column is Column.MT
    elif function is Function.DELETE:
        owner = document.imputed if column in (Column.CPE, Column.ES, Column.PE) else document.own
        assert verdict.allowed == owner
    elif document.own:
        assert verdict.allowed
    elif function in (Function.UNMASK, Function.ARCHIVE) and column in (Column.PN, Column.MW):
        assert not verdict.allowed
    elif function is Function.ARCHIVE and column is Column.MD and actor.mode is N:
        assert not verdict.allowed or actor.auth_mode is AuthMode.REINFORCED
    else:
        assert verdict == may_see(actor, dossier, document, TODAY) or verdict.rule is Rule.NOT_OWN


everyone = st.builds(
    lambda kind, *rest: Actor(*kind, *rest),
    st.sampled_from([*KINDS, (AuthMode.DIRECT, CardKind.CPF), (AuthMode.DIRECT, CardKind.CPA)]),
    st.sampled_from([PHYSICIAN, NURSE, PODOLOGIST, DENTIST, ""]), st.sampled_from(list(AccessMode)),
    st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip
every_dossier = st.builds(
    Dossier, st.sampled_from(list(DossierState)), st.sampled_from(list(Authorisation)), st.booleans(), st.booleans(),
    st.booleans(), st.booleans(), st.booleans(), st.sampled_from(list(Creation)), st.booleans(),
)  # fmt: skip


@settings(max_examples=examples(500))
@given(st.sampled_from(list(Function)), everyone, every_dossier, documents, st.dates(date(2005, 1, 1), TODAY))
def test_one_decision_over_the_whole_product(function, actor, dossier, document, on):
    """It is never milder than its parts, and always rests on a rule that is told."""
    verdict = document_rights.decide(function, actor, dossier, document, on)
    alone = decide(function, actor, dossier)
    assert verdict.explanation.sentence
    if not alone.allowed:
        assert verdict == alone
    elif function in (Function.LIST, Function.READ):
        assert verdict == may_see(actor, dossier, document, on)
    else:
        assert verdict == may_change(function, actor, dossier, document, on)
    if verdict.allowed:
        assert (verdict.rule is Rule.ALLOWED_EMERGENCY) <= (actor.mode is not N)
        assert dossier.authorisation is not Authorisation.FORBIDDEN or function is Function.STATUS


@given(actors, open_dossiers, documents, st.dates(date(2000, 1, 1), date(2030, 1, 1)))
def test_nothing_is_seen_against_masking_or_type(actor, dossier, document, on):
    verdict = may_see(actor, dossier, document, on)
    if not document.own:
        assert not verdict.allowed or reading_rights.may_read(actor.profession, document.type_code, on)
    if document.masked and actor.mode is not N:
        assert verdict.allowed <= dossier.masked_visible_in_emergency
    if document.masked and actor.mode is N and not document.own:
        assert not verdict.allowed or column_of(actor, treating=dossier.treating) is Column.MT
    assert verdict.rule in (Rule.ALLOWED, Rule.ALLOWED_EMERGENCY, Rule.MASKED, Rule.TYPE_CLOSED)


@given(st.sampled_from(UPDATES), actors, open_dossiers, documents)
def test_what_is_not_seen_is_never_told_of(function, actor, dossier, document):
    """To professionals, a document they may not see gives one of the two rules answered like an unknown document."""
    if not actor.profession or actor.card is CardKind.CPE or actor.auth_mode is AuthMode.INDIRECT or document.own:
        return
    seen = may_see(actor, dossier, document, TODAY)
    if not seen.allowed:
        assert may_change(function, actor, dossier, document, TODAY).rule in (Rule.MASKED, Rule.TYPE_CLOSED)


# -- professions and types ------------------------------------------------------------------------------------------


def test_could_a_podologist_read_this_in_2022_and_today():
    discharge_letter = "11490-0"
    assert not reading_rights.may_read(PODOLOGIST, discharge_letter, date(2022, 6, 1))
    assert reading_rights.may_read(PODOLOGIST, discharge_letter, TODAY)


def test_command_answers_it(capsys):
    """Words as a person types them; the exit status says it to programs."""
    assert main.main(["reading-rights", "podologue", "11490-0", "--on", "2022-06-01"]) == 1
    assert "01/06/2022 : non – Pédicure-podologue (80)" in capsys.readouterr().out
    assert main.main(["reading-rights", "80", "11490-0"]) == 0
    said = capsys.readouterr().out
    assert [line.split(" : ")[1][:3] for line in said.splitlines()[:2]] == ["non", "oui"]
    assert "illustrative" in said
    assert main.main(["reading-rights", "10", "11490-0", "--on", "2005-01-01"]) == 1
    for profession, kind in (("ortho", "11490-0"), ("astrologue", "11490-0"), ("10", "rien")):
        assert main.main(["reading-rights", profession, kind]) == 2


def test_a_version_begins_on_its_day():
    old, new = reading_rights.versions()
    assert reading_rights.in_force(new.since - timedelta(days=1)) is old
    assert reading_rights.in_force(new.since) is new
    assert reading_rights.in_force(old.since - timedelta(days=1)) is None
    assert not reading_rights.may_read(PHYSICIAN, "57833-6", old.since - timedelta(days=1))


@pytest.mark.parametrize(
    "profession,closed",
    [
        (PHYSICIAN, {"ATTEST-RESID"}),
        (NURSE, {"75496-0", "68599-0", "83901-9", "68817-6", "89601-9"}),
        (DENTIST, {"80788-3", "75496-0", "83981-1", "83901-9", "68599-0"}),
    ],
)
def test_known_fragments_of_the_order(profession, closed):
    shut = {code for code in TYPE_SYSTEMS if not reading_rights.may_read(profession, code, TODAY)}
    assert closed <= shut
    if profession == PHYSICIAN:
        assert shut == closed


def test_every_cell_of_every_version():
    for version, code in product(reading_rights.versions(), TYPE_SYSTEMS):
        for profession, row in version.professions.items():
            assert row.label
            assert row.closed <= TYPE_SYSTEMS.keys()
            assert reading_rights.may_read(profession, code, version.since) is (code not in row.closed)
        assert not version.may_read("", code)
        assert not version.may_read("99", code)


def test_the_page_is_printed_from_the_data():
    page = (Path(__file__).parents[2] / "docs" / "access-rules.md").read_text("utf-8")
    assert page == rights_page.page()
