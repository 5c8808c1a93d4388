"""The "Table de cartes": the user's hand on the virtual cards, in this process or in a private pcscd."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from card_reader.direct import DirectTransport
from card_reader.virtual.card import VirtualCard
from card_reader.virtual.faults import FaultyCard
from card_reader.virtual.host import CardTableProblem, HostProcess
from card_reader.virtual.pad import VirtualPad
from demonstration.people import CARDS, VITALES
from ui.dependencies import CardFace

READERS = ("Lecteur bi-fente virtuel 00 00", "Lecteur bi-fente virtuel 00 01")
FAULTS = (
    ("mute", "Muette à la prochaine insertion"),
    ("leave", "Retirée à la prochaine commande"),
    ("slow", "Lente (une demi-seconde par commande)"),
    ("heal", "Réparée"),
)
_SPARE = {
    "cps4-medecin": CardFace("cps4-medecin", "CPS", "Dr Jeanne TESTMED", "CPS de 4e génération", "1234"),
    "cpa-autorisee": CardFace("cpa-autorisee", "CPA", "Anne TESTAUTORISEE", "Personnel autorisé", "1234"),
    "cps-sans-contact": CardFace("cps-sans-contact", "CPS", "Carte CPS", "Posée sur un lecteur sans contact"),
    "cps2ter": CardFace("cps2ter", "CPS", "Carte CPS", "Génération retirée (CPS2ter)"),
    "vitale-1": CardFace("vitale-1", "Vitale", "ZOÉ TESTEXEMPLE", "Vitale de 1re génération"),
    "carte-inconnue": CardFace("carte-inconnue", "Autre", "Carte inconnue", "Ni CPS ni Vitale"),
    "carte-muette": CardFace("carte-muette", "Autre", "Carte muette", "Puce sale ou mal insérée"),
    "cps-dernier-essai": CardFace("cps-dernier-essai", "CPS", "Dr Jeanne TESTMED", "Un seul essai restant", "1234"),
    "cps-bloquee": CardFace("cps-bloquee", "CPS", "Dr Jeanne TESTMED", "Code bloqué", "1234"),
    "cps-expiree": CardFace("cps-expiree", "CPS", "Dr Jeanne TESTMED", "Certificats expirés", "1234"),
}


def faces() -> dict[str, CardFace]:
    """What is printed on each bundled card, in the order they are laid."""
    found = {name: _professional_face(name) for name in CARDS}
    for name, family in VITALES.items():
        insured, *others = family.beneficiaries
        line = f"{len(others)} autres bénéficiaires" if others else "Un bénéficiaire"
        found[name] = CardFace(name, "Vitale", f"{insured.first_name} {insured.birth_name}", line)
    return {**found, **_SPARE}


def _professional_face(name: str) -> CardFace:
    card = CARDS[name]
    who = card.professional
    title = "Dr " if who.is_physician else ""
    named = f"{title}{who.given_name} {who.family_name}" if who.is_named else "Carte sans nom"
    place = card.situations[0].structure.name if card.situations else ""
    return CardFace(name, card.card_kind.name, named, place, card.pin)


class _Table(ABC):
    """What both tables share: names, faces, faults."""

    def __init__(self) -> None:
        self._faces = faces()

    def names(self) -> Sequence[str]:
        """See CardTableBackend."""
        return list(self._faces)

    def face(self, name: str) -> CardFace:
        """See CardTableBackend: with the PIN that the card has now."""
        return replace(self._faces[name], pin=self.pin(name))

    @abstractmethod
    def pin(self, name: str) -> str:
        """The PIN that the card has now, empty when it has none."""

    def faults(self) -> Sequence[tuple[str, str]]:
        """See CardTableBackend."""
        return FAULTS


class InProcessCards(_Table):
    """Cards in this process, in the readers of a DirectTransport."""

    def __init__(self, transport: DirectTransport, cards: Mapping[str, VirtualCard]) -> None:
        super().__init__()
        self._transport = transport
        self._cards = {name: FaultyCard(card) for name, card in cards.items()}
        self._where: dict[str, str] = {}

    def pin(self, name: str) -> str:
        """See _Table."""
        return self._cards[name].present_pin

    def inserted(self) -> frozenset[str]:
        """See CardTableBackend."""
        gone = [name for name, reader in self._where.items() if not self._transport.holds(reader)]
        for name in gone:
            del self._where[name]
        return frozenset(self._where)

    def insert(self, name: str) -> None:
        """See CardTableBackend. Raises CardTableProblem when no reader is free."""
        taken = {reader for other, reader in self._where.items() if other in self.inserted()}
        free = [reader for reader in READERS if reader not in taken]
        if not free or name in self._where:
            raise CardTableProblem("no such free reader")
        self._transport.insert(free[0], self._cards[name])
        self._where[name] = free[0]

    def withdraw(self, name: str) -> None:
        """See CardTableBackend."""
        reader = self._where.pop(name, "")
        if reader:
            self._transport.withdraw(reader)

    def cause(self, name: str, fault: str) -> None:
        """See CardTableBackend."""
        card = self._cards[name]
        acts: dict[str, Callable[[], None]] = {
            "mute": lambda: setattr(card, "is_mute", True),
            "leave": lambda: setattr(card, "leaves_at", 1),
            "slow": lambda: setattr(card, "delay", 0.5),
            "heal": card.heal,
        }
        acts[fault]()


class PadKeys:
    """The keys of all readers: only one asks at a time, keys pressed elsewhere are lost."""

    def __init__(self, transport: DirectTransport) -> None:
        self._pads = {reader: VirtualPad() for reader in READERS}
        for reader, pad in self._pads.items():
            transport.give_pad(reader, pad)

    def display(self) -> str:
        """See ReaderKeys."""
        return next((pad.display for pad in self._pads.values() if pad.is_waiting), "")

    def press(self, key: str) -> None:
        """See ReaderKeys."""
        for pad in self._pads.values():
            pad.press(key)


class PcscdCards(_Table):
    """Cards in a private pcscd, driven through the host's command lines."""

    def __init__(self, host: HostProcess) -> None:
        super().__init__()
        self._host = host

    def pin(self, name: str) -> str:
        """See _Table."""
        return self._host.pins().get(name, "")

    def inserted(self) -> frozenset[str]:
        """See CardTableBackend."""
        return frozenset(self._host.inserted().values())

    def insert(self, name: str) -> None:
        """See CardTableBackend. Raises CardTableProblem."""
        self._host.insert(name)

    def withdraw(self, name: str) -> None:
        """See CardTableBackend. Raises CardTableProblem."""
        self._host.withdraw(name)

    def cause(self, name: str, fault: str) -> None:
        """See CardTableBackend. Raises CardTableProblem."""
        lines = {"mute": f"mute {name}", "leave": f"withdraw-at {name} 1", "slow": f"slow {name} 0.5"}
        self._host.send(lines.get(fault, f"heal {name}"))
