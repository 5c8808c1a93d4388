"""Deposit of a scanned page of 200 kB by a physician, from the confirmed form to the acknowledgement."""

from __future__ import annotations

import io
import random
import secrets
from pathlib import Path

from benchmarks.figures import Section
from benchmarks.forms import confirmed
from benchmarks.journey import CARD
from benchmarks.laps import Laps
from benchmarks.setting import SOFTWARE_OID, Setting, wait_for
from card_reader.desk import Desk
from demonstration.people import CARDS, SOLO
from praticien.deposit import prepare
from praticien.documents.model import DocumentKind, NewDocument, Party, PdfFile
from praticien.identity import Patient
from praticien.outbox import DeliveryState, Outbox, Owner, Summary
from praticien.ports import SlotState
from praticien.practice import Practice

TITLE = "Deposit of a PDF of 200 kB, form confirmed to acknowledgement"
SIZE = 200_000
_PIXELS = (380, 419)
"""A grey picture of noise does not compress; in ASCII 85, as reportlab writes it, this one makes a PDF of 200 kB."""


def measure(setting: Setting, runs: int) -> Section:
    """Several deposits in one session, as a practice makes them. Raises NotHere."""
    laps, content = Laps(setting.apdus), scanned_page()
    with setting.inserted(CARD, setting.cards.readers[0]), setting.desk() as desk:
        practice = unlocked(setting, desk)
        for number in range(runs):
            deposit(practice, content, setting.folder / f"outbox{number}", laps)
        practice.lock()
    return Section(TITLE, laps.rows(), notes=(f"the PDF: {len(content)} bytes",))


def unlocked(setting: Setting, desk: Desk) -> Practice:
    """A session in which the patient was already looked up, as before any deposit."""
    practice = Practice(setting.connect)
    practice.present(desk.open_professional_card(wait_for(desk, SlotState.PROFESSIONAL_CARD)))
    practice.choose_situation(practice.unlock(bytearray(CARDS[CARD].pin.encode()))[0])
    practice.take_traits(SOLO.traits)
    practice.confirm_identity()
    practice.look()
    return practice


def deposit(practice: Practice, content: bytes, folder: Path, laps: Laps) -> None:
    """One deposit through an outbox of its own. Raises AssertionError unless it was acknowledged."""
    case, holder, situation = practice.case, practice.holder, practice.situation
    assert case is not None
    assert holder is not None
    assert situation is not None
    party = Party(holder.professional, situation.structure)
    owner = Owner(holder.professional.national_id, situation.structure.national_id)
    document = form(case.patient, party, content)
    outbox = Outbox(folder, secrets.token_bytes(32))
    with laps.lap("all"):
        with laps.lap("1. prepared: PDF checked and read, CDA, metadata"):
            submission = prepare(document, software_oid=SOFTWARE_OID)
        with laps.lap("2. kept: encrypted, on disk"):
            delivery = outbox.put(submission, Summary(document.title, document.kind, "", owner))
        with laps.lap("3. sent: lot signed, new connection, acknowledged"):
            delivery = outbox.deliver(delivery.id, practice.dmp, case.access, owner)
    outbox.close()
    if delivery.state is not DeliveryState.SENT:
        raise AssertionError(delivery.error_code)


def form(patient: Patient, party: Party, content: bytes) -> NewDocument:
    """What the form holds when it is confirmed."""
    return confirmed(DocumentKind.PRESCRIPTION, "Ordonnance numérisée", PdfFile(content), patient, party)


def scanned_page() -> bytes:
    """A PDF of one page: a line of text and a picture that fills it."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    width, height = _PIXELS
    noise = random.Random(SIZE).randbytes(width * height)
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.drawString(50, 800, f"{SOLO.traits.birth_name} {SOLO.traits.first_name}")
    canvas.drawImage(ImageReader(Image.frombytes("L", _PIXELS, noise)), 50, 50, 500, 551)
    canvas.save()
    return out.getvalue()
