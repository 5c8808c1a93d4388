"""The sections [imaging] and [dicom] of the configuration: list of acts, address of the images, reception."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from praticien.errors import InvalidInput
from praticien.listening import InvalidAddress, ListenAddress

EXAMPLE = """\
# Imagerie : vos actes à la place de la courte liste fournie (JSON) ; adresse WADO-RS où vos images peuvent être
# demandées : avec elle, chaque compte rendu part avec la liste des images (KOS).
# [imaging]
# acts_file = "actes.json"
# retrieve_url = "https://drimbox.exemple.fr/wado-rs"

# Réception des examens envoyés par le PACS (DICOM C-STORE, en clair). Au-delà de cette machine, "allow" nomme les
# adresses ou les réseaux qui peuvent envoyer ; "callers", facultatif, les titres d'application (AE) admis.
# [dicom]
# listen = "127.0.0.1:11112"
# ae_title = "PRATICIEN"
# callers = ["PACS"]
# allow = ["192.168.1.30"]

"""
_AE_TITLE = re.compile(r"[ -\[\]-~]{1,16}")
_URL = re.compile(r"https?://[!-~]{1,500}")


class InvalidImaging(InvalidInput):
    """An entry cannot be used; ``field`` names it."""

    code = "configuration.imaging"


@dataclass(frozen=True, slots=True)
class ImagingConfiguration:
    """Empty: the bundled acts, no address, no reception."""

    acts_file: Path | None = None
    retrieve_url: str = ""
    listen: ListenAddress | None = None
    ae_title: str = "PRATICIEN"
    callers: tuple[str, ...] = ()


def read(raw: dict[str, Any], folder: Path) -> ImagingConfiguration:
    """The two sections of ``raw``; files are relative to ``folder``. Raises InvalidImaging."""
    imaging, dicom = _section(raw, "imaging"), _section(raw, "dicom")
    acts = _text(imaging, "imaging", "acts_file", re.compile(".+"))
    path = (folder / acts).resolve() if acts else None
    if path and not path.is_file():
        raise InvalidImaging("file not found", field="imaging.acts_file")
    return ImagingConfiguration(
        acts_file=path,
        retrieve_url=_text(imaging, "imaging", "retrieve_url", _URL),
        listen=_listen(dicom),
        ae_title=_text(dicom, "dicom", "ae_title", _AE_TITLE) or "PRATICIEN",
        callers=_texts(dicom, "callers"),
    )


def _section(raw: dict[str, Any], name: str) -> dict[str, Any]:
    section = raw.get(name, {})
    if not isinstance(section, dict):
        raise InvalidImaging("a section is expected", field=name)
    return section


def _text(section: dict[str, Any], name: str, entry: str, shape: re.Pattern[str]) -> str:
    value = section.get(entry, "")
    if not isinstance(value, str) or (value and not shape.fullmatch(value.strip())):
        raise InvalidImaging("unusable value", field=f"{name}.{entry}")
    return value.strip()


def _texts(section: dict[str, Any], entry: str) -> tuple[str, ...]:
    values = section.get(entry, [])
    if not isinstance(values, list) or not all(isinstance(each, str) and each.strip() for each in values):
        raise InvalidImaging("list expected", field=f"dicom.{entry}")
    return tuple(each.strip() for each in values)


def _listen(section: dict[str, Any]) -> ListenAddress | None:
    listen = _text(section, "dicom", "listen", re.compile(".+"))
    try:
        return ListenAddress.parse(listen, _texts(section, "allow")) if listen else None
    except InvalidAddress as error:
        raise InvalidImaging(error.detail, field=f"dicom.{error.field}") from None
