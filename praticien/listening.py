"""Where laboratories send their results: an address of this machine, and who may speak to it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path

from praticien.errors import InvalidInput


class InvalidAddress(InvalidInput):
    """Not an address to listen on, or one open to everybody."""

    code = "listening.invalid"


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """``host`` is an IP address of this machine, ``port`` 0 means a free one, ``allowed`` addresses or networks."""

    host: str
    port: int
    allowed: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, allowed: tuple[str, ...] = ()) -> ListenAddress:
        """``127.0.0.1:2575`` or ``[::1]:2575``. MLLP is in clear and names nobody: beyond this machine, ``allowed``
        must say who may send.

        Raises InvalidAddress.
        """
        match = re.fullmatch(r"(?:\[([0-9a-fA-F:]+)\]|([0-9.]+)):(\d{1,5})", text.strip())
        try:
            host = ipaddress.ip_address((match[1] or match[2]) if match else "")
            networks = tuple(str(ipaddress.ip_network(each)) for each in allowed)
        except ValueError:
            raise InvalidAddress("IP address and port expected", field="listen") from None
        port = int(match[3]) if match else 0
        if port > 65_535:
            raise InvalidAddress("port", field="listen")
        if not host.is_loopback and not networks:
            raise InvalidAddress("who may send?", field="allow")
        return cls(str(host), port, networks)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files: our certificate (and its chain), its key, and, when senders must show one, who signs theirs."""

    certificate: Path
    key: Path
    clients: Path | None = None
