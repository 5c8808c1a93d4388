"""multipart/related: what is written is read back; what is broken is refused."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connectors import errors
from connectors.soap import mtom
from connectors.soap.mtom import Attachment

HEAD = 'multipart/related; type="application/xop+xml"; boundary=b; start="<r>"'


def body(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


ROOT = b"Content-Type: application/xop+xml\r\nContent-ID: <r>\r\n\r\n<a/>"
PART = b"Content-ID: <p>\r\n\r\nabc"


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_what_is_written_is_read_back(contents: list[bytes]) -> None:
    attachments = [Attachment(f"p{n}@x", content) for n, content in enumerate(contents)]
    package = mtom.read(*mtom.write(b"<a/>", attachments, "urn:a"))
    assert package.root == b"<a/>"
    assert package.parts == {a.content_id: a.content for a in attachments}


@given(st.binary(max_size=400), st.text(max_size=60))
def test_rubbish_is_malformed_or_read_never_worse(data: bytes, header: str) -> None:
    for content_type in (HEAD, header):
        try:
            mtom.read(content_type, data)
        except errors.MalformedAnswer:
            continue


def test_forms_of_other_senders() -> None:
    encoded = b"Content-Transfer-Encoding: BASE64\r\ncontent-id: <p>\r\n\r\n" + base64.b64encode(b"abc" * 40)[:80]
    package = mtom.read(HEAD, b"preambule\r\n" + body(ROOT, encoded, end=b"--b--"))
    assert package.parts["p"] == base64.b64decode(base64.b64encode(b"abc" * 40)[:80])
    assert mtom.read("multipart/related; boundary=b", body(ROOT, PART)).root == b"<a/>"
    anonymous = mtom.read(HEAD, body(ROOT, b"X: y\r\n\r\nabc"))
    assert list(anonymous.parts.values()) == [b"abc"]


@pytest.mark.parametrize(
    "content_type, data",
    [
        ("multipart/related", body(ROOT)),
        ('multipart/related; boundary=""', body(ROOT)),
        ("multipart/related; boundary=" + "b" * 71, body(ROOT)),
        ("multipart/related; boundary=é", body(ROOT)),
        ("multipart/related; boundary=autre", body(ROOT)),
        (HEAD, body(PART)),
        (HEAD, body(ROOT, end=b"")),
        (HEAD, body(ROOT)[:-12]),
        (HEAD, b"--b--"),
        (HEAD, b""),
        (HEAD, body(ROOT, PART, PART)),
        (HEAD, body(ROOT, b"sans en-tete")),
        (HEAD, body(ROOT, b"X: " + b"y" * 9000 + b"\r\n\r\nabc")),
        (HEAD, body(ROOT, b"Content-Transfer-Encoding: quoted-printable\r\n\r\nabc")),
        (HEAD, body(ROOT, b"Content-Transfer-Encoding: base64\r\n\r\n!!!")),
        (HEAD, body(ROOT, *(b"Content-ID: <%d>\r\n\r\nabc" % n for n in range(100)))),
    ],
)
def test_a_broken_package_is_refused(content_type: str, data: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer):
        mtom.read(content_type, data)


XOP = "xmlns:i='http://www.w3.org/2004/08/xop/include'"


@pytest.mark.parametrize(
    "element",
    [
        f"<d {XOP}><i:Include href='cid:absent'/></d>",
        f"<d {XOP}><i:Include href='http://127.0.0.1:9/'/></d>",
        f"<d {XOP}><i:Include/></d>",
        f"<d {XOP}><i:Include href='cid:p'/><i:Include href='cid:p'/></d>",
        "<d><Include href='cid:p'/></d>",
        "<d>é</d>",
        "<d>YQ=</d>",
    ],
)
def test_a_reference_that_leads_nowhere(element: str) -> None:
    with pytest.raises(errors.MalformedAnswer):
        mtom.binary(etree.fromstring(element), {"p": b"abc"})


def test_references_attached_or_inline() -> None:
    attached = etree.fromstring(f"<d {XOP}><i:Include href='cid:p%401'/></d>")
    assert mtom.binary(attached, {"p@1": b"abc"}) == b"abc"
    assert mtom.binary(etree.fromstring("<d> YWJj\n </d>"), {}) == b"abc"
    assert mtom.binary(etree.fromstring("<d/>"), {}) == b""
