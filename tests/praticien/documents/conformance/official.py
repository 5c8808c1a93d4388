"""The official verdict on a document, by the validator beside the project, loaded once in this process.

Needs saxonche and the folder of ``tests.validators``. It stops at the first layer that refuses: same verdict, sooner.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from types import ModuleType
from typing import Any

from lxml import etree

from tests.validators import ROOT

LAYERS = ("xsd", "guard", "volet", "min", "ihe", "models", "ans")


@cache
def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cda_validate", ROOT / "cda" / "cda_validate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _validator() -> Any:
    return _tool().Validator(ROOT / "cda")


def refusal(content: bytes) -> str:
    """Why the document is refused: layer and first message. Empty when it is valid."""
    tool, validator = _tool(), _validator()
    tree = etree.ElementTree(etree.fromstring(content, tool.safe_parser()))
    if not validator.xsd().validate(tree):
        return f"xsd: {validator.xsd().error_log[0].message}"
    model, _, level1, root = validator.detect(tree)
    for found in tool.guard(root, model, level1):
        return f"guard: {found['text']}"
    node = validator.proc.parse_xml(xml_text=etree.tostring(tree, encoding="unicode"))
    for layer in LAYERS[2:]:
        if layer == "volet" and model is None:
            continue
        rules = f"{model}.sch" if layer == "volet" else tool.PROFILES[layer]
        found, fired = validator.run_schematron(rules, node)
        errors = [each for each in found if each["role"] == "error"]
        if errors or (fired == 0 and layer in ("volet", "min")):
            return f"{layer}: " + (f"{errors[0]['text']} @ {errors[0]['location']}" if errors else "no rule applied")
    return ""
