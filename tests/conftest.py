"""Shared by all tests: Qt without a screen; no clock decides whether a test passes; long files begin first."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from tests.effort import examples

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A busy machine is no reason to fail: no deadline on examples, no complaint about slow generation.
settings.register_profile(
    "praticien",
    deadline=None,
    max_examples=examples(60),
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("praticien")

LONGEST = (
    "reference_server/test_processes.py",
    "end_to_end/test_bad_cards.py",
    "end_to_end/test_command_line.py",
    "ui/test_session.py",
    "fuzz/test_fuzz.py",
    "end_to_end/test_demonstration.py",
    "structured/test_lab_writer.py",
    "conformance/test_agreement.py",
)
"""Files that take long: begun last, one of them would keep a single processor busy at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; what is random of the order stays within each of the two groups."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(LONGEST))


def pytest_collection_finish() -> None:
    """What collection made stays to the end: the garbage collector need not look at it again at each turn."""
    gc.collect()
    gc.freeze()
