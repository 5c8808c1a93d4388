"""Everything the card layer raises: what the reader or card did (try again), what a rule says (PIN), never any content.

No message, attribute or repr holds a PIN, a NIR or a name; status words and counters are all that travels.
"""

from __future__ import annotations

from typing import ClassVar

from praticien.errors import EnvironmentProblem, InvalidInput, Refused


class CardError(EnvironmentProblem):
    """Root of what goes wrong between us and a card."""

    code: ClassVar[str] = "card.failed"


class NoService(CardError):
    """The smart card service (pcscd, SCardSvr) cannot be reached or stopped."""

    code = "card.no_service"


class NoReader(CardError):
    """The reader named is not there (unplugged), or there is none at all."""

    code = "card.no_reader"


class NoCard(CardError):
    """The reader is empty."""

    code = "card.absent"


class MuteCard(CardError):
    """A card is in the reader but does not answer: upside down, dirty, damaged."""

    code = "card.mute"


class UnknownCard(CardError):
    """The card is neither a CPx nor a Vitale that we know; ``detail`` is its ATR."""

    code = "card.unknown"


class UnsupportedCard(CardError):
    """A card we can name but not use; ``detail`` names the model."""

    code = "card.unsupported"


class ContactlessCard(UnsupportedCard):
    """A CPS3 on a contactless reader: no PIN and no signature there."""

    code = "card.contactless"


class RetiredCard(UnsupportedCard):
    """A professional card of a generation that is over (CPS2ter)."""

    code = "card.retired"


class CardRemoved(CardError):
    """The card left the reader during the operation or since it was opened."""

    code = "card.removed"


class CardReset(CardError):
    """Another program reset the card: the verified PIN is gone, the operation was not repeated."""

    code = "card.reset_by_other"


class CardBusy(CardError):
    """Another program holds the card for itself alone."""

    code = "card.busy"


class CardTimeout(CardError):
    """The card or its reader did not finish before the deadline."""

    code = "card.timeout"


class TransportFailed(CardError):
    """The exchange broke although the card is still there (bad contact)."""

    code = "card.transport"


class MalformedCard(CardError):
    """The card's data is not what its format promises: truncated, oversized, contradictory."""

    code = "card.malformed"


class CardRefusal(CardError):
    """The card answered a command with a status word that we did not expect."""

    code = "card.refusal"

    def __init__(self, sw: int, what: str = "") -> None:
        super().__init__(f"{what} {sw:04X}".strip())
        self.sw = sw


class WrongSignature(CardError):
    """The card's signature does not verify with its own certificate: it is not released."""

    code = "card.wrong_signature"


class NoCertificate(CardError):
    """No certificate on the card has both the key identifier and the key usage needed."""

    code = "card.no_certificate"


class CardOutOfUse(CardError):
    """An update of the card was begun and never finished (EF_ACTUA empty or incomplete): it cannot be used."""

    code = "card.out_of_use"


class NoReadingModule(CardError):
    """This Vitale is a real one and the licensed reading module of GIE SESAM-Vitale is not installed."""

    code = "vitale.no_reading_module"


class PinRefused(Refused):
    """The card said no to a PIN; ``tries_left`` is what remains."""

    code = "pin.refused"

    def __init__(self, tries_left: int = 0) -> None:
        super().__init__(rule="PIN")
        self.tries_left = tries_left


class WrongPin(PinRefused):
    """The PIN is wrong; at least one try is left."""

    code = "pin.wrong"


class PinBlocked(PinRefused):
    """No try is left: the card must be unblocked."""

    code = "pin.blocked"


class WrongUnblockingCode(PinRefused):
    """The unblocking code is wrong; ``tries_left`` counts for the unblocking code, not for the PIN."""

    code = "pin.unblocking_wrong"


class UnblockingCodeBlocked(PinRefused):
    """No try of the unblocking code is left: the card must be replaced."""

    code = "pin.unblocking_blocked"


class PinNeeded(Refused):
    """The card wants its PIN verified first (or again)."""

    code = "pin.needed"


class PinFormat(InvalidInput):
    """The PIN cannot be right (length, characters): it was not sent to the card."""

    code = "pin.format"


class PadTimeout(Refused):
    """Nobody typed on the reader's keys in time (6400): nothing was sent to the card."""

    code = "pin.pad_timeout"


class PadCancelled(Refused):
    """The entry was cancelled on the reader (6401): nothing was sent to the card."""

    code = "pin.pad_cancelled"


class PadEntriesDiffer(Refused):
    """The new code was not typed the same way twice on the reader (6402): nothing was sent to the card."""

    code = "pin.pad_different"


class PadLength(InvalidInput):
    """Too few or too many digits were typed on the reader (6403): nothing was sent to the card."""

    code = "pin.pad_length"


class PadFailed(CardError):
    """The reader did not take the request for an entry on its keys."""

    code = "pin.pad_failed"
