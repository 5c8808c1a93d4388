"""What the patient is told of an access."""

import pytest

from praticien.access import AccessMode, EmergencyReason
from praticien.notices import EMERGENCY_REASONS, access_notice, reason_text


def test_every_reason_has_words():
    assert set(EMERGENCY_REASONS) == set(EmergencyReason)


@pytest.mark.parametrize(
    "reason,words,expected",
    [
        (EmergencyReason.UNCONSCIOUS, "  trouvé\n au sol ", "Patient inconscient – trouvé au sol"),
        (EmergencyReason.OTHER, "", "Autre urgence"),
        (None, "convulsions", "convulsions"),
        (None, "", ""),
        (EmergencyReason.OTHER, "chute\x00\x1bgrave\ud800", "Autre urgence – chute grave"),
    ],
)
def test_reason_is_one_line(reason, words, expected):
    assert reason_text(reason, words) == expected


@pytest.mark.parametrize(
    "mode,words", [(AccessMode.BREAK_GLASS, "bris de glace"), (AccessMode.REGULATION, "régulation médicale")]
)
def test_emergency_is_named_with_its_reason(mode, words):
    text = access_notice("Dr Karim TESTURGENCE", "HOPITAL FICTIF", mode, "Patient inconscient")
    assert words in text
    assert text.startswith("Dr Karim TESTURGENCE (HOPITAL FICTIF)")
    assert text.endswith("Patient inconscient.")


def test_normal_access_names_no_reason():
    assert access_notice("Dr T", "CABINET", AccessMode.NORMAL) == "Dr T (CABINET) a consulté votre dossier."
