"""Distinguished names compared by meaning: RFC 2253 text against the subject of a certificate.

Attribute types may be short names or OIDs, values text or ``#`` + hexadecimal BER; an RDN may hold several attributes
(CN, SN and GN together on a CPS). Comparison ignores case, repeated blanks, and order inside an RDN.
"""

from __future__ import annotations

import re

from cryptography import x509

_OIDS = {
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "SURNAME": "2.5.4.4",
    "SERIALNUMBER": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "S": "2.5.4.8",
    "STREET": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "T": "2.5.4.12",
    "TITLE": "2.5.4.12",
    "GN": "2.5.4.42",
    "G": "2.5.4.42",
    "GIVENNAME": "2.5.4.42",
    "DC": "0.9.2342.19200300.100.1.25",
    "UID": "0.9.2342.19200300.100.1.1",
    "E": "1.2.840.113549.1.9.1",
    "EMAILADDRESS": "1.2.840.113549.1.9.1",
}
_ENCODINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
_ATTRIBUTE = re.compile(
    r"""\s*+(?:OID\.)?([A-Za-z0-9.]++)\s*+=\s*+
        ( \#[0-9A-Fa-f]++(?=\s*+[,;+]|\s*+$) | "(?:[^"\\]|\\.)*+" | (?:[^,;+"\\]|\\.)*+ )
        \s*+([,;+]|$)""",
    re.VERBOSE,
)
MAX_LENGTH = 2000
"""Characters of a name."""
_ESCAPED = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)")

Rdn = frozenset[tuple[str, str]]


class NotADistinguishedName(ValueError):
    """The text is no RFC 2253 name."""


def parse(text: str) -> tuple[Rdn, ...]:
    """RDNs of an RFC 2253 name, as written (most specific first). Raises NotADistinguishedName."""
    if len(text) > MAX_LENGTH:
        raise NotADistinguishedName("too long")
    rdns: list[Rdn] = []
    current: set[tuple[str, str]] = set()
    position = 0
    while position < len(text):
        match = _ATTRIBUTE.match(text, position)
        if not match:
            raise NotADistinguishedName("attribute expected")
        current.add((_oid(match[1]), _normal(_value(match[2]))))
        position = match.end()
        if match[3] and position == len(text):
            raise NotADistinguishedName("incomplete")
        if match[3] != "+":
            rdns.append(frozenset(current))
            current = set()
    if current or not rdns:
        raise NotADistinguishedName("incomplete")
    return tuple(rdns)


def of_certificate(name: x509.Name) -> tuple[Rdn, ...]:
    """The same shape, from a certificate's subject: RFC 2253 order is the reverse of the certificate's."""
    return tuple(
        frozenset((attribute.oid.dotted_string, _normal(str(attribute.value))) for attribute in rdn)
        for rdn in reversed(name.rdns)
    )


def _oid(attribute_type: str) -> str:
    return _OIDS.get(attribute_type.upper(), attribute_type)


def _normal(value: str) -> str:
    return " ".join(value.split()).casefold()


def _value(text: str) -> str:
    if text.startswith("#"):
        return _decoded_ber(text[1:])
    if text.startswith('"'):
        text = text[1:-1]
    return _ESCAPED.sub(_unescape, text.strip())


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return bytes.fromhex(match[1].replace("\\", "")).decode("utf-8", "replace")
    return match[2]


def _decoded_ber(hexadecimal: str) -> str:
    """A BER string with a short or one-byte-long length."""
    try:
        ber = bytes.fromhex(hexadecimal)
        start = 3 if ber[1] == 0x81 else 2
        return ber[start:].decode(_ENCODINGS[ber[0]])
    except (ValueError, IndexError, KeyError) as error:  # odd or not hexadecimal, too short, not a string
        raise NotADistinguishedName("not a BER string") from error
