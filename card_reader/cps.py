"""An opened CPx card: holder, PIN and keys behind the practice's own ports (ProfessionalCard, Signer).

The signer verifies each signature with the certificate before releasing it; the two keys are never crossed: their
certificates were chosen by identifier and key usage together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives import hashes

from card_reader.cps3 import Cps3
from card_reader.errors import (
    CardError,
    PadFailed,
    PinBlocked,
    PinFormat,
    PinNeeded,
    PinRefused,
    UnblockingCodeBlocked,
    WrongPin,
    WrongUnblockingCode,
)
from card_reader.keys import check_pss, digest_info, holder_of, verified, verified_encoding
from card_reader.pin_pad import PinPad, find_pad
from card_reader.pkcs15 import UNBLOCKING_LENGTH, PinEntry
from card_reader.profile import Access, Profile, ProfileCache
from card_reader.session import CardSession
from card_reader.transport import Disposition
from praticien.pin_care import wipe
from praticien.ports import PadAct
from praticien.professional import CardHolder


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds each kind of operation may take, a slow real card included."""

    read: float = 30.0
    pin: float = 15.0
    sign: float = 15.0
    pad: float = 110.0
    """Three codes typed on the reader, each within ``pin_pad.ENTRY_SECONDS``."""


class OpenedCps:
    """A card in a reader (CPS, CPF, CPE or CPA). Implements ProfessionalCard and, through ``signer``, Signer.

    ``application`` speaks the commands of its generation.
    """

    def __init__(
        self,
        session: CardSession,
        *,
        is_same_insertion: Callable[[], bool],
        staff_role: str,
        deadlines: Deadlines | None = None,
        cache: ProfileCache | None = None,
        application: type[Cps3] = Cps3,
    ) -> None:
        self._session = session
        self._is_same_insertion = is_same_insertion
        self._deadlines = deadlines or Deadlines()
        self._verified_under: int | None = None  # the session's count of resets when the PIN was verified
        self._application = application
        self._profiles = profiles = cache or ProfileCache()
        self._profile = session.read(lambda wire: profiles.profile(application(wire)), self._deadlines.read)
        self._access: Access | None = None
        self._holder = holder_of(
            self._profile.signature, self._profile.authentication, self._profile.serial, staff_role
        )
        self._pad = session.read(lambda wire: find_pad(wire.channel), self._deadlines.read)
        self._signer = CpsSigner(self)

    @property
    def holder(self) -> CardHolder:
        """See ProfessionalCard."""
        return self._holder

    @property
    def signer(self) -> CpsSigner:
        """See ProfessionalCard."""
        return self._signer

    @property
    def profile(self) -> Profile:
        """Who holds the card."""
        return self._profile

    @property
    def supports_pss(self) -> bool:
        """Whether its authentication key makes RSASSA-PSS signatures."""
        return self._application.supports_pss

    @property
    def has_pad(self) -> bool:
        """Whether the reader has keys of its own, whatever may be typed on them."""
        return self._pad is not None

    @property
    def on_pad(self) -> frozenset[PadAct]:
        """See ProfessionalCard."""
        return self._application.acts_on(self._pad, self._pin) if self._pad else frozenset()

    @property
    def access(self) -> Access:
        """PIN rules and key references, read at the first need. Raises CardError."""
        if self._access is None:
            profiles, profile = self._profiles, self._profile
            self._access = self._session.read(
                lambda wire: profiles.access(self._application(wire), profile), self._deadlines.read
            )
        return self._access

    @property
    def _pin(self) -> PinEntry:
        return self.access.pin

    def tries_left(self) -> int:
        """See ProfessionalCard."""
        reference = self._pin.reference
        return self._session.read(lambda wire: self._application(wire).tries_left(reference), self._deadlines.pin)

    def verify_pin(self, pin: bytearray | None) -> None:
        """See ProfessionalCard. Raises PinFormat (not sent), PinBlocked, WrongPin, CardError (maybe a try spent)."""
        try:
            if pin is not None:
                self._check_format(pin)
            if self.tries_left() == 0:
                raise PinBlocked
            self._verify(pin)
            self._verified_under = self._session.resets
        finally:
            wipe(pin)
        situations = self._session.once(
            lambda wire: self._profiles.situations(self._application(wire), self._profile), self._deadlines.read
        )
        self._holder = replace(self._holder, situations=situations)

    def _verify(self, pin: bytearray | None) -> None:
        entry = self._pin
        if pin is None:
            pad = self._typed_on_pad(PadAct.VERIFY)
            self._try(lambda card: card.verify_on_pad(pad, entry), self._deadlines.pad)
        else:
            self._try(lambda card: card.verify(pin, entry), self._deadlines.pin)

    def change_pin(self, pin: bytearray | None, new: bytearray | None) -> None:
        """One CHANGE; both are overwritten. Raises PinFormat (``field`` pin or new_pin), WrongPin, PinBlocked."""
        try:
            if pin is not None:
                self._check_format(pin)
            if new is not None:
                self._check_format(new, "new_pin")
            if self.tries_left() == 0:
                raise PinBlocked
            self._change(pin, new)
        finally:
            wipe(pin, new)

    def _change(self, pin: bytearray | None, new: bytearray | None) -> None:
        entry = self._pin
        if pin is None or new is None:
            pad = self._typed_on_pad(PadAct.CHANGE)
            self._try(lambda card: card.change_on_pad(pad, entry), self._deadlines.pad)
        else:
            self._try(lambda card: card.change(pin, new, entry), self._deadlines.pin)

    def _typed_on_pad(self, act: PadAct) -> PinPad:
        """The reader's pad. Raises PadFailed when this act is not for it."""
        if self._pad is None or act not in self.on_pad:
            raise PadFailed(act.value)
        return self._pad

    def unblocking_tries_left(self) -> int:
        """Tries left of the unblocking code, asked of the card, costing none."""
        entry = self._pin
        return self._session.read(
            lambda wire: self._application(wire).unblocking_tries_left(entry), self._deadlines.pin
        )

    def unblock_pin(self, unblocking_code: bytearray | None, new: bytearray | None) -> None:
        """One try with the eight-digit code; both are overwritten.

        Raises PinFormat (``field`` unblocking_code or new_pin), WrongUnblockingCode, UnblockingCodeBlocked.
        """
        try:
            if unblocking_code is not None and not is_unblocking_code(unblocking_code):
                raise PinFormat(field="unblocking_code")
            if new is not None:
                self._check_format(new, "new_pin")
            if self.unblocking_tries_left() == 0:
                raise UnblockingCodeBlocked
            self._unblock(unblocking_code, new)
        finally:
            wipe(unblocking_code, new)

    def _unblock(self, code: bytearray | None, new: bytearray | None) -> None:
        entry, deadlines = self._pin, self._deadlines
        self._verified_under = None
        try:
            if code is None or new is None:
                pad = self._typed_on_pad(PadAct.UNBLOCK)
                self._session.once(lambda wire: self._application(wire).unblock_on_pad(pad, entry), deadlines.pad)
            else:
                self._session.once(lambda wire: self._application(wire).unblock(code, new, entry), deadlines.pin)
        except (WrongPin, PinBlocked):
            left = self.unblocking_tries_left()
            raise (WrongUnblockingCode(left) if left else UnblockingCodeBlocked()) from None

    def is_present(self) -> bool:
        """See ProfessionalCard."""
        return not self._session.is_gone and self._is_same_insertion()

    def close(self) -> None:
        """See ProfessionalCard."""
        self._session.close()

    def release(self) -> None:
        """Let the card go without resetting it: for a look at a card that another session may have unlocked."""
        self._session.close(Disposition.LEAVE)

    def use_key(self, operation: Callable[[Cps3, Access], bytes]) -> bytes:
        """An operation that needs the PIN. Raises PinNeeded, CardRemoved, CardReset…"""
        if self._verified_under != self._session.resets and not self._session.is_gone:
            raise PinNeeded
        access = self.access
        return self._session.once(lambda wire: operation(self._application(wire), access), self._deadlines.sign)

    def _check_format(self, pin: bytearray, field: str = "pin") -> None:
        rules = self._pin
        if not rules.min_length <= len(pin) <= rules.max_length or not pin.isdigit():
            raise PinFormat(field=field)

    def _try(self, operation: Callable[[Cps3], None], seconds: float) -> None:
        """One try of the PIN, never repeated; what is left afterwards is asked of the card's counter."""
        self._verified_under = None
        try:
            self._session.once(lambda wire: operation(self._application(wire)), seconds)
        except WrongPin as wrong:
            raise self._refusal(wrong) from None

    def _refusal(self, wrong: WrongPin) -> PinRefused:
        try:
            left = self.tries_left()
        except CardError:
            left = wrong.tries_left
        return WrongPin(left) if left else PinBlocked()


