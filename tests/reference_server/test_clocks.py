"""What comes due by itself: opening, erasing, announcing, expiring, coming of age. Days around each border."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from demonstration import people
from praticien.access import DossierState
from reference_server.ages import may_be_minor
from reference_server.storage import documents, traces
from reference_server.storage.tables import (
    AdministrativeRow,
    AssociationRow,
    AuthorisationRow,
    ContentRow,
    DocumentRow,
    NotificationRow,
    PersonRow,
    SubmissionRow,
    TraceRow,
    TreatingRow,
)
from tests.ages import of_age
from tests.reference_server.client import Words
from tests.reference_server.conftest import start
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.test_secret import secret

TOM, NORA, LINA = people.TOM.ins, people.NORA.ins, people.LINA.ins


def being_created(days_ago, **changes):
    return replace(people.TOM, notice_days_ago=days_ago, **changes)


def said_now(desk, ins, **more):
    return Words(ins, issued=desk.moment[0], **more)


def state(desk, ins):
    with desk.database.reading() as session:
        return session.get(PersonRow, ins.matricule).state


# -- creation -------------------------------------------------------------------------------------------------------


def code(answer):
    return answer.body.find(".//{urn:hl7-org:v3}queryResponseCode").get("code")


def informed(answer):
    """What NF adds: kind and code."""
    detail = answer.body.find(".//{urn:hl7-org:v3}acknowledgementDetail")
    return detail if detail is None else (detail.get("typeCode"), detail.find("{*}code").get("code"))


def test_nothing_until_the_last_day_of_six_weeks(make_desk, gp):
    desk = make_desk(seeds=(being_created(0),))
    client = desk.client(gp)
    for days in (0, 41):
        desk.moment[0] += timedelta(days=days)
        desk.turn()
        answer = client.status(TOM, said_now(desk, TOM))
        assert (code(answer), informed(answer)) == ("NF", ("I", "DMPBeingCreated"))
        assert client.find(TOM, said_now(desk, TOM)).rule == "dossier.being_created"
        refused = send(client, Deposit(TOM), words=said_now(desk, TOM))
        assert (refused.subcode, refused.rule) == ("DMPNotFound", "dossier.being_created")
    desk.later(days=1)
    assert code(client.status(TOM, said_now(desk, TOM))) == "OK"
    assert send(client, Deposit(TOM), words=said_now(desk, TOM)).succeeded
    assert any("est ouvert dans Mon espace santé" in text for text in desk.told(TOM))


def test_daily_turn_opens_what_nobody_asks_for(make_desk):
    desk = make_desk(seeds=(being_created(41), replace(people.SOLO, notice_days_ago=None)))
    desk.turn()
    assert state(desk, TOM) == "absent"
    desk.later(days=1)
    desk.turn()
    desk.turn()
    assert state(desk, TOM) == "active"
    assert len(desk.told(TOM)) == 1
    (trace,) = desk.history(TOM)
    assert (trace.transaction, trace.actor, trace.actor_name) == ("clock.opened", "", "Serveur")


def test_opposed_is_never_opened(make_desk, gp):
    desk = make_desk(seeds=(being_created(10, opposed_to_creation=True),))
    desk.later(days=400)
    desk.turn()
    client = desk.client(gp)
    assert code(client.status(TOM, said_now(desk, TOM))) == "NF"
    refused = send(client, Deposit(TOM), words=said_now(desk, TOM))
    assert (refused.subcode, refused.rule) == ("DMPNotFound", "dossier.creation_opposed")


# -- closing --------------------------------------------------------------------------------------------------------

OF_A_DOSSIER = (DocumentRow, SubmissionRow, AuthorisationRow, TreatingRow, AdministrativeRow, NotificationRow)


def remains(desk, ins):
    with desk.database.reading() as session:
        return {
            table.__tablename__: session.scalar(
                select(func.count()).select_from(table).where(table.matricule == ins.matricule)
            )
            for table in OF_A_DOSSIER
        }


@pytest.fixture
def closed(make_desk, gp):
    """Nora's dossier with a document and messages, closed today; Solo's has a document with the same octets."""
    desk = make_desk()
    deposit = Deposit(NORA)
    assert send(desk.client(gp), deposit).succeeded
    assert send(desk.client(gp), Deposit(people.SOLO.ins)).succeeded
    with desk.database.transaction() as session:
        row = session.get(PersonRow, NORA.matricule)
        desk.moment[0] = desk.moment[0].replace(day=1)  # a day that every year has
        row.state, row.closed_on = DossierState.CLOSED.value, desk.moment[0].strftime("%Y%m%d")
        octets = b"shared by two dossiers"
        shared = hashlib.sha256(octets).hexdigest()
        documents.keep_contents(session, {shared: octets})
        session.flush()
        for ins in (NORA, people.SOLO.ins):
            documents.of_patient(session, ins)[0].content = shared
        session.flush()
        session.execute(delete(ContentRow).where(ContentRow.sha256.not_in(select(DocumentRow.content))))
    return desk, deposit


def test_kept_for_ten_years_less_a_day_then_gone(closed, gp):
    desk, deposit = closed
    before = remains(desk, NORA)
    assert all(before.values()), before
    day = desk.moment[0]
    desk.moment[0] = day.replace(year=day.year + 10) - timedelta(days=1)
    desk.turn()
    assert remains(desk, NORA) == before
    assert state(desk, NORA) == "terminated"
    desk.later(days=1)
    desk.turn()
    assert not any(remains(desk, NORA).values())
    assert state(desk, NORA) == "absent"
    with desk.database.reading() as session:
        assert set(session.scalars(select(ContentRow.sha256))) == set(session.scalars(select(DocumentRow.content)))
        assert documents.by_unique_id(session, deposit.unique_id) is None
        assert deposit.set_id not in session.scalars(select(AssociationRow.submission)).all()
        kept = session.scalars(select(TraceRow.transaction).where(TraceRow.matricule == NORA.matricule)).all()
        assert kept == ["TD2.1", "clock.erased"]
        assert traces.first_broken_link(session) is None


def test_content_of_two_dossiers_stays_in_the_other(closed):
    desk, _ = closed
    desk.moment[0] = desk.moment[0].replace(year=desk.moment[0].year + 10)
    desk.turn()
    with desk.database.reading() as session:
        (row, *_) = documents.of_patient(session, people.SOLO.ins)
        assert documents.content(session, row) == b"shared by two dossiers"


def test_who_asks_meets_the_dossier_as_it_should_stand(closed, gp):
    desk, _ = closed
    desk.moment[0] = desk.moment[0].replace(year=desk.moment[0].year + 2)
    assert desk.client(gp).find(NORA, said_now(desk, NORA)).rule == "dossier.closed"


# -- announcements, authorisations ----------------------------------------------------------------------------------


def test_daily_turn_reminds_and_reveals(desk, gp):
    deposit = Deposit(NORA, visibility=("INVISIBLE_PATIENT",))
    assert send(desk.client(gp), deposit).succeeded
    for days, reminders, messages in ((13, 0, 0), (1, 1, 0), (15, 1, 0), (1, 1, 1), (30, 1, 1)):
        desk.later(days=days)
        desk.turn()
        desk.turn()
        assert (len(desk.told(NORA, people.GP.national_id)), len(desk.told(NORA))) == (reminders, messages), days
    acts = [row.transaction for row in desk.history(NORA)]
    assert acts == ["clock.announced", "clock.announced", "TD2.1"]


@pytest.mark.parametrize("days,allowed", [(364, True), (366, False)])
def test_authorisation_expires_after_a_year(desk, gp, days, allowed):
    client = desk.client(gp)
    assert client.authorise(LINA).status == 200
    desk.later(days=days)
    answer = client.find(LINA, said_now(desk, LINA))
    assert answer.succeeded is allowed
    assert allowed or answer.subcode == "DMPAuthorizationExpired"


# -- age ------------------------------------------------------------------------------------------------------------


@of_age
def test_age_of_majority(born, on, minor):
    assert may_be_minor(born, on) is minor


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.dates(date(1930, 1, 1), date(2060, 1, 1)))
def test_one_comes_of_age_once(born, on):
    born_on = born.strftime("%Y%m%d")
    assert may_be_minor(born_on, on) >= may_be_minor(born_on, on + timedelta(days=1))
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    assert may_be_minor(born_on, on) is (years < 18)


def test_secret_connection_ends_with_majority(make_desk, gp):
    desk = make_desk()
    client, today = desk.client(gp), desk.moment[0]
    assert client.status(LINA, secret()).status == 200
    with desk.database.transaction() as session:
        session.get(PersonRow, LINA.matricule).birth_date = f"{today.year - 18}{today:%m%d}"
    refused = client.status(LINA, secret())
    assert (refused.subcode, refused.rule) == ("DMPFunctionNotAllowed", "secret.adult")
    assert client.status(LINA).status == 200


def test_what_representatives_do_not_read_in_a_minors_space(world, gp):
    client = world.client(gp)
    hidden = Deposit(LINA, title="Titre secret", visibility=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    assert send(client, hidden, words=secret()).succeeded
    other = Deposit(LINA, title="Autre titre secret", visibility=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    assert send(client, other).succeeded
    page = world.page(LINA)
    assert [one["transaction"] for one in page["history"]] == ["TD2.1"]
    assert "titre secret" not in str(page).lower()


# -- the whole server -----------------------------------------------------------------------------------------------


def test_operators_clock_drives_it(keys, tmp_path):
    made = start(keys, tmp_path / "s", faults=True, seeds=(being_created(0),))
    try:
        assert "En cours de création" in made.page(TOM)["state_text"]
        for ahead, expected in (("41j", "absent"), ("42j", "active")):
            url = made.server.operator_url + "faults"
            assert requests.post(url, data={"clock_ahead": ahead}, timeout=10).status_code == 200
            assert made.page(TOM)["state"] == expected
    finally:
        made.close()


def test_start_does_what_is_due(keys, tmp_path):
    made = start(keys, tmp_path / "s", seeds=(being_created(42),))
    try:
        assert made.page(TOM)["state"] == "active"
    finally:
        made.close()


def test_failed_turn_waits_for_the_next(make_desk, caplog):
    desk = make_desk(seeds=(being_created(42),))
    desk.database.is_disk_full = lambda: True
    desk.turn()
    assert "OSError" in caplog.text
    assert TOM.matricule not in caplog.text
    assert state(desk, TOM) == "absent"
    desk.database.is_disk_full = lambda: False
    desk.turn()
    assert state(desk, TOM) == "active"
