"""What aiohttp says of requests that it cannot read, without a word of theirs: they may name a patient."""

from __future__ import annotations

import logging


class _Discreet(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0] if record.exc_info else None
        record.msg, record.args = "request not answered: %s", (kind.__name__ if kind else "unreadable",)
        record.exc_info = record.exc_text = None
        return True


log = logging.getLogger("reference_server.http")
log.addFilter(_Discreet())
