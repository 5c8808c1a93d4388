"""What the practice asks of the outside: cards, the DMP, INSi. Implemented elsewhere, handed in by ``composition``.

Every call blocks and is meant for a background task. Implementations raise ``praticien.errors`` subclasses only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol, runtime_checkable

from praticien.access import Access, DossierStatus
from praticien.administrative import AdministrativeData
from praticien.documents.model import Party
from praticien.habilitations import AuthorisationAct, AuthorisedDossier, AuthorisedHolder
from praticien.identity import Ins, StrictTraits
from praticien.metadata import (
    Acknowledgement,
    Association,
    Availability,
    Code,
    DocumentEntry,
    Reference,
    RetrievedDocument,
    Submission,
)
from praticien.professional import CardHolder, PracticeSituation
from praticien.regulation import Found, SearchCriteria
from praticien.vitale import Beneficiary, VitaleReading


class SlotState(Enum):
    """What a reader holds."""

    EMPTY = "empty"
    READING = "reading"
    MUTE = "mute"
    UNKNOWN_CARD = "unknown"
    PROFESSIONAL_CARD = "professional"
    VITALE = "vitale"


@dataclass(frozen=True, slots=True)
class Slot:
    """One reader, now. ``insertion`` grows with every insertion, so that a swapped card is seen as another."""

    reader: str
    state: SlotState
    insertion: int = 0
    atr: str = ""


@dataclass(frozen=True, slots=True)
class DeskState:
    """All readers; ``service`` is False while the smart card service cannot be reached."""

    service: bool
    slots: tuple[Slot, ...] = field(default=())

    def first(self, state: SlotState) -> Slot | None:
        """The first reader in that state."""
        return next((slot for slot in self.slots if slot.state is state), None)


class Signer(Protocol):
    """The two keys of a professional card. Private keys stay where they are."""

    @property
    def authentication_certificate(self) -> bytes:
        """DER of the certificate for TLS (digitalSignature)."""

    @property
    def signature_certificate(self) -> bytes:
        """DER of the certificate for VIHF and documents (nonRepudiation)."""

    @property
    def supports_pss(self) -> bool:
        """Whether the authentication key can make RSASSA-PSS signatures (a CPS3 cannot)."""

    def authenticate(self, digest: bytes, hash_name: str) -> bytes:
        """RSASSA-PKCS1-v1_5 with the authentication key over a ready digest ("sha256", …)."""

    def authenticate_pss(self, encoded: bytes) -> bytes:
        """RSASSA-PSS with the authentication key over an EMSA-PSS encoding (RFC 8017, 9.1) as long as the key.

        Raises InvalidInput where ``supports_pss`` is False, or for anything but such an encoding.
        """

    def sign(self, message: bytes) -> bytes:
        """RSASSA-PKCS1-v1_5 SHA-256 with the signature key over a message."""


class PadAct(Enum):
    """What can be typed on the reader's own keys."""

    VERIFY = "verify"
    CHANGE = "change"
    UNBLOCK = "unblock"


class ProfessionalCard(Protocol):
    """An opened CPx card. ``close`` resets it, so that no verified PIN outlives the session."""

    @property
    def holder(self) -> CardHolder:
        """Who holds it; practice situations complete once the PIN is verified."""

    @property
    def signer(self) -> Signer:
        """Its keys; usable once the PIN is verified."""

    def tries_left(self) -> int:
        """PIN tries left, asked of the card, costing none."""

    @property
    def on_pad(self) -> frozenset[PadAct]:
        """What is typed on the reader's keys, empty when it has none: the codes of these acts are None here."""

    def verify_pin(self, pin: bytearray | None) -> None:
        """One VERIFY, never repeated; ``pin`` is overwritten. Raises the card's PIN errors (with ``tries_left``)."""

    def is_present(self) -> bool:
        """Whether the same insertion of the card is still in the reader."""

    def close(self) -> None:
        """Reset the card and let it go; never raises."""


@runtime_checkable
class ChangeablePin(Protocol):
    """A card whose PIN can be changed from here. The bytearrays are overwritten; both are None on a pad."""

    def change_pin(self, pin: bytearray | None, new: bytearray | None) -> None:
        """One try with ``pin``, never repeated. Raises the card's PIN errors."""


@runtime_checkable
class UnblockablePin(Protocol):
    """A card whose PIN can be unblocked from here. The bytearrays are overwritten; both are None on a pad."""

    def unblocking_tries_left(self) -> int:
        """Tries left of the unblocking code, asked of the card, costing none."""

    def unblock_pin(self, unblocking_code: bytearray | None, new: bytearray | None) -> None:
        """One try with the eight-digit code, never repeated. Raises the card's PIN errors."""


class CardDesk(Protocol):
    """All readers of this machine."""

    def state(self) -> DeskState:
        """The latest known state."""

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        """Call ``listener`` from the watching thread at each change; returns what ends it."""

    def open_professional_card(self, reader: str) -> ProfessionalCard:
        """Identity, certificates and public data of the card in ``reader``."""

    def read_vitale(self, reader: str) -> VitaleReading:
        """Holder and beneficiaries of the Vitale in ``reader``."""

    def close(self) -> None:
        """Stop watching; never raises."""


class Level(Enum):
    """How a finding is shown."""

    GOOD = "good"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen by the reader doctor, under a stable ``code``; never a PIN, a NIR or a name.

    ``subject`` is the reader concerned, empty for the machine; ``values`` fill the sentence.
    """

    code: str
    level: Level
    subject: str = ""
    values: tuple[tuple[str, str], ...] = ()


Diagnose = Callable[[], tuple[Finding, ...]]
"""Looks once at service, readers, cards, clock and libraries; costs no PIN try, raises nothing of the cards' doing."""


