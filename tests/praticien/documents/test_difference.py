"""Two versions side by side: nothing lost, nothing invented, changes where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from praticien.documents import cda_reader
from praticien.documents.difference import Change, difference
from tests.praticien.documents.coded.pages import page, table


def read(narrative):
    return cda_reader.read(page(narrative))


def texts(found, *changes):
    return [line.stretches[0].text for section in found for line in section.lines if line.change in changes]


def side(found, left_out):
    """One version's text put together again from the difference."""
    return [
        "".join(stretch.text for stretch in line.stretches if stretch.change is not left_out)
        for section in found
        for line in section.lines
        if line.change is not left_out
    ]


def test_same():
    found = difference(read("<paragraph>Un</paragraph>"), read("<paragraph>Un</paragraph>"))
    assert [section.change for section in found] == [Change.SAME]


def test_a_dose_changed_in_a_table_row():
    old = table(["Médicament", "Dose"], ["TESTAMINE", "1,5 mg"], ["AUTRE", "2 mg"])
    new = table(["Médicament", "Dose"], ["TESTAMINE", "15 mg"], ["AUTRE", "2 mg"])
    (section,) = difference(read(old), read(new))
    (line,) = [line for line in section.lines if line.change is not Change.SAME]
    assert [(part.text, part.change) for part in line.stretches] == [
        ("TESTAMINE · ", Change.SAME),
        ("1,5", Change.REMOVED),
        ("15", Change.ADDED),
        (" mg", Change.SAME),
    ]


def test_line_added_and_removed():
    old = "<paragraph>Un</paragraph><paragraph>Deux</paragraph>"
    new = "<paragraph>Un</paragraph><paragraph>Deux</paragraph><paragraph>Trois</paragraph>"
    assert texts(difference(read(old), read(new)), Change.ADDED) == ["Trois"]
    assert texts(difference(read(new), read(old)), Change.REMOVED) == ["Trois"]


def test_section_added():
    old = page("<paragraph>Un</paragraph>")
    extra = b"<component><section><title>Conclusion</title><text>Fin</text></section></component></structuredBody>"
    new = old.replace(b"</structuredBody>", extra)
    found = difference(cda_reader.read(old), cda_reader.read(new))
    assert [(section.title, section.change) for section in found] == [
        ("Essai", Change.SAME),
        ("Conclusion", Change.ADDED),
    ]


def test_endless_lines_are_compared_whole():
    (section,) = difference(read("mot " * 50_000), read("mot autre " * 30_000))
    (line,) = section.lines
    assert [stretch.change for stretch in line.stretches] == [Change.REMOVED, Change.ADDED]


WORDS = st.lists(st.sampled_from(["un", "deux", "1,5 mg", "fièvre", "et", ".", "(non)"]), min_size=1, max_size=6)
LINES = st.lists(WORDS.map(" ".join), min_size=1, max_size=6)


@given(LINES, LINES)
def test_both_versions_can_be_put_together_again(old, new):
    marked = [read("".join(f"<paragraph>{line}</paragraph>" for line in lines)) for lines in (old, new)]
    found = difference(*marked)
    assert side(found, Change.ADDED) == old
    assert side(found, Change.REMOVED) == new
