"""A program that reads identity and certificates of the professional card in one reader, then ends."""

from __future__ import annotations

import sys

from card_reader.desk import Desk
from card_reader.pcsc import PcscTransport


def main(reader: str) -> None:
    """Raises CardError."""
    desk = Desk(PcscTransport())
    try:
        desk.open_native_card(reader).release()
    finally:
        desk.close()


if __name__ == "__main__":
    main(sys.argv[1])
