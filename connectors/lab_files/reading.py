"""One door for the files that a user chooses or drops: what it is is seen from its content, not from its name."""

from __future__ import annotations

from connectors.hl7v2.er7 import MAX_BYTES, split
from connectors.hl7v2.oru import read_reports
from connectors.lab_files.csv_report import read_csv
from connectors.lab_files.errors import LabFileTooBig, UnusableLabFile
from connectors.lab_files.json_report import read_json
from praticien.documents.lab_report import LabReport

_ENVELOPES = (b"MSH", b"FHS", b"BHS")


def read_file(content: bytes, *, production: bool = True) -> tuple[LabReport, ...]:
    """The reports of a file, in order. Raises UnusableLabFile, Hl7Problem subclasses."""
    if len(content) > MAX_BYTES:
        raise LabFileTooBig
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x0b\r\n\t ")
    if start.startswith(_ENVELOPES):
        return tuple(report for message in split(content) for report in read_reports(message, production=production))
    if not start or b"\x00" in start[:4096] or start.startswith(b"%PDF"):
        raise UnusableLabFile("neither HL7 v2, JSON nor CSV")
    return (read_json(content),) if start.startswith((b"{", b"[")) else (read_csv(content),)
