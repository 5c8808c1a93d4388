"""The keys, on one card ("?")."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.flow_row import FlowRow
from ui.theme import GRID
from ui.widgets import button, column, label, line

KEYS = (
    ("Maj+F1", "Pourquoi je ne peux pas"),
    ("Ctrl+F1", "Ce que j’ai confirmé avoir compris"),
    ("F2", "Chercher ou changer de patient"),
    ("Ctrl+F2", "Centre 15 : chercher un patient sans carte"),
    ("Ctrl+I", "Identité contrôlée"),
    ("Ctrl+Maj+I", "Patient mineur : connexion secrète, ou y mettre fin"),
    ("F4", "Changer de structure"),
    ("F5", "Actualiser le dossier"),
    ("F6 · F7 · F8", "Déposer : ordonnance · biologie · imagerie"),
    ("Maj+F8 · Maj+F6", "Déposer : synthèse médicale · autre document"),
    ("Maj+F7", "Résultats de laboratoire reçus"),
    ("Ctrl+Maj+O", "Importer des résultats dans un dépôt de biologie"),
    ("Ctrl+Maj+L", "Ordonnance : ligne en rapport avec une ALD, ou non"),
    ("Ctrl+Maj+M", "Ordonnance : mentions de l’ordonnance entière"),
    ("Ctrl+Maj+A", "Imagerie : ajouter un acte"),
    ("Ctrl+Maj+R", "Imagerie : répartir la dictée dans les rubriques"),
    ("Ctrl+Maj+E", "Imagerie : examens reçus du PACS"),
    ("Ctrl+Maj+T", "Synthèse : reprendre ce qui a été lu dans ce dossier"),
    ("F9", "Bris de glace, ou le prolonger"),
    ("F9, Ctrl+1 à Ctrl+5", "Bris de glace en deux touches, motif codé"),
    ("Maj+F9", "Mettre fin à l’accès d’urgence"),
    ("Ctrl+F9", "Accès d’urgence à justifier"),
    ("F10", "Envois"),
    ("R · Suppr · S", "Envois : réessayer · effacer la ligne · supprimer du dossier"),
    ("E", "Envois : exporter le registre des textes relus"),
    ("Ctrl+F10", "À envoyer, et règles d’envoi"),
    ("Ctrl+B", "Biologie dans le temps"),
    ("Ctrl+N", "Renouveler l’ordonnance lue"),
    ("Ctrl+T", "Imprimer le document lu"),
    ("Ctrl+J", "Modifications depuis la version précédente"),
    ("Ctrl+S · Ctrl+Maj+S", "Exporter le document · tous ceux de la liste"),
    ("Ctrl+Maj+P", "Ouvrir un fichier de documents (IHE XDM)"),
    ("/", "Chercher dans les documents"),
    ("Flèches, Entrée", "Choisir, ouvrir"),
    ("Ctrl+P", "Propriétés du document : masquer, archiver, remplacer, supprimer"),
    ("Ctrl+E", "États affichés : archivés, anciennes versions, masqués"),
    ("Ctrl+G", "Autorisation, médecin traitant, données administratives"),
    ("Ctrl+M", "Mes patients"),
    ("F3", "Aller de la liste au document et retour"),
    ("+ · −", "Agrandir ou réduire les pages"),
    ("Ctrl+Entrée", "Valider un formulaire"),
    ("Échap", "Revenir, annuler l’attente"),
    ("Ctrl+L", "Verrouiller"),
    ("Ctrl+K", "Changer ou débloquer le code porteur"),
    ("Ctrl+R", "Diagnostic lecteur"),
    ("Ctrl++ · Ctrl+− · Ctrl+0", "Taille du texte"),
    ("F11", "Thème clair ou sombre"),
    ("?", "Cette carte"),
)
DEMONSTRATION_KEYS = (("F12", "Table de cartes"), ("Maj+F12", "Espace du patient (démonstration)"))


class KeyCard(QWidget):
    """A page; Esc leaves."""

    left = Signal()

    def __init__(self, *, demonstration: bool) -> None:
        super().__init__()
        self.setObjectName("keys")
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID * 4)
        grid.setVerticalSpacing(GRID)
        for number, (keys, words) in enumerate(KEYS + (DEMONSTRATION_KEYS if demonstration else ())):
            grid.addWidget(line(keys, "strong"), number, 0)
            grid.addWidget(label(words), number, 1)
        grid.setColumnStretch(1, 1)
        self._back = button(self.tr("Retour (Échap)"), self.left.emit, "", "keys.back")
        buttons = FlowRow(self._back)
        self.setLayout(column(label(self.tr("Tout au clavier"), "heading"), grid, buttons, gap=GRID * 2))

    def take_focus(self) -> None:
        """The way back."""
        self._back.setFocus()
