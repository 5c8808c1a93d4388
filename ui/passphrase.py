"""Where the system has no keyring: the passphrase that protects what waits to be sent, asked at start."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog, QLineEdit

from praticien.errors import Refused
from praticien.secrets_at_rest import WrongPassphrase
from ui.application import create
from ui.messages import sentence

_TITLE = "Praticien – phrase secrète"
_CHOOSE = (
    "Ce poste n’a pas de trousseau de clés. Une phrase secrète protège les documents en attente d’envoi.\n"
    "Choisissez-la la première fois, puis saisissez la même à chaque démarrage."
)


class NoPassphrase(Refused):
    """The user gave up."""

    code = "secrets.none_given"


def ask(derive: Callable[[bytearray], bytes]) -> bytes:
    """The key that ``derive`` makes of what is typed; asked again while it is wrong. Raises NoPassphrase."""
    create()
    text = _CHOOSE
    while True:
        typed, accepted = QInputDialog.getText(None, _TITLE, text, QLineEdit.EchoMode.Password)
        if not accepted or not typed:
            raise NoPassphrase
        try:
            return derive(bytearray(typed, "utf-8"))
        except WrongPassphrase as error:
            text = sentence(error).whole
