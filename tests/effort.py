"""How much the generated tests try: enough for every change, or ten times as much with ``PRATICIEN_THOROUGH=1``."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("PRATICIEN_THOROUGH", "") not in ("", "0")


def examples(number: int) -> int:
    """``number`` in the ordinary run."""
    return number * 10 if THOROUGH else number
