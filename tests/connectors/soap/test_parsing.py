"""Hostile XML."""

from __future__ import annotations

import pytest

from connectors import errors
from connectors.soap.parsing import parse, required, text

LIMIT = 100_000
BOMB = (
    "<!DOCTYPE a [<!ENTITY x 'xxxxxxxxxx'>"
    + "".join(f"<!ENTITY x{n} '{('&x' + (str(n - 1) if n else '') + ';') * 10}'>" for n in range(8))
    + "]><a>&x7;</a>"
)


@pytest.mark.parametrize(
    "document",
    [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><a>&f;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/p'> %p;]><a/>",
        "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_in_any_encoding(document: str, encoding: str) -> None:
    with pytest.raises(errors.ForbiddenXml):
        parse(document.encode(encoding), LIMIT)


def test_an_entity_bomb_is_refused_quickly() -> None:
    with pytest.raises(errors.MalformedAnswer):
        parse(BOMB.encode(), LIMIT)


@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"rien", b"<a/><b/>", b"<a>&inconnu;</a>", b"\xff\xfe", b"<a b='1' b='2'/>", b"<a>\x00</a>"]
)
def test_what_is_no_xml(data: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer) as caught:
        parse(data, LIMIT)
    assert caught.value.detail == "not well-formed XML"


def test_too_deep_and_too_large() -> None:
    with pytest.raises(errors.MalformedAnswer):
        parse(b"<a>" * 5000 + b"</a>" * 5000, LIMIT)
    with pytest.raises(errors.AnswerTooLarge):
        parse(b"<a>" + b" " * LIMIT + b"</a>", LIMIT)


def test_comments_and_instructions_are_not_seen() -> None:
    root = parse("<a><?p i?>é<!-- c -->b</a>".encode(), LIMIT)
    assert (len(root), "".join(root.itertext())) == (0, "éb")


def test_a_missing_element_is_named_without_content() -> None:
    with pytest.raises(errors.MalformedAnswer, match="c missing"):
        required(parse(b"<a><b>secret</b></a>", LIMIT), "b", "c")
    assert text(None, "b") == ""
