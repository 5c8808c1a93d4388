"""Where the configuration and the data of this user are."""

from __future__ import annotations

from pathlib import Path

import platformdirs

from composition.software import APPLICATION, DEMONSTRATION


def configuration_file() -> Path:
    """Read when the command line names no other."""
    return platformdirs.user_config_path(APPLICATION, appauthor=False) / "praticien.toml"


def data_folder() -> Path:
    """The application's."""
    return platformdirs.user_data_path(APPLICATION, appauthor=False)


def demonstration_folder() -> Path:
    """Of the TEST authority, the cards, the server's database."""
    return platformdirs.user_data_path(DEMONSTRATION, appauthor=False)


def made(folder: Path) -> Path:
    """The same folder, made for this user alone if need be."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
