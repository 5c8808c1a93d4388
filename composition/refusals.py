"""What the command line says when a command cannot start: one sentence on standard error."""

from __future__ import annotations

import sys
from pathlib import Path

from praticien.errors import InvalidInput

NO_PYSCARD = "pyscard n’est pas installé : la lecture des cartes est impossible (voir le README)."


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
    return refuse(f"fichier de configuration inutilisable ({path}) : {error.field or 'fichier'} – {error.detail}.")
