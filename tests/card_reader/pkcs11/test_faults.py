"""Libraries that crash, hang, lie or are none; helpers that die: always a typed error, and it works again."""

from __future__ import annotations

import gc
import hashlib
import logging
import os
import signal
import subprocess
import sys
import textwrap
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from card_reader.cps import Deadlines
from card_reader.errors import CardError, CardRemoved, CardTimeout, PinBlocked, PinNeeded, WrongPin, WrongSignature
from card_reader.pkcs11 import library
from card_reader.pkcs11.errors import (
    LibraryCrashed,
    LibraryFailed,
    LibraryMissing,
    LibraryUnsupported,
    NotALibrary,
)
from card_reader.pkcs11.library import candidates, find_library, probe
from card_reader.pkcs11.process import HelperProcess
from tests.card_reader.pkcs11.conftest import Compile, Faults, Open
from tests.card_reader.pkcs11.test_softhsm import pin

SHORT = Deadlines(read=10.0, pin=1.0, sign=1.0)
DIGEST = hashlib.sha256(b"x").digest()


def alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process_id}/stat").read_text().split()[2] != "Z"


def eventually(condition: Callable[[], bool]) -> None:
    limit = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


# -- files that are no library -----------------------------------------------------------------------------------------


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing):
        probe(tmp_path / "libnowhere.so")
    with pytest.raises(LibraryMissing):
        find_library(tmp_path / "libnowhere.so")
    with pytest.raises(LibraryMissing):
        find_library(known=())


def test_the_configured_library_goes_first_then_the_known_places(tmp_path: Path) -> None:
    first, second = tmp_path / "first.so", tmp_path / "second.so"
    second.write_bytes(b"")
    assert find_library(known=(first, second)) == second
    first.write_bytes(b"")
    assert find_library(known=(first, second)) == first
    assert find_library(second, known=(first,)) == second


@pytest.mark.parametrize("system,name", [("linux", "_lux.so"), ("darwin", "_osx.dylib"), ("win32", "_w64.dll")])
def test_where_the_cryptolib_is(system: str, name: str) -> None:
    assert [path.name for path in candidates(system)] == [
        f"libcps3_pkcs11{name}".replace("libcps3_pkcs11_w", "cps3_pkcs11_w")
    ]


def test_no_known_place_on_another_system() -> None:
    assert candidates("plan9") == ()


