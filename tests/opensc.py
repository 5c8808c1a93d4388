"""What the installed OpenSC can do with IAS-ECC cards."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess

REASON = "OpenSC 0.25 and later (seen with 0.26.1) loses the PIN object of IAS-ECC cards: C_Login is impossible"


@functools.cache
def loses_the_pin_object() -> bool:
    """It asks for PIN object 1, reads it, then asks for the policy of object 0: its own log shows it."""
    if not shutil.which("opensc-tool"):
        return False
    told = subprocess.run(["opensc-tool", "-i"], capture_output=True, text=True, timeout=40, check=False).stdout
    version = re.search(r"OpenSC (\d+)\.(\d+)", told)
    return version is not None and (int(version[1]), int(version[2])) >= (0, 25)
