"""Examples of a strategy as a list: for witnesses that judge many documents in one go."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st


def drawn(strategy: st.SearchStrategy[Any], number: int, number_seed: int | None = None) -> list[Any]:
    """At most ``number`` examples; the same for the same seed and version of hypothesis."""
    found: list[Any] = []

    @settings(max_examples=number, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    (collect if number_seed is None else seed(number_seed)(collect))()
    return found
