"""What can be wrong with a laboratory's message. No text of the message ever enters an error."""

from __future__ import annotations

from praticien.errors import EnvironmentProblem, InvalidInput


class Hl7Problem(InvalidInput):
    """The message cannot be used; ``condition`` is a code of HL7 table 0357, ``place`` a segment such as "OBX-3"."""

    code = "hl7.invalid"
    condition = "207"

    def __init__(self, detail: str = "", *, place: str = "") -> None:
        super().__init__(f"{place} {detail}".strip(), field="lab")
        self.place = place


class NotEr7(Hl7Problem):
    """The bytes are no HL7 v2 message (no MSH, delimiters that cannot be)."""

    code = "hl7.not_er7"
    condition = "100"


class MissingField(Hl7Problem):
    """A segment or a field without which nothing can be understood."""

    code = "hl7.missing"
    condition = "101"


class WrongCharset(Hl7Problem):
    """The bytes are not in the character set that MSH-18 names, or it names one that is not known."""

    code = "hl7.charset"
    condition = "102"


class UnsupportedMessage(Hl7Problem):
    """Another message than ORU^R01, or a version that is not 2."""

    code = "hl7.unsupported"
    condition = "200"


class NotProduction(Hl7Problem):
    """MSH-11 says training or debugging: such a message must not become a patient's report."""

    code = "hl7.processing_id"
    condition = "202"


class MessageTooBig(Hl7Problem):
    """More bytes or more segments than any report needs."""

    code = "hl7.too_big"
    condition = "207"


class CannotListen(EnvironmentProblem):
    """The address of the MLLP listener cannot be taken (another program has it, or it is not ours)."""

    code = "hl7.cannot_listen"


class CannotSecure(EnvironmentProblem):
    """The certificate, the key or the authorities of the MLLP listener cannot be used: it does not listen in clear."""

    code = "hl7.cannot_secure"
