"""The application: on the server of its configuration, with the readers of this machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from composition.doctor import has_pyscard
from composition.refusals import NO_PYSCARD, refuse, refuse_configuration
from connectors.endpoint import DmpEndpoint
from praticien import configuration
from praticien.configuration import Configuration
from praticien.errors import InvalidInput, PraticienError
from praticien.listening import ListenAddress
from praticien.secrets_at_rest import KeyringUnavailable, key_from_keyring, key_from_passphrase

if TYPE_CHECKING:
    from composition.wiring import Parts


def run(path: Path, data: Path, listen: ListenAddress | None) -> int:
    """Show the window until it is closed; ``listen`` goes before the configuration's address of laboratories."""
    try:
        settings = configuration.load(path)
    except InvalidInput as error:
        return refuse_configuration(path, error)
    if not has_pyscard():
        return refuse(NO_PYSCARD)
    return show(_parts(settings, data, listen or settings.laboratory))


def show(parts: Parts) -> int:
    """The window on these parts; the exit status."""
    from composition.wiring import close, dependencies
    from ui import application

    try:
        given = dependencies(parts)
    except PraticienError as error:
        parts.desk.close()
        return application.refuse(error)
    try:
        return application.start(given)
    finally:
        close(given)


def _parts(settings: Configuration, data: Path, listen: ListenAddress | None) -> Parts:
    from card_reader.desk import Desk
    from card_reader.pcsc import PcscTransport
    from card_reader.pkcs11.choice import opener_for
    from composition.wiring import Parts

    return Parts(
        DmpEndpoint(settings.base_url, settings.ca_file),
        Desk(PcscTransport(), professional_opener=opener_for(settings.cards_mode, settings.pkcs11_library)),
        data,
        partial(_outbox_key, data),
        ins_oid=settings.ins_oid,
        radiologists=settings.radiologists,
        production=settings.production,
        products_file=settings.products_file,
        pkcs11_library=settings.pkcs11_library,
        emergencies=settings.emergencies,
        imaging=settings.imaging,
        listen=listen,
        listen_tls=settings.laboratory_tls,
    )


def _outbox_key(data: Path) -> bytes:
    """From the system keyring, else from a passphrase that the user types."""
    try:
        return key_from_keyring()
    except KeyringUnavailable:
        from ui import passphrase

        return passphrase.ask(lambda typed: key_from_passphrase(typed, data / "outbox-key"))
