"""By which rules documents leave (EX_GEN-1060): what is typed leaves when it is confirmed; complete reports that a
laboratory sent may leave by themselves, for the open patient alone, unless one is held back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from praticien.access import AccessMode
from praticien.documents.lab_report import LabReport
from praticien.documents.lab_source import lab_differences
from praticien.documents.model import DocumentKind, NewDocument, Party, ReplacedVersion
from praticien.identity import IdentityStatus, Patient
from praticien.lab_inbox import ReceivedReport
from praticien.professional import Professional

_SETTING, _AUTOMATIC = "sending.lab_result", "automatic"


class Settings(Protocol):
    """Small remembered choices."""

    def get(self, name: str) -> str:
        """The remembered value, or an empty string."""

    def set(self, name: str, value: str) -> None:
        """Remember it."""


class SendingRules:
    """The choice of this installation; nothing leaves by itself unless somebody chose so."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def automatic_reports(self) -> bool:
        """Whether complete received reports of the open patient leave by themselves."""
        return self._settings.get(_SETTING) == _AUTOMATIC

    def choose(self, *, automatic_reports: bool) -> None:
        """Remember the choice."""
        self._settings.set(_SETTING, _AUTOMATIC if automatic_reports else "")


def may_leave_alone(report: LabReport, line: ReceivedReport, patient: Patient, mode: AccessMode) -> bool:
    """Complete, not held back, not on its way already, and without any doubt this patient's, in normal access."""
    return (
        report.is_complete
        and not line.held
        and not line.version
        and mode is AccessMode.NORMAL
        and patient.status is IdentityStatus.QUALIFIED
        and not lab_differences(report.patient, patient)
    )


@dataclass(frozen=True, slots=True, repr=False)
class Sender:
    """In whose name: the holder of the card, and the author of the report (the holder, or the one who validated it)."""

    me: Party
    author: Professional


def received_document(  # each is a part of the document
    report: LabReport,
    line: ReceivedReport,
    former: ReceivedReport | None,
    *,
    patient: Patient,
    sender: Sender,
    title: str,
    now: datetime,
) -> NewDocument | None:
    """The document of a received report as its form would make it; None when it says no date.

    ``former`` is the version that the DMP already has.
    """
    start = report.collected_at or report.released_at
    if start is None:
        return None
    author = Party(sender.author, sender.me.structure)
    released = report.released_at
    return NewDocument(
        kind=DocumentKind.LAB_RESULT,
        title=title,
        body=report,
        patient=patient,
        author=author,
        legal_authenticator=author,
        created_at=now,
        service_start=start.astimezone(),
        unique_id=line.document_id,
        set_id=line.set_id,
        version=former.version + 1 if former else 1,
        service_stop=released if released and released > start else None,
        entered_by=None if author.professional == sender.me.professional else sender.me,
        replaces=ReplacedVersion(former.document_id, "") if former else None,
    )
