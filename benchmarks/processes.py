"""What the system says of a process and its children. Linux alone (/proc)."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.figures import NotHere


def family(process: int) -> list[int]:
    """The process, its children, theirs. Raises NotHere."""
    listed = Path(f"/proc/{process}/task/{process}/children")
    if not listed.exists():
        raise NotHere("no /proc to watch the server's processes in")
    return [process, *(one for child in listed.read_text().split() for one in family(int(child)))]


def resident(process: int) -> float:
    """Memory held by a process and its children, in MB (10^6 octets). Raises NotHere."""
    page = os.sysconf("SC_PAGE_SIZE")
    return sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) * page for one in family(process)) / 1e6


def processor(process: int) -> float:
    """Processor time of a process and its children so far, in seconds. Raises NotHere."""
    tick = os.sysconf("SC_CLK_TCK")
    fields = (Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(process))
    return sum(int(field[11]) + int(field[12]) for field in fields) / tick
