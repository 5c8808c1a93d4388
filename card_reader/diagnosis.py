"""What is right and wrong with service, readers and cards: the data behind the screen "Diagnostic lecteur".

Each finding is a stable code with values that may be copied to a support desk: reader names, ATR, card serial numbers,
counters, dates; never a PIN, a NIR or a name. The window owns the sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from card_reader.atr import Model, recognise
from card_reader.certificates import CardCertificate
from card_reader.cps import OpenedCps
from card_reader.desk import Desk
from card_reader.drivers import driver_folders, installed_drivers
from card_reader.errors import CardError, CardRefusal
from card_reader.pkcs11.library import candidates, probe
from praticien.ports import Finding, Level, PadAct, Slot, SlotState

_SOON = timedelta(days=60)
_CLOCK_TOLERANCE = timedelta(minutes=2)
_FULL_PIN, _FEW_UNBLOCKING = 3, 3


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the card layer cannot know: our time, the server's (None: not asked), the authorities that we trust."""

    now: datetime
    server_time: datetime | None = None
    authorities: tuple[x509.Certificate, ...] = ()
    production: bool = False
    cryptolib_paths: Sequence[Path] = field(default_factory=candidates)
    driver_folders: tuple[Path, ...] = field(default_factory=driver_folders)


def diagnose(desk: Desk, around: Surroundings) -> tuple[Finding, ...]:
    """Look at everything once. Blocking (cards are read); costs no PIN try; raises nothing of the cards' doing."""
    return tuple(_findings(desk, around))


def _findings(desk: Desk, around: Surroundings) -> Iterator[Finding]:
    state = desk.state()
    yield Finding("service.running", Level.GOOD) if state.service else Finding("service.absent", Level.PROBLEM)
    yield from _drivers(around)
    if state.service and not state.slots:
        yield Finding("reader.none", Level.PROBLEM)
    for slot in state.slots:
        yield from _reader(desk, slot, around)
    professional = [slot.reader for slot in state.slots if slot.state is SlotState.PROFESSIONAL_CARD]
    if len(professional) > 1:
        yield Finding("card.several_professional", Level.WARNING, values=(("count", str(len(professional))),))
    yield from _clock(around)
    yield _cryptolib(around)


def _drivers(around: Surroundings) -> Iterator[Finding]:
    if around.driver_folders:
        names = installed_drivers(around.driver_folders)
        values = (("names", ", ".join(names)),)
        yield Finding("driver.present", Level.GOOD, values=values) if names else Finding("driver.none", Level.PROBLEM)


def _reader(desk: Desk, slot: Slot, around: Surroundings) -> Iterator[Finding]:
    atr = (("atr", slot.atr),)
    model = recognise(bytes.fromhex(slot.atr))
    if slot.state is SlotState.EMPTY:
        yield Finding("reader.empty", Level.GOOD, slot.reader)
    elif slot.state is SlotState.MUTE:
        yield Finding("card.mute", Level.PROBLEM, slot.reader)
    elif slot.state is SlotState.READING:
        yield Finding("card.powering_up", Level.WARNING, slot.reader)
    elif model is None:
        yield Finding("card.unknown", Level.PROBLEM, slot.reader, atr)
    else:
        yield Finding("card.recognised", Level.GOOD, slot.reader, (("model", model.value), *atr))
        look = _LOOKS.get(model, _professional)
        yield from _guarded(slot.reader, lambda: look(desk, slot.reader, around))


