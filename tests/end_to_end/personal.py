"""What must be found in clear nowhere but in the DMP: matricules, names of patients, PINs."""

from __future__ import annotations

import base64
import re

from demonstration.people import CARDS, DOSSIERS


def _words() -> set[str]:
    names = {name for seed in DOSSIERS for name in (seed.traits.birth_name, *seed.traits.birth_first_names)}
    plain = {name for name in names if len(name) > 4}  # LÉA or TOM may be in any word
    return plain | {seed.ins.matricule for seed in DOSSIERS} | {seed.ins.matricule[:13] for seed in DOSSIERS}


def _forms(word: str) -> set[bytes]:
    """A word as it may lie in a file: UTF-8, UTF-16, hexadecimal, base64 at its three offsets."""
    utf8 = word.encode()
    found = {utf8, word.encode("utf-16-le"), utf8.hex().encode()}
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + utf8).rstrip(b"=")
        whole = coded[-(-offset * 8 // 6) : len(coded) - bool((offset + len(utf8)) % 3)]
        found.add(whole)
    return {form for form in found if len(form) >= 6}


_PERSONAL = re.compile(b"|".join(re.escape(form) for word in sorted(_words()) for form in sorted(_forms(word))), re.I)
_PINS = {card.pin for card in CARDS.values()}
_PIN = re.compile(
    "|".join(
        rf"(?<![\w.]){form}(?!\w|\.\d)" for pin in _PINS for form in (pin, pin.encode().hex(), pin.encode().hex(" "))
    ).encode()
)


def leaked(content: bytes) -> list[str]:
    """What ``content`` says of patients, by its kind; empty when nothing."""
    kinds = (("patient", _PERSONAL), ("PIN", _PIN))
    return [kind for kind, pattern in kinds if pattern.search(content)]
