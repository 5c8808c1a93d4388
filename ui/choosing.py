"""Two cards of a kind at once: asks which, in words that tell them apart."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from praticien.ports import Slot
from praticien.professional import CardHolder
from praticien.vitale import VitaleReading
from ui.pages import Page, Pages
from ui.patient_flow import PatientFlow
from ui.session import Session
from ui.text import card_text, professional_name

Reading = tuple[str, VitaleReading | None]


class Choosing(QObject):
    """``offer_beneficiaries`` is called with the reading of the Vitale chosen."""

    def __init__(
        self, session: Session, flow: PatientFlow, pages: Pages, offer_beneficiaries: Callable[[VitaleReading], object]
    ) -> None:
        super().__init__()
        self._session, self._flow, self._pages = session, flow, pages
        self._offer_beneficiaries = offer_beneficiaries
        pages.cards.chosen.connect(self._chosen)

    def read_vitale(self) -> bool:
        """Read the Vitale, or all of several; False when there is none."""
        readers = self._session.vitale_readers
        if len(readers) > 1:
            self._flow.read_vitales(readers)
        elif readers:
            self._flow.read_vitale(readers[0])
        return bool(readers)

    def ask_professional(self) -> None:
        """Which of the professional cards."""
        cards = [(self._card_words(slot, holder), slot) for slot, holder in self._session.candidates]
        self._pages.cards.offer(self.tr("Plusieurs cartes professionnelles sont insérées"), cards)
        self._pages.go(Page.CARDS)

    def ask_vitale(self, found: tuple[Reading, ...]) -> None:
        """Which of the Vitale cards."""
        cards = [(self._vitale_words(*each), each) for each in found]
        self._pages.cards.offer(self.tr("Plusieurs cartes Vitale sont insérées"), cards)
        self._pages.go(Page.CARDS)

    def _card_words(self, slot: Slot, holder: CardHolder | None) -> str:
        if holder is None:
            return self.tr("Carte qui ne peut pas être lue\n{reader}").format(reader=slot.reader)
        return f"{professional_name(holder.professional)} · {card_text(holder.card_kind)}\n{slot.reader}"

    def _vitale_words(self, reader: str, reading: VitaleReading | None) -> str:
        if reading is None:
            return self.tr("Carte Vitale qui ne peut pas être lue\n{reader}").format(reader=reader)
        return f"{reading.holder.first_name} {reading.holder.family_name}\n{reader}"

    def _chosen(self, value: Slot | Reading) -> None:
        self._pages.cards.forget()
        if isinstance(value, Slot):
            self._session.use_card(value)
        elif value[1] is None:
            self._flow.read_vitale(value[0])
        else:
            self._offer_beneficiaries(value[1])