def _guarded(reader: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What the card does wrong is a finding as well."""
    try:
        yield from look()
    except CardError as problem:
        values = (("detail", problem.detail),) if problem.detail else ()
        yield Finding(problem.code, Level.PROBLEM, reader, values)


def _vitale(desk: Desk, reader: str, around: Surroundings) -> Iterator[Finding]:
    reading = desk.read_vitale(reader)
    values = (("serial", reading.serial), ("beneficiaries", str(len(reading.beneficiaries))))
    yield Finding("vitale.readable", Level.GOOD, reader, values)
    yield from _test_card(reading.is_test_card, reader, around)


def _contactless(desk: Desk, reader: str, around: Surroundings) -> Iterator[Finding]:
    del around
    serial = (("serial", desk.read_contactless_serial(reader)),)
    yield Finding("cps.contactless", Level.WARNING, reader, serial)


def _professional(desk: Desk, reader: str, around: Surroundings) -> Iterator[Finding]:
    card = desk.open_native_card(reader)
    try:
        yield from _opened(card, reader, around)
    finally:
        card.release()


_LOOKS: dict[Model, Callable[[Desk, str, Surroundings], Iterator[Finding]]] = {
    Model.VITALE1: _vitale,
    Model.VITALE2: _vitale,
    Model.CPS3_CONTACTLESS: _contactless,
}


def _opened(card: OpenedCps, reader: str, around: Surroundings) -> Iterator[Finding]:
    holder = card.holder
    values = (("kind", holder.card_kind.name), ("serial", holder.card_serial))
    yield Finding("cps.readable", Level.GOOD, reader, values)
    if card.has_pad:
        used = PadAct.VERIFY in card.on_pad
        yield Finding("reader.pin_pad" if used else "reader.pin_pad_unfit", Level.GOOD, reader)
    yield from _test_card(holder.is_test_card, reader, around)
    yield from _codes(card, reader)
    for use, certificate in (("signature", card.profile.signature), ("authentication", card.profile.authentication)):
        yield from _certificate(use, certificate, reader, around)


def _test_card(is_test: bool, reader: str, around: Surroundings) -> Iterator[Finding]:
    if is_test:
        yield Finding("card.test", Level.PROBLEM if around.production else Level.WARNING, reader)


def _codes(card: OpenedCps, reader: str) -> Iterator[Finding]:
    left = card.tries_left()
    code, level = {0: ("pin.blocked", Level.PROBLEM), 1: ("pin.last_try", Level.WARNING)}.get(
        left, ("pin.tries", Level.GOOD if left >= _FULL_PIN else Level.WARNING)
    )
    yield Finding(code, level, reader, (("left", str(left)),))
    try:
        unblocking = card.unblocking_tries_left()
    except CardRefusal:  # a card that keeps its unblocking code elsewhere than supposed
        return
    if unblocking < _FEW_UNBLOCKING:
        code = "unblocking.few" if unblocking else "unblocking.blocked"
        yield Finding(code, Level.WARNING if unblocking else Level.PROBLEM, reader, (("left", str(unblocking)),))


def _certificate(use: str, found: CardCertificate, reader: str, around: Surroundings) -> Iterator[Finding]:
    start, end = found.certificate.not_valid_before_utc, found.certificate.not_valid_after_utc
    values = (("use", use), ("from", f"{start:%Y-%m-%d}"), ("until", f"{end:%Y-%m-%d}"))
    if around.now > end:
        yield Finding("certificate.expired", Level.PROBLEM, reader, values)
    elif around.now < start:
        yield Finding("certificate.not_yet_valid", Level.PROBLEM, reader, values)
    elif end - around.now < _SOON:
        yield Finding("certificate.expires_soon", Level.WARNING, reader, values)
    else:
        yield Finding("certificate.valid", Level.GOOD, reader, values)
    if not around.authorities:
        return
    if is_issued_by(found.certificate, around.authorities):
        yield Finding("certificate.trusted", Level.GOOD, reader, (("use", use),))
    else:
        yield Finding("certificate.unknown_authority", Level.PROBLEM, reader, (("use", use),))


def is_issued_by(certificate: x509.Certificate, authorities: Sequence[x509.Certificate]) -> bool:
    """Whether a chain of signatures leads from ``certificate`` to a self-signed one of ``authorities``."""
    current, steps = certificate, 0
    while steps <= len(authorities):
        issuer = next((candidate for candidate in authorities if _signed(current, candidate)), None)
        if issuer is None or issuer.subject == issuer.issuer:
            return issuer is not None
        current, steps = issuer, steps + 1
    return False


def _signed(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _clock(around: Surroundings) -> Iterator[Finding]:
    if around.server_time is None:
        yield Finding("clock.not_compared", Level.GOOD)
        return
    skew = around.now - around.server_time
    level = Level.GOOD if abs(skew) <= _CLOCK_TOLERANCE else Level.PROBLEM
    code = "clock.right" if level is Level.GOOD else "clock.wrong"
    yield Finding(code, level, values=(("seconds", str(round(skew.total_seconds()))),))


def _cryptolib(around: Surroundings) -> Finding:
    """Found, and loaded once in a process of its own to learn its version."""
    found = next((path for path in around.cryptolib_paths if path.is_file()), None)
    if found is None:
        return Finding("cryptolib.absent", Level.GOOD)
    try:
        version = probe(found).version
    except CardError as problem:
        values = (("path", str(found)), ("code", problem.code))
        return Finding("cryptolib.unusable", Level.WARNING, values=values)
    return Finding("cryptolib.present", Level.GOOD, values=(("path", str(found)), ("version", version)))
