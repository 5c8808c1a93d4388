"""Everything the window is handed: the practice, the cards, what leaves, and what only a demonstration has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtPrintSupport import QPrinter

from praticien.comparisons import Comparisons
from praticien.deposited import Deposited
from praticien.documents.imaging_acts import KnownAct
from praticien.documents.imaging_acts import load as load_acts
from praticien.documents.lab_report import LabReport
from praticien.documents.model import NewDocument
from praticien.documents.prescription_products import Product
from praticien.documents.prescription_products import load as load_products
from praticien.documents.received import Reception
from praticien.identity import InsOid
from praticien.lab_inbox import LabInbox
from praticien.metadata import Submission
from praticien.outbox import Outbox
from praticien.ports import CardDesk, CompareClocks, Diagnose, Packager
from praticien.practice import Practice
from praticien.professional import Professional


class Settings(Protocol):
    """Small remembered choices."""

    def get(self, name: str) -> str:
        """The remembered value, or an empty string."""

    def set(self, name: str, value: str) -> None:
        """Remember it."""


@dataclass(frozen=True, slots=True)
class CardFace:
    """What is printed on a fictitious card. ``kind`` is "CPS", "CPE" or "Vitale"; ``pin`` empty for a Vitale."""

    name: str
    kind: str
    holder: str
    line: str = ""
    pin: str = ""


class CardTableBackend(Protocol):
    """The cards of the demonstration. Every call may block and is made from a background task."""

    def names(self) -> Sequence[str]:
        """All cards, in the order they are laid."""

    def face(self, name: str) -> CardFace:
        """What is printed on one."""

    def inserted(self) -> frozenset[str]:
        """Those that are in a reader."""

    def insert(self, name: str) -> None:
        """Put it in a free reader."""

    def withdraw(self, name: str) -> None:
        """Take it out."""

    def faults(self) -> Sequence[tuple[str, str]]:
        """What can go wrong, as (key, French label)."""

    def cause(self, name: str, fault: str) -> None:
        """Make it go wrong on that card."""


class ReaderKeys(Protocol):
    """The keys of the demonstration's reader. No call blocks."""

    def display(self) -> str:
        """What the reader's screen says, empty while it asks nothing."""

    def press(self, key: str) -> None:
        """A digit, "V" (validate), "C" (correct) or "A" (cancel)."""


class Prepare(Protocol):
    """``praticien.deposit.prepare`` with the installation's OID already given."""

    def __call__(self, document: NewDocument, *, text_compared: bool = False) -> Submission:
        """Everything the DMP is sent for one document."""


ReadLabFile = Callable[[bytes], Sequence[LabReport]]
"""The reports of a file of results (HL7 v2, JSON, CSV). Raises InvalidInput subclasses."""

PrinterChooser = Callable[[QPrinter], bool]
"""Asks the user where to print; False when they gave up."""

FileChooser = Callable[[], Path | None]
"""Asks the user for a path; None when they gave up."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Handed to ``MainWindow``.

    ``ins_oid`` is the authority of typed matricules, ``products`` what a prescription proposes, ``acts`` what an
    imaging report does, ``reception`` where images come from, ``deposited`` what went already, ``comparisons``
    the texts declared to be the patient's. ``patient_view`` gives
    the HTML of the patient's space (it may block). ``diagnose`` is the reader doctor. The choosers default to the
    system's dialogs.
    """

    practice: Practice
    desk: CardDesk
    outbox: Outbox
    prepare: Prepare
    settings: Settings
    software: str = "Praticien"
    version: str = ""
    notice: str = ""
    ins_oid: str = InsOid.NIR
    radiologists: tuple[Professional, ...] = ()
    products: tuple[Product, ...] = field(default_factory=load_products)
    acts: tuple[KnownAct, ...] = field(default_factory=load_acts)
    reception: Reception = field(default_factory=Reception)
    deposited: Deposited | None = None
    comparisons: Comparisons | None = None
    card_table: CardTableBackend | None = None
    reader_keys: ReaderKeys | None = None
    patient_view: Callable[[], str] | None = None
    diagnose: Diagnose | None = None
    compare_clocks: CompareClocks | None = None
    choose_printer: PrinterChooser | None = None
    lab_inbox: LabInbox | None = None
    read_lab_file: ReadLabFile | None = None
    choose_pdf: FileChooser | None = None
    choose_lab_file: FileChooser | None = None
    choose_dicom_file: FileChooser | None = None
    choose_dicom_folder: FileChooser | None = None
    choose_register: FileChooser | None = None
    choose_comparisons: FileChooser | None = None
    packager: Packager | None = None
    choose_export: FileChooser | None = None
    choose_package: FileChooser | None = None
