"""docs/limits.md and the constants agree, and no constant that looks like a limit is missing there."""

import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| .+? \| ([0-9.]+) \| `([\w.]+)\.([A-Z_0-9]+)` \| .+ \|$",
    (ROOT / "docs" / "limits.md").read_text("utf-8"),
    re.M,
)


@pytest.mark.parametrize("value,module,name", ROWS)
def test_value(value, module, name):
    assert getattr(importlib.import_module(module), name) == float(value)


def public_limits():
    """MAX_…, …_PATIENCE and the like, of every module of the server."""
    for path in (ROOT / "reference_server").rglob("*.py"):
        for node in ast.parse(path.read_text("utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            for name in (one.id for one in targets if isinstance(one, ast.Name)):
                if re.match(r"(MAX|MIN)_|.*_PATIENCE$", name):
                    yield ".".join(path.relative_to(ROOT).with_suffix("").parts), name


def test_nothing_is_missing():
    said = {(module, name) for _, module, name in ROWS}
    assert len(said) == len(ROWS) > 20
    assert set(public_limits()) - said == set()
