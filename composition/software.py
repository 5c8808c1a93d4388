"""What the software calls itself."""

from __future__ import annotations

import importlib.metadata

NAME = "Praticien"
APPLICATION = "praticien"
DEMONSTRATION = "praticien-demonstration"


def version() -> str:
    """The installed version."""
    try:
        return importlib.metadata.version(APPLICATION)
    except importlib.metadata.PackageNotFoundError:
        return "0"
