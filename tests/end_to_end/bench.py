"""The application as ``composition`` puts it together, in front of a user's hand and of cards that a test handles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from card_reader.desk import Desk
from composition import wiring
from connectors.endpoint import DmpEndpoint
from demonstration.hand import Hand
from demonstration.people import CARDS, DOSSIERS, RADIOLOGIST
from praticien.identity import InsOid
from praticien.listening import ListenAddress
from praticien.outbox import Outbox
from praticien.practice import Practice
from praticien.secrets_at_rest import key_from_file
from reference_server.seeding import DossierSeed
from tests.end_to_end.readers import Readers
from ui.dependencies import Dependencies
from ui.main_window import MainWindow
from ui.messages import SENTENCES, TRAITS
from ui.pages import Page
from ui.session import Phase
from ui.text import local_today

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def dependencies(
    endpoint: DmpEndpoint, readers: Readers, data: Path, listen: ListenAddress | None = None
) -> Dependencies:
    """The composition root's own wiring on these readers and this server; ``listen`` is for laboratories."""
    parts = wiring.Parts(
        endpoint,
        Desk(readers.transport),
        data,
        partial(key_from_file, data),
        ins_oid=InsOid.TEST,
        radiologists=(RADIOLOGIST,),
        listen=listen,
    )
    given = wiring.dependencies(parts)
    for person in CARDS.values():  # the notice is tested in tests/ui
        given.settings.set(f"understood/{person.professional.national_id}", local_today().isoformat())
    return given


@dataclass
class Chosen:
    """What the file dialogs will give."""

    pdf: Path | None = None
    study: Path | None = None


class Bench:
    """One window. Methods are whole gestures of a user, by the keyboard."""

    def __init__(self, given: Dependencies, readers: Readers) -> None:
        self.chosen = Chosen()
        self.readers = readers
        self._given = given
        self._is_open = True
        given = replace(
            given,
            choose_pdf=lambda: self.chosen.pdf,
            choose_dicom_folder=lambda: self.chosen.study,
        )
        self.outbox: Outbox = given.outbox
        self.practice: Practice = given.practice
        self.window = MainWindow(given)
        self.hand = Hand(self.window)
        self.window.show()
        self.window.activateWindow()
        self.hand.wait("la fenêtre active", self.window.isActiveWindow)
        self.window.start()
        QApplication.processEvents()

    def end(self) -> None:
        """End the window, and let cards, network and outbox go."""
        if self._is_open:
            self._is_open = False
            self.window.close()
            self.window.deleteLater()  # a window left alive would be dressed again by each later test
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            wiring.close(self._given)

    # -- the professional ------------------------------------------------------------------------------------

    def insert(self, card: str) -> None:
        """Put a professional's card in, up to the demand for its PIN."""
        self.readers.insert(card)
        self.hand.wait("la demande de code", lambda: self.window.page is Page.PIN)

    def unlock(self, card: str = "cps-medecin") -> None:
        """Type the right PIN, then take the first structure when asked which."""
        self.hand.write(CARDS[card].pin + "\n")
        self.hand.wait("la carte ouverte", lambda: self.window.phase in (Phase.STRUCTURE, Phase.READY))
        if self.window.phase is Phase.STRUCTURE:
            self.hand.press(Key.Key_Return)
        self.hand.wait("la session ouverte", lambda: self.window.phase is Phase.READY)

    def arrive(self, card: str = "cps-medecin") -> None:
        """Insert and unlock."""
        self.insert(card)
        self.unlock(card)

    def withdraw(self, card: str = "cps-medecin") -> None:
        """Take the card out; the window locks."""
        self.readers.withdraw(card)
        self.hand.wait("le verrouillage", lambda: self.window.phase is Phase.NO_CARD)

    # -- the patient -----------------------------------------------------------------------------------------

    def type_identity(self, seed: DossierSeed) -> None:
        """Fill the search form."""
        born = seed.traits.birth_date
        self.hand.fill("patient_form.ins", seed.ins.matricule)
        self.hand.fill("patient_form.birth_name", seed.traits.birth_name)
        self.hand.fill("patient_form.birth_first_name", seed.traits.first_name)
        self.hand.fill("patient_form.birth_date", born[6:] + born[4:6] + born[:4])

    def find(self, seed: DossierSeed) -> None:
        """Search by INS and traits until the patient is open."""
        if self.window.page is not Page.PATIENT:
            self.press(Key.Key_F2)
        self.type_identity(seed)
        self.press(Key.Key_Return, CONTROL)
        self.hand.wait_for_text(seed.traits.birth_name, "patient_banner.name")

    def open(self, seed: DossierSeed) -> None:
        """Search, check the identity, wait for the list."""
        self.find(seed)
        self.press(Key.Key_I, CONTROL)
        self.hand.wait("la liste", lambda: self.titles)

    def read_first(self) -> None:
        """Open the first document of the list."""
        self.window.pages.dossier.documents.take_focus()
        self.press(Key.Key_Down)
        self.press(Key.Key_Home, CONTROL)
        self.press(Key.Key_Return)

    def read(self) -> None:
        """The same, until its pages are drawn."""
        self.read_first()
        self.hand.wait("le document", lambda: self.window.pages.dossier.viewer.pages.is_drawn)

    def write_prescription(self, text: str, title: str = "Ordonnance d’essai") -> None:
        """Fill the form and stay on it."""
        self.press(Key.Key_F6)
        self.hand.wait("le formulaire", lambda: self.window.page is Page.DEPOSIT)
        self.hand.fill("deposit.title", title)
        self.hand.fill("deposit.text", text)

    @property
    def titles(self) -> tuple[str, ...]:
        """Documents in the list shown."""
        return tuple(self.window.pages.dossier.documents.titles)

    # -- keys and words --------------------------------------------------------------------------------------

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key."""
        self.hand.press(key, modifiers)

    def rest(self) -> None:
        """Until no answer is awaited any more."""
        self.hand.wait("le repos", lambda: not self.window.is_busy)

    def wait_for(self, code: str) -> None:
        """Until the sentence of ``code`` is on screen; it must be there once, and no other."""
        text = SENTENCES[code][0]
        self.hand.wait(f"la phrase de {code}", lambda: _PATTERNS[text].search(self.hand.read()))
        self.rest()
        assert self.said() == [text]

    def said(self) -> list[str]:
        """Every sentence of the table on screen, as often as it is there."""
        shown = self.hand.read()
        return [text for text, pattern in _PATTERNS.items() for _ in pattern.finditer(shown)]

    def shows_nobody(self) -> bool:
        """No name and no matricule of any patient on screen."""
        shown = self.hand.read()
        return not any(seed.traits.birth_name in shown or seed.ins.matricule in shown for seed in DOSSIERS)


def _pattern(text: str) -> re.Pattern[str]:
    """A sentence with its blanks filled in."""
    traits = "|".join(TRAITS.values())
    plain = re.escape(text.replace("\u00a0", " ").replace("\u202f", " "))
    plain = plain.replace(re.escape("{tries}"), r"\d essais?")
    return re.compile(plain.replace(re.escape("{traits}"), rf"(?:(?:{traits})(?:, )?)+"))


_PATTERNS = {text: _pattern(text) for text in sorted({text for text, _advice in SENTENCES.values() if text})}
