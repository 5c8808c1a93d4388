"""From a filled form to a submission: checks, PDF, CDA, DocumentEntry, SubmissionSet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from praticien.documents.model import NewDocument
from praticien.metadata import Submission


def new_oid() -> str:
    """A new OID under 2.25 (UUID as one decimal arc): at most 45 characters, valid for DICOM and HL7."""
    return f"2.25.{uuid4().int}"


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


def prepare(document: NewDocument, *, software_oid: str, clock: Callable[[], datetime] = utc_now) -> Submission:
    """Everything the DMP is sent for one document. ``software_oid`` identifies this installation (sourceId).

    Raises HeaderProblem, InvalidPdf, UnqualifiedIdentity, OtherPatient.
    """
    raise NotImplementedError
