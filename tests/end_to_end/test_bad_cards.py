"""Bad input at the readers: each gives one sentence, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from demonstration.people import NORA, UNCONSCIOUS
from tests.end_to_end.bench import CONTROL, Bench, Key
from tests.end_to_end.readers import InProcessReaders
from ui.pages import Page
from ui.session import Phase

ASKED = "Insérez votre carte professionnelle"
SHORT = "Paracétamol 500 mg, trois jours"


def assert_locked(bench: Bench) -> None:
    """The one sentence is the demand for a card, and nobody is on screen."""
    bench.hand.wait_for_text(ASKED, "welcome.title")
    bench.rest()
    assert bench.hand.read().count(ASKED) == 1
    assert bench.said() == []
    assert bench.shows_nobody()
    assert bench.practice.holder is None


# -- the PIN ---------------------------------------------------------------------------------------------------------


def test_wrong_pin_reaches_the_card_once(bench, in_process):
    card = in_process.cards["cps-medecin"]
    bench.insert("cps-medecin")
    assert "3 essais" in bench.hand.read("pin_panel.tries")
    bench.hand.write("0000\n")
    bench.wait_for("pin.wrong")
    for place in ("pin_panel.tries", "pin_panel.error"):
        assert "2 essais" in bench.hand.read(place)
    assert card.pins_received == 1
    bench.unlock()
    assert card.pins_received == 2


def test_last_try_is_used_on_purpose_only(bench, in_process):
    card = in_process.cards["cps-dernier-essai"]
    bench.insert("cps-dernier-essai")
    assert "1 essai " in bench.hand.read("pin_panel.tries")
    bench.hand.write("0000\n")
    bench.rest()
    assert card.pins_received == 0
    bench.hand.find("pin_panel.last_try").setFocus()
    bench.press(Key.Key_Space)
    bench.hand.write("0000\n")
    bench.wait_for("pin.blocked")
    assert card.pins_received == 1
    assert bench.window.page is Page.PIN


def test_blocked_card_says_so_and_takes_no_pin(bench, in_process):
    bench.insert("cps-bloquee")
    assert "bloquée" in bench.hand.read("pin_panel.tries")
    bench.hand.write("1234\n")
    bench.rest()
    assert in_process.cards["cps-bloquee"].pins_received == 0
    assert bench.window.phase is Phase.PIN


def test_wrong_pin_over_every_reader(open_bench, readers):
    bench = open_bench(readers)
    bench.insert("cps-medecin")
    bench.hand.write("9999\n")
    bench.wait_for("pin.wrong")
    bench.withdraw()
    bench.insert("cps-medecin")
    assert "2 essais" in bench.hand.read("pin_panel.tries")  # one try was used, not two
    bench.unlock()


# -- withdrawn -------------------------------------------------------------------------------------------------------


def test_withdrawn_while_the_pin_is_typed(open_bench, readers):
    bench = open_bench(readers)
    bench.insert("cps-medecin")
    bench.hand.write("12")
    bench.withdraw()
    assert_locked(bench)
    assert bench.window.pages.pin.findChild(object, "pin_panel.field").length == 0
    bench.arrive()


def test_withdrawn_from_the_list_and_from_the_document(bench):
    bench.arrive()
    bench.open(NORA)
    titles = bench.titles
    bench.withdraw()
    assert_locked(bench)
    bench.arrive()
    bench.open(NORA)
    assert bench.titles == titles
    bench.read()
    bench.withdraw()
    assert_locked(bench)
    assert bench.window.pages.dossier.viewer.title == ""


def test_withdrawn_while_the_form_is_filled(open_bench, readers):
    bench = open_bench(readers)
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(SHORT, title="Ordonnance interrompue")
    bench.withdraw()
    assert_locked(bench)
    assert SHORT not in bench.hand.read()
    bench.arrive()
    bench.open(NORA)
    bench.press(Key.Key_F6)
    draft = bench.window.pages.deposit.draft()
    assert (draft.title, draft.text) == ("Ordonnance interrompue", SHORT)


def test_withdrawn_while_a_patient_is_searched(bench):
    bench.arrive()
    bench.type_identity(NORA)
    bench.press(Key.Key_Tab)  # the date is tidied as its field is left
    typed = bench.window.pages.patient_form.snapshot()
    bench.withdraw()
    assert_locked(bench)
    assert not any(bench.window.pages.patient_form.snapshot().values())
    bench.arrive()
    assert bench.window.pages.patient_form.snapshot() == typed
    bench.press(Key.Key_Return, CONTROL)
    bench.hand.wait_for_text(NORA.traits.birth_name, "patient_banner.name")


def test_another_professional_gets_nothing_of_what_was_typed(bench):
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(SHORT)
    bench.withdraw()
    bench.arrive("cps-urgentiste")
    assert not any(bench.window.pages.patient_form.snapshot().values())
    bench.find(NORA)
    bench.press(Key.Key_I, CONTROL)
    bench.rest()
    bench.press(Key.Key_F6)
    assert bench.window.pages.deposit.draft().text == ""


def test_withdrawn_while_the_server_answers(bench, proxy):
    bench.arrive()
    bench.open(NORA)
    proxy.hold()
    bench.read_first()
    bench.hand.wait("la question partie", lambda: bench.window.is_busy)
    bench.withdraw()
    proxy.release()
    assert_locked(bench)


def test_withdrawn_while_the_emergency_is_stated(bench):
    bench.arrive("cps-urgentiste")
    bench.find(UNCONSCIOUS)
    bench.press(Key.Key_I, CONTROL)
    bench.hand.wait("la demande d’accord", lambda: bench.window.pages.dossier.view == "consent")
    bench.press(Key.Key_F9)
    bench.hand.wait("le bris de glace", lambda: bench.window.page is Page.EMERGENCY)
    bench.hand.write("1")
    bench.hand.write("Trouvé sans connaissance")
    bench.withdraw("cps-urgentiste")
    assert_locked(bench)
    assert "sans connaissance" not in bench.hand.read()
    bench.arrive("cps-urgentiste")
    bench.find(UNCONSCIOUS)
    bench.press(Key.Key_I, CONTROL)
    bench.hand.wait("la demande d’accord", lambda: bench.window.pages.dossier.view == "consent")
    bench.press(Key.Key_F9)
    bench.hand.wait_for_text("Trouvé sans connaissance", "emergency.words")


def test_vitale_withdrawn_from_the_choice(bench):
    bench.arrive()
    bench.readers.insert("vitale-famille")
    bench.hand.wait("les bénéficiaires", lambda: bench.window.page is Page.BENEFICIARIES)
    bench.readers.withdraw("vitale-famille")
    bench.hand.wait("la recherche", lambda: bench.window.page is Page.PATIENT)
    assert bench.shows_nobody()


Gesture = Callable[[Bench], None]


def whole_way(bench: Bench) -> Iterator[tuple[Gesture, Callable[[Bench], object]]]:
    """Gestures from the card to a document, each with what it leads to."""
    pages = bench.window.pages
    yield lambda b: b.readers.insert("cps-medecin"), lambda b: b.window.page is Page.PIN
    yield lambda b: b.hand.write("1234\n"), lambda b: b.window.phase in (Phase.STRUCTURE, Phase.READY)
    if bench.window.phase is Phase.STRUCTURE:
        yield lambda b: b.press(Key.Key_Return), lambda b: b.window.phase is Phase.READY
    yield lambda b: b.type_identity(NORA), lambda b: True
    yield (
        lambda b: b.press(Key.Key_Return, CONTROL),
        lambda b: NORA.traits.birth_name in b.hand.read("patient_banner.name"),
    )
    yield lambda b: b.press(Key.Key_I, CONTROL), lambda b: b.titles
    yield Bench.read_first, lambda b: pages.dossier.viewer.pages.is_drawn


def _go_until_gone(bench: Bench, readers: InProcessReaders, gestures: int | None) -> bool:
    """Play until the card goes; False when it stayed to the end (or through the first ``gestures``)."""

    def gone() -> bool:
        return "cps-medecin" not in readers.inserted()

    for gesture, outcome in islice(whole_way(bench), gestures):
        gesture(bench)
        bench.hand.wait("la suite, ou le retrait", lambda outcome=outcome: gone() or outcome(bench))
        if gone():
            return True
    return False


def _play_with_removals(
    bench: Bench, readers: InProcessReaders, first: int, step: int, gestures: int | None = None
) -> int:
    """The card goes at command ``first``, ``first + step``… until it stays to the end; how many commands that takes."""
    card, number = readers.cards["cps-medecin"], first
    while True:
        readers.leave_at("cps-medecin", number)
        before = card.pins_received
        stayed = not _go_until_gone(bench, readers, gestures)
        assert card.pins_received <= before + 1  # the PIN was typed once
        if stayed:
            readers.leave_at("cps-medecin", 0)
            return number
        assert_locked(bench)
        number += step


def test_withdrawn_at_every_command_of_the_first_reading(bench, in_process):
    assert _play_with_removals(bench, in_process, 1, 1, gestures=2) > 15


def test_withdrawn_on_the_way_from_a_known_card_to_a_document(bench, in_process):
    """Every third command: questions to the server are signed by the card all along."""
    bench.arrive()
    bench.withdraw()
    assert _play_with_removals(bench, in_process, 2, 3) > 25


# -- cards and readers of the wrong kind -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "card, code", [("carte-inconnue", "card.unknown"), ("carte-muette", "card.mute")], ids=["unknown", "mute"]
)
def test_unusable_card_in_an_idle_desk(open_bench, readers, card, code):
    bench = open_bench(readers)
    bench.readers.insert(card)
    bench.wait_for(code)
    bench.readers.withdraw(card)
    bench.hand.wait_for_text(ASKED, "welcome.title")
    bench.arrive()


@pytest.mark.parametrize(
    "card, code", [("carte-inconnue", "card.unknown_vitale"), ("carte-muette", "card.mute")], ids=["unknown", "mute"]
)
def test_unusable_second_card_disturbs_nothing(bench, card, code):
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(SHORT)
    bench.readers.insert(card)
    bench.wait_for(code)
    assert bench.window.pages.deposit.draft().text == SHORT


def test_card_that_stops_answering_is_given_up(bench, in_process):
    in_process.cards["cps-medecin"].instead = lambda command: b"\x6f\x00"
    in_process.insert("cps-medecin")
    bench.hand.wait("le refus", lambda: bench.window.phase is Phase.UNUSABLE)
    bench.wait_for("card.refusal")
    in_process.cards["cps-medecin"].instead = None
    bench.press(Key.Key_Return)  # "Relire la carte"
    bench.hand.wait("la demande de code", lambda: bench.window.page is Page.PIN)


def test_no_reader_then_one(open_bench, all_cards):
    readers = InProcessReaders(all_cards, names=())
    bench = open_bench(readers)
    bench.wait_for("card.no_reader")
    readers.plug()
    bench.hand.wait_for_text(ASKED, "welcome.title")
    bench.arrive()


def test_reader_unplugged_with_the_card_in_it(bench, in_process):
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(SHORT)
    in_process.unplug()
    bench.wait_for("card.no_reader")
    assert bench.shows_nobody()
    in_process.plug()
    bench.arrive()
    bench.open(NORA)
    bench.press(Key.Key_F6)
    assert bench.window.pages.deposit.draft().text == SHORT


def test_service_stopped_then_back(open_bench, readers):
    bench = open_bench(readers)
    bench.arrive()
    bench.open(NORA)
    bench.write_prescription(SHORT)
    readers.stop_service()
    bench.wait_for("card.no_service")
    assert bench.shows_nobody()
    readers.start_service()
    bench.hand.wait("la demande de code", lambda: bench.window.page is Page.PIN)
    bench.unlock()
    bench.open(NORA)
    bench.press(Key.Key_F6)
    assert bench.window.pages.deposit.draft().text == SHORT
