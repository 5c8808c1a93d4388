"""Files that the user chose, read in background tasks."""

from __future__ import annotations

from pathlib import Path

from praticien.errors import EnvironmentProblem


class UnreadableFile(EnvironmentProblem):
    """The file chosen cannot be read from the disk."""

    code = "file.unreadable"


def read_bytes(path: Path, most: int) -> bytes:
    """The file, and one byte more than ``most`` when it is larger. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise UnreadableFile(type(error).__name__) from None
