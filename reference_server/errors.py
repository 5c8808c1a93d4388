"""Errors of the reference server: SOAP faults, registry errors, and what keeps it from starting.

None of them carries patient data: ``sentence`` is for the caller's user, ``rule`` for the trace.
"""

from __future__ import annotations

from dataclasses import dataclass

from praticien.errors import EnvironmentProblem, InvalidInput, PraticienError, Refused


class Fault(Refused):
    """The call is refused as a whole: becomes a SOAP 1.2 fault with ``subcode`` and the French ``sentence``."""

    code = "server.fault"

    def __init__(
        self, subcode: str, sentence: str, *, rule: str = "", article: str = "", role: str = "Sender", status: int = 400
    ) -> None:
        super().__init__(subcode, rule=rule or subcode)
        self.subcode = subcode
        self.sentence = sentence
        self.article = article
        self.role = role
        self.status = status


class InvalidVihf(Fault):
    """The VIHF is absent, malformed, forged, stale or says too little."""

    code = "server.vihf_invalid"

    def __init__(self, why: str, *, rule: str = "vihf.invalid") -> None:
        super().__init__("DMPInvalidVIHF", f"Le VIHF est refusé : {why}.", rule=rule)


class InvalidSigningCertificate(Fault):
    """The certificate that signed is not a valid signature certificate."""

    code = "server.certificate_invalid"

    def __init__(self, why: str) -> None:
        sentence = f"Le certificat n'est pas un certificat de signature valide : {why}."
        super().__init__("DMPInvalidCertificate", sentence, rule="certificate.invalid")


class IdentityMismatch(Fault):
    """Card, VIHF and message do not speak of the same person, structure or patient."""

    code = "server.identity_mismatch"

    def __init__(self, why: str) -> None:
        super().__init__("DMPIdentityMismatch", f"Les identités ne concordent pas : {why}.", rule="identity.mismatch")


class BadRequest(Fault):
    """The message is no SOAP 1.2 request that this service answers."""

    code = "server.bad_request"

    def __init__(self, subcode: str, why: str, *, role: str = "Sender", status: int = 400) -> None:
        sentence = f"La requête est refusée : {why}."
        super().__init__(subcode, sentence, rule="request.invalid", role=role, status=status)


class MalformedXml(InvalidInput):
    """Not well-formed, with a DOCTYPE, too deep or too large."""

    code = "server.xml_malformed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule of the metadata: our ``rule`` code, the IHE ``error`` code, a French sentence."""

    rule: str
    error: str
    sentence: str


class RegistryRefusal(PraticienError):
    """Metadata or query rules are broken: becomes a RegistryErrorList."""

    code = "server.registry_refusal"

    def __init__(self, *findings: Finding) -> None:
        super().__init__(", ".join(finding.rule for finding in findings), rule=findings[0].rule)
        self.findings = findings


class CannotStart(EnvironmentProblem):
    """The server did not start (port taken, certificates unreadable, database damaged).

    ``sentence`` (French) says what to do, where it is not obvious.
    """

    code = "server.cannot_start"

    def __init__(self, detail: str, *, sentence: str = "") -> None:
        super().__init__(detail)
        self.sentence = sentence
