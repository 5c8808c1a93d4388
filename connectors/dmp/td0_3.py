"""TD0.3: declare or withdraw the authorisation of this professional (or structure), become or stop being médecin
traitant; always by an act of the user, after the patient agreed.

The child elements for the patient are a guess (facts fix the action, the role and the answer).
"""

from __future__ import annotations

from lxml import etree

from connectors.dmp.habilitation_status import check
from connectors.soap.parsing import Element
from praticien.habilitations import AuthorisationAct
from praticien.identity import Ins

NAMESPACE = "urn:si-dmp-habilitations"
ACTION = f"{NAMESPACE}:HabilitationsEndPoint:setAuthorization"

__all__ = ["ACTION", "NAMESPACE", "check", "request"]


def request(patient: Ins, act: AuthorisationAct = AuthorisationAct.DECLARE) -> Element:
    """``setAuthorization`` with its action and, for the médecin traitant, its role."""
    action, role = act.value
    root = etree.Element(f"{{{NAMESPACE}}}setAuthorization", nsmap={"hab": NAMESPACE})
    told = (
        ("action", action),
        ("role", role),
        ("nationalId", patient.matricule),
        ("nationalIdType", patient.oid),
    )
    for name, value in told:
        if value:
            etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = value
    return root
