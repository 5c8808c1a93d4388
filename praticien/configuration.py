"""The configuration file (TOML) and the small settings the window remembers. No patient data in either."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from praticien import imaging_configuration
from praticien.emergency import EmergencyRules
from praticien.errors import InvalidInput
from praticien.identity import InsOid
from praticien.imaging_configuration import ImagingConfiguration
from praticien.listening import InvalidAddress, ListenAddress, TlsFiles
from praticien.professional import Professional

EXAMPLE = """\
# "production" refuse les cartes de test ; "test" (par défaut) les accepte.
[application]
environment = "test"

# Serveur DMP auquel se raccorder, et autorités de certification auxquelles se fier (fichier PEM).
[dmp]
base_url = "https://localhost:8443"
ca_file = "ca.pem"

# Autorité d'affectation des matricules saisis : "nir" en production, "test" avec le serveur de référence.
[identity]
ins_oid = "test"

# Accès aux cartes professionnelles : "auto" (par la bibliothèque PKCS#11, Cryptolib CPS de l'ANS, si elle est
# installée, sinon directement), "native" (directement) ou "pkcs11" (toujours par la bibliothèque).
# "pkcs11_library" remplace son emplacement habituel.
[cards]
mode = "auto"
# pkcs11_library = "/opt/santesocial/CPS/lib/libcps3_pkcs11_lux.so"

# Vos médicaments et dispositifs, proposés à la saisie d'une ordonnance, à la place de la courte liste fournie (JSON).
# [prescription]
# products_file = "produits.json"

# Accès d'urgence : durée (minutes) d'un bris de glace et d'un accès par un centre de régulation ; structures
# (identifiant national) qui sont des centres de régulation médicale (SAMU, centre 15).
[emergency]
break_glass_minutes = 60
regulation_minutes = 60
regulation_centres = []

# Réception des résultats de laboratoire (HL7 v2 ORU^R01, MLLP). Au-delà de cette machine, "allow" nomme les adresses ou
# les réseaux qui peuvent envoyer. Avec un certificat et sa clé (PEM, sans mot de passe), TLS seul est accepté ; avec
# "clients", l'envoyeur doit montrer un certificat de ces autorités.
# [laboratory]
# listen = "127.0.0.1:2575"
# allow = ["192.168.1.20"]
# certificate = "mllp.pem"
# key = "mllp.key"
# clients = "laboratoires.pem"

{imaging}# Médecins au nom desquels le secrétariat dépose (une section par médecin).
[[radiologists]]
national_id = "899700000149"
family_name = "TESTRADIO"
given_name = "Paule"
specialty = "SM44"
""".replace("{imaging}", imaging_configuration.EXAMPLE)

_OIDS = {"nir": InsOid.NIR, "nia": InsOid.NIA, "test": InsOid.TEST, "demo": InsOid.DEMO}

_ENVIRONMENTS = ("test", "production")
_CARDS_MODES = ("auto", "native", "pkcs11")
_LONGEST_EMERGENCY = 24 * 60


class InvalidConfiguration(InvalidInput):
    """The configuration file cannot be used; ``field`` names the entry."""

    code = "configuration.invalid"


class NoConfiguration(InvalidInput):
    """There is no configuration file yet."""

    code = "configuration.missing"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the application needs to start; paths are absolute. ``cards_mode`` is "auto", "native" or "pkcs11".

    In ``production`` test cards are refused.
    """

    base_url: str
    ca_file: Path
    ins_oid: str
    radiologists: tuple[Professional, ...] = ()
    cards_mode: str = "auto"
    pkcs11_library: Path | None = None
    production: bool = False
    products_file: Path | None = None
    emergencies: EmergencyRules = field(default_factory=EmergencyRules)
    laboratory: ListenAddress | None = None
    laboratory_tls: TlsFiles | None = None
    imaging: ImagingConfiguration = field(default_factory=ImagingConfiguration)


