"""Every code that the server answers with, and whose it is: ``docs/error-codes.md`` is printed from this table.

``python -m reference_server.error_codes > docs/error-codes.md`` writes it again; a test compares the two, and looks in
the sources for codes that are not here.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum


class Origin(Enum):
    """Whose a code is."""

    IHE = "IHE ITI TF-3 4.2.4"
    DMP = "DMP, seen in public"
    W3C = "SOAP 1.2, WS-Addressing"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """Whose it is, and when it is answered."""

    origin: Origin
    meaning: str


def _of(origin: Origin, **meanings: str) -> dict[str, ErrorCode]:
    return {code: ErrorCode(origin, meaning) for code, meaning in meanings.items()}


CODES: dict[str, ErrorCode] = {
    **_of(
        Origin.IHE,
        XDSDocumentUniqueIdError="no such document, or none that this caller may know of",
        XDSDuplicateUniqueIdInRegistry="the submission set or the document is registered already",
        XDSMetadataUpdateError="an update of metadata breaks a rule",
        XDSMetadataUpdateOperationError="the update asks for something that this registry does not do",
        XDSMetadataVersionError="PreviousVersion is not the stored version",
        XDSMissingDocument="an entry without its document",
        XDSMissingDocumentMetadata="a document without its entry",
        XDSNonIdenticalHash="hash, or content under a known uniqueId, differs",
        XDSNonIdenticalSize="size differs from the document's",
        XDSPatientIDReconciliationError="an update would move a document to another patient",
        XDSPatientIdDoesNotMatch="patients of set, entry, document or replaced document differ",
        XDSRegistryDeprecatedDocumentError="the document to replace has been replaced or archived",
        XDSRegistryDuplicateUniqueIdInMessage="a uniqueId twice in one message",
        XDSRegistryError="the query asks for a form that does not exist",
        XDSRegistryMetadataError="metadata break a rule (the rule is in location)",
        XDSRepositoryOutOfResources="more documents at once than one answer holds",
        XDSRepositoryError="the message's documents cannot be used",
        XDSStoredQueryMissingParam="a required parameter of the query is missing",
        XDSStoredQueryParamNumber="a parameter of the query has too many values",
        XDSUnknownPatientId="the patient is not named by an INS",
        XDSUnknownRepositoryId="another repository is asked for",
        XDSUnknownStoredQuery="no such stored query",
    ),
    **_of(
        Origin.DMP,
        DMPOk="done",
        DMPFound="the patient has a dossier already",
        DMPClosed="the dossier is closed",
        DMPInvalidCertificate="the signing certificate is not a valid signature certificate",
    ),
    **_of(
        Origin.W3C,
        MustUnderstand="a header that must be understood is not",
        VersionMismatch="not SOAP 1.2",
        MessageAddressingHeaderRequired="Action or MessageID is missing",
    ),
    **_of(
        Origin.OURS,
        DMPAttachedToMes="the dossier belongs to Mon espace santé: its patient changes or closes it",
        DMPAuthorizationExpired="the authorisation has expired",
        DMPAuthorizationMissing="no authorisation was declared",
        DMPBeingCreated="TD0.2, for information: no dossier yet, it opens six weeks after the patient was told",
        DMPBlockedProfessional="the patient blocked this professional",
        DMPBreakGlassOpposed="the patient opposed break-glass",
        DMPConsentMissing="creation or reactivation without the consent box",
        DMPFunctionNotAllowed="the matrix, the document's masking or type, or the secret connection forbid it",
        DMPIdentityMismatch="card, VIHF and message disagree on person, structure or patient",
        DMPInvalidVIHF="the VIHF is absent, malformed, forged or stale",
        DMPNotFound="no dossier, or none yet",
        DMPRegulationOpposed="the patient opposed regulation centres",
        DMPSpecialtyMissing="a physician or pharmacist without the second role value",
        DMPStructureNotLinked="the professional does not practise in that structure",
        DMPStructureUnknown="no such active structure",
        ActionNotSupported="action and content are not of this service",
        InsiContextMissing="INSi: ContexteBAM or ContexteLPS is missing",
        InsiInvalidRequest="INSi: the request lacks something",
        InternalError="a mistake of the server; the place is in its log",
        InvalidAction="TD0.3: action or role unknown",
        InvalidDate="TD0.4: startDate is missing or unusable",
        InvalidDateType="TD0.4: dateType unknown",
        InvalidMode="TD1.6: mode unknown",
        InvalidQuery="HL7 v3: the query cannot be used",
        InvalidReason="HL7 v3: the reason is not of this message",
        InvalidRequest="HL7 v3: the patient or what is said of them cannot be used",
        MalformedMime="the MIME package cannot be read",
        MalformedSOAP="no SOAP envelope of one header and one body",
        MalformedXML="no XML, with a DOCTYPE, too deep or too large",
        RequestRefused="too large, or too slow to arrive",
        SchemaInvalid="the message breaks its schema",
        UnknownQuery="TD0.5: nothing to continue under this identifier (with QE)",
        UnsupportedMediaType="neither SOAP nor MTOM",
    ),
}

_INTRODUCTION = """# Codes of the reference server

Printed by `reference_server/error_codes.py`; a test compares them with the sources. The complete table of the DMP's own
codes (SEL-MP-037) is not public: those that begin with DMP and are "ours" only look alike.

A SOAP fault bears the code as its subcode (Sender, but InternalError), the French sentence as its reason, our rule and
its legal article in its detail. Registry answers bear it as errorCode, our rule as location; HL7 v3 refusals as
acknowledgementDetail. INSi answers 00 (one identity), 01 (none), 02 (several), as the real one does.
"""


def page() -> str:
    """The whole page."""
    rows = ["| code | whose | when |", "| --- | --- | --- |"]
    rows += [f"| {code} | {one.origin.value} | {one.meaning} |" for code, one in CODES.items()]
    return _INTRODUCTION + "\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
