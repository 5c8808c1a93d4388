"""What comes in by itself, and what listens for it: examinations of a PACS, reports of laboratories.

What listens is imported only where there is an address: the application starts without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from praticien.deposit import new_oid
from praticien.documents.lab_report import LabReport
from praticien.documents.received import ReceivedStudies, Reception
from praticien.imaging_configuration import ImagingConfiguration
from praticien.lab_inbox import LabInbox
from praticien.listening import ListenAddress, TlsFiles
from ui.dependencies import ReadLabFile


def reception(imaging: ImagingConfiguration, data: Path, key: bytes) -> Reception:
    """The examinations received, and what receives them when there is an address: else the list says why not."""
    if imaging.listen is None:
        return Reception(retrieve_url=imaging.retrieve_url)
    from connectors.dicom.receiver import PortTaken, Receiver, ReceiverConfig

    store = ReceivedStudies(data / "received", key)
    address = imaging.listen
    config = ReceiverConfig(imaging.ae_title, address.host, address.port, imaging.callers, address.allowed)
    try:
        store.fed_by(Receiver(config, store.keep))
    except PortTaken as error:
        return Reception(store, imaging.retrieve_url, error.code)
    return Reception(store, imaging.retrieve_url)


def laboratory(
    data: Path, key: bytes, address: ListenAddress | None, files: TlsFiles | None, *, production: bool
) -> LabInbox:
    """The reports received, and the listener when there is an address: work goes on without it, the list says why."""
    inbox = LabInbox(data / "laboratory", key, lab_reader(production=production), new_oid)
    if address:
        from connectors.hl7v2.errors import CannotListen, CannotSecure
        from connectors.hl7v2.listener import MllpListener
        from connectors.hl7v2.security import server_context

        try:
            tls = server_context(files) if files else None
            listener = MllpListener(
                address.host, address.port, inbox.put, allowed=address.allowed, production=production, tls=tls
            )
            inbox.fed_by(listener)
        except (CannotListen, CannotSecure) as error:
            inbox.fed_by(None, error.code)
    return inbox


def lab_reader(*, production: bool) -> ReadLabFile:
    """Reads what laboratories send; imported when the first file or message comes."""

    def read(content: bytes) -> Sequence[LabReport]:
        from connectors.lab_files.reading import read_file

        return read_file(content, production=production)

    return read
