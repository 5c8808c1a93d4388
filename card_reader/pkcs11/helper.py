"""The helper process: the only place where the third-party library is loaded (``python -m card_reader.pkcs11.helper``).

It reads requests on standard input and answers on standard output (``framing``): verb and fields in; "ok" and fields,
or "error" and the name of the return value, out. Nothing that the library prints reaches either of them, and no failure
tells more than its name. It ends when its input closes, even during a call; where the system can, an alarm ends it soon
after a call's deadline, even when the library never gives the processor back.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from pkcs11 import PROTECTED_AUTH, Attribute, Mechanism, ObjectClass, PKCS11Error, TokenFlag, lib

from card_reader.pkcs11 import framing
from card_reader.pkcs11.errors import NOT_A_LIBRARY

MOST_OBJECTS = 64
_FAREWELL = 2.0
_GRACE = 2
Fields = list[bytes]


class PinBuffer:
    """Lends a buffer to python-pkcs11, which asks a PIN for its encoding: the bytes are never copied into a str."""

    def __init__(self, pin: bytearray) -> None:
        self._pin = pin

    def encode(self, _encoding: str) -> bytearray:
        """The very buffer."""
        return self._pin


class Module:
    """One library, one token, one session; ``verbs`` are the requests it takes."""

    def __init__(self) -> None:
        self._library: Any = None
        self._slot: Any = None
        self._session: Any = None
        self._logged_in: Any = None
        self.verbs: dict[str, Callable[..., Fields]] = {
            "load": self.load,
            "tokens": self.tokens,
            "open": self.open,
            "flags": self.flags,
            "certificates": self.certificates,
            "data": self.data,
            "login": self.login,
            "login-on-pad": self.login_on_pad,
            "change": self.change,
            "unblock": self.unblock,
            "sign": self.sign,
        }

    def load(self, path: bytearray) -> Fields:
        """C_Initialize: manufacturer, description, library version, Cryptoki version."""
        self._library = library = lib(path.decode())
        versions = (".".join(map(str, version)) for version in (library.library_version, library.cryptoki_version))
        return [text.encode() for text in (library.manufacturer_id, library.library_description, *versions)]

    def tokens(self) -> Fields:
        """Four fields a slot: number, description, serial number of its token, state (token, empty, unknown)."""
        found: Fields = []
        for slot in self._library.get_slots():
            found += [str(slot.slot_id).encode(), slot.slot_description.encode(), *_state(slot)]
        return found

    def open(self, number: bytearray) -> Fields:
        """C_OpenSession on the token of that slot."""
        self._slot = next(slot for slot in self._library.get_slots() if slot.slot_id == int(number))
        self._session = self._slot.get_token().open()
        return []

    def flags(self) -> Fields:
        """What the token says now: the counters of USER_PIN and SO_PIN, and PAD when the PIN is typed on the reader."""
        flags = self._slot.get_token().flags
        pad = b"PAD" if flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH else b""
        return [_counter(flags, "USER_PIN_"), _counter(flags, "SO_PIN_"), pad]

    def certificates(self) -> Fields:
        """CKA_ID and CKA_VALUE of each."""
        found: Fields = []
        for each in self._objects(ObjectClass.CERTIFICATE):
            found += [each[Attribute.ID], each[Attribute.VALUE]]
        return found

    def data(self, prefix: bytearray) -> Fields:
        """CKA_LABEL and CKA_VALUE of the data objects whose label begins with ``prefix``."""
        found: Fields = []
        for each in self._objects(ObjectClass.DATA):
            label = _label(each)
            if label.startswith(prefix):
                found += [label, each[Attribute.VALUE]]
        return found

    def login(self, pin: bytearray) -> Fields:
        """One C_Login; the buffer is overwritten."""
        try:
            self._logout()
            self._logged_in = self._slot.get_token().open(user_pin=PinBuffer(pin))
        finally:
            pin[:] = bytes(len(pin))
        return []

    def login_on_pad(self) -> Fields:
        """One C_Login without PIN: the library has it typed on the reader."""
        self._logout()
        self._logged_in = self._slot.get_token().open(user_pin=PROTECTED_AUTH)
        return []

    def unblock(self, code: bytearray, new: bytearray) -> Fields:
        """One C_Login as security officer and one C_InitPIN; both buffers are overwritten.

        Our own session is closed meanwhile: with one that only reads, a security officer is refused (PKCS#11 2.20).
        """
        try:
            self._logout()
            self._session.close()
            with self._slot.get_token().open(rw=True, so_pin=PinBuffer(code)) as session:
                session.init_pin(PinBuffer(new))
        finally:
            code[:], new[:] = bytes(len(code)), bytes(len(new))
            self._session = self._slot.get_token().open()
        return []

    def change(self, pin: bytearray, new: bytearray) -> Fields:
        """One C_SetPIN; both buffers are overwritten."""
        try:
            with self._slot.get_token().open(rw=True) as session:
                session.set_pin(PinBuffer(pin), PinBuffer(new))
        finally:
            pin[:], new[:] = bytes(len(pin)), bytes(len(new))
        return []

    def sign(self, identifier: bytearray, mechanism: bytearray, data: bytearray) -> Fields:
        """C_Sign with the private key of that CKA_ID."""
        wanted = bytes(identifier)
        keys = [key for key in self._objects(ObjectClass.PRIVATE_KEY) if key[Attribute.ID] == wanted]
        if not keys:
            return _no_key(logged_in=self._logged_in is not None)
        return [keys[0].sign(bytes(data), mechanism=Mechanism[mechanism.decode()])]

    def close(self) -> None:
        """C_Logout, C_CloseSession, C_Finalize."""
        self._logout()
        if self._session is not None:
            self._session.close()
        if self._library is not None:
            self._library.finalize()

    def _logout(self) -> None:
        logged_in, self._logged_in = self._logged_in, None
        if logged_in is not None:
            with contextlib.suppress(PKCS11Error):  # another program may have ended it
                logged_in.close()

    def _objects(self, kind: ObjectClass) -> Iterator[Any]:
        """Always by class: some libraries list objects of kinds that python-pkcs11 does not know."""
        found = list(self._session.get_objects({Attribute.CLASS: kind}))
        return iter(found[:MOST_OBJECTS])


def _counter(flags: Any, prefix: str) -> bytes:
    """LOCKED, FINAL_TRY or COUNT_LOW, the gravest of these flags, else nothing."""
    states = ("LOCKED", "FINAL_TRY", "COUNT_LOW")
    return next((state for state in states if flags & TokenFlag[prefix + state]), "").encode()


def _state(slot: Any) -> tuple[bytes, bytes]:
    try:
        token = slot.get_token()
    except PKCS11Error as problem:
        return b"", b"empty" if type(problem).__name__ == "TokenNotPresent" else b"unknown"
    return token.serial, b"token" if token.flags & TokenFlag.TOKEN_INITIALIZED else b"empty"


def _label(data: Any) -> bytes:
    try:
        return str(data[Attribute.LABEL]).encode()
    except UnicodeDecodeError:  # none of the labels that we look for
        return b""


def _no_key(*, logged_in: bool) -> Fields:
    """Private keys are invisible before the PIN, without any error."""
    raise LookupError("NoSuchKey" if logged_in else "UserNotLoggedIn")


def name_of(problem: BaseException, verb: str) -> str:
    """The name that travels: python-pkcs11's root class means that the file could not be loaded at all."""
    if isinstance(problem, LookupError) and problem.args:
        return str(problem.args[0])
    if verb == "load" and type(problem) is PKCS11Error:
        return NOT_A_LIBRARY
    return type(problem).__name__


def answer(module: Module, request: list[bytearray]) -> bytearray:
    """Do what ``request`` says: seconds, verb, fields."""
    seconds, verb, *fields = request
    name = verb.decode()
    _alarm(int(seconds) + _GRACE)
    try:
        return framing.pack(b"ok", *module.verbs[name](*fields))
    except Exception as problem:  # whatever it is, only its name leaves
        return framing.pack(b"error", name_of(problem, name).encode())
    finally:
        _alarm(0)


def _alarm(seconds: int) -> None:
    """End this process after ``seconds`` by the system's hand (SIGALRM unhandled); 0 cancels."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _listen(source: BinaryIO, requests: queue.SimpleQueue[list[bytearray] | None]) -> None:
    """In a thread: requests as they come; once the other side is gone, the process has a moment left."""
    try:
        while (request := framing.read(source)) is not None:
            requests.put(request)
    finally:
        requests.put(None)
        threading.Event().wait(_FAREWELL)
        os._exit(0)


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our ends, moved away from 0 and 1: what the library reads and prints goes nowhere."""
    source, sink = os.fdopen(os.dup(0), "rb", 0), os.fdopen(os.dup(1), "wb", 0)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return source, sink


def _leave_no_core() -> None:
    """A core file would hold the PIN."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve until the input closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for our parent, which closes our input
    _leave_no_core()
    source, sink = _own_pipes()
    requests: queue.SimpleQueue[list[bytearray] | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(source, requests), daemon=True).start()
    module = Module()
    while (request := requests.get()) is not None:
        framing.write(sink, answer(module, request))
    with contextlib.suppress(PKCS11Error):
        module.close()
    os._exit(0)


if __name__ == "__main__":
    main()
