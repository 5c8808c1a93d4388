"""No deadline on examples: the machine may be busy, and nothing here is timed."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "praticien",
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("praticien")
