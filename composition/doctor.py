"""The reader doctor with what it looks at, for the window and for ``main.py diagnose``."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from composition.refusals import NO_PYSCARD, refuse, refuse_configuration
from composition.software import NAME, version
from connectors.endpoint import DmpEndpoint
from connectors.server_clock import ServerClock
from praticien import configuration
from praticien.configuration import Configuration
from praticien.errors import InvalidInput
from praticien.ports import Diagnose, Finding, Level

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from card_reader.desk import Desk


def run(path: Path, *, required: bool) -> int:
    """``main.py diagnose``: print what was found; 1 when something is to be mended.

    The configuration is read where there is one; ``required`` says that the user named it.
    """
    try:
        settings = configuration.load(path) if required or path.exists() else None
    except InvalidInput as error:
        return refuse_configuration(path, error)
    if not has_pyscard():
        return refuse(NO_PYSCARD)
    from ui.messages.diagnosis import as_text

    findings = _look_once(settings)
    print(as_text(findings, f"{NAME} {version()}", datetime.now(UTC)), end="")
    return int(any(finding.level is Level.PROBLEM for finding in findings))


def has_pyscard() -> bool:
    """Without it no card can be read."""
    return importlib.util.find_spec("smartcard") is not None


def _look_once(settings: Configuration | None) -> tuple[Finding, ...]:
    from card_reader.desk import Desk
    from card_reader.pcsc import PcscTransport

    endpoint = DmpEndpoint(settings.base_url, settings.ca_file) if settings else None
    library = settings.pkcs11_library if settings else None
    production = settings is not None and settings.production
    desk = Desk(PcscTransport())
    try:
        return doctor(desk, endpoint, ServerClock(), library, production=production)()
    finally:
        desk.close()


def doctor(
    desk: Desk, endpoint: DmpEndpoint | None, clock: ServerClock, library: Path | None, *, production: bool
) -> Diagnose:
    """The reader doctor; without ``endpoint`` neither clocks nor authorities are compared.

    ``library`` is the PKCS#11 library of the configuration, instead of those in the usual places.
    """

    def look() -> tuple[Finding, ...]:
        from card_reader.diagnosis import Surroundings, diagnose

        if endpoint and clock.time() is None:
            clock.ask(endpoint)
        around = Surroundings(
            datetime.now(UTC),
            clock.time(),
            authorities=_authorities(endpoint.ca_file) if endpoint else (),
            production=production,
        )
        return diagnose(desk, replace(around, cryptolib_paths=(library,)) if library else around)

    return look


def _authorities(path: Path) -> tuple[Certificate, ...]:
    """Those of a PEM file; none when it cannot be read: the connection will say so."""
    from cryptography import x509

    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError):
        return ()
