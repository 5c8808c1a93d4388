"""Which professions prescribe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.documents.document_types import document_types
from praticien.documents.model import DocumentKind
from praticien.documents.nomenclatures import PROFESSIONS
from praticien.prescribing import PRESCRIPTION_CLASS, Scope, prescribing_right
from praticien.professional import Professional

CODES = DocumentKind.PRESCRIPTION.codes


def who(**changes):
    return Professional("899700000123", "TESTMED", "Jeanne", **changes)


@given(st.sampled_from(sorted(PROFESSIONS)), st.sampled_from(document_types()))
def test_a_right_is_said_of_prescriptions_alone(profession, one):
    right = prescribing_right(who(profession=profession), one.codes)
    assert (right is not None) is (one.codes.class_code.code == PRESCRIPTION_CLASS)
    if right:
        assert bool(right.basis) is (right.scope in (Scope.FULL, Scope.LIMITED))


@pytest.mark.parametrize(
    "changes, scope",
    [
        ({"profession": "10"}, Scope.FULL),
        ({"profession": "50"}, Scope.LIMITED),
        ({"profession": "95"}, Scope.NONE),
        ({"profession": "00"}, Scope.NONE),
        ({"future_profession": "10"}, Scope.IN_TRAINING),
    ],
)
def test_scopes(changes, scope):
    assert prescribing_right(who(**changes), CODES).scope is scope


def test_nothing_is_said_of_staff_who_are_no_authors():
    assert prescribing_right(who(role="SECRETARIAT_MEDICAL"), CODES) is None
