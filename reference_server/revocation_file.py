"""The authorities' revocation lists in a file: read at start, and again whenever the file changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from reference_server.certificates import TrustStore, Untrusted
from reference_server.errors import CannotStart

log = logging.getLogger(__name__)
_SOURCE = "file"


class RevocationFile:
    """PEM lists one after the other, or one DER list. Raises CannotStart when it cannot be used at start.

    A file that can no longer be read, or is damaged, changes nothing: what was revoked stays revoked.
    """

    def __init__(self, path: Path, trust: TrustStore) -> None:
        self._path, self._trust = path, trust
        self._seen: tuple[int, ...] = ()
        try:
            self._read()
        except (OSError, ValueError) as error:
            raise CannotStart("revocation list", sentence=_UNUSABLE) from error

    def refresh(self) -> None:
        """Take in what changed since."""
        try:
            self._read()
        except (OSError, ValueError) as error:
            log.error("revocation list not read: %s", type(error).__name__)

    def _read(self) -> None:
        stat = self._path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if stamp == self._seen:
            return
        octets = self._path.read_bytes()
        self._seen = stamp  # a damaged file is complained about once
        if not self._trust.load_revocations(octets, _SOURCE):
            raise Untrusted("le fichier ne contient aucune liste de révocation")


def following(path: Path | None, trust: TrustStore) -> Callable[[], None]:
    """What takes in changes of the file before each call; nothing without a file. Raises CannotStart."""
    return RevocationFile(path, trust).refresh if path else lambda: None


_UNUSABLE = (
    "Le fichier de révocation est illisible, vide, ou d’une autorité inconnue : "
    "donnez les listes (PEM ou DER) des autorités du serveur, ou lancez-le sans --crl."
)