@dataclass(frozen=True, slots=True, repr=False)
class InsiAnswer:
    """INSi found exactly one person: matricule and the traits of reference."""

    ins: Ins
    traits: StrictTraits


CompareClocks = Callable[[bool], timedelta | None]
"""How far the server's clock is ahead of ours, None while nobody knows. Asks it when it has said nothing for a day, or
when told to; may block, raises nothing of the network's doing."""


class InsiGateway(Protocol):
    """The INSi teleservice. Raises NotFound ("insi.none"), SeveralFound ("insi.several")."""

    def by_vitale(self, beneficiary: Beneficiary) -> InsiAnswer:
        """rechercherInsAvecCarteVitale."""

    def by_traits(self, traits: StrictTraits) -> InsiAnswer:
        """rechercherInsAvecTraitsIdentite."""


class DmpGateway(Protocol):
    """The DMP's transactions, in the name of one professional in one structure."""

    def dossier_status(self, patient: Ins, access: Access) -> DossierStatus:
        """TD0.2: existence and authorisation."""

    def declare_authorisation(self, patient: Ins, *, secret: bool = False) -> None:
        """TD0.3 AJOUT: the patient agreed, by an act of the user. ``secret``, here and below: see ``Access``."""

    def search(self, criteria: SearchCriteria, access: Access) -> Found:
        """TD0.5: patients by traits, without INS; in regulation mode only."""

    def revise_authorisation(self, patient: Ins, act: AuthorisationAct, *, secret: bool = False) -> None:
        """TD0.3: withdraw it, become or stop being médecin traitant; by an act of the user."""

    def authorised_dossiers(self) -> tuple[AuthorisedDossier, ...]:
        """TD0.4: the dossiers that this professional (or structure) may consult."""

    def authorised_holders(self, patient: Ins, *, secret: bool = False) -> tuple[AuthorisedHolder, ...]:
        """TD1.6: who may consult this dossier, who is blocked."""

    def administrative_data(self, patient: Ins, access: Access) -> AdministrativeData:
        """TD1.3a."""

    def correct_data(
        self, patient: Ins, traits: StrictTraits, data: AdministrativeData, *, secret: bool = False
    ) -> None:
        """TD1.3b: all of ``data`` replaces what was there."""

    def close_dossier(self, patient: Ins, traits: StrictTraits, *, secret: bool = False) -> None:
        """TD1.4: at the patient's request."""

    def deposit(self, submission: Submission, access: Access) -> Acknowledgement:
        """TD2.1 (CPS) or TD2.2 (CPE): ITI-41 with the lot signature."""

    def find_documents(
        self, patient: Ins, access: Access, statuses: Iterable[Availability] = (Availability.APPROVED,)
    ) -> tuple[DocumentEntry, ...]:
        """TD3.1: FindDocuments in these states, technical signature entries left out, newest first."""

    def find_by_reference(
        self, patient: Ins, references: Iterable[Reference], access: Access
    ) -> tuple[DocumentEntry, ...]:
        """FindDocumentsByReferenceId: active documents with any of these references."""

    def get_entries(self, patient: Ins, entry_uuids: Iterable[str], access: Access) -> tuple[DocumentEntry, ...]:
        """GetDocuments by entryUUID, in any state; those that may not be seen are left out."""

    def technical_ids(self, patient: Ins, unique_id: str, access: Access) -> tuple[str, ...]:
        """TD3.1b: the entryUUID of the document with this uniqueId; nothing when it may not be known."""

    def submitted_since(self, patient: Ins, since: datetime, access: Access) -> tuple[str, ...]:
        """FindSubmissionSets: entryUUIDs of the submission sets from that moment on."""

    def associations(self, patient: Ins, identifiers: Iterable[str], access: Access) -> tuple[Association, ...]:
        """GetAssociations of documents or submission sets, by entryUUID."""

    def set_availability(self, patient: Ins, entry: DocumentEntry, status: Availability, access: Access) -> None:
        """TD3.3c, TD3.3d: the document of ``entry``, still in the state of ``entry``, gets another."""

    def delete(self, patient: Ins, unique_ids: Iterable[str], access: Access) -> None:
        """TD3.1b and TD3.3c: active documents, known by their uniqueIds alone; all of them or none."""

    def set_visibility(
        self, patient: Ins, entry: DocumentEntry, confidentiality: Iterable[Code], *, secret: bool = False
    ) -> None:
        """TD3.3a, TD3.3b: other confidentiality codes, if the present ones are still those of ``entry``."""

    def retrieve(self, patient: Ins, entry: DocumentEntry, access: Access) -> RetrievedDocument:
        """TD3.2: the document, its hash checked against the entry."""

    def close(self) -> None:
        """End the connections; never raises."""


@dataclass(frozen=True, slots=True, repr=False)
class PackedDocument:
    """One document of a package (IHE XDM), checked against its description."""

    entry: DocumentEntry
    content: bytes


class Packager(Protocol):
    """Documents in one file, for another professional or another program."""

    def pack(self, documents: Sequence[tuple[DocumentEntry, bytes]], by: Party, now: datetime) -> bytes:
        """The file, not encrypted. Raises its own refusals (nothing to pack, several patients)."""

    def unpack(self, data: bytes) -> tuple[PackedDocument, ...]:
        """Every document of it, all of one patient. Raises its own refusals."""


@dataclass(frozen=True, slots=True)
class Connections:
    """The distant systems as one professional reaches them."""

    dmp: DmpGateway
    insi: InsiGateway


Connect = Callable[[Signer, CardHolder, PracticeSituation], Connections]
"""Opens the connections for one unlocked card; cheap, the network is touched at the first call."""
