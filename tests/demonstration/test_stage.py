"""The stage: set up in one go, taken down in one go, whatever is missing."""

from __future__ import annotations

import socket
import threading
from urllib.error import URLError

import pytest

from card_reader.errors import CardRemoved
from card_reader.virtual.host import CardTableProblem
from demonstration import stage as stage_module
from demonstration.child import Child, ChildFailed
from demonstration.people import CARDS, NORA, VITALES
from demonstration.stage import IN_PROCESS, PRIVATE, PatientPage, Stage
from praticien.identity import IdentityStatus, Patient
from praticien.ports import SlotState
from praticien.practice import Case


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tmp_path_factory.mktemp("stage")


@pytest.fixture
def stage(data):
    with Stage(data, in_process=True) as made:
        yield made


def case(seed):
    return Case(Patient(seed.traits, IdentityStatus.QUALIFIED, seed.ins))


def wait_for_the_card(desk):
    """Until the desk tells that it sees a professional card."""
    told = threading.Event()
    stop = desk.subscribe(lambda _state: told.set())
    while desk.state().first(SlotState.PROFESSIONAL_CARD) is None:
        assert told.wait(60)
        told.clear()
    stop()


def test_cards_lie_on_the_table_and_go_into_readers(stage):
    table = stage.card_table
    assert stage.notice == IN_PROCESS
    assert {*CARDS, *VITALES} <= set(table.names())
    table.insert("vitale-seule")
    table.insert("cps-medecin")
    assert table.inserted() == {"vitale-seule", "cps-medecin"}
    with pytest.raises(CardTableProblem):
        table.insert("cpe-secretaire")  # two readers
    with pytest.raises(CardTableProblem):
        table.insert("cps-medecin")
    table.withdraw("vitale-seule")
    table.withdraw("vitale-seule")
    assert table.inserted() == {"cps-medecin"}


def test_card_that_leaves_by_itself_is_back_on_the_table(stage):
    table = stage.card_table
    table.insert("cps-medecin")
    wait_for_the_card(stage.desk)
    table.cause("cps-medecin", "leave")
    reader = stage.desk.state().first(SlotState.PROFESSIONAL_CARD).reader
    with pytest.raises(CardRemoved):
        stage.desk.open_professional_card(reader)
    assert table.inserted() == frozenset()
    table.cause("cps-medecin", "heal")
    table.insert("cps-medecin")
    assert table.inserted() == {"cps-medecin"}


def test_the_pin_printed_is_the_one_that_opens_the_card(stage):
    table = stage.card_table
    assert table.face("cps-medecin").pin == "1234"
    assert table.face("vitale-seule").pin == ""
    table.insert("cps-medecin")
    wait_for_the_card(stage.desk)
    card = stage.desk.open_professional_card(stage.desk.state().first(SlotState.PROFESSIONAL_CARD).reader)
    card.change_pin(bytearray(b"1234"), bytearray(b"4321"))
    card.close()
    assert table.face("cps-medecin").pin == "4321"


def test_every_fault_can_be_caused(stage):
    for fault, label in stage.card_table.faults():
        assert label
        stage.card_table.cause("cps-urgentiste", fault)


def test_patient_view_is_of_the_open_patient_then_of_the_last(stage):
    open_case = [None]
    view = stage.patient_view(lambda: open_case[0])
    everyone = view()
    assert everyone.count("TEST") > 5
    open_case[0] = case(NORA)
    page = view()
    assert NORA.traits.birth_name in page
    open_case[0] = None
    assert view() == page


def test_patient_view_says_nothing_personal_in_logs(stage, caplog):
    caplog.set_level("DEBUG")
    stage.patient_view(lambda: case(NORA))()
    assert NORA.ins.matricule not in caplog.text


def test_authority_and_dossiers_stay_from_one_time_to_the_next(data):
    Stage(data, in_process=True).close()  # this test may be the first
    kept = (data / "authority" / "root.pem").read_bytes()
    with Stage(data, in_process=True) as made:
        assert made.endpoint.ca_file.read_bytes().startswith(kept)
    assert (data / "authority" / "root.pem").read_bytes() == kept
    assert (data / "authority").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("missing", ["pyscard", "pcscd"])
def test_without_pcsc_the_cards_are_in_the_program_and_it_says_so(data, monkeypatch, capsys, missing):
    def refuse(*_):
        raise CardTableProblem("pcscd is not installed")

    if missing == "pyscard":
        monkeypatch.setattr(stage_module.importlib.util, "find_spec", lambda _name: None)
    else:
        monkeypatch.setattr(stage_module, "HostProcess", refuse)
    with Stage(data) as made:
        assert made.notice == IN_PROCESS != PRIVATE
        made.card_table.insert("cps-medecin")
    assert ("pcscd privé indisponible" in capsys.readouterr().err) == (missing == "pcscd")


def test_server_that_cannot_start_says_its_last_words(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ChildFailed) as caught:
        Child("server", "--port", str(taken.getsockname()[1]), "--data", str(tmp_path), log=tmp_path / "log")
    assert "cannot_start port" in caught.value.detail


def test_nothing_stays_when_the_cards_fail(tmp_path, monkeypatch):
    ended = []
    real = Child.close
    monkeypatch.setattr(Child, "close", lambda self: (ended.append(self), real(self)))
    monkeypatch.setattr(stage_module, "every_card", lambda _folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Stage(tmp_path, in_process=True)
    assert len(ended) == 1


def test_patient_page_of_a_server_that_is_gone():
    with pytest.raises(URLError):
        PatientPage("http://127.0.0.1:9/x/").html(None)
