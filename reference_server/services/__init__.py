"""One module a transaction. Each gives its handlers by qualified name of the request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reference_server.errors import Finding
from reference_server.exchange import Answer, Exchange, Request
from reference_server.vihf_content import Audience


@dataclass(frozen=True, slots=True)
class Handler:
    """How one request is answered. ``refuse`` turns broken metadata or query rules into the service's own answer.

    ``prepare`` does beforehand what needs no database, so that nobody waits for it, and gives ``Exchange.prepared``. It
    raises nothing: what it finds wrong is told by ``answer``, in its place among the refusals.
    """

    action: str
    answer: Callable[[Exchange], Answer]
    refuse: Callable[[tuple[Finding, ...]], Answer] | None = None
    audience: Audience = Audience.DMP
    prepare: Callable[[Request], object] | None = None
