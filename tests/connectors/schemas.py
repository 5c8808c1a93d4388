"""The official schemas that requests and answers are held against."""

from __future__ import annotations

import functools
from collections.abc import Callable

from lxml import etree

from tests.validators import ROOT


@functools.cache
def _schema(path: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(ROOT / path)))


def _validate(path: str, element: etree._Element) -> None:
    _schema(path).assertValid(etree.fromstring(etree.tostring(element)))


def _against(path: str) -> Callable[[etree._Element], None]:
    return functools.partial(_validate, path)


repository = _against("ihe/XDS.b_DocumentRepository.xsd")
query = _against("ihe/query.xsd")


def get_demographics(question: etree._Element) -> None:
    """PRPA_IN201307UV02 has no schema at hand; PRPA_IN201309UV02 is the same wrapper around the same parameters."""
    text = etree.tostring(question).replace(b"PRPA_IN201307UV02", b"PRPA_IN201309UV02")
    _validate("hl7v3/multicacheschemas/PRPA_IN201309UV02.xsd", etree.fromstring(text))


def revise_registration(question: etree._Element) -> None:
    """PRPA_IN201314UV02 has no schema at hand; PRPA_IN201302UV02 (a record revised) is the same around the same."""
    text = etree.tostring(question).replace(b"PRPA_IN201314UV02", b"PRPA_IN201302UV02")
    text = text.replace(b"registrationRequest", b"registrationEvent").replace(b'moodCode="RQO"', b'moodCode="EVN"')
    _validate("hl7v3/multicacheschemas/PRPA_IN201302UV02.xsd", etree.fromstring(text))


submission = _against("ihe/lcm.xsd")
