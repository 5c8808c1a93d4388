"""What the window shows before an emergency access is, to the letter, what the holder and the médecin traitant read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demonstration import people
from praticien.access import AccessMode, EmergencyReason
from praticien.emergency import EmergencyRules, begin
from praticien.notices import MAX_WORDS, access_notice, reason_text
from tests.reference_server.conftest import start
from tests.reference_server.gateways import Gateways
from ui.text import professional_name

PATIENT = replace(people.UNCONSCIOUS, treating=people.GP.national_id)
CARDS = {AccessMode.BREAK_GLASS: "cps-urgentiste", AccessMode.REGULATION: "cps-regulateur"}
_STRANGE = "a é’\"'<>&]\u00a0\u202f\u200b\u202e\n\t\r\x00\x85\ud800😀"
WORDS = st.text(max_size=MAX_WORDS) | st.text(alphabet=_STRANGE, max_size=40)


@pytest.fixture(scope="module")
def served(keys, tmp_path_factory):
    made = start(keys, tmp_path_factory.mktemp("notices"), seeds=(PATIENT,))
    yield made
    made.close()


@pytest.fixture(scope="module")
def gateways(authority, served):
    made = Gateways(authority, served)
    yield {mode: made.of(name) for mode, name in CARDS.items()}
    made.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mode=st.sampled_from(list(CARDS)), reason=st.sampled_from(EmergencyReason), words=WORDS)
def test_the_words_shown_are_the_words_told(served, gateways, mode, reason, words):
    card = people.CARDS[CARDS[mode]]
    words = words.strip() or "x"
    shown = access_notice(
        professional_name(card.professional), card.situations[0].structure.name, mode, reason_text(reason, words)
    )
    gateways[mode].find_documents(PATIENT.ins, begin(mode, reason, words, datetime.now(UTC), EmergencyRules()))
    page = served.page(PATIENT.ins)
    assert shown in {told["text"] for told in page["notifications"]}
    assert shown in {
        told["text"] for told in page["treating_physician_notifications"] if told["recipient"] == people.GP.national_id
    }
