"""Everything the wire can answer, as one tree.

``uncertain`` is True when the request may have reached the server although no answer came back whole: a deposit that
ends so is tried again with the same identifiers. Texts never hold patient data; what the server said stays in
``fault`` (code, subcode, text) for whoever must look at it.
"""

from __future__ import annotations

from dataclasses import dataclass

from praticien.errors import EnvironmentProblem, Refused


class WireProblem(EnvironmentProblem):
    """The exchange failed for a reason that is not a rule of the server."""

    code = "wire.problem"
    uncertain: bool = False


class ServerUnreachable(WireProblem):
    """No connection: wrong address, server stopped, network down. Nothing was sent."""

    code = "server.unreachable"


class TlsUnavailable(WireProblem):
    """This Python's OpenSSL cannot use a key that stays on the card, or the certificate file cannot be read."""

    code = "tls.unavailable"


class TlsFailed(WireProblem):
    """The secure connection could not be set up, for no reason named below."""

    code = "tls.failed"


class ServerCertificateUnknown(TlsFailed):
    """The server's certificate is not from an authority we trust."""

    code = "tls.server_unknown"


class ServerCertificateExpired(TlsFailed):
    """The server's certificate is out of date."""

    code = "tls.server_expired"


class ServerNameMismatch(TlsFailed):
    """The server's certificate is for another host."""

    code = "tls.server_name"


class OurCertificateRefused(TlsFailed):
    """The server does not accept the card's authentication certificate."""

    code = "tls.card_refused"


class OurCertificateExpired(TlsFailed):
    """The server says the card's authentication certificate is out of date."""

    code = "tls.card_expired"


class Timeout(WireProblem):
    """No answer in time. ``connecting`` says that the connection itself did not come."""

    code = "server.timeout"
    uncertain = True


class ConnectTimeout(WireProblem):
    """The server did not take the connection in time. Nothing was sent."""

    code = "server.connect_timeout"


class AnswerCut(WireProblem):
    """The connection ended before the answer was whole."""

    code = "answer.cut"
    uncertain = True


class Cancelled(WireProblem):
    """The exchange was given up on purpose (card withdrawn, session closed, user)."""

    code = "wire.cancelled"
    uncertain = True


class HttpRefused(WireProblem):
    """An HTTP error without a SOAP fault in it; ``status`` is the HTTP status. Uncertain from 500 on."""

    code = "server.http_error"

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.uncertain = status >= 500


class MalformedAnswer(WireProblem):
    """The answer is not what the protocol says; ``detail`` says what is wrong, never what was read."""

    code = "answer.malformed"
    uncertain = True


class AnswerTooLarge(MalformedAnswer):
    """The answer is larger than any document may be."""

    code = "answer.too_large"


class ForbiddenXml(MalformedAnswer):
    """The answer holds a DOCTYPE, an entity or another construct that no partner has a reason to send."""

    code = "answer.forbidden_xml"


class UnrelatedAnswer(MalformedAnswer):
    """The answer is to another question, or about another patient or document."""

    code = "answer.unrelated"


class HashMismatch(MalformedAnswer):
    """The document received is not the one the registry describes."""

    code = "answer.hash_mismatch"


@dataclass(frozen=True, slots=True, repr=False)
class Fault:
    """What the server said: SOAP code and subcode or registry errorCode, and its text (kept out of every log)."""

    code: str
    subcode: str = ""
    text: str = ""


class ServerRefusal(Refused):
    """The server said no. This class itself stands for codes we do not know: see ``fault``."""

    code = "dmp.refused"

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.subcode or fault.code, rule=fault.subcode or fault.code)
        self.fault = fault


class ServerFailure(WireProblem):
    """The server says that it failed itself (SOAP Receiver fault, busy, out of resources); see ``fault``.

    A registry that answers Failure kept nothing; a fault may come after the document was kept.
    """

    code = "dmp.failure"

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.subcode or fault.code, rule=fault.subcode or fault.code)
        self.fault = fault
        self.uncertain = fault.code == "Receiver"


class AuthorisationMissing(ServerRefusal):
    """The patient's agreement is not recorded."""

    code = "dmp.authorisation_missing"


class AuthorisationExpired(ServerRefusal):
    """The patient's agreement is out of date."""

    code = "dmp.authorisation_expired"


class ProfessionalBlocked(ServerRefusal):
    """The patient closed the dossier to this professional."""

    code = "dmp.professional_blocked"


class DossierAbsent(ServerRefusal):
    """The patient has no dossier."""

    code = "dmp.dossier_absent"


class DossierClosed(ServerRefusal):
    """The dossier is closed."""

    code = "dmp.dossier_closed"


class BreakGlassOpposed(ServerRefusal):
    """The patient opposed break-glass access beforehand."""

    code = "dmp.break_glass_opposed"


class RegulationOpposed(ServerRefusal):
    """The patient opposed access by a regulation centre beforehand."""

    code = "dmp.regulation_opposed"


class FunctionNotAllowed(ServerRefusal):
    """This card, in this mode, may not do this (functional matrix)."""

    code = "dmp.function_not_allowed"


class StructureUnknown(ServerRefusal):
    """The structure is unknown or inactive."""

    code = "dmp.structure_unknown"


class StructureNotLinked(ServerRefusal):
    """The professional does not practise in this structure."""

    code = "dmp.structure_not_linked"


class SpecialtyMissing(ServerRefusal):
    """A physician without a specialty in the VIHF."""

    code = "dmp.specialty_missing"


class InvalidSigningCertificate(ServerRefusal):
    """The VIHF is not signed with a valid signature certificate."""

    code = "dmp.invalid_certificate"