class CpsSigner:
    """The two keys of an opened card."""

    def __init__(self, card: OpenedCps) -> None:
        self._card = card

    @property
    def authentication_certificate(self) -> bytes:
        """See Signer."""
        return self._card.profile.authentication.der

    @property
    def signature_certificate(self) -> bytes:
        """See Signer."""
        return self._card.profile.signature.der

    @property
    def supports_pss(self) -> bool:
        """A CPS3 has none."""
        return self._card.supports_pss

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        """See Signer. Raises InvalidInput for a hash or a length that the card cannot take."""
        info, algorithm = digest_info(digest, hash_name)
        signature = self._card.use_key(lambda card, access: card.authenticate(info, access.authentication_key))
        return verified(self._card.profile.authentication, signature, digest, algorithm)

    def authenticate_pss(self, encoded: bytes) -> bytes:
        """See Signer."""
        certificate = self._card.profile.authentication
        check_pss(certificate, encoded)
        signature = self._card.use_key(
            lambda card, access: card.authenticate_encoded(encoded, access.authentication_key)
        )
        return verified_encoding(certificate, signature, encoded)

    def sign(self, message: bytes) -> bytes:
        """See Signer."""
        signature = self._card.use_key(lambda card, access: card.sign(message, access.signature_key))
        return verified(self._card.profile.signature, signature, message, hashes.SHA256())


def is_unblocking_code(code: bytearray) -> bool:
    """Eight digits."""
    return len(code) == UNBLOCKING_LENGTH and code.isdigit()
