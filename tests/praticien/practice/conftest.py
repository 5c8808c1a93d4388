"""A practice with an open patient, whose list holds one document."""

from __future__ import annotations

import pytest

from tests.praticien.fakes import Desk


@pytest.fixture
def desk(entry):
    desk = Desk().with_patient()
    desk.dmp.documents = (entry,)
    return desk
