"""A professional card through PKCS#11: the same doors, rules and errors as the native way (``card_reader.cps``).

Certificates are chosen by the last byte of CKA_ID and by key usage together, so the two keys are never crossed; each
signature is verified with the certificate before it is released.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives import hashes

from card_reader.certificates import CardCertificate, read_certificate
from card_reader.cps import Deadlines, is_unblocking_code
from card_reader.cps3 import situation
from card_reader.errors import (
    CardError,
    NoCertificate,
    PinBlocked,
    PinFormat,
    PinNeeded,
    PinRefused,
    UnblockingCodeBlocked,
    WrongPin,
    WrongUnblockingCode,
)
from card_reader.keys import digest_info, holder_of, verified
from card_reader.pkcs11.errors import LibraryCrashed
from card_reader.pkcs11.session import TokenSession
from praticien.errors import InvalidInput
from praticien.pin_care import wipe
from praticien.ports import PadAct
from praticien.professional import CardHolder, PracticeSituation, Professional

_SIGNATURE_ID, _AUTHENTICATION_ID = 0x10, 0x20
_SHORTEST_PIN, _LONGEST_PIN = 4, 8
_INFO = "CPS_INFO_PS"
_ACTIVITY = re.compile(r"CPS_ACTIVITY_(0[1-9]|1[0-6])_PS")
_SPECIALTY = re.compile(rb"S[A-Z][0-9]{2}\Z")


@dataclass(frozen=True, slots=True)
class Tries:
    """PIN tries left. PKCS#11 has flags, not a counter: ``is_exact`` is False where a full count of 3 is supposed."""

    left: int
    is_exact: bool


_TRIES = {b"LOCKED": Tries(0, True), b"FINAL_TRY": Tries(1, True), b"COUNT_LOW": Tries(2, False), b"": Tries(3, False)}
_UNBLOCKING_TRIES = _TRIES | {b"": Tries(10, False)}
_USER, _OFFICER, _PAD = range(3)  # the fields of the helper's "flags"


