"""XDM as ``praticien.ports.Packager``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.xdm.exporting import Exporter, export
from connectors.xdm.importing import open_package
from praticien.deposit import author_of
from praticien.documents.model import Party
from praticien.documents.nomenclatures import facility_type
from praticien.metadata import DocumentEntry
from praticien.ports import PackedDocument


@dataclass(frozen=True, slots=True)
class XdmPackager:
    """``source_id`` is the OID of this installation."""

    source_id: str
    software: str

    def pack(self, documents: Sequence[tuple[DocumentEntry, bytes]], by: Party, now: datetime) -> bytes:
        """Raises XdmProblem, SeveralPatients."""
        exporter = Exporter(author_of(by), self.source_id, facility_type(by.structure.sector), self.software)
        return export(documents, exporter, now)

    def unpack(self, data: bytes) -> tuple[PackedDocument, ...]:
        """Raises XdmProblem subclasses."""
        return open_package(data)
