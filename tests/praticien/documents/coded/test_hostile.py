"""Damaged documents: facts or a typed refusal, never another failure."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praticien.documents.coded.reading import read_facts
from praticien.documents.errors import InvalidCda
from tests import validators
from tests.praticien.documents.coded.pages import page, pq, report, result, table

SOUND = page(
    table(["Analyse", "Résultat"], ['<content ID="r1">Glycémie</content>', "0,95 g/L"]),
    report(result(pq("0.95", "g/L"), flag="N")),
)


def attempt(content):
    with suppress(InvalidCda):
        read_facts(content)


@given(st.data())
def test_damaged_bytes(data):
    content = bytearray(SOUND)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(32, 126))
    attempt(bytes(content))


@given(st.text(alphabet=st.characters(blacklist_characters='<>&"', blacklist_categories=("Cs", "Cc")), max_size=40))
def test_any_attribute_value(written):
    attempt(SOUND.replace(b"0.95", written.encode()).replace(b"g/L", written.encode()))
    attempt(SOUND.replace(b"20260302080000+0100", written.encode()).replace(b"#r1", written.encode()))


@pytest.mark.parametrize("span", ["0", "-1", "99999", "x", "100"])
def test_odd_spans(span):
    attempt(SOUND.replace(b"<td>", f'<td rowspan="{span}" colspan="{span}">'.encode(), 1))


def test_a_table_of_too_many_cells_is_cut_short():
    rows = [["<content/>"] * 40 for _ in range(2000)]
    content = page(table(["a"] * 40, *rows) + '<paragraph ID="r1">fin</paragraph>', report(result(pq("1", "g/L"))))
    assert len(read_facts(content).results) == 1


@validators.official
@pytest.mark.official
def test_elements_lost_from_the_official_examples():
    from lxml import etree

    chance = random.Random(7)
    for path in sorted((validators.ROOT / "cda" / "examples").glob("*.xml")):
        for _ in range(5):
            tree = etree.parse(path)
            inside = list(tree.getroot().iter("{urn:hl7-org:v3}*"))[1:]
            for victim in chance.sample(inside, min(12, len(inside))):
                if victim.getparent() is not None:
                    victim.getparent().remove(victim)
            attempt(etree.tostring(tree))