class Pkcs11Card:
    """Implements ProfessionalCard and, through ``signer``, Signer. Open one with ``open``."""

    def __init__(
        self, session: TokenSession, *, staff_role: str, on_close: Callable[[], None], deadlines: Deadlines
    ) -> None:
        self._session, self._on_close, self._deadlines = session, on_close, deadlines
        self._has_pad = bytes(self._flags()[_PAD]) == b"PAD"
        self.signature, self.authentication = _certificates(session.ask(deadlines.read, "certificates"))
        holder = holder_of(self.signature, self.authentication, session.token.serial, staff_role)
        info = self._data(_INFO).get(_INFO, b"")
        self._holder = replace(holder, professional=_with_specialty(holder.professional, info))
        self._signer = Pkcs11Signer(self)

    @classmethod
    def open(
        cls,
        library: Path,
        reader: str,
        *,
        staff_role: str,
        is_same_insertion: Callable[[], bool] = lambda: True,
        on_close: Callable[[], None] = lambda: None,
        deadlines: Deadlines | None = None,
    ) -> Pkcs11Card:
        """The card in ``reader`` (its PC/SC name) through ``library``.

        ``on_close`` is called once the library let the card go, to reset it: logging out leaves the PIN verified with
        some libraries. Raises LibraryMissing, NotALibrary, LibraryCrashed, LibraryFailed, NoReader, NoCard,
        UnknownCard, NoCertificate, MalformedCard, CardTimeout.
        """
        session = TokenSession(library, reader, is_same_insertion)
        try:
            return cls(session, staff_role=staff_role, on_close=on_close, deadlines=deadlines or Deadlines())
        except BaseException:
            session.close()
            raise

    @property
    def holder(self) -> CardHolder:
        """See ProfessionalCard."""
        return self._holder

    @property
    def signer(self) -> Pkcs11Signer:
        """See ProfessionalCard."""
        return self._signer

    def tries(self) -> Tries:
        """What the token's flags say of the PIN now; costs no try."""
        return _TRIES.get(bytes(self._flags()[_USER]), _TRIES[b""])

    def tries_left(self) -> int:
        """See ProfessionalCard; ``tries`` says whether the number is exact."""
        return self.tries().left

    @property
    def on_pad(self) -> frozenset[PadAct]:
        """See ProfessionalCard: the PIN when the token asks for it in its own way, never a change (python-pkcs11)."""
        return frozenset({PadAct.VERIFY}) if self._has_pad else frozenset()

    def verify_pin(self, pin: bytearray | None) -> None:
        """See ProfessionalCard. Raises PinFormat (not sent), PinBlocked, WrongPin, CardError (maybe a try spent)."""
        try:
            if pin is None and self._has_pad:
                self._try(self._deadlines.pad, "login-on-pad")
            else:
                self._try(self._deadlines.pin, "login", _check_format(pin))
            self._session.is_logged_in = True
        finally:
            wipe(pin)
        self._holder = replace(self._holder, situations=self._situations())

    def change_pin(self, pin: bytearray | None, new: bytearray | None) -> None:
        """One C_SetPIN; both are overwritten. Raises PinFormat (``field`` pin or new_pin), WrongPin, PinBlocked."""
        try:
            self._try(self._deadlines.pin, "change", _check_format(pin), _check_format(new, "new_pin"))
        finally:
            wipe(pin, new)

    def unblocking_tries_left(self) -> int:
        """What the flags say of the security officer's PIN, which is the unblocking code; costs no try."""
        return _UNBLOCKING_TRIES.get(bytes(self._flags()[_OFFICER]), _UNBLOCKING_TRIES[b""]).left

    def unblock_pin(self, unblocking_code: bytearray | None, new: bytearray | None) -> None:
        """C_Login as security officer, then C_InitPIN, once each; both are overwritten.

        Raises PinFormat (``field`` unblocking_code or new_pin), WrongUnblockingCode, UnblockingCodeBlocked,
        LibraryUnsupported.
        """
        try:
            if unblocking_code is None or not is_unblocking_code(unblocking_code):
                raise PinFormat(field="unblocking_code")
            new_pin = _check_format(new, "new_pin")
            if self.unblocking_tries_left() == 0:
                raise UnblockingCodeBlocked
            self._session.is_logged_in = False
            self._unblock(unblocking_code, new_pin)
        finally:
            wipe(unblocking_code, new)

    def _unblock(self, code: bytearray, new: bytearray) -> None:
        try:
            self._session.ask(self._deadlines.pin, "unblock", code, new)
        except (WrongPin, PinBlocked):
            left = self.unblocking_tries_left()
            raise (WrongUnblockingCode(left) if left else UnblockingCodeBlocked()) from None

    def is_present(self) -> bool:
        """See ProfessionalCard."""
        return self._session.is_present

    def close(self) -> None:
        """See ProfessionalCard."""
        self._session.close()
        on_close, self._on_close = self._on_close, lambda: None
        on_close()

    def use_key(self, certificate: CardCertificate, mechanism: str, data: bytes) -> bytes:
        """C_Sign with the key of ``certificate``. Raises PinNeeded, CardRemoved, LibraryUnsupported…"""
        if self._session.is_present and not self._session.is_logged_in:
            raise PinNeeded
        answer = self._session.ask(self._deadlines.sign, "sign", certificate.identifier, mechanism.encode(), data)
        return b"".join(answer)

    def _flags(self) -> list[bytearray]:
        answer = self._session.ask(self._deadlines.pin, "flags")
        if len(answer) != 3:
            raise LibraryCrashed("answer")
        return answer

    def _try(self, seconds: float, verb: str, *codes: bytearray) -> None:
        """One try of the PIN, never repeated; the flags say what is left afterwards."""
        before = self.tries_left()
        if before == 0:
            raise PinBlocked
        self._session.is_logged_in = False
        try:
            self._session.ask(seconds, verb, *codes)
        except WrongPin:
            raise self._refusal(before - 1) from None

    def _refusal(self, expected: int) -> PinRefused:
        try:
            left = self.tries_left()
        except CardError:
            left = expected
        return WrongPin(left) if left else PinBlocked()

    def _data(self, prefix: str) -> dict[str, bytes]:
        """Data objects whose label begins with ``prefix``, those that can be seen now."""
        fields = self._session.ask(self._deadlines.read, "data", prefix.encode())
        labels = (bytes(label).decode("utf-8", "replace") for label in fields[::2])
        return dict(zip(labels, map(bytes, fields[1::2]), strict=False))

    def _situations(self) -> tuple[PracticeSituation, ...]:
        """CPS_ACTIVITY_01_PS to CPS_ACTIVITY_16_PS, absent and empty ones skipped. Raises MalformedCard."""
        found = []
        for label, content in sorted(self._data("CPS_ACTIVITY_").items()):
            number = _ACTIVITY.fullmatch(label)
            if number and content.strip(b"\x00\xff"):
                found.append(situation(int(number[1]), content))
        return tuple(found)


