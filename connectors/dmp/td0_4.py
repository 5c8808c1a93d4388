"""TD0.4: the dossiers that this professional (or structure) may consult (``patientList``). Facts: protocol 2.1."""

from __future__ import annotations

import re
from datetime import datetime

from lxml import etree

from connectors.dmp.habilitation_status import check, moment
from connectors.dmp.hl7v2 import write_dtm
from connectors.errors import MalformedAnswer
from connectors.soap.parsing import Element, all_named, text
from praticien.errors import InvalidInput
from praticien.habilitations import AuthorisedDossier
from praticien.identity import INS_OIDS, Ins, Sex

NAMESPACE = "urn:si-dmp-patients"
ACTION = f"{NAMESPACE}:PatientSpecificEndPoint:patientList"
_SEXES = {"M": Sex.MALE, "MR": Sex.MALE, "MME": Sex.FEMALE, "MLLE": Sex.FEMALE}
_NIR_SEXES = {"1": Sex.MALE, "2": Sex.FEMALE}


def request(since: datetime | None = None) -> Element:
    """Those with a valid authorisation; with ``since``, those whose authorisation is newer."""
    root = etree.Element(f"{{{NAMESPACE}}}patientList", nsmap={"pat": NAMESPACE})
    if since:
        etree.SubElement(root, f"{{{NAMESPACE}}}startDate").text = write_dtm(since)
    etree.SubElement(root, f"{{{NAMESPACE}}}dateType").text = "LASTAUTORIZATION"
    return root


def read(answer: Element) -> tuple[AuthorisedDossier, ...]:
    """The rows. Raises MalformedAnswer, typed refusals."""
    check(answer)
    return tuple(_dossier(row) for row in all_named(answer, "list"))


def _dossier(row: Element) -> AuthorisedDossier:
    ins = _ins(row)
    birth_name = text(row, "patronymicalName") or text(row, "lastName")
    return AuthorisedDossier(
        ins=ins,
        birth_name=birth_name,
        used_name=text(row, "lastName"),
        first_name=text(row, "firstName"),
        birth_date=re.sub(r"\D", "", text(row, "dateOfBirth"))[:8],
        sex=_SEXES.get(text(row, "civility").upper().strip(".")) or _NIR_SEXES.get(ins.matricule[0]),
        treating=text(row, "MT").lower() == "true",
        last_access=moment(row, "lastAccessDate"),
        last_update=moment(row, "lastUpdateDate"),
        last_addition=moment(row, "lastAddDate"),
    )


def _ins(row: Element) -> Ins:
    """The matricule INS among the identifiers (a dossier may bear an old INS-C too)."""
    for identifier in all_named(row, "patientIdentifier"):
        if text(identifier, "nationalIdType") in INS_OIDS:
            try:
                return Ins(text(identifier, "nationalId"), text(identifier, "nationalIdType"))
            except InvalidInput:
                break
    raise MalformedAnswer("patientIdentifier")
