"""Where the server is and who we are: the two values that ``connecting`` needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes beyond which an exchange is given up.

    ``connect`` covers TCP and TLS together with the card's signature; ``read`` is the longest silence; ``total`` the
    whole exchange, so that a server that drips one byte a second ends too. ``answer`` is the largest answer, ``xml``
    its largest XML part.
    """

    connect: float = 15.0
    read: float = 30.0
    total: float = 120.0
    answer: int = 64 * 1024 * 1024
    xml: int = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DmpEndpoint:
    """``base_url`` without a final slash (https), and the PEM file of the authorities that its certificate must come
    from."""

    base_url: str
    ca_file: Path
    limits: Limits = field(default=Limits())

    def url(self, service: str) -> str:
        """The address of one service: patients, habilitations, registry, repository or insi."""
        return f"{self.base_url.rstrip('/')}/{service}"


@dataclass(frozen=True, slots=True)
class Software:
    """This product as the VIHF names it (LPS_Nom, LPS_Version, LPS_ID, LPS_ID_HOMOLOGATION_DMP).

    ``oid`` identifies the installation as an HL7 sender. ``homologation_id`` is fictitious: this product has none, and
    an editor keeps a real one secret (EX_GEN-1490).
    """

    name: str
    version: str
    installation_id: str
    oid: str
    homologation_id: str = "FICTIF-0000"
