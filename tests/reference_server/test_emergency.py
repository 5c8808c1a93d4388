"""Both emergency modes: who is told, what is written, what each opposition shuts. CSP L.1111-17, R.1111-48."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from demonstration import people
from praticien.access import Authorisation
from reference_server.storage import traces
from reference_server.storage.tables import AuthorisationRow
from reference_server.storage.traces import Trace
from tests.reference_server.client import Words
from tests.reference_server.deposits import Deposit, send
from tests.reference_server.test_dossiers import PAT, dossier_list

INS = people.NORA.ins
WHY = "Patiente inconsciente"
MODES = ("bris_de_glace", "centre_15")
OPPOSITIONS = {"bris_de_glace": "DMPBreakGlassOpposed", "centre_15": "DMPRegulationOpposed"}


def authorisations(desk):
    with desk.database.reading() as session:
        rows = session.scalars(select(AuthorisationRow))
        return sorted((row.matricule, row.holder, row.forbidden, row.valid_until) for row in rows)


@pytest.mark.parametrize("mode", MODES)
def test_holder_and_treating_physician_are_told(desk, emergency, mode):
    assert desk.client(emergency).find(INS, Words(INS, mode=mode, reason=WHY)).succeeded
    (to_patient,) = desk.told(INS)
    (to_physician,) = desk.told(INS, people.GP.national_id)
    assert to_patient == to_physician
    assert WHY in to_patient
    assert "Dr Karim TESTURGENCE" in to_patient
    row = desk.history(INS)[0]
    assert (row.access_mode, row.reason, row.rule) == (mode, WHY, "allowed.emergency")


@pytest.mark.parametrize("mode", MODES)
def test_one_emergency_is_told_once_and_traced_call_by_call(desk, gp, emergency, mode):
    """List, search again, documents: one access to the patient and to the médecin traitant."""
    deposit, words = Deposit(INS), Words(INS, mode=mode, reason=WHY)
    assert send(desk.client(gp), deposit).succeeded
    before, client = len(desk.told(INS)), desk.client(emergency)
    assert client.find(INS, words).succeeded
    assert client.retrieve(INS, deposit.unique_id, words=words).succeeded
    desk.later(minutes=59)
    assert client.find(INS, words).succeeded
    assert len(desk.told(INS)) - before == len(desk.told(INS, people.GP.national_id)) == 1
    assert [row.access_mode for row in desk.history(INS)].count(mode) == 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("other", ["reason", "mode", "time"])
def test_another_emergency_is_told_anew(desk, emergency, mode, other):
    client, words = desk.client(emergency), Words(INS, mode=mode, reason=WHY)
    assert client.find(INS, words).succeeded
    if other == "reason":
        words = replace(words, reason="Choc")
    elif other == "mode":
        words = replace(words, mode=next(one for one in MODES if one != mode))
    else:
        desk.later(minutes=61)
    assert client.find(INS, words).succeeded
    assert len(desk.told(INS)) == len(desk.told(INS, people.GP.national_id)) == 2


@pytest.mark.parametrize(
    "change,told",
    [
        ({}, True),
        ({"actor": "899700000999"}, False),  # a namesake
        ({"structure": "1990000099"}, False),
        ({"access_mode": "centre_15"}, False),
        ({"at": "2026-11-22T11:00:00+00:00"}, False),
        ({"at": "2026-11-22T10:59:59.999999+00:00"}, True),
        ({"at": "2026-11-22T09:59:59+00:00"}, False),  # a clock set back
    ],
)
def test_what_makes_two_calls_one_emergency(desk, change, told):
    first = Trace("2026-11-22T10:00:00+00:00", "899700000131", structure="1990000017", access_mode="bris_de_glace")
    first.matricule = INS.matricule
    with desk.database.transaction() as session:
        traces.notify(session, INS.matricule, WHY, traces.append(session, first), first.at)
        assert traces.told_already(session, replace(first, **change), WHY, "") is told
        assert not traces.told_already(session, first, WHY, people.GP.national_id)
        assert not traces.told_already(session, first, "autre motif", "")


@pytest.mark.parametrize("mode", MODES)
def test_treating_physician_finds_it_in_the_list_of_patients(desk, emergency, gp, mode):
    desk.client(emergency).find(INS, Words(INS, mode=mode, reason=WHY))
    listed = dossier_list(desk.client(gp)).body.find("p:list", PAT)
    assert listed.findtext("p:message", "", PAT) == desk.told(INS, people.GP.national_id)[0]


def test_others_messages_are_not_in_the_list(make_desk, emergency, gp):
    both = {people.GP.national_id: Authorisation.VALID, people.EMERGENCY.national_id: Authorisation.VALID}
    desk = make_desk(seeds=(replace(people.NORA, authorisations=both),))
    desk.client(emergency).find(INS, Words(INS, mode="bris_de_glace", reason=WHY))
    assert dossier_list(desk.client(emergency)).body.find("p:list", PAT).findtext("p:message", "", PAT) == ""


@pytest.mark.parametrize("mode", MODES)
def test_neither_mode_ever_writes_an_authorisation(desk, emergency, mode):
    """Whatever is asked in it: existence, list, reading, deposit, declaration itself."""
    before, client = authorisations(desk), desk.client(emergency)
    words = Words(INS, mode=mode, reason=WHY)
    deposit = Deposit(INS)
    client.status(INS, words)
    assert client.find(INS, words).succeeded
    assert send(client, deposit, words=words).succeeded
    assert client.retrieve(INS, deposit.unique_id, words=words).succeeded
    for action, role in (("AJOUT", ""), ("AJOUT", "MEDECIN_TRAITANT"), ("SUPPRESSION", "")):
        assert client.authorise(INS, action, role, words).subcode == "DMPFunctionNotAllowed"
    assert authorisations(desk) == before


@pytest.mark.parametrize("opposed", MODES)
def test_each_opposition_shuts_its_mode_alone_and_is_told(make_desk, emergency, opposed):
    glass = opposed == "bris_de_glace"
    seed = replace(people.NORA, opposed_to_break_glass=glass, opposed_to_regulation=not glass)
    desk = make_desk(seeds=(seed,))
    client = desk.client(emergency)
    for mode in MODES:
        answer = client.find(INS, Words(INS, mode=mode, reason=WHY))
        assert answer.subcode == (OPPOSITIONS[mode] if mode == opposed else "")
        assert answer.succeeded is (mode != opposed)
    assert sum("l’accès a été refusé" in text for text in desk.told(INS)) == 1