class Pkcs11Signer:
    """The two keys of an opened card."""

    def __init__(self, card: Pkcs11Card) -> None:
        self._card = card

    @property
    def authentication_certificate(self) -> bytes:
        """See Signer."""
        return self._card.authentication.der

    @property
    def signature_certificate(self) -> bytes:
        """See Signer."""
        return self._card.signature.der

    @property
    def supports_pss(self) -> bool:
        """No: a CPS3 has no PSS, and both ways answer alike."""
        return False

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        """See Signer: CKM_RSA_PKCS over a DigestInfo. Raises InvalidInput for a hash that the card cannot take."""
        info, algorithm = digest_info(digest, hash_name)
        signature = self._card.use_key(self._card.authentication, "RSA_PKCS", info)
        return verified(self._card.authentication, signature, digest, algorithm)

    def authenticate_pss(self, encoded: bytes) -> bytes:  # noqa: ARG002
        """See Signer."""
        raise InvalidInput("no PSS")

    def sign(self, message: bytes) -> bytes:
        """See Signer: CKM_SHA256_RSA_PKCS over the message, so that the card may make the last round of the hash."""
        signature = self._card.use_key(self._card.signature, "SHA256_RSA_PKCS", message)
        return verified(self._card.signature, signature, message, hashes.SHA256())


def _certificates(fields: list[bytearray]) -> tuple[CardCertificate, CardCertificate]:
    """Signature and authentication certificates among pairs of CKA_ID and CKA_VALUE. Raises NoCertificate."""
    pairs = list(zip(map(bytes, fields[::2]), map(bytes, fields[1::2]), strict=False))

    def choose(last_byte: int, fits: Callable[[CardCertificate], bool]) -> CardCertificate:
        named = (read_certificate(*pair) for pair in pairs if pair[0][-1:] == bytes([last_byte]))
        found = next((certificate for certificate in named if fits(certificate)), None)
        if found is None:
            raise NoCertificate(f"identifier {last_byte:02X}")
        return found

    return (
        choose(_SIGNATURE_ID, lambda certificate: certificate.for_signature),
        choose(_AUTHENTICATION_ID, lambda certificate: certificate.for_authentication),
    )


def _with_specialty(who: Professional, info: bytes) -> Professional:
    """CPS_INFO_PS ends with the specialty; it counts when the certificate has none (facts B4)."""
    found = _SPECIALTY.search(info.rstrip(b"\x00\xff "))
    if who.specialty or not who.profession or found is None:
        return who
    return replace(who, specialty=found[0].decode())


def _check_format(pin: bytearray | None, field: str = "pin") -> bytearray:
    """Four to eight digits; the library checks the card's own bounds. None would be a code typed on a pad."""
    if pin is None or not _SHORTEST_PIN <= len(pin) <= _LONGEST_PIN or not pin.isdigit():
        raise PinFormat(field=field)
    return pin
