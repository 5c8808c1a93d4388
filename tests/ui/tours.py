"""Walks through the window that stop at every page, window and state there is, so that all of them can be looked at.

A tour yields the name of what is now on screen. ``test_every_view`` looks for faults at each stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from connectors.hl7v2.oru import read_reports
from connectors.xdm.packager import XdmPackager
from demonstration.laboratory import blood_test, urine_culture
from demonstration.people import (
    BLOCKING,
    CALLED_FOR,
    CLOSED,
    EMERGENCY,
    HOPITAL,
    LINA,
    NORA,
    OPPOSED,
    SCANNED,
    SOLO,
    TOM,
    UNCONSCIOUS,
    YANN,
    DossierSeed,
)
from demonstration.study import write_report, write_study
from praticien.documents.dicom import _headers, _opener
from praticien.documents.model import DocumentKind, Party, ReplacedVersion
from praticien.documents.received import ReceivedStudies, Reception
from praticien.habilitations import AuthorisedDossier, AuthorisedHolder
from praticien.metadata import Association, AssociationType, Availability, Code, Confidentiality
from praticien.ports import DeskState, Finding, Level, Slot, SlotState
from tests.praticien.documents.structured.test_imaging_writer import FULL, of
from tests.praticien.documents.test_kos import made as manifest
from tests.ui.conftest import Hands
from tests.ui.fake_dmp import OpposedToRegulation
from tests.ui.fakes import OID, Unreachable, World, sample
from tests.ui.test_labs import lab
from tests.ui.test_prescription import close_completion
from tests.ui.test_reading_acts import LINES, prescribed
from ui.main_window import MainWindow
from ui.pages import Page

SENT = datetime(2026, 11, 20, 9, 30, 15)
FINDINGS = (
    Finding("service.running", Level.GOOD),
    Finding("pin.last_try", Level.WARNING, "lecteur 1", (("left", "1"),)),
    Finding("clock.wrong", Level.PROBLEM, values=(("seconds", "600"),)),
)


@dataclass
class Visit:
    """One window over one world, and the hands on it."""

    world: World
    window: MainWindow
    hands: Hands
    store: ReceivedStudies
    ahead: list[timedelta] = field(default_factory=list)

    def unlock(self, card: str) -> None:
        self.hands.insert(self.world.desk, card)
        self.hands.unlock()
        if self.window.page is Page.STRUCTURE:
            self.hands.press("Return")

    def open(self, seed: DossierSeed) -> None:
        """Found by traits, identity checked."""
        self.hands.press("F2")
        if self.window.page is not Page.PATIENT:
            self.hands.press("F2")
        self.hands.search(seed)
        self.hands.press("Ctrl+I")

    def click(self, name: str) -> None:
        self.hands.find(name).click()
        self.hands.wait()

    def close_completion(self) -> None:
        close_completion(self.hands)

    def fill(self, name: str, text: str) -> None:
        self.hands.find(name).setFocus()
        self.hands.type(text)


def dependencies(world: World, folder: Path):
    """Everything the window can be handed, and the store of examinations received."""
    store = ReceivedStudies(folder / "received", bytes(32))
    world.chosen["folder"] = write_study(folder / "study", SCANNED)
    world.chosen["pdf"] = write_report(folder / "cr.pdf", SCANNED)
    world.chosen["lab"] = folder / "resultats.hl7"
    world.chosen["lab"].write_text(blood_test(SOLO, SENT), "utf-8")
    given = world.dependencies(
        diagnose=lambda: FINDINGS,
        reception=Reception(store, "https://drim.test.invalid/wado-rs"),
        packager=XdmPackager(OID, "Praticien"),
        choose_export=lambda: folder / "paquet.zip",
        choose_package=lambda: folder / "paquet.zip",
    )
    return given, store


def dossier_of_nora(world: World) -> None:
    """Documents of every kind and state."""
    theirs = Party(EMERGENCY, HOPITAL)
    masked = (Confidentiality.NORMAL, Confidentiality.MASKED)
    hidden = (Confidentiality.NORMAL, Confidentiality.INVISIBLE_TO_PATIENT)
    report, content = sample(
        NORA,
        DocumentKind.IMAGING_REPORT,
        "Compte rendu d’échographie abdominale et pelvienne avec étude doppler des vaisseaux",
        "Examen sans particularité.",
        author=theirs,
        legal_authenticator=theirs,
    )
    kos = manifest(of(study=replace(FULL, description="IRM du genou")))
    patients = Code("90", report.class_code.system, "Documents du patient")
    world.documents[NORA.ins.matricule] = [
        prescribed(),
        lab(NORA, "20260301", "1.32 g/L", written="1,32 g/L", number=1),
        lab(NORA, "20250301", "95 mg/dL", written="95 mg/dL", number=2),
        lab(NORA, "20240301", "5.1 g/L", written="1,5 g/L", number=3),
        (report, content),
        (replace(kos.entry, patient_id=NORA.ins, entry_uuid="urn:uuid:kos"), kos.content),
        (replace(report, unique_id="2.25.71", entry_uuid="urn:uuid:71", title="Masqué", confidentiality=masked), b""),
        (replace(report, unique_id="2.25.72", entry_uuid="urn:uuid:72", title="Caché", confidentiality=hidden), b""),
        (replace(report, unique_id="2.25.73", entry_uuid="urn:uuid:73", title="Lettre", class_code=patients), b""),
        (
            replace(
                report,
                unique_id="2.25.74",
                entry_uuid="urn:uuid:74",
                title="Ancienne version",
                availability=Availability.DEPRECATED,
            ),
            b"",
        ),
    ]


def without_a_card(v: Visit) -> Iterator[str]:
    v.world.desk.become(DeskState(False, ()))
    yield "welcome-no-service"
    v.world.desk.become(DeskState(True, ()))
    yield "welcome-no-reader"
    for state in (SlotState.MUTE, SlotState.UNKNOWN_CARD, SlotState.EMPTY):
        v.world.desk.become(DeskState(True, (Slot("lecteur 1", state, 3), Slot("lecteur 2", SlotState.EMPTY))))
        yield f"welcome-{state.name.lower()}"
    v.hands.press("Ctrl+R")
    yield "doctor"
    v.hands.press("Esc", "F1")
    yield "keys"
    v.hands.press("Esc", "F12")
    yield "card-table"
    v.window.card_table.close()
    v.window.activateWindow()
    v.hands.wait()
    v.hands.press("Shift+F12")
    yield "patient-view"
    v.window.patient_view.close()
    v.window.activateWindow()


def codes(v: Visit) -> Iterator[str]:
    desk = v.world.desk
    v.hands.insert(desk, "cps-medecin")
    yield "pin"
    v.hands.type("9999")
    v.hands.press("Return")
    yield "pin-wrong"
    v.hands.press("Ctrl+K")
    yield "pin-care"
    for code in ("1234", "4321", "4322"):
        v.hands.type(code)
        v.hands.press("Return")
    yield "pin-care-different"
    v.hands.press("Esc")
    desk.tries["cps-medecin"] = 1
    v.hands.withdraw(desk, "cps-medecin")
    v.hands.insert(desk, "cps-medecin")
    yield "pin-last-try"
    desk.tries["cps-medecin"] = 0
    v.hands.withdraw(desk, "cps-medecin")
    v.hands.insert(desk, "cps-medecin")
    yield "pin-blocked"
    v.hands.press("Ctrl+K")
    yield "pin-unblock"
    v.hands.press("Esc")
    v.hands.withdraw(desk, "cps-medecin")
    two = (Slot("lecteur 1", SlotState.PROFESSIONAL_CARD, 7), Slot("lecteur 2", SlotState.PROFESSIONAL_CARD, 8))
    desk._names.update({"lecteur 1": "cps-medecin", "lecteur 2": "cps-urgentiste"})
    desk.become(DeskState(True, two))
    v.hands.wait()
    yield "several-cards"


def beginning(v: Visit) -> Iterator[str]:
    v.world.settings.values["understood/899700000123"] = ""
    v.hands.insert(v.world.desk, "cps-medecin")
    v.hands.unlock()
    yield "structure"
    v.hands.press("Return")
    yield "pledge"
    v.hands.press("Return")
    yield "patient-form"
    v.hands.press("Ctrl+Return")
    yield "patient-form-errors"
    v.hands.insert(v.world.desk, "vitale-famille")
    yield "beneficiaries"
    v.hands.press("1", "Return")
    yield "identity-to-check"
    v.hands.press("Shift+F1")
    yield "why-unqualified"


def dossier_states(v: Visit) -> Iterator[str]:
    v.unlock("cps-medecin")
    v.open(SOLO)
    yield "consent-adult"
    v.open(LINA)
    yield "consent-minor"
    v.hands.press("Ctrl+Shift+I")
    yield "secret-connection"
    v.hands.press("Ctrl+Shift+I")
    for name, seed in (("expired", YANN), ("absent", TOM), ("closed", CLOSED), ("blocked", BLOCKING)):
        v.open(seed)
        yield f"dossier-{name}"
        v.hands.press("F9")
        yield f"dossier-{name}-emergency"
        v.hands.press("Esc", "Shift+F1")
        yield f"why-{name}"
        v.hands.press("Esc")
    v.open(NORA)
    yield "dossier-empty"
    v.open(SOLO)
    v.world.dmp.failing = Unreachable()
    v.hands.press("F5")
    yield "dossier-unreachable"
    v.click("notice.more")
    yield "notice-details"


def reading(v: Visit) -> Iterator[str]:
    dossier_of_nora(v.world)
    v.unlock("cps-medecin")
    v.open(NORA)
    yield "list"
    for number, name in enumerate(("prescription", "lab", "lab-2", "lab-doubtful", "pdf", "manifest")):
        v.hands.find("documents.table").setFocus()
        v.hands.press("Home", *["Down"] * number, "Return")
        yield f"viewer-{name}"
    v.hands.press("Ctrl+E")
    yield "states"
    v.hands.press("Ctrl+E", "/")
    v.hands.type("zzz")
    yield "search-nothing"
    v.hands.find("documents.search").clear()
    v.hands.press("Ctrl+B")
    yield "labs"
    held = v.world.documents[NORA.ins.matricule]
    held[:] = [one for one in held if one[1]][:5]
    v.hands.press("Esc", "F5", "Ctrl+Shift+S")
    yield "package-written"
    v.hands.press("Ctrl+Shift+P")
    yield "package"


def changed(v: Visit) -> Iterator[str]:
    old_entry, old = prescribed(LINES[:1])
    old_entry = replace(old_entry, availability=Availability.DEPRECATED)
    former = ReplacedVersion(old_entry.unique_id, old_entry.entry_uuid)
    new_entry, new = prescribed(version=2, replaces=former, unique_id="2.25.777")
    v.world.documents[NORA.ins.matricule] = [(new_entry, new), (old_entry, old)]
    v.world.registry.edges.append(Association(AssociationType.REPLACE, new_entry.entry_uuid, old_entry.entry_uuid))
    v.unlock("cps-medecin")
    v.open(NORA)
    v.hands.press("Home", "Return", "Ctrl+J")
    yield "difference"
    v.hands.press("Ctrl+P")
    yield "properties"
    v.hands.press("Return")
    yield "properties-confirm"
    v.hands.press("Esc")
    v.click("properties.act.delete")
    yield "properties-delete"
    v.hands.press("Esc", "Esc", "Ctrl+G")
    yield "authorisation"
    v.click("authorisation.act.withdraw")
    yield "authorisation-withdraw"
    v.hands.press("Esc", "Esc")
    v.world.registry.detached.add(NORA.ins.matricule)
    v.world.registry.holders = (
        AuthorisedHolder(EMERGENCY.national_id, "TESTURGENCE", "Karim", "G15_10/SM59", blocked=True, treating=False),
    )
    v.hands.press("F5", "Ctrl+G")
    v.click("authorisation.act.correct")
    yield "administrative"
    v.hands.press("Esc")
    v.click("authorisation.act.close")
    yield "authorisation-close"
    v.hands.press("Esc", "Esc", "Ctrl+M")
    yield "my-patients-none"
    v.hands.press("Esc")
    v.world.registry.mine = tuple(
        AuthorisedDossier(
            s.ins,
            s.traits.birth_name,
            first_name=s.traits.first_name,
            birth_date=s.traits.birth_date,
            used_name="TESTUSAGE" if s is NORA else "",
            sex=s.traits.sex,
            treating=s is NORA,
        )
        for s in (YANN, NORA, SOLO)
    )
    v.hands.press("Ctrl+M")
    yield "my-patients"


def deposits(v: Visit) -> Iterator[str]:
    v.unlock("cps-medecin")
    v.hands.insert(v.world.desk, "vitale-seule")
    v.hands.press("Return", "Ctrl+I", "F6")
    yield "deposit-prescription"
    v.hands.press("Ctrl+Return")
    yield "deposit-prescription-errors"
    v.hands.find("deposit.lines.0.name").setFocus()
    for words in ("Paracétamol 1 g, comprimé", "1 à 2 3/j si douleur 5 j", "Amoxicilline 1 g", "1 matin 1 soir 7 j"):
        v.hands.type(words)
        v.close_completion()
        v.hands.press("Return")
    yield "deposit-prescription-filled"
    v.hands.press("Esc", "F7")
    yield "deposit-lab"
    v.hands.press("Ctrl+Shift+O")
    yield "deposit-lab-filled"
    v.hands.press("Esc", "F8")
    yield "deposit-imaging"
    v.hands.press("Ctrl+Return")
    yield "deposit-imaging-errors"
    v.hands.press("Esc", "Shift+F6")
    yield "deposit-other"
    v.hands.press("Ctrl+Return")
    yield "deposit-other-errors"
    v.hands.press("Esc", "Shift+F8")
    yield "deposit-summary"
    v.hands.type("2012 hta")
    v.hands.press("Ctrl+Return")
    yield "deposit-summary-errors"
    v.hands.press("Esc", "Ctrl+F10")
    yield "sending"
    v.hands.press("Esc", "F10")
    yield "outbox-empty"
    v.hands.press("Esc", "F6")
    for number in range(2):
        v.click(f"deposit.lines.{1 - number}.remove")
    v.fill("deposit.text", "Paracétamol 1 g.")
    v.world.dmp.failing = Unreachable()
    v.hands.press("Ctrl+Return")
    yield "deposit-waiting"
    v.hands.press("Esc", "F10")
    yield "outbox"
    v.hands.press("Delete")
    yield "outbox-discard"
    v.hands.press("Esc", "Ctrl+R")
    yield "doctor-unlocked"


def laboratory(v: Visit) -> Iterator[str]:
    v.unlock("cps-medecin")
    v.hands.press("Shift+F7")
    yield "received-none"
    v.hands.press("Esc")
    reports = (blood_test(SOLO, SENT), blood_test(NORA, SENT), blood_test(SOLO, SENT, status="P"))
    for text in (*(one.encode() for one in reports), urine_culture(SOLO, SENT).encode("latin-1")):
        v.world.inbox.put(text, read_reports(text, production=False))
    v.hands.wait()
    v.open(SOLO)
    v.hands.press("Shift+F7")
    for number in range(4):
        v.hands.press("Home", *["Down"] * number)
        yield f"received-{number}"
    v.hands.press("Del")
    yield "received-erase"


def secretary(v: Visit) -> Iterator[str]:
    v.unlock("cpe-secretaire")
    yield "work-list-empty"
    for header in _headers(_opener(file) for file in sorted(v.world.chosen["folder"].iterdir())):
        v.store.keep(header)
    v.open(SCANNED)
    yield "work-list-refused-reading"
    v.hands.press("F8")
    yield "deposit-secretary"
    v.hands.press("Ctrl+Shift+E")
    yield "deposit-received"
    v.hands.press("Esc", "F8", "Ctrl+O", "Ctrl+Shift+D")
    yield "deposit-imaging-filled"
    v.hands.press("Ctrl+Shift+A")
    v.hands.find("deposit.author").setCurrentIndex(1)
    yield "deposit-imaging-acts"
    v.world.dmp.failing = Unreachable()
    v.hands.press("Ctrl+Return")
    yield "deposit-imaging-sent"
    v.hands.press("Esc")
    yield "work-list"


def emergency(v: Visit) -> Iterator[str]:
    v.world.documents[UNCONSCIOUS.ins.matricule] = [
        sample(UNCONSCIOUS, DocumentKind.PRESCRIPTION, "Ordonnance de cardiologie", "Apixaban 5 mg")
    ]
    v.unlock("cps-urgentiste")
    v.open(OPPOSED)
    v.hands.press("F9")
    yield "emergency-opposed"
    v.hands.press("Esc")
    v.open(UNCONSCIOUS)
    v.hands.press("F9")
    yield "emergency"
    v.hands.press("Ctrl+Return")
    yield "emergency-no-reason"
    v.hands.press("1", "Ctrl+Return")
    yield "emergency-band"
    v.hands.press("Return")
    yield "emergency-document"
    v.hands.press("F9")
    yield "emergency-extend"
    v.hands.press("Esc", "F6")
    yield "emergency-deposit"
    v.hands.press("Esc", "Shift+F9")
    yield "emergency-over"
    v.hands.press("Ctrl+F9")
    yield "reviews"
    v.hands.press("Ctrl+Return")
    yield "reviews-error"
    v.click("reviews.used.0")
    v.hands.press("Ctrl+Return")
    yield "reviews-none"


def regulation(v: Visit) -> Iterator[str]:
    v.world.documents[CALLED_FOR.ins.matricule] = [
        sample(CALLED_FOR, DocumentKind.PRESCRIPTION, "Ordonnance de cardiologie", "Apixaban", days=41),
        sample(CALLED_FOR, DocumentKind.LAB_RESULT, "Ionogramme", "Sodium"),
    ]
    v.hands.insert(v.world.desk, "cps-regulateur")
    v.hands.unlock()
    yield "regulation"
    v.hands.type("t")
    v.hands.press("Return")
    yield "regulation-error"
    v.hands.type("esthomonyme")
    v.hands.press("Return")
    yield "regulation-found"
    v.hands.press("1", "4", "5")
    yield "regulation-homonyms"
    v.hands.press("3", "Return")
    yield "minimum"
    v.hands.press("Ctrl+Return")
    yield "regulation-rest"
    v.world.dmp.failing = OpposedToRegulation(rule="OPPOSITION_ACCES_URGENCE")
    v.hands.press("F5")
    yield "regulation-refused"


Tour = Callable[[Visit], Iterator[str]]
TOURS: tuple[Tour, ...] = (
    without_a_card,
    codes,
    beginning,
    dossier_states,
    reading,
    changed,
    deposits,
    laboratory,
    secretary,
    emergency,
    regulation,
)
