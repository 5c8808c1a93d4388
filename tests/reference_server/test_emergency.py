"""Both emergency modes: who is told, what is written, what each opposition shuts. CSP L.1111-17, R.1111-48."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from demonstration import people
from praticien.access import Authorisation
from reference_server.storage.tables import AuthorisationRow
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
