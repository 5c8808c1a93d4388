"""How a program that this one started is ended."""

from __future__ import annotations

import contextlib
import subprocess
from typing import Any


def end(process: subprocess.Popen[Any], patience: float) -> None:
    """Close its standard input, which asks it to end; after ``patience`` seconds kill it. Never raises."""
    _close(process.stdin)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _close(process.stdout)


def kill(process: subprocess.Popen[Any]) -> None:
    """End it at once. Never raises."""
    with contextlib.suppress(OSError):
        process.kill()
    process.wait()
    _close(process.stdin)
    _close(process.stdout)


def _close(stream: Any) -> None:
    if stream:
        with contextlib.suppress(OSError):
            stream.close()