class InvalidVihf(ServerRefusal):
    """The VIHF is refused."""

    code = "dmp.invalid_vihf"


class IdentityDiffers(ServerRefusal):
    """The card of the connection and the VIHF are not of the same person."""

    code = "dmp.identity_differs"


class AccessDenied(ServerRefusal):
    """Access refused, without a more precise reason."""

    code = "dmp.access_denied"


class AlreadyDeposited(ServerRefusal):
    """The server already holds these identifiers, and nothing here allows to check that the content is the same."""

    code = "dmp.already_deposited"


class ConflictingDeposit(ServerRefusal):
    """The server holds another content under these identifiers."""

    code = "dmp.conflicting_deposit"


class MetadataRefused(ServerRefusal):
    """The registry refuses the description of the document (XDS metadata error)."""

    code = "dmp.metadata_refused"


class PatientUnknown(ServerRefusal):
    """The registry does not know this matricule (XDSUnknownPatientId)."""

    code = "dmp.patient_unknown"


class PatientDiffers(ServerRefusal):
    """Two identifiers of the message are of different patients (XDSPatientIdDoesNotMatch)."""

    code = "dmp.patient_differs"


class DocumentUnknown(ServerRefusal):
    """The repository does not know this document."""

    code = "dmp.document_unknown"


class ContentRefused(ServerRefusal):
    """The content received by the server is not what its description announces (hash, size, missing document)."""

    code = "dmp.content_refused"


class TooManyResults(ServerRefusal):
    """The question has too many answers."""

    code = "dmp.too_many_results"


class PartialSuccess(ServerRefusal):
    """The server did part of the work only: nothing of it is shown as whole."""

    code = "dmp.partial"


class AttachedToMes(ServerRefusal):
    """The dossier belongs to Mon espace santé: its patient alone changes its data or closes it."""

    code = "dmp.attached"


class UpdateRefused(ServerRefusal):
    """The registry does not make this change (XDS metadata update): unknown document, another state or version."""

    code = "dmp.update_refused"


class DocumentChanged(ServerRefusal):
    """The document in the registry is no longer as the list showed it."""

    code = "dmp.document_changed"


class InsiRefused(ServerRefusal):
    """The INSi teleservice refuses the call (software not authorised, certificate not accepted, result code)."""

    code = "insi.refused"


class InsiNotFound(Refused):
    """No identity for these traits, or for this card (CodeCR 01)."""

    code = "insi.none"


class InsiSeveralFound(Refused):
    """Several identities: other first names, then the birth place, are needed (CodeCR 02)."""

    code = "insi.several"


_REFUSALS: dict[str, type[ServerRefusal]] = {
    "DMPAuthorizationMissing": AuthorisationMissing,
    "DMPAuthorizationExpired": AuthorisationExpired,
    "DMPBlockedProfessional": ProfessionalBlocked,
    "DMPNotFound": DossierAbsent,
    "DMPClosed": DossierClosed,
    "DMPBreakGlassOpposed": BreakGlassOpposed,
    "DMPRegulationOpposed": RegulationOpposed,
    "DMPFunctionNotAllowed": FunctionNotAllowed,
    "DMPStructureUnknown": StructureUnknown,
    "DMPStructureNotLinked": StructureNotLinked,
    "DMPSpecialtyMissing": SpecialtyMissing,
    "DMPInvalidCertificate": InvalidSigningCertificate,
    "DMPInvalidVIHF": InvalidVihf,
    "DMPIdentityMismatch": IdentityDiffers,
    "DMPAccessDenied": AccessDenied,
    "DMPAttachedToMes": AttachedToMes,
    "XDSMetadataUpdateError": UpdateRefused,
    "XDSMetadataUpdateOperationError": UpdateRefused,
    "XDSMetadataVersionError": DocumentChanged,
    "XDSDuplicateUniqueIdInRegistry": AlreadyDeposited,
    "XDSDuplicateUniqueId": AlreadyDeposited,
    "XDSNonIdenticalHash": ContentRefused,
    "XDSNonIdenticalSize": ContentRefused,
    "XDSUnknownPatientId": PatientUnknown,
    "XDSPatientIdDoesNotMatch": PatientDiffers,
    "XDSDocumentUniqueIdError": DocumentUnknown,
    "XDSMissingDocument": ContentRefused,
    "XDSTooManyResults": TooManyResults,
    "XDSMissingDocumentMetadata": MetadataRefused,
    "XDSRegistryMetadataError": MetadataRefused,
    "XDSRepositoryMetadataError": MetadataRefused,
    "XDSRegistryDuplicateUniqueIdInMessage": MetadataRefused,
    "XDSRepositoryDuplicateUniqueIdInMessage": MetadataRefused,
    "XDSRegistryDeprecatedDocumentError": MetadataRefused,
}
_FAILURES = frozenset(
    {
        "XDSRegistryBusy",
        "XDSRepositoryBusy",
        "XDSRegistryOutOfResources",
        "XDSRepositoryOutOfResources",
        "XDSRegistryNotAvailable",
        "XDSRegistryError",
        "XDSRepositoryError",
    }
)


def from_fault(fault: Fault) -> ServerRefusal | ServerFailure:
    """The error for what the server said. A Receiver fault is its failure; a Sender fault or a code is a refusal."""
    name = fault.subcode or fault.code
    if name in _FAILURES or (fault.code == "Receiver" and name not in _REFUSALS):
        return ServerFailure(fault)
    return _REFUSALS.get(name, ServerRefusal)(fault)
