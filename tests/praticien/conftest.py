"""A document of a list."""

from __future__ import annotations

import pytest

from praticien.deposit import prepare
from tests.praticien import forms


@pytest.fixture
def entry():
    submission = prepare(forms.prescription(), software_oid=forms.SOFTWARE_OID)
    return submission.documents[0].entry
