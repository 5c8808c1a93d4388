"""What nobody foresaw is told by its place alone: the words of an exception may name a patient, so may a core file."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

log = logging.getLogger(__name__)


def install() -> None:
    """For the whole process, in every thread. Interrupting (Ctrl+C) stays what it is."""
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda told: _report(told.exc_type, told.exc_traceback)
    threading.excepthook = lambda told: _report(told.exc_type, told.exc_traceback)
    logging.raiseExceptions = False  # what cannot be logged is not written out either
    _without_core_file()


def places(trace: TracebackType | None) -> str:
    """Where it happened, innermost first: file, line and function, no value."""
    frames = traceback.extract_tb(trace)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        _report(kind, trace)


def _report(kind: type[BaseException] | None, trace: TracebackType | None) -> None:
    name = kind.__name__ if kind else "unknown"
    log.critical("internal error %s at %s", name, places(trace) or "an unknown place")


def _without_core_file() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
