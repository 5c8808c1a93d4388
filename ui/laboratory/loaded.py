"""A report as the deposit form holds it: from a file or from what was received."""

from __future__ import annotations

from dataclasses import dataclass, replace

from praticien.documents.lab_report import LabReport
from praticien.documents.model import PdfFile, ReplacedVersion
from praticien.lab_inbox import ReceivedReport


@dataclass(frozen=True, slots=True, repr=False)
class LoadedReport:
    """``name`` says where it comes from; ``line`` and ``former`` only when it was received here.

    ``former`` is the version that the DMP already has.
    """

    report: LabReport
    name: str
    line: ReceivedReport | None = None
    former: ReceivedReport | None = None

    def body(self, pdf: PdfFile | None) -> LabReport:
        """What is deposited; a chosen PDF is the laboratory's page."""
        return replace(self.report, pdf=pdf.content) if pdf else self.report

    @property
    def ids(self) -> tuple[str, str]:
        """Identifiers of the document and of its set, empty when the form makes them."""
        return (self.line.document_id, self.line.set_id) if self.line else ("", "")

    @property
    def version(self) -> int:
        """Versions count from 1."""
        return self.former.version + 1 if self.former else 1

    @property
    def replaces(self) -> ReplacedVersion | None:
        """The former version; its entryUUID is asked of the registry when the document leaves."""
        return ReplacedVersion(self.former.document_id, "") if self.former else None