def load(path: Path) -> Configuration:
    """Read the file. Raises NoConfiguration, InvalidConfiguration, InvalidImaging."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))  # some editors of Windows put a mark before the text
    except FileNotFoundError:
        raise NoConfiguration from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidConfiguration(type(error).__name__) from None
    made = Configuration(
        base_url=_base_url(raw),
        ca_file=_ca_file(raw, path.parent),
        ins_oid=_ins_oid(raw),
        radiologists=_radiologists(raw),
        cards_mode=_cards_mode(raw),
        pkcs11_library=_pkcs11_library(raw, path.parent),
        production=_is_production(raw),
        products_file=_products_file(raw, path.parent),
        emergencies=_emergencies(raw),
        laboratory=_laboratory(raw),
        laboratory_tls=_laboratory_tls(raw, path.parent),
        imaging=imaging_configuration.read(raw, path.parent),
    )
    _check_names(raw)
    if made.production and made.ins_oid in (InsOid.TEST, InsOid.DEMO):
        raise InvalidConfiguration("nir or nia in production", field="identity.ins_oid")
    return made


def _check_names(raw: dict[str, Any]) -> None:
    """A name written wrong must not leave a default in its place (the environment's is "test")."""
    known = _known_names()
    for section, values in raw.items():
        if section not in known:
            raise InvalidConfiguration("unknown name", field=section)
        for entries in values if isinstance(values, list) else [values]:
            for name in entries.keys() - known[section]:
                raise InvalidConfiguration("unknown name", field=f"{section}.{name}")


def _known_names() -> dict[str, set[str]]:
    """Every section and entry, by the example, which has them all, some behind a comment sign."""
    known: dict[str, set[str]] = {}
    for line in EXAMPLE.splitlines():
        head, entry = re.fullmatch(r"#? ?\[+(\w+)\]+", line), re.match(r"(?:# )?(\w+) = ", line)
        if head:
            known[head[1]] = section = set()
        elif entry:
            section.add(entry[1])
    return known


def _entry(raw: dict[str, Any], section: str, name: str) -> str:
    value = raw.get(section, {}).get(name) if isinstance(raw.get(section, {}), dict) else None
    if not isinstance(value, str) or not value.strip():
        raise InvalidConfiguration("missing entry", field=f"{section}.{name}")
    return value.strip()


def _base_url(raw: dict[str, Any]) -> str:
    url = _entry(raw, "dmp", "base_url").rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "https" and parts.hostname and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is no number
        usable = False
    if not usable:
        raise InvalidConfiguration("https address expected", field="dmp.base_url")
    return url


def _ca_file(raw: dict[str, Any], folder: Path) -> Path:
    path = (folder / _entry(raw, "dmp", "ca_file")).resolve()
    if not path.is_file():
        raise InvalidConfiguration("file not found", field="dmp.ca_file")
    return path


def _ins_oid(raw: dict[str, Any]) -> str:
    name = _entry(raw, "identity", "ins_oid").lower()
    if name not in _OIDS:
        raise InvalidConfiguration("nir, nia, test or demo", field="identity.ins_oid")
    return _OIDS[name]


def _laboratory(raw: dict[str, Any]) -> ListenAddress | None:
    listen = _optional_entry(raw, "laboratory", "listen")
    allow = raw.get("laboratory", {}).get("allow", []) if listen else []
    if not isinstance(allow, list) or not all(isinstance(each, str) for each in allow):
        raise InvalidConfiguration("list of addresses expected", field="laboratory.allow")
    try:
        return ListenAddress.parse(listen, tuple(allow)) if listen else None
    except InvalidAddress as error:
        raise InvalidConfiguration(error.detail, field=f"laboratory.{error.field}") from None


def _laboratory_tls(raw: dict[str, Any], folder: Path) -> TlsFiles | None:
    """Half a pair is an error: whoever wrote it did not mean to listen in clear."""
    entries = {name: _optional_entry(raw, "laboratory", name) for name in ("certificate", "key", "clients")}
    if not any(entries.values()):
        return None
    for name in ("certificate", "key"):
        _entry(raw, "laboratory", name)
    files = {name: (folder / value).resolve() for name, value in entries.items() if value}
    for name, path in files.items():
        if not path.is_file():
            raise InvalidConfiguration("file not found", field=f"laboratory.{name}")
    return TlsFiles(**files)


def _cards_mode(raw: dict[str, Any]) -> str:
    mode = _optional_entry(raw, "cards", "mode") or "auto"
    if mode not in _CARDS_MODES:
        raise InvalidConfiguration("auto, native or pkcs11", field="cards.mode")
    return mode


def _is_production(raw: dict[str, Any]) -> bool:
    environment = _optional_entry(raw, "application", "environment") or "test"
    if environment not in _ENVIRONMENTS:
        raise InvalidConfiguration("test or production", field="application.environment")
    return environment == "production"


def _pkcs11_library(raw: dict[str, Any], folder: Path) -> Path | None:
    """Whether it is there is seen when a card is opened: it may be installed later."""
    name = _optional_entry(raw, "cards", "pkcs11_library")
    return (folder / name).resolve() if name else None


def _products_file(raw: dict[str, Any], folder: Path) -> Path | None:
    name = _optional_entry(raw, "prescription", "products_file")
    path = (folder / name).resolve() if name else None
    if path and not path.is_file():
        raise InvalidConfiguration("file not found", field="prescription.products_file")
    return path


def _emergencies(raw: dict[str, Any]) -> EmergencyRules:
    section = raw.get("emergency", {})
    centres = section.get("regulation_centres", []) if isinstance(section, dict) else None
    if not isinstance(centres, list) or not all(isinstance(one, str) and one.strip() for one in centres):
        raise InvalidConfiguration("list of structure identifiers expected", field="emergency.regulation_centres")
    return EmergencyRules(
        break_glass=_minutes(section, "break_glass_minutes"),
        regulation=_minutes(section, "regulation_minutes"),
        centres=frozenset(one.strip() for one in centres),
    )


def _minutes(section: dict[str, Any], name: str) -> timedelta:
    value = section.get(name, 60)
    if type(value) is not int or not 1 <= value <= _LONGEST_EMERGENCY:
        raise InvalidConfiguration(f"minutes, 1 to {_LONGEST_EMERGENCY}", field=f"emergency.{name}")
    return timedelta(minutes=value)


def _optional_entry(raw: dict[str, Any], section: str, name: str) -> str:
    """Empty when the section or the entry is absent."""
    values = raw.get(section, {})
    return _entry(raw, section, name) if not isinstance(values, dict) or name in values else ""


def _radiologists(raw: dict[str, Any]) -> tuple[Professional, ...]:
    entries = raw.get("radiologists", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InvalidConfiguration("sections expected", field="radiologists")
    return tuple(_radiologist(entry) for entry in entries)


def _radiologist(entry: dict[str, Any]) -> Professional:
    names = ("national_id", "family_name", "given_name", "specialty")
    values = {name: _entry({"radiologists": entry}, "radiologists", name) for name in names}
    return Professional(profession="10", **values)


class Settings:
    """Small remembered choices (structure by card serial), one JSON object in one file, replaced whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._read()

    def _read(self) -> dict[str, str]:
        try:
            raw = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}  # a lost preference is asked again; nothing else depends on it
        return {str(k): str(v) for k, v in raw.items()} if isinstance(raw, dict) else {}

    def get(self, name: str) -> str:
        """The remembered value, or an empty string."""
        return self._values.get(name, "")

    def set(self, name: str, value: str) -> None:
        """Remember ``value``; written aside, then put in place. A disk that takes nothing keeps nobody from working."""
        self._values[name] = value
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._path.parent)
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    json.dump(self._values, file)
                os.replace(temporary, self._path)
            except OSError:
                os.unlink(temporary)
                raise
