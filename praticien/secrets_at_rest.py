"""Keys for what is kept on disk (AES-256-GCM): the system keyring, a passphrase, or a file for the demonstration."""

from __future__ import annotations

from pathlib import Path

KEY_BYTES = 32


def key_from_keyring(name: str = "outbox") -> bytes:
    """32-byte key kept by the system keyring, made at the first call. Raises KeyringUnavailable."""
    raise NotImplementedError


def key_from_passphrase(passphrase: bytearray, folder: Path) -> bytes:
    """32-byte key derived by scrypt; salt and a check value live in ``folder``. ``passphrase`` is overwritten.

    Raises WrongPassphrase.
    """
    raise NotImplementedError


def key_from_file(folder: Path) -> bytes:
    """32-byte key in a 0600 file of ``folder``: FOR THE DEMONSTRATION ONLY, whoever reads the disk reads the key."""
    raise NotImplementedError
