"""Encrypted, durable files of one folder: write aside, fsync, replace; one process at a time; damaged files parked.

Each file is AES-256-GCM under a fresh nonce, bound to its own name, so that files cannot be exchanged. Nothing is in
clear, file names are random.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from praticien.errors import EnvironmentProblem, Refused

_MAGIC = b"PRATICIEN-OUTBOX-1\n"
_NONCE = 12
_NAME = re.compile(r"[0-9a-f]{32}")
_CHECK = "key"


class OutboxBusy(EnvironmentProblem):
    """Another Praticien uses this folder."""

    code = "outbox.busy"


class OutboxUnavailable(EnvironmentProblem):
    """The folder cannot be read or written (disk full, rights): what was asked did not happen."""

    code = "outbox.disk"


class WrongOutboxKey(Refused):
    """The key opens nothing in this folder: nothing was touched."""

    code = "outbox.wrong_key"


class Damaged(Exception):
    """A file that does not decrypt, internal to the outbox."""


def new_name() -> str:
    """A random file name."""
    return secrets.token_hex(16)


class Store:
    """Named blobs in a folder. Raises OutboxBusy, OutboxUnavailable, WrongOutboxKey."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._folder = folder
        with _disk():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = _lock(folder / "lock")
        try:
            self._sweep()
            self._check_key()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the folder go; never raises."""
        with contextlib.suppress(OSError):
            os.close(self._lock)

    def names(self) -> list[str]:
        """Names of the blobs."""
        return self._named(".item")

    def parked(self) -> list[tuple[str, float]]:
        """Names and times (seconds since 1970) of the damaged files set aside."""
        with _disk():
            return [(name, self._path(name, ".damaged").stat().st_mtime) for name in self._named(".damaged")]

    def read(self, name: str) -> bytes:
        """One blob. Raises Damaged."""
        with _disk():
            sealed = self._path(name).read_bytes()
        return self._unseal(name, sealed)

    def write(self, name: str, data: bytes) -> None:
        """Durable when it returns; until then the former content stays."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = _MAGIC + nonce + self._cipher.encrypt(nonce, data, _MAGIC + name.encode())
        with _disk():
            _replace(self._path(name), sealed)

    def park(self, name: str) -> None:
        """Set a damaged file aside, under the same name; its bytes stay."""
        with _disk():
            self._path(name).replace(self._path(name, ".damaged"))
            _sync_folder(self._folder)

    def erase(self, name: str) -> None:
        """Remove a blob or a damaged file."""
        with _disk():
            self._path(name).unlink(missing_ok=True)
            self._path(name, ".damaged").unlink(missing_ok=True)
            _sync_folder(self._folder)

    def _path(self, name: str, suffix: str = ".item") -> Path:
        return self._folder / f"{name}{suffix}"

    def _named(self, suffix: str) -> list[str]:
        with _disk():
            return sorted(p.stem for p in self._folder.glob(f"*{suffix}") if _NAME.fullmatch(p.stem))

    def _unseal(self, name: str, sealed: bytes) -> bytes:
        start = len(_MAGIC) + _NONCE
        if len(sealed) < start or not sealed.startswith(_MAGIC):
            raise Damaged
        try:
            return self._cipher.decrypt(sealed[len(_MAGIC) : start], sealed[start:], _MAGIC + name.encode())
        except InvalidTag:
            raise Damaged from None

    def _sweep(self) -> None:
        """Half-written files of a crash were never promised to anybody."""
        with _disk():
            for leftover in self._folder.glob("*.aside"):
                leftover.unlink()

    def _check_key(self) -> None:
        """A wrong key must not make every file look damaged: it opens the key file, or at least one item."""
        if self._opens(_CHECK):
            return
        names = self.names()
        if names and not any(self._opens(name) for name in names):
            raise WrongOutboxKey
        self.write(_CHECK, b"")

    def _opens(self, name: str) -> bool:
        try:
            self.read(name)
        except (Damaged, OutboxUnavailable):
            return False
        return True


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutboxUnavailable(f"errno {error.errno}") from None


def _replace(path: Path, data: bytes) -> None:
    aside = path.with_suffix(".aside")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the names durable too; Windows has no such call and does it with the rename."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(path: Path) -> int:
    """An open descriptor that holds the folder until closed (the system lets it go when the process dies)."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise OutboxBusy from None
    return descriptor
