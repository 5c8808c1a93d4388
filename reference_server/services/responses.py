"""ebXML answers: RegistryResponse and its error list."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from reference_server import names, xml
from reference_server.errors import Finding
from reference_server.names import q
from reference_server.xml import Element

_NAMESPACES = {"rs": names.RS, "rim": names.RIM, "query": names.QUERY, "xdsb": names.XDSB}


def element(namespace: str, name: str, status: str) -> Element:
    """A response element with its status."""
    return etree.Element(q(namespace, name), nsmap=_NAMESPACES, status=status)


def registry_response(status: str, findings: Iterable[Finding] = ()) -> Element:
    """A RegistryResponse."""
    made = element(names.RS, "RegistryResponse", status)
    add_errors(made, findings)
    return made


def add_errors(response: Element, findings: Iterable[Finding]) -> None:
    """A RegistryErrorList, when there is anything to say. ``location`` is our rule code."""
    listed = list(findings)
    if not listed:
        return
    errors = xml.add(response, q(names.RS, "RegistryErrorList"), highestSeverity=names.SEVERITY_ERROR)
    for finding in listed:
        xml.add(
            errors,
            q(names.RS, "RegistryError"),
            codeContext=finding.sentence,
            errorCode=finding.error,
            location=finding.rule,
            severity=names.SEVERITY_ERROR,
        )
