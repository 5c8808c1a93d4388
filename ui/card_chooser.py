"""Which of several cards: asked when two of a kind are in the readers, never guessed."""

from __future__ import annotations

from collections.abc import Sequence

from ui.chooser import Chooser


class CardChooser(Chooser):
    """The title says which kind."""

    def __init__(self) -> None:
        super().__init__("card_chooser")
        self._explanation.setText(self.tr("Choisissez celle dont vous voulez vous servir, ou retirez l’autre."))
        self._list.setAccessibleName(self.tr("Cartes insérées"))

    def offer(self, title: str, cards: Sequence[tuple[str, object]]) -> None:
        """Words and value of each card."""
        self._title.setText(title)
        self.fill(cards)
