"""Which reader drivers pcscd can load: bundles of a known folder, each with its property list."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path
from xml.parsers.expat import ExpatError

_FOLDERS = (Path("/usr/lib/pcsc/drivers"), Path("/usr/lib64/pcsc/drivers"), Path("/usr/local/lib/pcsc/drivers"))


def driver_folders(system: str = sys.platform) -> tuple[Path, ...]:
    """Where pcscd looks on Linux; empty where the system brings its own driver."""
    return tuple(folder for folder in _FOLDERS if folder.is_dir()) or _FOLDERS[:1] if system == "linux" else ()


def installed_drivers(folders: tuple[Path, ...]) -> tuple[str, ...]:
    """Name and version of each bundle ("ifd-ccid 1.5.2"), sorted; the version is left out when it cannot be read."""
    bundles = (bundle for folder in folders for bundle in folder.glob("*.bundle"))
    return tuple(sorted(f"{bundle.stem} {_version(bundle)}".strip() for bundle in bundles))


def _version(bundle: Path) -> str:
    try:
        properties = plistlib.loads((bundle / "Contents" / "Info.plist").read_bytes())
    except (OSError, ValueError, ExpatError):
        return ""
    found = properties.get("CFBundleShortVersionString") if isinstance(properties, dict) else None
    return found if isinstance(found, str) else ""