@pytest.mark.parametrize("content", [b"", b"not a library\n", b"\x7fELF" + bytes(60)])
def test_a_file_that_is_no_library(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "libfake.so"
    path.write_bytes(content)
    with pytest.raises(NotALibrary):
        probe(path)


def test_a_library_that_is_not_pkcs11(compiled: Compile) -> None:
    with pytest.raises(NotALibrary):
        probe(compiled("int main_of_something_else(void) { return 0; }"))


@pytest.mark.parametrize(
    "body,expected",
    [
        ("return 0;", LibraryCrashed),  # success, and no list of functions
        ("__builtin_trap();", LibraryCrashed),
        ("_Exit(0);", LibraryCrashed),
        ("return 5;", LibraryFailed),
    ],
)
def test_a_library_that_fails_while_loading(compiled: Compile, body: str, expected: type[CardError]) -> None:
    with pytest.raises(expected):
        probe(compiled(f"#include <stdlib.h>\nunsigned long C_GetFunctionList(void *list) {{ {body} }}"))


def test_a_library_that_crashes_before_anything_of_it_is_called(compiled: Compile) -> None:
    with pytest.raises(LibraryCrashed):
        probe(compiled("__attribute__((constructor)) static void go(void) { __builtin_trap(); }"))


def test_a_library_that_never_comes_back(compiled: Compile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "START_SECONDS", 0.5)
    hangs = compiled("#include <unistd.h>\nunsigned long C_GetFunctionList(void *list) { for (;;) pause(); }")
    with pytest.raises(CardTimeout):
        probe(hangs)


def test_a_library_without_its_configuration(soft_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", "/nowhere")
    with pytest.raises(LibraryFailed) as caught:
        probe(soft_library)
    assert caught.value.detail == "GeneralError"


# -- libraries that fail in the middle ---------------------------------------------------------------------------------


def test_what_the_library_prints_is_not_taken_for_an_answer(shim: Path, faults: Faults, opened: Open) -> None:
    card = opened(shim)
    card.verify_pin(pin())
    card.signer.sign(b"x")


def test_one_entry_is_one_login(shim: Path, faults: Faults, opened: Open) -> None:
    card = opened(shim)
    with pytest.raises(WrongPin):
        card.verify_pin(pin("9999"))
    assert faults.logins == 1
    card.verify_pin(pin())
    assert faults.logins == 2


@pytest.mark.parametrize("fault,expected", [("crash", LibraryCrashed), ("hang", CardTimeout), ("48", LibraryFailed)])
def test_a_login_that_fails_is_not_repeated(
    shim: Path, faults: Faults, opened: Open, fault: str, expected: type[CardError]
) -> None:
    card = opened(shim, deadlines=SHORT)
    faults.arm(f"login {fault}")
    typed = pin()
    with pytest.raises(expected):
        card.verify_pin(typed)
    assert faults.logins == 1
    assert not any(typed)
    faults.heal()
    with pytest.raises(PinNeeded):
        card.signer.sign(b"x")
    card.verify_pin(pin())
    card.signer.sign(b"x")
    assert faults.logins == 2


@pytest.mark.parametrize("fault,expected", [("crash", LibraryCrashed), ("hang", CardTimeout)])
def test_a_signature_that_brings_the_library_down(
    shim: Path, faults: Faults, opened: Open, fault: str, expected: type[CardError]
) -> None:
    card = opened(shim, deadlines=SHORT)
    card.verify_pin(pin())
    faults.arm(f"sign {fault}")
    with pytest.raises(expected):
        card.signer.authenticate(DIGEST, "sha256")
    faults.heal()
    assert card.is_present()
    assert card.tries_left() == 3
    with pytest.raises(PinNeeded):  # no PIN is kept to log in again by itself
        card.signer.authenticate(DIGEST, "sha256")
    card.verify_pin(pin())
    card.signer.authenticate(DIGEST, "sha256")


def test_a_signature_that_does_not_verify_is_not_released(shim: Path, faults: Faults, opened: Open) -> None:
    card = opened(shim)
    card.verify_pin(pin())
    faults.arm("sign flip")
    with pytest.raises(WrongSignature):
        card.signer.sign(b"x")
    with pytest.raises(WrongSignature):
        card.signer.authenticate(DIGEST, "sha256")


@pytest.mark.parametrize(
    "value,expected",
    [
        (0x30, LibraryFailed),  # CKR_DEVICE_ERROR
        (0x32, CardRemoved),  # CKR_DEVICE_REMOVED
        (0x54, LibraryUnsupported),  # CKR_FUNCTION_NOT_SUPPORTED
        (0x70, LibraryUnsupported),  # CKR_MECHANISM_INVALID
        (0xB3, CardRemoved),  # CKR_SESSION_HANDLE_INVALID
        (0x101, PinNeeded),  # CKR_USER_NOT_LOGGED_IN
        (0x80001234, LibraryFailed),  # CKR_VENDOR_DEFINED
    ],
)
def test_return_values_of_a_signature(
    shim: Path, faults: Faults, opened: Open, value: int, expected: type[CardError]
) -> None:
    card = opened(shim)
    card.verify_pin(pin())
    faults.arm(f"sign {value}")
    with pytest.raises(expected):
        card.signer.sign(b"x")
    assert card.is_present() is (expected is not CardRemoved)


@pytest.mark.parametrize("value,expected", [(0xA4, PinBlocked), (0xA0, WrongPin), (0xE0, CardRemoved)])
def test_return_values_of_a_login(
    shim: Path, faults: Faults, opened: Open, value: int, expected: type[Exception]
) -> None:
    card = opened(shim)
    faults.arm(f"login {value}")
    with pytest.raises(expected):
        card.verify_pin(pin())


def test_a_failure_without_a_card_any_more_is_a_removal(shim: Path, faults: Faults, opened: Open) -> None:
    """Some libraries say CKR_DEVICE_ERROR when the card left, and the readers know a moment later."""
    looks: list[bool] = []

    def is_same_insertion() -> bool:
        looks.append(len(looks) < 3)
        return looks[-1]

    card = opened(shim, is_same_insertion=is_same_insertion)
    faults.arm("login 48")
    with pytest.raises(CardRemoved):
        card.verify_pin(pin())
    assert faults.logins == 1


def test_a_card_that_left_stays_away(shim: Path, faults: Faults, opened: Open) -> None:
    card = opened(shim)
    faults.arm("flags 224")  # CKR_TOKEN_NOT_PRESENT
    with pytest.raises(CardRemoved):
        card.tries_left()
    faults.heal()
    with pytest.raises(CardRemoved):
        card.tries_left()
    with pytest.raises(CardRemoved):
        card.signer.sign(b"x")
    assert not card.is_present()


# -- the helper --------------------------------------------------------------------------------------------------------


def test_a_helper_that_is_killed_is_replaced(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    card.verify_pin(pin())
    session = card._session
    assert session.process_id is not None
    os.kill(session.process_id, signal.SIGKILL)
    with pytest.raises(LibraryCrashed):
        card.signer.sign(b"x")
    card.verify_pin(pin())
    card.signer.sign(b"x")


def test_a_helper_that_is_killed_while_the_card_is_swapped(soft_library: Path, opened: Open) -> None:
    same = [True]
    card = opened(soft_library, is_same_insertion=lambda: same[0])
    assert card._session.process_id is not None
    os.kill(card._session.process_id, signal.SIGKILL)
    same[0] = False
    with pytest.raises(LibraryCrashed):
        card.tries_left()
    with pytest.raises(CardRemoved):
        card.tries_left()


def test_closing_leaves_no_process_behind(soft_library: Path, opened: Open) -> None:
    card = opened(soft_library)
    process_id = card._session.process_id
    assert process_id is not None
    assert alive(process_id)
    card.close()
    card.close()
    assert not alive(process_id)


def test_a_helper_dies_with_its_parent(shim: Path, faults: Faults) -> None:
    """Killed, the parent cannot ask for anything: even a helper that hangs in the library ends."""
    program = textwrap.dedent(
        f"""
        import os, signal, threading
        from pathlib import Path
        from card_reader.pkcs11.card import Pkcs11Card
        card = Pkcs11Card.open(Path({str(shim)!r}), "x", staff_role="")
        Path({str(faults.order)!r}).write_text("login hang")
        threading.Thread(target=card.verify_pin, args=(bytearray(b"1234"),), daemon=True).start()
        while not os.path.exists({faults.environment["SHIM_LOGINS"]!r}):
            pass
        print(card._session.process_id, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    parent = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    helper = int(parent.stdout)
    eventually(lambda: not alive(helper))


def test_a_helper_that_holds_everything_dies_too(compiled: Compile, tmp_path: Path) -> None:
    """Hung while loading, with Python's own lock held: only the system's alarm can end it."""
    mark = tmp_path / "loading"
    source = """
    #include <fcntl.h>
    #include <unistd.h>
    unsigned long C_GetFunctionList(void *list) { open("MARK", O_CREAT, 0600); for (;;) pause(); }
    """
    hangs = compiled(source.replace("MARK", str(mark)))
    program = textwrap.dedent(
        f"""
        import os, signal, threading
        from card_reader.pkcs11.process import HelperProcess
        helper = HelperProcess()
        threading.Thread(target=helper.call, args=(1.0, "load", {str(hangs).encode()!r}), daemon=True).start()
        while not os.path.exists({str(mark)!r}):
            pass
        print(helper.process_id, helper.is_alive, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    parent = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    helper, was_alive = parent.stdout.split()
    assert was_alive == b"True"
    eventually(lambda: not alive(int(helper)))


def test_a_closed_helper_answers_nothing() -> None:
    helper = HelperProcess()
    helper.close()
    with pytest.raises(LibraryCrashed):
        helper.call(1.0, "tokens")


@pytest.mark.parametrize("request_", [("dance",), ("load",), ("flags", b"x"), ("tokens",), ("sign", b"", b"", b"")])
def test_requests_that_make_no_sense_are_answered(request_: tuple[object, ...]) -> None:
    helper = HelperProcess()
    verb, *fields = request_
    with pytest.raises(LibraryFailed):
        helper.call(10.0, str(verb), *fields)  # type: ignore[arg-type]
    assert helper.is_alive
    helper.close()


# -- the PIN -----------------------------------------------------------------------------------------------------------

SECRET = "86420975"


def memory_holds(process_id: int, text: bytes) -> bool:
    """Whether any writable page of the process holds ``text``."""
    found = False
    with open(f"/proc/{process_id}/maps") as maps, open(f"/proc/{process_id}/mem", "rb", 0) as memory:
        for line in maps:
            addresses, rights, *_ = line.split()
            if "w" not in rights:
                continue
            start, end = (int(address, 16) for address in addresses.split("-"))
            try:
                memory.seek(start)
                found = found or text in memory.read(end - start)
            except OSError:
                continue
    return found


def test_the_pin_stays_nowhere(shim: Path, faults: Faults, opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    """Refused before SoftHSM sees it: what would be left is ours."""
    caplog.set_level(logging.DEBUG)
    card = opened(shim)
    faults.arm("login 160")
    typed = bytearray(SECRET.encode())
    with pytest.raises(WrongPin) as caught:
        card.verify_pin(typed)
    assert not any(typed)
    told = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert SECRET not in told + caplog.text
    process_id = card._session.process_id
    assert process_id is not None
    gc.collect()
    try:
        assert memory_holds(process_id, b"SHIM_FAULT")  # the search does find things
        assert not memory_holds(process_id, SECRET.encode())
    except PermissionError:
        pytest.skip("the memory of another process cannot be read here")


def test_no_variable_makes_the_library_write_what_it_exchanges(
    soft_library: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracing = {"CPS3_DEBUG", "CPS3_PKCS11_TRACES", "OPENSC_DEBUG"}
    for name in tracing:
        monkeypatch.setenv(name, "9")
    process_id = opened(soft_library)._session.process_id
    entries = Path(f"/proc/{process_id}/environ").read_bytes().split(b"\0")
    names = {entry.partition(b"=")[0].decode() for entry in entries}
    assert "SOFTHSM2_CONF" in names
    assert not names & tracing


def test_a_crash_leaves_no_core(soft_library: Path, opened: Open) -> None:
    process_id = opened(soft_library)._session.process_id
    limits = Path(f"/proc/{process_id}/limits").read_text()
    assert next(line for line in limits.splitlines() if "core file" in line).split()[4:6] == ["0", "0"]
