"""Lists in stored queries: whatever their length, the message follows its schema and says all of them."""

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors.dmp import td3_1
from tests import validators

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"


@given(st.lists(st.integers(0, 2**128 - 1).map(lambda number: f"urn:uuid:{uuid.UUID(int=number)}"), min_size=1))
def test_no_value_is_longer_than_the_schema_allows(identifiers):
    values = [one.text for one in td3_1.get_associations(identifiers).iter(f"{{{RIM}}}Value")]
    assert all(len(value) <= 256 for value in values)
    assert all(re.fullmatch(r"\('[^']+'(,'[^']+')*\)", value) for value in values)
    assert [one for value in values for one in re.findall("'([^']+)'", value)] == identifiers


@pytest.mark.official
@validators.official
def test_a_long_list_follows_the_schema():
    schema = etree.XMLSchema(etree.parse(str(validators.ROOT / "ihe" / "query.xsd")))
    asked = td3_1.get_associations(f"urn:uuid:{uuid.uuid4()}" for _ in range(40))
    schema.assertValid(etree.fromstring(etree.tostring(asked)))
