"""Injected faults give the right diagnoses, and nothing personal."""

from __future__ import annotations

import plistlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from card_reader.desk import Desk
from card_reader.diagnosis import Surroundings, diagnose
from card_reader.direct import DirectTransport
from card_reader.virtual.card import VirtualCard
from card_reader.virtual.contactless import VirtualContactlessCps
from card_reader.virtual.cps3 import VirtualCps3
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.legacy import VirtualCps2ter
from card_reader.virtual.pad import VirtualPad
from card_reader.virtual.personalisation import CPS2TER_ATR, CpsPersonalisation
from demonstration import cards
from demonstration.authority import TestAuthority
from demonstration.people import CARDS, NORA
from praticien.ports import Finding, Level
from tests.cards_fixtures import CPS_READER, VITALE_READER
from ui.messages.diagnosis import as_text

NOW = datetime.now(UTC)


@pytest.fixture
def around(cards_folder: Path, personalisation: CpsPersonalisation) -> Surroundings:
    authority = TestAuthority.open_or_create(cards_folder / "authority")
    chain = tuple(pair.certificate for pair in (authority.persons, authority.root))
    return Surroundings(NOW, server_time=NOW, authorities=chain, cryptolib_paths=(), driver_folders=())


def _wrong(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings if finding.level is not Level.GOOD} - {"card.test"}


Change = Callable[[CpsPersonalisation], VirtualCard]


