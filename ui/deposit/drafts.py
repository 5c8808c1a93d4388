"""What was typed for one patient by one professional: kept in memory through every failure, shown to nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field

from praticien.documents.model import AttachedFile, DocumentKind, ImagingStudy, PdfFile, ReplacedVersion
from praticien.documents.prescription import Mark
from praticien.identity import Ins
from praticien.outbox import Owner
from praticien.professional import Professional
from ui.deposit.imaging_typed import ImagingTyped
from ui.deposit.prescription_typed import TypedLine
from ui.deposit.summary_typed import SummaryTyped
from ui.laboratory.loaded import LoadedReport


@dataclass(slots=True, repr=False)
class Draft:
    """The content of a deposit form, dates as typed. The identifiers are made once, when first confirmed."""

    title: str = ""
    text: str = ""
    lines: tuple[TypedLine, ...] = ()
    valid_until: str = ""
    marks: frozenset[Mark] = frozenset()
    pdf: PdfFile | AttachedFile | None = None
    study: ImagingStudy | None = None
    study_name: str = ""
    lab: LoadedReport | None = None
    imaging: ImagingTyped = field(default_factory=ImagingTyped)
    manifest: bool = True
    summary: SummaryTyped = field(default_factory=SummaryTyped)
    type_code: str = ""
    day: str = ""
    author: Professional | None = None
    other_author: dict[str, str] = field(default_factory=dict)
    masked: bool = False
    invisible: bool = False
    representatives: bool = False
    unique_id: str = ""
    set_id: str = ""
    replaces: ReplacedVersion | None = None
    version: int = 1
    is_worth_keeping: bool = False
    """Something was typed or chosen."""


@dataclass(frozen=True, slots=True, repr=False)
class DraftKey:
    """Whose draft, about whom (empty: nobody yet), of which kind, replacing which document (uniqueId, or empty)."""

    owner: Owner
    matricule: str
    kind: DocumentKind
    replaces: str = ""


def key_of(owner: Owner, ins: Ins | None, kind: DocumentKind, replaces: str = "") -> DraftKey:
    """The place of a draft."""
    return DraftKey(owner, ins.matricule if ins else "", kind, replaces)


class Drafts:
    """All drafts of this session of the program; never on disk."""

    def __init__(self) -> None:
        self._kept: dict[DraftKey, Draft] = {}

    def keep(self, key: DraftKey, draft: Draft) -> None:
        """Put one aside; an empty one erases."""
        if draft.is_worth_keeping:
            self._kept[key] = draft
        else:
            self._kept.pop(key, None)

    def take(self, key: DraftKey) -> Draft:
        """The draft of this patient; else the one that had no patient yet, which becomes this patient's."""
        nobody = DraftKey(key.owner, "", key.kind, key.replaces)
        return self._kept.pop(key, None) or self._kept.pop(nobody, None) or Draft()

    def drop(self, key: DraftKey) -> None:
        """It was sent, or given up."""
        self._kept.pop(key, None)

    def all_of(self, owner: Owner) -> tuple[tuple[DocumentKind, str], ...]:
        """(kind, matricule or nothing) of each draft of this owner."""
        return tuple((key.kind, key.matricule) for key in self._kept if key.owner == owner)

    def kinds(self, owner: Owner, ins: Ins | None) -> tuple[DocumentKind, ...]:
        """Kinds of documents begun for this patient by this owner."""
        return tuple(kind for kind in DocumentKind if key_of(owner, ins, kind) in self._kept)
