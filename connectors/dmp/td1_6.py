"""TD1.6: who may consult a dossier and who is blocked (``listAuthorizationByPatient``). Facts: protocol 2.1."""

from __future__ import annotations

from lxml import etree

from connectors.dmp.habilitation_status import check, moment
from connectors.dmp.td0_3 import NAMESPACE
from connectors.soap.parsing import Element, all_named, text
from praticien.habilitations import AuthorisedHolder
from praticien.identity import Ins

ACTION = f"{NAMESPACE}:HabilitationsEndPoint:listAuthorizationByPatient"


def request(patient: Ins) -> Element:
    """Both the active and the blocked."""
    root = etree.Element(f"{{{NAMESPACE}}}listAuthorizationByPatient", nsmap={"hab": NAMESPACE})
    told = (("nationalId", patient.matricule), ("nationalIdType", patient.oid), ("mode", "TOUTE"))
    for name, value in told:
        etree.SubElement(root, f"{{{NAMESPACE}}}{name}").text = value
    return root


def read(answer: Element) -> tuple[AuthorisedHolder, ...]:
    """The rows. Raises MalformedAnswer, typed refusals."""
    check(answer)
    return tuple(
        AuthorisedHolder(
            national_id=text(row, "nationalId"),
            family_name=text(row, "lastName"),
            given_name=text(row, "firstName"),
            specialty=text(row, "libSpeciality") or text(row, "codeSpeciality"),
            blocked=text(row, "mode").upper() == "INTERDITE",
            treating=text(row, "specificRight").upper() == "MEDECIN_TRAITANT",
            since=moment(row, "startOfAuthorization"),
            last_action=moment(row, "lastActionDate"),
        )
        for row in all_named(answer, "list")
    )
