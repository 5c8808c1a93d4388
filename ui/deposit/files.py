"""Files that the user chose: how they are asked for, and how they are read in background tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from praticien.documents.attached import MAX_BYTES, recognised
from praticien.documents.errors import PdfTooBig
from praticien.documents.model import AttachedFile, PdfFile
from praticien.documents.pdf import MAX_PDF_BYTES, check_pdf, properties_of
from praticien.errors import EnvironmentProblem


class UnreadableFile(EnvironmentProblem):
    """The file chosen cannot be read from the disk."""

    code = "file.unreadable"


@dataclass(frozen=True, slots=True)
class Choosers:
    """How files are chosen; each asks the user and gives a path, or None."""

    pdf: Callable[[], Path | None]
    document: Callable[[], Path | None]
    lab_file: Callable[[], Path | None]
    dicom_file: Callable[[], Path | None]
    dicom_folder: Callable[[], Path | None]


def read_bytes(path: Path, most: int) -> bytes:
    """The file, and one byte more than ``most`` when it is larger. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise UnreadableFile(type(error).__name__) from None


def read_pdf(path: Path) -> PdfFile:
    """The chosen PDF, checked. Raises InvalidPdf subclasses, UnreadableFile."""
    content = read_bytes(path, MAX_PDF_BYTES)
    if len(content) > MAX_PDF_BYTES:
        raise PdfTooBig
    check_pdf(content)
    told = properties_of(content)
    return PdfFile(content, path.name, "\n".join(text for key, text in told.items() if key != "Author"))


def read_file(path: Path) -> PdfFile | AttachedFile:
    """The chosen file of any kind that can be sent. Raises InvalidPdf and UnusableFile subclasses, UnreadableFile."""
    content = read_bytes(path, MAX_BYTES)
    return read_pdf(path) if content[:1024].find(b"%PDF-") >= 0 else recognised(content, path.name)
