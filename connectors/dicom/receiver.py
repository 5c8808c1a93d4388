"""A DICOM Storage SCP: verification, and storage of images, reports, key objects and presentation states.

Pixels are dropped as soon as an object was received. Every limit is here: associations, connections, bytes of a PDU and
of an object, time without a byte. Source: DICOM PS3.4 annex B (statuses), PS3.8 (upper layer).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from socket import create_server, socket
from typing import Any

from praticien.documents.dicom import header_in
from praticien.documents.dicom_header import InstanceHeader
from praticien.errors import EnvironmentProblem, PraticienError

MAX_ASSOCIATIONS = 3
MAX_CONNECTIONS = 12
MAX_PDU = 1_000_000
MAX_OBJECT = 256_000_000
NEGOTIATION_SECONDS = 5
"""To ask for an association: for so long a peer that came and went still holds its place."""
SECONDS = 30
"""Without a byte, or between two messages."""

SUCCESS, OUT_OF_RESOURCES, MISMATCH, NOT_UNDERSTOOD = 0x0000, 0xA700, 0xA900, 0xC000
_VERIFICATION = "1.2.840.10008.1.1"
_STORED = ("Image Storage", " SR Storage", "Key Object Selection", "Presentation State Storage")
_DEFLATED = frozenset({"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.8.1"})
_log = logging.getLogger(__name__)

Keep = Callable[[InstanceHeader], None]
"""Makes one object durable; a PraticienError says that it could not."""


class PortTaken(EnvironmentProblem):
    """The address or the port cannot be listened on."""

    code = "dicom.port"


@dataclass(frozen=True, slots=True)
class ReceiverConfig:
    """Where to listen and as whom. Port 0: any free one.

    ``callers`` are the AE titles admitted, ``allowed`` the addresses or networks; empty admits all.
    """

    ae_title: str = "PRATICIEN"
    address: str = "127.0.0.1"
    port: int = 11112
    callers: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


class Receiver:
    """Listens from ``start`` to ``close``; ``keep`` is called from its threads."""

    def __init__(self, config: ReceiverConfig, keep: Keep) -> None:
        self._config, self._keep = config, keep
        self._server: Any = None
        self._bytes: dict[int, int] = {}
        self._sockets: list[socket] = []

    @property
    def port(self) -> int:
        """The port listened on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to listen. Raises PortTaken."""
        from pynetdicom import evt

        handlers = [
            (evt.EVT_CONN_OPEN, self._opened),
            (evt.EVT_CONN_CLOSE, self._closed),
            (evt.EVT_DIMSE_RECV, self._message_ended),
            (evt.EVT_C_STORE, self._store),
        ]
        entity = self._entity()
        address = (self._config.address, self._config.port)
        try:
            create_server(address).close()  # pynetdicom would leave a socket behind
            self._server = entity.start_server(address, block=False, evt_handlers=handlers)
        except (OSError, OverflowError) as error:
            raise PortTaken(type(error).__name__) from None
        self._server.verify_request = self._has_room

    def close(self) -> None:
        """Abort what is under way and let the port go; never raises."""
        server, self._server = self._server, None
        if server:
            server.shutdown()
            server.server_close()
        for one in self._sockets:  # pynetdicom leaves those of aborted associations to the collector
            one.close()

    def _entity(self) -> Any:
        from pynetdicom import AE, ALL_TRANSFER_SYNTAXES, AllStoragePresentationContexts

        logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)  # it quotes what it receives
        entity = AE(ae_title=self._config.ae_title)
        entity.require_called_aet = True
        entity.require_calling_aet = list(self._config.callers)
        entity.maximum_associations = MAX_ASSOCIATIONS
        entity.acse_timeout = NEGOTIATION_SECONDS
        entity.dimse_timeout = entity.network_timeout = SECONDS
        entity.add_supported_context(_VERIFICATION)
        syntaxes = [syntax for syntax in ALL_TRANSFER_SYNTAXES if syntax not in _DEFLATED]
        for context in AllStoragePresentationContexts:
            uid = context.abstract_syntax
            if uid and any(words in uid.name for words in _STORED):
                entity.add_supported_context(uid, syntaxes)
        return entity

    def _has_room(self, request: socket, address: Any) -> bool:
        """A stranger, or one connection too many, is closed at once, before it gets threads of its own."""
        networks, peer = [ip_network(each) for each in self._config.allowed], ip_address(address[0])
        if networks and not any(peer in network for network in networks):
            return False
        self._sockets = [one for one in self._sockets if one.fileno() >= 0]
        if len(self._sockets) >= MAX_CONNECTIONS:
            return False
        self._sockets.append(request)
        return True

    # -- events ------------------------------------------------------------------------------------------------

    def _opened(self, event: Any) -> None:
        """Bound what this connection may make us read."""
        association = event.assoc
        transport = association.dul.socket
        transport.socket.settimeout(SECONDS)
        read, own = transport.recv, id(association)
        self._bytes[own] = 0

        def bounded(size: int) -> bytearray:
            if size > MAX_PDU:
                raise OSError("PDU too long")
            self._bytes[own] = self._bytes.get(own, 0) + size
            if self._bytes[own] > MAX_OBJECT:
                association.abort(block=False)
            return bytearray(read(size))

        transport.recv = bounded

    def _closed(self, event: Any) -> None:
        self._bytes.pop(id(event.assoc), None)

    def _message_ended(self, event: Any) -> None:
        self._bytes[id(event.assoc)] = 0

    def _store(self, event: Any) -> int:
        """The status to answer with; nothing of the object is logged but what became of it."""
        request = event.request
        try:
            request.DataSet.seek(0)
            header = header_in(request.DataSet, event.context.transfer_syntax)
        except Exception:  # a hostile object may raise anything in pydicom
            header = None
        if header is None:
            _log.warning("an object received could not be understood")
            return NOT_UNDERSTOOD
        if (header.sop_class, header.sop_uid) != (request.AffectedSOPClassUID, request.AffectedSOPInstanceUID):
            _log.warning("an object received is not the one that was announced")
            return MISMATCH
        try:
            self._keep(header)
        except PraticienError as error:
            _log.warning("an object received could not be kept: %s", error.code)
            return OUT_OF_RESOURCES
        return SUCCESS
