"""Card inserted and PIN known, to the list of documents: the general practitioner's way, phase by phase.

Nobody types or clicks: what remains is what the machine takes. The Vitale is already in the other reader, the identity
is confirmed at once, the patient has given their authorisation before.
"""

from __future__ import annotations

from dataclasses import replace

from benchmarks.figures import Section
from benchmarks.laps import Laps, TimedSigner
from benchmarks.setting import Setting, wait_for, wait_until
from card_reader.desk import Desk
from demonstration.people import CARDS, NORA
from praticien.ports import Connect, Connections, Signer, SlotState
from praticien.practice import Practice
from praticien.professional import CardHolder, PracticeSituation

TITLE = "Card inserted and PIN known, to the list of documents"
_AFTER = "2 to 7, card new to the program"
CARD, VITALE = "cps-medecin", "vitale-famille"


def measure(setting: Setting, runs: int) -> Section:
    """Each walk with a program that never saw the card, then once more with one that did. Raises NotHere."""
    new, known = Laps(setting.apdus), Laps(setting.apdus)
    with setting.inserted(VITALE, setting.cards.readers[1]):
        setting.server  # noqa: B018 - started before the clock
        for _ in range(runs):
            with setting.desk() as desk:
                wait_for(desk, SlotState.VITALE)
                walk(setting, desk, new)
                walk(setting, desk, known)
    again = next(row for row in known.rows() if row.label == _AFTER)
    return Section(TITLE, (*new.rows(), replace(again, label="2 to 7 again, card known to the program")))


def walk(setting: Setting, desk: Desk, laps: Laps) -> None:
    """One journey; the card is out again afterwards."""
    with laps.lap("1 to 7, card new to the program"):
        with laps.lap("1. insertion seen (pcscd polls its readers)"):
            setting.cards.insert(CARD, setting.cards.readers[0])
            reader = wait_for(desk, SlotState.PROFESSIONAL_CARD)
        with laps.lap(_AFTER):
            after_insertion(setting, desk, reader, laps)
    setting.cards.withdraw(CARD)
    wait_until(desk, lambda state: not state.first(SlotState.PROFESSIONAL_CARD))


def after_insertion(setting: Setting, desk: Desk, reader: str, laps: Laps) -> None:
    """From a card in ``reader`` to the list, then locked. Raises AssertionError when it is not the expected list."""
    practice = Practice(timed(setting.connect, laps))
    vitale = wait_for(desk, SlotState.VITALE)
    with laps.lap("2. card opened: serial, both certificates"):
        practice.present(desk.open_professional_card(reader))
    with laps.lap("3. PIN rules, PIN verified, situations read"):
        practice.choose_situation(practice.unlock(bytearray(CARDS[CARD].pin.encode()))[0])
    with laps.lap("4. Vitale read"):
        reading = desk.read_vitale(vitale)
    with laps.lap("5. INSi: VIHF signed, TLS handshake, answer"):
        practice.take_beneficiary(reading, reading.beneficiaries[0])
    practice.confirm_identity()
    with laps.lap("6. TD0.2: VIHF signed, answer"):
        practice.look()
    with laps.lap("7. TD3.1: same VIHF, answer"):
        case = practice.list_documents()
    if not case.documents or case.patient.ins != NORA.ins:
        raise AssertionError("not the list that was expected")
    practice.lock()


def timed(connect: Connect, laps: Laps) -> Connect:
    """The same connections, the card's signatures timed."""

    def connect_timed(signer: Signer, holder: CardHolder, situation: PracticeSituation) -> Connections:
        return connect(TimedSigner(signer, laps), holder, situation)

    return connect_timed
