"""A receiver on the loopback, and studies to send to it."""

from __future__ import annotations

import pytest

from connectors.dicom.receiver import Receiver, ReceiverConfig
from demonstration.people import SCANNED
from demonstration.study import write_study


@pytest.fixture
def kept():
    """The headers received so far."""
    return []


@pytest.fixture
def receiver(kept):
    made = Receiver(ReceiverConfig(port=0), kept.append)
    made.start()
    yield made
    made.close()


@pytest.fixture
def study(tmp_path):
    return write_study(tmp_path / "study", SCANNED, images=3)
