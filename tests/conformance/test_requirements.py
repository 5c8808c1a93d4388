"""Every requirement has its tests, or a reason; every test named exists; the page says what the data say."""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.conformance.page import Requirement, load, page

ROOT = Path(__file__).parents[2]
PUBLIC = {
    "EX_GEN-1410", "EX_GEN-1430", "EX_GEN-1400", "EX_GEN-1265", "EX_GEN-1255", "EX_GEN-1530", "INSi 1.02", "INSi 1.03",
    "EX_0.3-1010", "EX_1.1-1010", "EX_1.2-1030", "EX_1.1-1050", "EX_GEN-1560", "EX_0.1-1100", "EX_0.2-1050",
    "EX_0.3-1050", "EX_GEN-1060", "EX_2.1-1050", "EX_2.1-1071", "EX_2.1-1190", "REC_GEN-1070", "EX_GEN-1150",
    "EX_3.1-1020", "EX_3.1-1030", "EX_3.1-1040", "EX_3.1-1080", "EX_3.2-1025", "EX_3.2-1030", "REC_3.2-1080",
    "REC_3.2-1020", "REC_3.3-1010", "EX_3.3-1030", "EX_3.3-1045", "EX_AIR-120", "EX_AIR-085", "PRE_TPS", "PRE_ERR",
    "EX_GEN-1470", "EX_GEN-1380",
}  # fmt: skip
"""The numbers that are public."""


@cache
def names_in(path: str) -> frozenset[str]:
    """Names of the test functions of a file, read without importing it."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def test_every_public_number_is_there_once():
    numbers = [number for one in load() for number in one.id.split(", ")]
    assert set(numbers) >= PUBLIC
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("one", load(), ids=lambda one: one.id)
def test_shown_by_tests_that_exist_or_not_applicable(one: Requirement):
    assert one.side in ("client", "server", "both")
    assert one.says.endswith(".")
    assert one.tests or one.not_applicable.endswith(".")
    for test in one.tests:
        path, _, name = test.partition("::")
        assert name in names_in(path), test


def test_the_page_is_printed_from_the_data():
    assert (ROOT / "docs" / "conformance.md").read_text("utf-8") == page()
