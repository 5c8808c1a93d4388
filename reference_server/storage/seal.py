"""The secret of a trace: signs its rows, and names patients without naming them. One file, made at first start."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reference_server.errors import CannotStart

_FILE = "trace.key"
_SIZE = 32


class Seal:
    """An Ed25519 signing key, and a key derived from it for pseudonyms."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self._pseudonyms = hmac.digest(secret, b"praticien trace pseudonyms", "sha256")
        self.public_key_text = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a first start took place."""
        return (folder / _FILE).exists()

    @classmethod
    def open_or_create(cls, folder: Path) -> Seal:
        """The seal kept in ``folder``; several processes may come first at once. Raises CannotStart."""
        path = folder / _FILE
        try:
            if not path.exists():
                _create(path)
            secret = path.read_bytes()
        except OSError as error:
            raise CannotStart("trace key") from error
        if len(secret) != _SIZE:
            raise CannotStart("trace key")
        return cls(secret)

    def sign(self, octets: bytes) -> str:
        """Signature, base 64."""
        return base64.b64encode(self._key.sign(octets)).decode()

    def pseudonym(self, text: str) -> str:
        """A keyed hash (hex), the same for the same text; empty for an empty text."""
        return hmac.new(self._pseudonyms, text.encode(), hashlib.sha256).hexdigest() if text else ""


def _create(path: Path) -> None:
    """Whole or not at all, and never over somebody else's."""
    made = path.with_name(f"{_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_SIZE))
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()
