"""Which way a desk takes to a professional card."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import card_reader
from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.direct import DirectTransport
from card_reader.errors import NoCard, NoCertificate, NoReader, UnknownCard
from card_reader.pkcs11 import choice, library
from card_reader.pkcs11.card import Pkcs11Card
from card_reader.pkcs11.choice import opener_for
from card_reader.pkcs11.errors import LibraryCrashed, LibraryMissing, NotALibrary
from card_reader.virtual.faults import FaultyCard
from demonstration.people import GP
from praticien.ports import SlotState
from tests.card_reader.pkcs11 import softhsm
from tests.card_reader.pkcs11.conftest import Faults
from tests.card_reader.pkcs11.softhsm import SoftCard
from tests.card_reader.pkcs11.test_softhsm import pin
from tests.card_reader.test_desk import Seen
from tests.cards_fixtures import CPS_READER, VITALE_READER

Make = Callable[..., Desk]


@pytest.fixture
def desk_for(readers: DirectTransport, gp_card: FaultyCard) -> Iterator[Make]:
    """Desks over the in-process readers, the GP's card in the first one."""
    readers.insert(CPS_READER, gp_card)
    with ExitStack() as stack:

        def make(mode: str, configured: Path | None = None) -> Desk:
            desk = Desk(readers, professional_opener=opener_for(mode, configured))
            stack.callback(desk.close)
            return desk

        yield make


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "libbroken.so"
    path.write_bytes(b"no library")
    return path


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine has."""
    monkeypatch.setattr(library, "_CANDIDATES", {})


def test_native_asks_nobody() -> None:
    assert opener_for("native", softhsm.library()) is None


def test_without_any_library_the_native_way(desk_for: Make, caplog: pytest.LogCaptureFixture) -> None:
    card = desk_for("auto").open_professional_card(CPS_READER)
    assert isinstance(card, OpenedCps)
    assert not caplog.records


@pytest.mark.parametrize("mode", ["auto", "pkcs11"])
def test_a_library_that_loads_is_taken(desk_for: Make, soft_library: Path, mode: str) -> None:
    card = desk_for(mode, soft_library).open_professional_card(CPS_READER)
    assert isinstance(card, Pkcs11Card)
    assert card.holder.professional == GP
    card.verify_pin(pin())
    card.signer.sign(b"x")


def test_a_library_found_where_it_is_installed(
    desk_for: Make, soft_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "_CANDIDATES", {library.sys.platform: (str(soft_library),)})
    assert isinstance(desk_for("auto").open_professional_card(CPS_READER), Pkcs11Card)


def test_diagnosis_still_has_the_native_way(desk_for: Make, soft_library: Path) -> None:
    desk_for("pkcs11", soft_library).open_native_card(CPS_READER).release()


def test_a_library_that_does_not_load_is_tried_once(
    desk_for: Make, broken: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    probes: list[Path] = []

    def probe(path: Path) -> object:
        probes.append(path)
        return library.probe(path)

    monkeypatch.setattr(choice, "probe", probe)
    desk = desk_for("auto", broken)
    for _ in range(2):
        card = desk.open_professional_card(CPS_READER)
        assert isinstance(card, OpenedCps)
        card.close()
    assert probes == [broken]
    assert "library.invalid" in caplog.text


def test_a_configured_library_that_is_missing_is_said(
    desk_for: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    card = desk_for("auto", tmp_path / "nowhere.so").open_professional_card(CPS_READER)
    assert isinstance(card, OpenedCps)
    assert "library.missing" in caplog.text


def test_a_card_that_the_library_does_not_see_is_opened_natively(desk_for: Make, empty_token: SoftCard) -> None:
    empty_token.initialise()  # two tokens, none of them in a reader of that name
    assert isinstance(desk_for("auto", softhsm.library()).open_professional_card(CPS_READER), OpenedCps)


def test_what_the_card_itself_lacks_is_not_hidden(desk_for: Make, empty_token: SoftCard) -> None:
    with pytest.raises(NoCertificate):
        desk_for("auto", softhsm.library()).open_professional_card(CPS_READER)


def test_a_required_library_is_never_replaced(desk_for: Make, broken: Path, tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing):
        desk_for("pkcs11").open_professional_card(CPS_READER)
    with pytest.raises(LibraryMissing):
        desk_for("pkcs11", tmp_path / "nowhere.so").open_professional_card(CPS_READER)
    with pytest.raises(NotALibrary):
        desk_for("pkcs11", broken).open_professional_card(CPS_READER)


def test_a_required_library_without_this_card(desk_for: Make, empty_token: SoftCard) -> None:
    empty_token.initialise()
    with pytest.raises(NoReader):
        desk_for("pkcs11", softhsm.library()).open_professional_card(CPS_READER)


def test_a_library_that_crashes_at_the_card(desk_for: Make, shim: Path, faults: Faults) -> None:
    faults.arm("flags crash")  # it loads, and falls when it looks at the card
    with pytest.raises(LibraryCrashed):
        desk_for("pkcs11", shim).open_professional_card(CPS_READER)
    assert isinstance(desk_for("auto", shim).open_professional_card(CPS_READER), OpenedCps)


def test_both_ways_refuse_the_same_cards(
    desk_for: Make, readers: DirectTransport, family_card: FaultyCard, soft_library: Path
) -> None:
    desk = desk_for("pkcs11", soft_library)
    with pytest.raises(NoCard):
        desk.open_professional_card(VITALE_READER)
    with pytest.raises(NoReader):
        desk.open_professional_card("Lecteur débranché")
    readers.insert(VITALE_READER, family_card)
    with pytest.raises(UnknownCard):
        desk.open_professional_card(VITALE_READER)


def test_the_card_leaves(desk_for: Make, readers: DirectTransport, soft_library: Path) -> None:
    desk = desk_for("pkcs11", soft_library)
    card = desk.open_professional_card(CPS_READER)
    assert card.is_present()
    seen = Seen(desk)
    readers.withdraw(CPS_READER)
    seen.wait_for(CPS_READER, SlotState.EMPTY)
    assert not card.is_present()
    card.close()


def test_closing_the_card_resets_it_once(desk_for: Make, soft_library: Path, gp_card: FaultyCard) -> None:
    desk = desk_for("pkcs11", soft_library)
    card = desk.open_professional_card(CPS_READER)
    gp_card.transmit(bytes.fromhex("0020000104") + b"1234")  # another program's verified PIN
    assert gp_card.transmit(bytes.fromhex("00200001")) == b"\x90\x00"
    card.close()
    assert gp_card.transmit(bytes.fromhex("00200001")) == b"\x63\xc3"
    card.close()


def test_closing_the_desk_closes_its_cards(desk_for: Make, soft_library: Path) -> None:
    desk = desk_for("auto", soft_library)
    card = desk.open_professional_card(CPS_READER)
    assert isinstance(card, Pkcs11Card)
    desk.close()
    assert card._session.process_id is None


def test_one_module_imports_the_pkcs11_binding() -> None:
    root = Path(card_reader.__file__).parents[1]
    packages = ("card_reader", "praticien", "connectors", "reference_server", "ui", "demonstration")
    pattern = re.compile(r"^\s*(?:import|from) pkcs11\b", re.M)
    files = [path for package in packages for path in (root / package).rglob("*.py")]
    importing = [path.relative_to(root).as_posix() for path in files if pattern.search(path.read_text("utf-8"))]
    assert importing == ["card_reader/pkcs11/helper.py"]
