"""A keyring in memory, so that starting the application neither needs nor touches the one of this machine."""

from __future__ import annotations

from keyring.backend import KeyringBackend


class Keyring(KeyringBackend):  # type: ignore[misc]  # the library has no types
    """Forgets with the process. Named to the ``keyring`` library by PYTHON_KEYRING_BACKEND."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """See KeyringBackend."""
        return self._kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """See KeyringBackend."""
        self._kept[service, username] = password