def _changed(**changes: object) -> Change:
    return lambda good: VirtualCps3(replace(good, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "case",
    [
        (_changed(), set()),
        (_changed(atr=b""), {"card.mute"}),
        (_changed(atr=bytes.fromhex("3B80800101")), {"card.unknown"}),
        (_changed(atr=CPS2TER_ATR), set()),
        (lambda _good: VirtualCps2ter(), {"card.retired"}),
        (lambda _good: VirtualContactlessCps("0000990097"), {"cps.contactless"}),
        (_changed(pin_tries_left=2), {"pin.tries"}),
        (_changed(pin_tries_left=1), {"pin.last_try"}),
        (_changed(pin_tries_left=0), {"pin.blocked"}),
        (_changed(unblocking_tries_left=2), {"unblocking.few"}),
        (_changed(pin_tries_left=0, unblocking_tries_left=0), {"pin.blocked", "unblocking.blocked"}),
        (_changed(last_update=b""), {"card.out_of_use"}),
        (lambda good: _changed(signature=good.authentication)(good), {"card.no_certificate"}),
    ],
)
def test_faults_of_the_card(
    desk: Desk,
    readers: DirectTransport,
    personalisation: CpsPersonalisation,
    around: Surroundings,
    case: tuple[Change, set[str]],
) -> None:
    make, expected = case
    readers.insert(CPS_READER, make(personalisation))
    _settle(desk)
    assert _wrong(diagnose(desk, around)) == expected


def _settle(desk: Desk) -> None:
    """Until the watcher saw the card."""
    with desk._changed:
        assert desk._changed.wait_for(lambda: any(slot.insertion for slot in desk._state.slots), 10)


def test_faults_around_the_card(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard, around: Surroundings
) -> None:
    readers.insert(CPS_READER, gp_card)
    _settle(desk)
    late = replace(around, server_time=NOW + timedelta(minutes=10))
    assert _wrong(diagnose(desk, late)) == {"clock.wrong"}
    stranger = TestAuthority.create()
    foreign = replace(around, authorities=(stranger.persons.certificate, stranger.root.certificate))
    assert _wrong(diagnose(desk, foreign)) == {"certificate.unknown_authority"}
    headless = replace(around, authorities=around.authorities[:1])
    assert _wrong(diagnose(desk, headless)) == {"certificate.unknown_authority"}
    for days, code in (
        (1100, "certificate.expires_soon"),
        (1200, "certificate.expired"),
        (-30, "certificate.not_yet_valid"),
    ):
        then = NOW + timedelta(days=days)
        assert _wrong(diagnose(desk, replace(around, now=then, server_time=then))) == {code}
    levels = {f.code: f.level for f in diagnose(desk, replace(around, production=True))}
    assert levels["card.test"] is Level.PROBLEM


def test_service_and_readers(desk: Desk, readers: DirectTransport, around: Surroundings) -> None:
    assert {f.code for f in diagnose(desk, around)} == {
        "service.running",
        "reader.empty",
        "clock.right",
        "cryptolib.absent",
    }
    readers.unplug(CPS_READER)
    readers.unplug(VITALE_READER)
    with desk._changed:
        assert desk._changed.wait_for(lambda: not desk._state.slots, 10)
    assert _wrong(diagnose(desk, around)) == {"reader.none"}
    readers.set_service(running=False)
    with desk._changed:
        assert desk._changed.wait_for(lambda: not desk._state.service, 10)
    assert _wrong(diagnose(desk, around)) == {"service.absent"}


def test_two_professional_cards_and_a_cryptolib(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard, around: Surroundings, cards_folder: Path
) -> None:
    readers.insert(CPS_READER, gp_card)
    readers.insert(VITALE_READER, VirtualCps3(cards.cps(cards_folder, CARDS["cps-urgentiste"])))
    with desk._changed:
        assert desk._changed.wait_for(lambda: all(slot.insertion for slot in desk._state.slots), 10)
    library = cards_folder / "libcps3_pkcs11_lux.so"
    library.write_bytes(b"")
    findings = diagnose(desk, replace(around, cryptolib_paths=(library,)))
    assert _wrong(findings) == {"card.several_professional", "cryptolib.unusable"}


def test_a_library_says_its_version(desk: Desk, around: Surroundings) -> None:
    library = Path("/usr/lib/softhsm/libsofthsm2.so")
    if not library.is_file():
        pytest.skip("SoftHSM is not installed")
    (found,) = [f for f in diagnose(desk, replace(around, cryptolib_paths=(library,))) if f.code.startswith("crypto")]
    assert (found.code, dict(found.values)["path"]) == ("cryptolib.present", str(library))
    assert dict(found.values)["version"].startswith("2.")


def test_drivers_of_the_readers(desk: Desk, around: Surroundings, tmp_path: Path) -> None:
    with_drivers = replace(around, driver_folders=(tmp_path,))
    assert _wrong(diagnose(desk, with_drivers)) == {"driver.none"}
    contents = tmp_path / "ifd-ccid.bundle" / "Contents"
    contents.mkdir(parents=True)
    (contents / "Info.plist").write_bytes(plistlib.dumps({"CFBundleShortVersionString": "1.5.2"}))
    (tmp_path / "other.bundle" / "Contents").mkdir(parents=True)
    (tmp_path / "other.bundle" / "Contents" / "Info.plist").write_bytes(b"<plist>")
    wanted = Finding("driver.present", Level.GOOD, values=(("names", "ifd-ccid 1.5.2, other"),))
    assert wanted in diagnose(desk, with_drivers)


def test_a_clock_never_compared_is_no_fault(desk: Desk, around: Surroundings) -> None:
    found = diagnose(desk, replace(around, server_time=None))
    assert Finding("clock.not_compared", Level.GOOD) in found


@pytest.mark.parametrize(
    "case",
    [
        (lambda readers, _card: readers.hold_exclusively(CPS_READER, held=True), "card.busy"),
        (lambda _readers, card: setattr(card, "leaves_at", 3), "card.removed"),
    ],
)
def test_faults_while_it_looks(
    desk: Desk,
    readers: DirectTransport,
    gp_card: FaultyCard,
    around: Surroundings,
    case: tuple[Callable[[DirectTransport, FaultyCard], None], str],
) -> None:
    spoil, code = case
    readers.insert(CPS_READER, gp_card)
    _settle(desk)
    spoil(readers, gp_card)
    assert _wrong(diagnose(desk, around)) == {code}


def test_a_diagnosis_leaves_an_unlocked_card_unlocked(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard, around: Surroundings
) -> None:
    readers.insert(CPS_READER, gp_card)
    card = desk.open_professional_card(CPS_READER)
    card.verify_pin(bytearray(b"1234"))
    assert _wrong(diagnose(desk, around)) == set()
    card.signer.sign(b"x")


def test_nothing_personal_is_said(
    desk: Desk, readers: DirectTransport, gp_card: FaultyCard, family_card: FaultyCard, around: Surroundings
) -> None:
    readers.insert(CPS_READER, gp_card)
    readers.insert(VITALE_READER, family_card)
    with desk._changed:
        assert desk._changed.wait_for(lambda: all(slot.insertion for slot in desk._state.slots), 10)
    findings = diagnose(desk, around)
    text = repr(findings) + as_text(findings, "0", NOW)
    assert "vitale.readable" in text
    for secret in ("TESTMED", "899700000123", NORA.ins.matricule, "TESTFAMILLE", " 1234"):
        assert secret not in text


@pytest.mark.parametrize("longest,code", [(16, "reader.pin_pad"), (3, "reader.pin_pad_unfit")])
def test_a_reader_with_keys_is_told(
    desk: Desk, readers: DirectTransport, around: Surroundings, longest: int, code: str, *, gp_card: FaultyCard
) -> None:
    readers.give_pad(CPS_READER, VirtualPad(longest=longest))
    readers.insert(CPS_READER, gp_card)
    _settle(desk)
    findings = diagnose(desk, around)
    assert (code, CPS_READER) in {(finding.code, finding.subject) for finding in findings}
    assert _wrong(findings) == set()
