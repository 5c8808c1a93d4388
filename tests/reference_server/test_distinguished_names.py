"""Distinguished names by meaning."""

import contextlib

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from reference_server import distinguished_names as dn

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=20
)
OIDS = st.sampled_from([NameOID.COMMON_NAME, NameOID.SURNAME, NameOID.GIVEN_NAME, NameOID.TITLE, NameOID.LOCALITY_NAME])
RDNS = st.lists(
    st.dictionaries(OIDS, TEXTS, min_size=1, max_size=3).map(
        lambda pairs: x509.RelativeDistinguishedName([x509.NameAttribute(oid, text) for oid, text in pairs.items()])
    ),
    min_size=1,
    max_size=4,
)


@given(RDNS)
def test_what_cryptography_writes_is_read_as_the_same_name(rdns):
    name = x509.Name(rdns)
    assert dn.parse(name.rfc4514_string()) == dn.of_certificate(name)


@given(RDNS)
def test_hexadecimal_values_are_the_same_name(rdns):
    def hexadecimal(attribute):
        octets = attribute.value.encode()
        length = bytes([len(octets)]) if len(octets) < 128 else bytes([0x81, len(octets)])
        return f"{attribute.oid.dotted_string}=#{(bytes([0x0C]) + length + octets).hex()}"

    name = x509.Name(rdns)
    text = ",".join("+".join(hexadecimal(one) for one in rdn) for rdn in reversed(rdns))
    assert dn.parse(text) == dn.of_certificate(name)


@pytest.mark.parametrize("text", ["", "CN", "CN=a,", "CN=a+", "CN=#0400", "CN=#zz,C=FR", "=a", "CN=a,,C=FR"])
def test_no_name(text):
    with pytest.raises(dn.NotADistinguishedName):
        dn.parse(text)


def test_quotes_escapes_and_blanks():
    assert dn.parse('CN="Dupont, Jean" , C = fr') == dn.parse(r"cn=dupont\,  jean,C=FR")
    assert dn.parse(r"CN=\C3\A9") == dn.parse("CN=É")


@given(st.text(max_size=60))
def test_any_text_is_a_name_or_none(text):
    with contextlib.suppress(dn.NotADistinguishedName):
        dn.parse(text)
