"""MLLP over TLS: what the listener shows and whom it admits. TLS 1.2 at least, as IHE ATNA's BCP 195 option asks."""

from __future__ import annotations

import ssl

from connectors.hl7v2.errors import CannotSecure
from praticien.listening import TlsFiles


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """A server's context; with ``files.clients`` a sender must show a certificate of one of these authorities.

    Raises CannotSecure: files missing, not PEM, not of one pair, or a key under a passphrase (nobody is there to type).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(files.certificate, files.key, password="")
        if files.clients:
            context.load_verify_locations(files.clients)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ValueError) as error:  # SSLError is an OSError
        raise CannotSecure(type(error).__name__) from None
    return context
