"""The command ``main.py cards``: virtual cards alone, in a private pcscd, for programs that somebody else wrote."""

from __future__ import annotations

import sys
from pathlib import Path

from card_reader.virtual.host import serve
from demonstration.cards import every_card


def run(folder: Path, insert: list[str], *, with_parent: bool = False) -> int:
    """Print one line of JSON, then run until interrupted. Returns the exit status: 2 when it cannot start."""
    return serve(every_card(folder), insert, with_parent=with_parent)


def command(folder: Path, *insert: str) -> list[str]:
    """What ``card_reader.virtual.host.HostProcess`` starts."""
    return [sys.executable, "-m", "demonstration.cards_command", str(folder), *insert]


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), sys.argv[2:], with_parent=True))
