"""TD0.3: declare the authorisation of this professional (or structure), after the patient agreed.

The child elements for the patient are a guess (facts fix the action, the role and the answer).
"""

from __future__ import annotations

from lxml import etree

from connectors.errors import Fault, MalformedAnswer, from_fault
from connectors.soap.parsing import Element, all_named, text
from praticien.identity import Ins

NAMESPACE = "urn:si-dmp-habilitations"
ACTION = f"{NAMESPACE}:HabilitationsEndPoint:setAuthorization"


def request(patient: Ins) -> Element:
    """``setAuthorization`` with action AJOUT."""
    root = etree.Element(f"{{{NAMESPACE}}}setAuthorization", nsmap={"hab": NAMESPACE})
    told = (("action", "AJOUT"), ("nationalId", patient.matricule), ("nationalIdType", patient.oid))
    for name, value in told:
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = value
    return root


def check(answer: Element) -> None:
    """Pass when the status is DMPOk. Raises the typed error of another status."""
    status = next((text(e) for e in all_named(answer, "status")), "")
    if not status:
        raise MalformedAnswer("status missing")
    if status != "DMPOk":
        context = next((text(e) for e in all_named(answer, "context")), "")
        raise from_fault(Fault("status", status, context[:500]))
