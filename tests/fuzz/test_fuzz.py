"""A few hundred damaged inputs for every parser, the same each time; more by hand (see CONTRIBUTING.md)."""

import logging

import pytest
from lxml import etree

from tests.effort import examples
from tests.fuzz.__main__ import targets
from tests.fuzz.runner import Found, Target, made, run
from tests.fuzz.talk import Talk

COUNT, COSTLY = examples(200), examples(60)
"""Inputs for each target; fewer where each goes through the whole server or client."""


@pytest.fixture(scope="module")
def all_targets(tmp_path_factory):
    logging.disable(logging.CRITICAL)
    talk = Talk(tmp_path_factory.mktemp("fuzz"))
    yield targets(talk)
    talk.close()
    logging.disable(logging.NOTSET)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(8))
def test_no_error_but_the_typed_ones(all_targets, part):
    for target in all_targets[part::8]:
        whole = target.name.endswith((": body", ": answer")) or "TD2.1" in target.name or "VIHF" in target.name
        run(target, COSTLY if whole else COUNT)


def test_every_kind_of_input_has_a_target(all_targets):
    names = [target.name for target in all_targets]
    assert len(set(names)) == len(names) > 60
    words = ("MIME", "VIHF content", "XML signature", "lot signature", "ebXML", "CX", "XCN", "query", "trace file")
    words += ("INSi", "operator", "MTOM", "HTTP", "CDA", "PDF", "DICOM", "certificate", "revocation")
    words += ("TD0.2", "TD0.5", "TD1.3b", "TD2.1", "TD3.2")
    assert [word for word in words if not any(word in name for name in names)] == []


# -- the runner itself ------------------------------------------------------------------------------------------------

SAMPLE = b'<a x="1"><b>texte</b><c><d/></c></a>'


def test_the_same_seed_makes_the_same_damage():
    target = Target("t", [SAMPLE], bytes)
    first = [made(target, number) for number in range(50)]
    assert first == [made(target, number) for number in range(50)]
    assert first != [made(target, number, seed=1) for number in range(50)]
    assert len(set(first)) > 30


def test_damage_is_of_octets_and_of_trees():
    target = Target("t", [SAMPLE], bytes)
    formed = [_is_formed(made(target, number)) for number in range(300)]
    assert 60 < sum(formed) < 240


def _is_formed(data):
    try:
        etree.fromstring(data)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True


def test_what_is_not_accepted_is_found_and_named():
    def read(data):
        if b"texte" not in data:
            raise KeyError(data)

    with pytest.raises(Found, match=r"t: --seed 0 --first \d+ --count 1: KeyError"):
        run(Target("t", [SAMPLE], read), 500)
    run(Target("t", [SAMPLE], read, (KeyError,)), 500)


def test_a_hang_is_found(monkeypatch):
    monkeypatch.setattr("tests.fuzz.runner.DEADLINE", 0.05)

    def read(data):
        while data != SAMPLE:
            pass

    with pytest.raises(Found, match="Hang"):
        run(Target("t", [SAMPLE], read), 5)
