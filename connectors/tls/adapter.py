"""A requests transport over a CardContext."""

from __future__ import annotations

from typing import Any

from requests.adapters import HTTPAdapter

from connectors.tls.card_key import CardContext


class CardAdapter(HTTPAdapter):
    """Keeps a few connections alive. Trusts what its context trusts: neither the system's nor requests' bundle."""

    def __init__(self, context: CardContext) -> None:
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=4, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """One pool, with our context."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002
        """Verification is the context's and cannot be turned off."""
        conn.cert_reqs = "CERT_REQUIRED"

    def drop_idle(self) -> None:
        """Close the connections that wait; the next request opens its own."""
        self.poolmanager.clear()
