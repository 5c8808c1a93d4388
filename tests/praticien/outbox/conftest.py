"""An outbox in a temporary folder, its key fixed."""

from __future__ import annotations

import pytest

from praticien.outbox import Outbox
from tests.praticien.outbox.support import KEY, NOW, submission_of


@pytest.fixture(scope="module")
def submission():
    return submission_of()


@pytest.fixture
def opened(tmp_path):
    boxes = []

    def open_box(**more):
        box = Outbox(tmp_path / "outbox", KEY, **({"clock": lambda: NOW} | more))
        boxes.append(box)
        return box

    yield open_box
    for box in boxes:
        box.close()
