"""The project's client in front of the reference server, without any network: what they say to each other, recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.dmp.client import DmpClient
from connectors.dmp.sender import Sender, utc_now
from connectors.endpoint import DmpEndpoint, Limits
from connectors.insi.client import InsiClient
from connectors.soap.channel import Reply
from demonstration import people
from demonstration.authority import TestAuthority
from praticien.access import NORMAL, Access, AccessMode, Authorisation
from praticien.administrative import AdministrativeData
from praticien.deposit import new_oid, prepare
from praticien.documents.model import DocumentKind, ImagingStudy, NewDocument, Party, TypedText
from praticien.habilitations import AuthorisationAct
from praticien.identity import IdentityStatus, Patient
from praticien.metadata import Availability, Confidentiality
from praticien.professional import CardHolder
from praticien.regulation import SearchCriteria
from reference_server import dispatcher as server
from reference_server.certificates import TrustStore
from reference_server.dispatcher import Dispatcher
from reference_server.seeding import seed
from reference_server.storage.database import Database
from tests.connectors.support import SOFTWARE, SoftwareSigner

NORA = replace(people.NORA, sample_documents=False)
FREE = replace(people.SOLO, authorisations={people.GP.national_id: Authorisation.VALID}, attached=False)
_MESSAGE_ID = re.compile(rb"MessageID[^>]*>(urn:uuid:[0-9a-f-]{36})<")


@dataclass(frozen=True)
class Said:
    """One exchange: where, what was asked, what was answered."""

    service: str
    content_type: str
    request: bytes
    reply: Reply
    peer: bytes


class DirectChannel:
    """In the place of ``connectors.soap.channel.Channel``: hands messages to a dispatcher, or says what it is told."""

    limits = Limits()

    def __init__(self, dispatcher: Dispatcher, peer: bytes) -> None:
        self._dispatcher, self.peer = dispatcher, peer
        self.said: list[Said] = []
        self.instead: Callable[[bytes], Reply] | None = None

    def post(self, url: str, content_type: str, body: bytes, *, once: bool = False) -> Reply:
        """See Channel."""
        del once
        if self.instead:
            return self.instead(message_id(body))
        service = url.rsplit("/", 1)[1]
        reply = self._dispatcher.handle(service, content_type, body, self.peer)
        self.said.append(Said(service, content_type, body, _reply(reply), self.peer))
        return self.said[-1].reply

    def close(self) -> None:
        """See Channel."""


def _reply(made: server.Reply) -> Reply:
    return Reply(made.status, made.content_type, made.body)


def message_id(message: bytes) -> bytes:
    """The MessageID of a request."""
    found = _MESSAGE_ID.search(message)
    assert found
    return found[1]


@dataclass
class Desk:
    """A professional's two gateways and their channel."""

    channel: DirectChannel
    dmp: DmpClient
    insi: InsiClient


