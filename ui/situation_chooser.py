"""In the name of which structure: asked once per card, then remembered."""

from __future__ import annotations

from praticien.documents.nomenclatures import SECTORS
from praticien.professional import PracticeSituation
from ui.chooser import Chooser


class SituationChooser(Chooser):
    """``chosen`` gives back the situation."""

    def __init__(self) -> None:
        super().__init__("situations")
        self._title.setText(self.tr("Dans quelle structure travaillez-vous ?"))
        self._explanation.setText(self.tr("Le choix est retenu pour cette carte ; F4 permet d’en changer."))
        self._list.setAccessibleName(self.tr("Structures de la carte"))

    def offer(self, situations: tuple[PracticeSituation, ...]) -> None:
        """One row a structure."""
        self.fill((_words(situation), situation) for situation in situations)


def _words(situation: PracticeSituation) -> str:
    structure = situation.structure
    return f"{structure.name}\n{SECTORS.get(structure.sector, structure.sector)}"
