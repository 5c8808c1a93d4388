"""Every error code of the application has its French sentence, and sentences are well written."""

import importlib
import pkgutil
import re

import pytest

import card_reader
import connectors
import demonstration
import praticien
import ui
from praticien.access import Rule
from praticien.errors import EnvironmentProblem, InvalidInput, PraticienError, Refused
from ui.messages import SENTENCES, for_code, sentence

PACKAGES = (praticien, card_reader, connectors, demonstration, ui)


def all_errors() -> set[type[PraticienError]]:
    for package in PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: set[type[PraticienError]] = set()
    waiting = [PraticienError]
    while waiting:
        family = waiting.pop()
        found.add(family)
        waiting += family.__subclasses__()
    ours = tuple(package.__name__ for package in PACKAGES)
    return {each for each in found if each.__module__.split(".")[0] in ours}


def test_every_code_has_a_sentence():
    missing = {each.code for each in all_errors()} - set(SENTENCES)
    assert missing == set()


def test_every_access_rule_has_a_sentence():
    assert {rule.value for rule in Rule} <= set(SENTENCES)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_one_sentence_well_typed(code):
    text, advice = SENTENCES[code]
    assert text.endswith(".")
    assert not advice or advice.endswith((".", "!"))
    for words in (text, advice):
        assert "'" not in words
        assert not re.search(r" [:;?!»]|« ", words), "a non-breaking space is missing"
        assert not re.search(r"[^\s\u00a0\u202f][;?!»]", words)


class Strange(Refused):
    """A refusal the table does not know."""

    code = "strange.refusal"


class StrangeInput(InvalidInput):
    """An input problem the table does not know."""

    code = "strange.input"


class StrangeWeather(EnvironmentProblem):
    """An environment problem the table does not know."""

    code = "strange.weather"


@pytest.mark.parametrize(
    "error,family", [(Strange, "refused"), (StrangeInput, "input.invalid"), (StrangeWeather, "environment")]
)
def test_unknown_codes_get_the_sentence_of_their_family(error, family):
    message = sentence(error("technical", rule="R1"))
    assert message.text == SENTENCES[family][0]
    assert message.details == f"{error.code} · R1 · technical"


def test_our_own_bugs_say_nothing_of_their_content():
    message = sentence(ValueError("2870399999101 TESTEXEMPLE"))
    assert message.text == SENTENCES["internal"][0]
    assert message.details == "ValueError"


def test_refusal_by_an_access_rule_says_the_rule():
    assert sentence(Refused(rule=Rule.BLOCKED.value)).text == SENTENCES["authorisation.blocked"][0]


def test_kept_code_says_the_same():
    assert for_code("pdf.too_big").text == SENTENCES["pdf.too_big"][0]
    assert for_code("never heard of").text == SENTENCES["error"][0]
