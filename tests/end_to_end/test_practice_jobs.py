"""The three jobs without a window: practice, cards, connectors, outbox, reference server, on both kinds of readers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from card_reader.desk import Desk
from connectors.connecting import connecting
from connectors.endpoint import DmpEndpoint, Software
from connectors.errors import BreakGlassOpposed, WireProblem
from demonstration.child import Child
from demonstration.people import CARDS, IMAGERIE, LINA, OPPOSED, RADIOLOGIST, SCANNED, SOLO, UNCONSCIOUS
from demonstration.study import write_report, write_study
from praticien.access import NORMAL, AccessMode, Authorisation, EmergencyReason, Rule
from praticien.deposit import new_oid, prepare
from praticien.documents.cda_reader import read
from praticien.documents.dicom import read_study
from praticien.documents.model import DocumentKind, NewDocument, Party, PdfFile, TypedText
from praticien.errors import PatientChanged, PraticienError, Refused, SessionLocked
from praticien.outbox import DeliveryState, Outbox, Owner, Summary
from praticien.ports import SlotState
from praticien.practice import Practice
from reference_server.seeding import DossierSeed
from tests.end_to_end.programs import patient_page
from tests.end_to_end.readers import Readers


class Job:
    """One desk, one practice, one outbox."""

    def __init__(self, readers: Readers, endpoint: DmpEndpoint, folder: Path, server: Child) -> None:
        self.readers, self._server = readers, server
        self.desk = Desk(readers.transport)
        self.practice = Practice(connecting(endpoint, Software("Praticien", "0", installation_id=new_oid(), oid=OID)))
        self.outbox = Outbox(folder / "outbox", bytes(32))

    def close(self) -> None:
        self.practice.lock()
        self.desk.close()
        self.outbox.close()

    def insert(self, card: str, expected: SlotState) -> str:
        """Put a card in; the reader that has it."""
        self.readers.insert(card)
        deadline = time.monotonic() + 10
        while (slot := self.desk.state().first(expected)) is None:
            assert time.monotonic() < deadline, "the card was not seen"
            time.sleep(0.01)
        return slot.reader

    def unlock(self, card: str) -> None:
        reader = self.insert(card, SlotState.PROFESSIONAL_CARD)
        self.practice.present(self.desk.open_professional_card(reader))
        situations = self.practice.unlock(bytearray(CARDS[card].pin.encode()))
        if not self.practice.is_unlocked:
            self.practice.choose_situation(situations[0])

    def find(self, seed: DossierSeed) -> None:
        self.practice.take_traits(seed.traits, seed.ins)
        self.practice.confirm_identity()
        self.practice.look()

    def deposit(self, document: NewDocument) -> DeliveryState:
        holder, situation = self.practice.holder, self.practice.situation
        owner = Owner(holder.professional.national_id, situation.structure.national_id)
        summary = Summary(document.title, document.kind, "patient", owner)
        delivery = self.outbox.put(prepare(document, software_oid=OID), summary)
        return self.outbox.deliver(delivery.id, self.practice.dmp, NORMAL, owner).state

    def document(self, kind: DocumentKind, title: str, body: TypedText | PdfFile, author: Party, **more) -> NewDocument:
        now = datetime.now().astimezone()
        ids = {"unique_id": new_oid(), "set_id": new_oid()}
        patient = self.practice.case.patient
        return NewDocument(kind, title, body, patient, author, author, now, now, **ids, **more)

    def seen_by(self, seed: DossierSeed) -> dict:
        return patient_page(self._server.ready["patient_url"], seed.ins.matricule)


OID = "2.25.987654321"


@pytest.fixture
def job(readers: Readers, endpoint: DmpEndpoint, tmp_path: Path, server: Child) -> Iterator[Job]:
    made = Job(readers, endpoint, tmp_path, server)
    yield made
    made.close()


def test_general_practitioner(job):
    job.unlock("cps-medecin")
    reading = job.desk.read_vitale(job.insert("vitale-famille", SlotState.VITALE))
    (lina,) = [one for one in reading.beneficiaries if one.certified_nir == LINA.ins.matricule]
    assert len(reading.beneficiaries) == 4
    case = job.practice.take_beneficiary(reading, lina)
    assert (case.patient.ins, case.patient.traits) == (LINA.ins, LINA.traits)
    job.practice.confirm_identity()
    status = job.practice.look().status
    if status.authorisation is not Authorisation.VALID:  # the server outlives a test
        assert job.practice.verdict().rule is Rule.CONSENT_NEEDED
        job.practice.record_consent()
    before = job.practice.list_documents().documents
    opened = read(job.practice.open_document(before[-1]).content)
    assert opened.header.patient.ins == LINA.ins
    holder, situation = job.practice.holder, job.practice.situation
    author = Party(holder.professional, situation.structure)
    title = f"Ordonnance {new_oid()}"
    document = job.document(DocumentKind.PRESCRIPTION, title, TypedText("Repos, trois jours."), author)
    assert job.deposit(document) is DeliveryState.SENT
    after = job.practice.list_documents().documents
    assert [entry.title for entry in after if entry not in before] == [title]


def test_emergency_physician(job):
    job.unlock("cps-urgentiste")
    job.find(UNCONSCIOUS)
    assert not job.practice.verdict().allowed
    with pytest.raises(Refused):
        job.practice.list_documents()
    case = job.practice.break_glass(EmergencyReason.UNCONSCIOUS, "Trouvé sur la voie publique")
    assert case.access.mode is AccessMode.BREAK_GLASS
    assert read(job.practice.open_document(case.documents[0]).content).header.patient.ins == UNCONSCIOUS.ins
    page = job.seen_by(UNCONSCIOUS)
    assert any("voie publique" in line["reason"] and line["outcome_text"] == "Autorisé" for line in page["history"])
    assert any("bris de glace" in told["text"] and "voie publique" in told["text"] for told in page["notifications"])


def test_emergency_physician_and_a_patient_who_opposed(job):
    job.unlock("cps-urgentiste")
    job.find(OPPOSED)
    refused = len([line for line in job.seen_by(OPPOSED)["history"] if line["outcome_text"] == "Refusé"])
    with pytest.raises(BreakGlassOpposed):
        job.practice.break_glass(EmergencyReason.UNCONSCIOUS, "Trouvée sur la voie publique")
    assert job.practice.case.access.mode is AccessMode.NORMAL
    assert job.practice.case.documents == ()
    page = job.seen_by(OPPOSED)
    assert len([line for line in page["history"] if line["outcome_text"] == "Refusé"]) == refused + 1


@pytest.mark.parametrize("card", ["cpe-secretaire", "cpe-sans-nom"])
def test_radiology_secretary(job, tmp_path, card):
    job.unlock(card)
    job.find(SCANNED)
    assert job.practice.verdict().rule is Rule.CARD_MAY_NOT_READ
    with pytest.raises(Refused):
        job.practice.list_documents()
    with pytest.raises(Refused):  # nor by asking the server directly
        job.practice.dmp.find_documents(SCANNED.ins, NORMAL)
    pdf = PdfFile(write_report(tmp_path / "cr.pdf", SCANNED).read_bytes(), "cr.pdf")
    study = read_study(write_study(tmp_path / "examen", SCANNED))
    me = Party(job.practice.holder.professional, IMAGERIE)
    radiologist = Party(RADIOLOGIST, IMAGERIE)
    document = job.document(
        DocumentKind.IMAGING_REPORT, f"IRM {new_oid()}", pdf, radiologist, study=study, entered_by=me
    )
    assert job.deposit(document) is DeliveryState.SENT
    (line,) = [one for one in job.seen_by(SCANNED)["history"] if document.title in one["titles"]]
    assert line["act"] == "Dépôt de document par un secrétariat"
    assert line["structure"] == IMAGERIE.name


def test_intern_reads_with_consent_and_signs_nothing_as_a_physician(job):
    """A card in training: the role is G16, the rights those of a professional who is no physician."""
    job.unlock("cpf-interne")
    job.find(SOLO)
    assert job.practice.verdict().rule in (Rule.CONSENT_NEEDED, Rule.READ_ALLOWED)  # the server remembers the first run
    job.practice.record_consent()
    case = job.practice.list_documents()
    assert read(job.practice.open_document(case.documents[0]).content).header.patient.ins == SOLO.ins
    seen = {line["who"] for line in job.seen_by(SOLO)["history"]}
    assert "Lucas TESTINTERNE" in seen


def test_card_withdrawn_ends_the_practice(job):
    job.unlock("cps-medecin")
    job.find(LINA)
    job.readers.withdraw("cps-medecin")
    job.practice.lock()
    assert job.practice.case is None
    for act in (job.practice.look, lambda: job.practice.dmp):
        with pytest.raises((SessionLocked, PatientChanged)):
            act()


def test_card_gone_when_it_must_sign(job):
    """Nothing goes to the server; the error names the card, not the network."""
    job.unlock("cps-medecin")
    job.readers.withdraw("cps-medecin")
    with pytest.raises(PraticienError) as caught:
        job.practice.take_traits(LINA.traits, LINA.ins)
    assert not isinstance(caught.value, WireProblem)
    assert caught.value.code in {"card.removed", "card.absent"}
