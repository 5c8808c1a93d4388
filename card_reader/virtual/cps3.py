"""A virtual CPS3 (IAS-ECC over T=0): files, PIN, signature and authentication keys that really compute.

Sources: the commands that ANS dops-cryptolib and OpenSC send (SELECT by path P1=09, GET DATA of security objects, MSE
and PSO with the last hash round on the card, INTERNAL AUTHENTICATE over a DigestInfo).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from card_reader.errors import MalformedCard
from card_reader.sha256 import LastRound, finish
from card_reader.tlv import Tlv, encode, find, find_optional, parse
from card_reader.virtual.card import Command, StatusWord
from card_reader.virtual.cps3_files import (
    AUTHENTICATION_KEY,
    PIN_MAX,
    PIN_MIN,
    PIN_REFERENCE,
    SIGNATURE_KEY,
    UNBLOCKING_REFERENCE,
    Layout,
    file_system,
)
from card_reader.virtual.files import ALWAYS, BY_FID, BY_NAME, BY_PATH, NEVER, USER, Selection
from card_reader.virtual.personalisation import CpsPersonalisation
from card_reader.virtual.pin import SecretCode
from card_reader.virtual.rsa import sign_digest_info
from card_reader.virtual.t0 import T0Card

DIGEST_INFO_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
_HASH_SHA256, _SIGN_SHA256, _AUTHENTICATE = 0x40, 0x42, 0x02
_USAGE_COUNT = 100


@dataclass(slots=True)
class _Environment:
    """The security environment: what MSE SET prepared since the last reset."""

    hash_algorithm: int = 0
    signature: tuple[int, int] = (0, 0)  # key, algorithm
    authentication: tuple[int, int] = (0, 0)
    digest: bytes = b""


class VirtualCps3(T0Card):
    """One card of one fictitious professional."""

    layout: ClassVar[Layout] = Layout()

    def __init__(self, personalisation: CpsPersonalisation) -> None:
        super().__init__(personalisation.atr)
        self.personalisation = personalisation
        self._master = file_system(personalisation, self.layout)
        self.renew()
        self._keys = {
            self.layout.signature_key: personalisation.signature.key,
            self.layout.authentication_key: personalisation.authentication.key,
        }
        self._handlers: dict[int, Callable[[Command], bytes]] = {
            0xA4: self._select,
            0xB0: self._read_binary,
            0xCB: self._get_data,
            0x20: self._verify,
            0x24: self._change,
            0x2C: self._unblock,
            0x22: self._manage_environment,
            0x2A: self._perform_operation,
            0x88: self._internal_authenticate,
        }
        self.forget()

    def renew(self) -> None:
        """Secret codes and counters as personalised, as if the card were just made."""
        personalisation = self.personalisation
        self._codes = {
            PIN_REFERENCE: SecretCode(
                personalisation.pin.encode(), 3, personalisation.pin_tries_left, PIN_MIN, PIN_MAX
            ),
            UNBLOCKING_REFERENCE: SecretCode(
                personalisation.unblocking_code.encode(), 10, personalisation.unblocking_tries_left, 8, 8
            ),
        }

    @property
    def pin_tries_left(self) -> int:
        """Tries left, as the card's memory holds them (for the card table and tests)."""
        return self._codes[PIN_REFERENCE].tries_left

    @property
    def present_pin(self) -> str:
        """The fictitious PIN as it is now, for what the card table prints."""
        return self._codes[PIN_REFERENCE].value.decode("ascii")

    def forget(self) -> None:
        """A reset drops selection, verified PIN and security environment; counters stay."""
        self._selection = Selection(self._master)
        self._verified = False
        self._environment = _Environment()

    def execute(self, command: Command) -> bytes:
        """Dispatch on INS."""
        if command.cla & ~0x10:
            raise StatusWord(0x6E00)
        handler = self._handlers.get(command.ins)
        if handler is None:
            raise StatusWord(0x6D00)
        try:
            return handler(command)
        except MalformedCard:  # the command's data is no TLV
            raise StatusWord(0x6A80) from None

    # -- files ---------------------------------------------------------------------------------------------

    def _select(self, command: Command) -> bytes:
        return self._selection.select(command, BY_PATH | BY_NAME | BY_FID)

    def _read_binary(self, command: Command) -> bytes:
        file, offset = self._selection.addressed(command)
        self._require(file.read)
        return file.slice(offset, command.le)

    def _require(self, condition: int) -> None:
        if condition == NEVER or (condition == USER and not self._verified):
            raise StatusWord(0x6982)

    # -- security objects ------------------------------------------------------------------------------------

    def _get_data(self, command: Command) -> bytes:
        if command.p1p2 != 0x3FFF:
            raise StatusWord(0x6A88)
        header_list = find(parse(command.data), 0x4D)  # an extended header list: primitive tag, elements inside
        wanted = find(parse(header_list.value), 0x70).children()[0]
        if wanted.value[-1:] != b"\x80":
            raise StatusWord(0x6A80)
        family, reference = wanted.tag >> 8, wanted.tag & 0x7F
        part = int.from_bytes(wanted.value[:-1], "big")
        content = self._code_object(reference, part) if family == 0xBF81 else self._key_object(family, reference, part)
        return encode(0x70, encode(wanted.tag, content))

    def _code_object(self, reference: int, part: int) -> bytes:
        code = self._codes.get(reference)
        if code is None:
            raise StatusWord(0x6A88)
        if part == 0x7F41:
            return encode(0x7F41, encode(0x80, bytes([code.max_length])), encode(0x81, bytes([code.min_length])))
        if part != 0xA0:
            raise StatusWord(0x6A80)
        return encode(
            0xA0,
            encode(0x9A, bytes([code.max_tries])),
            encode(0x9B, bytes([code.tries_left])),
            encode(0x9D, _USAGE_COUNT.to_bytes(2, "big")),
            encode(0xA1, encode(0x8C, bytes([0xF3, ALWAYS, ALWAYS, USER, NEVER, ALWAYS]))),
        )

    def _key_object(self, family: int, reference: int, part: int) -> bytes:
        key = self._keys.get(reference | 0x80)
        if family != 0xBF90 or key is None:
            raise StatusWord(0x6A88)
        if part != 0xA0:
            raise StatusWord(0x6A80)
        signs = reference | 0x80 == SIGNATURE_KEY
        rules = [USER if signs else NEVER, NEVER if signs else USER, NEVER, NEVER, NEVER, NEVER, ALWAYS]
        size = (key.key_size // 8).to_bytes(2, "big")
        return encode(0xA0, encode(0x80, size), encode(0xA1, encode(0x8C, bytes([0x7F, *rules]))))

    # -- secret codes ----------------------------------------------------------------------------------------

    def _code(self, command: Command) -> SecretCode:
        if command.p1 not in (0, 1) or command.p2 & 0x7F != PIN_REFERENCE:
            raise StatusWord(0x6A88)
        return self._codes[PIN_REFERENCE]

    def _verify(self, command: Command) -> bytes:
        code = self._code(command)
        if not command.data:
            code.status(verified=self._verified)
            return b""
        self._verified = False
        code.check(command.data)
        self._verified = True
        return b""

    def _change(self, command: Command) -> bytes:
        code = self._code(command)
        old, new = command.data[: len(code.value)], command.data[len(code.value) :]
        self._verified = False
        code.check(old)
        code.replace(new)
        return b""

    def _unblock(self, command: Command) -> bytes:
        code, unblocking = self._code(command), self._codes[UNBLOCKING_REFERENCE]
        length = len(unblocking.value)
        unblocking.check(command.data[:length])
        code.replace(command.data[length:])
        return b""

    # -- keys ------------------------------------------------------------------------------------------------

    def _manage_environment(self, command: Command) -> bytes:
        if command.p1 & 0x0F != 0x01:
            raise StatusWord(0x6A86)
        parts = parse(command.data)
        algorithm = _one_byte(find_optional(parts, 0x80))
        key = _one_byte(find_optional(parts, 0x84))
        environment = self._environment
        if command.p2 == 0xAA:
            environment.hash_algorithm = algorithm
        elif command.p2 == 0xB6:
            environment.signature = (key, algorithm)
        elif command.p2 == 0xA4:
            environment.authentication = (key, algorithm)
        else:
            raise StatusWord(0x6A86)
        return b""

    def _perform_operation(self, command: Command) -> bytes:
        if command.p1p2 == 0x90A0:
            return self._hash_last_round(command.data)
        if command.p1p2 == 0x9E9A:
            return self._compute_signature(command.data)
        raise StatusWord(0x6A86)

    def _hash_last_round(self, data: bytes) -> bytes:
        if self._environment.hash_algorithm != _HASH_SHA256:
            raise StatusWord(0x6985)
        parts = parse(data)
        start, rest = find(parts, 0x90).value, find(parts, 0x80).value
        state, counter = start[:32], start[32:]
        bits = int.from_bytes(counter, "big")
        if len(start) not in (0, 40) or len(rest) > 64 or bits % 512:
            raise StatusWord(0x6A80)
        self._environment.digest = finish(LastRound(state, bits, rest))
        return b""

    def _compute_signature(self, data: bytes) -> bytes:
        environment = self._environment
        if environment.signature != (SIGNATURE_KEY, _SIGN_SHA256):
            raise StatusWord(0x6985)
        self._require(USER)
        if data and not (self.personalisation.accepts_outside_hash and len(data) == 32):
            raise StatusWord(0x6A80)
        digest = data or environment.digest
        environment.digest = b""
        if not digest:
            raise StatusWord(0x6985)
        return sign_digest_info(self._keys[SIGNATURE_KEY], DIGEST_INFO_SHA256 + digest)

    def _internal_authenticate(self, command: Command) -> bytes:
        if self._environment.authentication != (AUTHENTICATION_KEY, _AUTHENTICATE):
            raise StatusWord(0x6985)
        self._require(USER)
        key = self._keys[AUTHENTICATION_KEY]
        if not 0 < len(command.data) <= key.key_size // 8 * 2 // 5:  # 40 % of the modulus
            raise StatusWord(0x6700)
        return sign_digest_info(key, command.data)


def _one_byte(element: Tlv | None) -> int:
    if element is None:
        return 0
    if len(element.value) != 1:
        raise StatusWord(0x6A80)
    return element.value[0]
