"""What the command line says when a command cannot start: one sentence on standard error."""

from __future__ import annotations

import sys
from pathlib import Path

from praticien.errors import InvalidInput

NO_PYSCARD = "pyscard n’est pas installé : la lecture des cartes est impossible (voir le README)."

_WHY = {
    "missing entry": "entrée absente, vide ou qui n’est pas un texte",
    "unknown name": "nom inconnu (voir « main.py --example-config »)",
    "https address expected": "adresse commençant par https:// attendue",
    "file not found": "fichier introuvable",
    "nir, nia, test or demo": "nir, nia, test ou demo attendu",
    "nir or nia in production": "nir ou nia attendu en production",
    "list of addresses expected": "liste d’adresses attendue",
    "list of structure identifiers expected": "liste d’identifiants de structures attendue",
    "list expected": "liste de textes attendue",
    "sections expected": "une section par médecin attendue",
    "a section is expected": "une section est attendue",
    "unusable value": "valeur inutilisable",
    "auto, native or pkcs11": "auto, native ou pkcs11 attendu",
    "test or production": "test ou production attendu",
    "minutes, 1 to 1440": "nombre de minutes attendu, de 1 à 1440",
    "IP address and port expected": "adresse IP et port attendus",
    "port": "port inutilisable",
    "who may send?": "les adresses qui peuvent envoyer doivent être nommées",
    "TOMLDecodeError": "ce n’est pas du TOML",
    "UnicodeDecodeError": "ce n’est pas de l’UTF-8",
    "PermissionError": "lecture interdite",
    "IsADirectoryError": "c’est un dossier",
}
"""What is wrong with an entry, by the detail of its error."""


def refuse(sentence: str) -> int:
    """Say it; the exit status."""
    print(f"praticien : {sentence}", file=sys.stderr)
    return 1


def refuse_configuration(path: Path, error: InvalidInput) -> int:
    """Say why that file cannot be used; the exit status."""
    if error.code == "configuration.missing":
        return refuse(
            f"pas de fichier de configuration ({path}) : créez-le à partir de « main.py --example-config », "
            "ou lancez la démonstration avec « main.py demo »."
        )
    why = _WHY.get(error.detail, error.detail)
    return refuse(f"fichier de configuration inutilisable ({path}) : {error.field or 'fichier'} – {why}.")
