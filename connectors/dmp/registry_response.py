"""RegistryResponse: success, or the first of its errors as ours."""

from __future__ import annotations

from connectors.errors import Fault, MalformedAnswer, PartialSuccess, from_fault
from connectors.soap.parsing import Element, all_named

SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
PARTIAL = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"


def check(response: Element) -> None:
    """Pass when ``response`` (RegistryResponse or AdhocQueryResponse) says Success.

    Raises the typed error of its first error, PartialSuccess, MalformedAnswer when it says neither.
    """
    status = response.get("status", "")
    if status == SUCCESS:
        return
    fault = _first_error(response)
    if status == PARTIAL:
        raise PartialSuccess(fault or Fault("PartialSuccess"))
    if fault is None:
        raise MalformedAnswer("failure without an error")
    raise from_fault(fault)


def _first_error(response: Element) -> Fault | None:
    errors = list(all_named(response, "RegistryError"))
    grave = [e for e in errors if not str(e.get("severity", "")).endswith(":Warning")]
    for error in grave or errors:
        return Fault("RegistryError", str(error.get("errorCode", "")), str(error.get("codeContext", ""))[:500])
    return None
