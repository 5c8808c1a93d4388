"""Somebody at the keys of a virtual reader."""

from __future__ import annotations

import threading
from collections.abc import Callable

from card_reader.virtual.pad import VirtualPad


def typed(pad: VirtualPad, act: Callable[[], None], *entries: str) -> None:
    """``act`` while somebody types each of ``entries`` once the reader asks anew."""
    over = threading.Event()

    def fingers() -> None:
        for number, keys in enumerate(entries, pad.entries + 1):
            while not (pad.entries >= number and pad.wait_until_asked(0.01)):
                if over.wait(0.001):
                    return
            pad.press(keys)

    thread = threading.Thread(target=fingers)
    thread.start()
    try:
        act()
    finally:
        over.set()
        thread.join()
