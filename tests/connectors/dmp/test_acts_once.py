"""What changes something in the DMP is sent once: cut without an answer it is uncertain, and not done again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from connectors import errors
from connectors.dmp.client import DmpClient
from connectors.soap.channel import Channel
from connectors.soap.envelope import Request
from connectors.soap.service import SoapService
from demonstration import people
from praticien.access import NORMAL
from praticien.administrative import AdministrativeData
from praticien.habilitations import AuthorisationAct
from praticien.metadata import Availability
from tests.connectors.samples import entry, registered
from tests.connectors.support import Answering, FakeServer, in_turn, soap

INS, TRAITS = people.NORA.ins, people.NORA.traits
ENTRY = registered(entry())
ACTS: dict[str, Callable[[DmpClient], None]] = {
    "TD0.3 declare": lambda dmp: dmp.declare_authorisation(INS),
    "TD0.3 withdraw": lambda dmp: dmp.revise_authorisation(INS, AuthorisationAct.WITHDRAW),
    "TD1.3b": lambda dmp: dmp.correct_data(INS, TRAITS, AdministrativeData()),
    "TD1.4": lambda dmp: dmp.close_dossier(INS, TRAITS),
    "TD3.3c": lambda dmp: dmp.set_availability(INS, ENTRY, Availability.DELETED, NORMAL),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_cut_without_an_answer_is_not_done_again(
    name: str, dmp: DmpClient, channel: Channel, server: FakeServer
) -> None:
    server.serve(in_turn(soap("<a/>"), lambda _: Answering(raw=lambda _connection: None), soap("<a/>")))
    question = Request("urn:a", etree.Element("question"), etree.Element("vihf"))
    SoapService(channel, server.endpoint(Path("ca")).url("registry")).call(question)  # a connection is open now
    with pytest.raises(errors.AnswerCut) as caught:
        ACTS[name](dmp)
    assert caught.value.uncertain
    assert len(server.received) == 2
