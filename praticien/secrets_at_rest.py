"""Keys for what is kept on disk (AES-256-GCM, 32 bytes).

In use: the system keyring, or a passphrase where there is none. For the demonstration only: a file.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from praticien.errors import EnvironmentProblem, Refused

KEY_BYTES = 32
SERVICE = "praticien"
_PARAMETERS_FILE = "passphrase.json"
_KEY_FILE = "demonstration.key"
_COST = {"n": 2**16, "r": 8, "p": 1}
"""scrypt: 64 MB and a few tenths of a second for each guess."""
_MAX_N = 2**20


class KeyringUnavailable(EnvironmentProblem):
    """The system has no keyring, or it stays locked: a passphrase can be used instead."""

    code = "secrets.keyring"


class WrongPassphrase(Refused):
    """The passphrase is not the one this folder was made with."""

    code = "secrets.passphrase"


class KeyFileUnusable(EnvironmentProblem):
    """The file that holds the salt or the demonstration's key cannot be read or written, or was altered."""

    code = "secrets.file"


def key_from_keyring(name: str = "outbox") -> bytes:
    """The key called ``name`` in the system keyring, made at the first call. Raises KeyringUnavailable."""
    import keyring

    try:
        kept = keyring.get_password(SERVICE, name)
        if kept is None:
            keyring.set_password(SERVICE, name, base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
            kept = keyring.get_password(SERVICE, name)  # some backends forget in silence
        key = base64.b64decode(kept or "", validate=True)
    except Exception as error:  # backends raise their own errors of every kind
        raise KeyringUnavailable(type(error).__name__) from None
    if len(key) != KEY_BYTES:
        raise KeyringUnavailable("not a key")
    return key


def key_from_passphrase(passphrase: bytearray, folder: Path) -> bytes:
    """The key that ``passphrase`` (UTF-8) gives by scrypt; salt and a check value live in ``folder``.

    The first call in a folder chooses the passphrase. ``passphrase`` is overwritten. Raises WrongPassphrase,
    KeyFileUnusable.
    """
    path = folder / _PARAMETERS_FILE
    try:
        known = _read_parameters(path)
        parameters = known or {"version": 1, **_COST, "salt": secrets.token_hex(16)}
        key, check = _derive(bytes(passphrase), parameters)
    finally:
        passphrase[:] = bytes(len(passphrase))
    if known is None:
        _write_private(path, json.dumps({**parameters, "check": check}).encode())
    elif not hmac.compare_digest(check, known["check"]):
        raise WrongPassphrase
    return key


def key_from_file(folder: Path) -> bytes:
    """The key kept in a 0600 file of ``folder``: FOR THE DEMONSTRATION ONLY, whoever reads the disk reads the key.

    Raises KeyFileUnusable.
    """
    path = folder / _KEY_FILE
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = secrets.token_bytes(KEY_BYTES)
        _write_private(path, key)
    except OSError as error:
        raise KeyFileUnusable(f"errno {error.errno}") from None
    if len(key) != KEY_BYTES:
        raise KeyFileUnusable("wrong length")
    return key


def _derive(passphrase: bytes, parameters: dict[str, Any]) -> tuple[bytes, str]:
    """Key, and a value that tells a wrong passphrase without telling anything of the key."""
    salt = bytes.fromhex(parameters["salt"])
    kdf = Scrypt(salt=salt, length=2 * KEY_BYTES, n=parameters["n"], r=parameters["r"], p=parameters["p"])
    derived = kdf.derive(passphrase)
    return derived[:KEY_BYTES], hashlib.sha256(derived[KEY_BYTES:]).hexdigest()


def _read_parameters(path: Path) -> dict[str, Any] | None:
    """The folder's parameters, None when there are none yet. Raises KeyFileUnusable."""
    try:
        parameters = json.loads(path.read_bytes())
        sound = parameters["version"] == 1 and 2**14 <= parameters["n"] <= _MAX_N and len(parameters["check"]) == 64
        sound = (
            sound and 1 <= parameters["r"] <= 32 and 1 <= parameters["p"] <= 16 and bytes.fromhex(parameters["salt"])
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyFileUnusable(type(error).__name__) from None
    if not sound:
        raise KeyFileUnusable("altered")
    return dict(parameters)


def _write_private(path: Path, data: bytes) -> None:
    """A new file with mode 0600, durable."""
    aside = path.with_suffix(".aside")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise KeyFileUnusable(f"errno {error.errno}") from None