class Talk:
    """A server with two dossiers, a general practitioner, an emergency physician, and what they may ask."""

    def __init__(self, folder: Path) -> None:
        self.closing: list[Callable[[], None]] = []
        self._authority = TestAuthority.create()
        self.database = Database(folder)
        seed(self.database, people.DIRECTORY, (NORA, FREE, people.YANN, people.HOMONYM))
        self.trust = TrustStore(self._authority.bundle_pem)
        self.revocation_lists = self._authority.revocation_lists([])
        self.dispatcher = Dispatcher(self.database, self.trust)
        self.desk, self.emergency = self._desk("cps-medecin"), self._desk("cps-urgentiste")
        self.first = self.deposit()
        self.entry = next(
            one
            for one in self.desk.dmp.find_documents(NORA.ins, NORMAL)
            if one.unique_id == self.first.documents[0].entry.unique_id
        )

    def _desk(self, name: str) -> Desk:
        card = people.CARDS[name]
        pairs = [
            self._authority.professional(card.professional, card.card_kind, card.title, signature=signature)
            for signature in (False, True)
        ]
        holder = CardHolder(card.card_kind, card.serial, card.professional, card.situations)
        sender = Sender(SoftwareSigner(*pairs), holder, card.situations[0], SOFTWARE, utc_now())
        channel, endpoint = DirectChannel(self.dispatcher, pairs[0].certificate_der), DmpEndpoint("https://dmp", Path())
        return Desk(channel, DmpClient(channel, endpoint, sender), InsiClient(channel, endpoint, sender))

    def close(self) -> None:
        """End what was started beside, let the database go."""
        for close in self.closing:
            close()
        self.database.close()

    def deposit(self):
        """A prescription that refers to an examination."""
        now = datetime.now(UTC)
        party = Party(people.GP, people.LILAS)
        document = NewDocument(
            DocumentKind.IMAGING_REPORT, "Compte rendu d’essai", TypedText("Sans particularité."),
            Patient(NORA.traits, IdentityStatus.QUALIFIED, NORA.ins), party, party, now, now, new_oid(), new_oid(),
            study=ImagingStudy("1.2.3.4.5", "20261101", "MR", "A-77", "1.2.3"),
        )  # fmt: skip
        submission = prepare(document, software_oid=SOFTWARE.oid)
        self.desk.dmp.deposit(submission, NORMAL)
        return submission

    def acts(self) -> dict[str, tuple[Desk, Callable[[], object]]]:
        """What can be asked, by name: whose desk, and the call."""
        ins, dmp, insi, entry = NORA.ins, self.desk.dmp, self.desk.insi, self.entry
        vitale = next(iter(people.VITALES.values())).beneficiaries[0]
        calls: dict[str, Callable[[], object]] = {
            "TD0.2": lambda: dmp.dossier_status(ins, NORMAL),
            "TD0.3": lambda: dmp.declare_authorisation(ins),
            "TD0.3 treating": lambda: dmp.revise_authorisation(ins, AuthorisationAct.BECOME_TREATING),
            "TD0.4": dmp.authorised_dossiers,
            "TD1.3a": lambda: dmp.administrative_data(ins, NORMAL),
            "TD1.3b": lambda: dmp.correct_data(
                FREE.ins, FREE.traits, AdministrativeData("TESTUSAGE", city="TESTVILLE")
            ),
            "TD1.6": lambda: dmp.authorised_holders(ins),
            "TD2.1": self.deposit,
            "TD3.1": lambda: dmp.find_documents(ins, NORMAL),
            "TD3.1 by reference": lambda: dmp.find_by_reference(ins, entry.references, NORMAL),
            "TD3.1 entries": lambda: dmp.get_entries(ins, [entry.entry_uuid], NORMAL),
            "TD3.1b": lambda: dmp.technical_ids(ins, entry.unique_id, NORMAL),
            "TD3.1 submissions": lambda: dmp.submitted_since(ins, datetime.now(UTC) - timedelta(days=1), NORMAL),
            "TD3.1 associations": lambda: dmp.associations(ins, [entry.entry_uuid], NORMAL),
            "TD3.2": lambda: dmp.retrieve(ins, entry, NORMAL),
            "TD3.3 visibility": lambda: dmp.set_visibility(
                ins, entry, (Confidentiality.NORMAL, Confidentiality.MASKED)
            ),
            "TD3.3 status": lambda: dmp.set_availability(ins, entry, Availability.ARCHIVED, NORMAL),
            "INSi by traits": lambda: insi.by_traits(NORA.traits),
            "INSi by Vitale": lambda: insi.by_vitale(vitale),
        }
        regulation = Access(AccessMode.REGULATION)
        found = {name: (self.desk, call) for name, call in calls.items()}
        criteria = SearchCriteria("TESTHOMONYME", "PAUL")
        found["TD0.5"] = (self.emergency, lambda: self.emergency.dmp.search(criteria, regulation))
        return found

    def said(self) -> dict[str, Said]:
        """One exchange of each kind, that went well."""
        found = {}
        for name, (desk, call) in self.acts().items():
            call()
            found[name] = desk.channel.said[-1]
        return found
