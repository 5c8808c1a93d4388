"""Which way leads to a professional card: PKCS#11 or native, by configuration or by what is found."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from card_reader.cps import Deadlines
from card_reader.errors import CardError, CardTimeout, NoCard, NoReader, UnknownCard
from card_reader.pkcs11.card import Pkcs11Card
from card_reader.pkcs11.errors import LibraryCrashed, LibraryFailed, LibraryMissing, NotALibrary
from card_reader.pkcs11.library import find_library, probe

_LOG = logging.getLogger(__name__)
_LIBRARY_AT_FAULT = (
    LibraryCrashed,
    LibraryFailed,
    LibraryMissing,
    NotALibrary,
    CardTimeout,
    NoReader,
    NoCard,
    UnknownCard,
)


def opener_for(mode: str, configured: Path | None = None) -> LibraryOpener | None:
    """For ``mode`` "native" none; for "pkcs11" and "auto" the opener that a Desk asks first."""
    return None if mode == "native" else LibraryOpener(configured, required=mode == "pkcs11")


class LibraryOpener:
    """Opens cards through a library; unless it is ``required``, one that cannot be used leaves them to the native way.

    A library that failed to load is not tried again by this object.
    """

    def __init__(self, configured: Path | None = None, *, required: bool) -> None:
        self._configured, self._required = configured, required
        self._verdicts: dict[Path, bool] = {}

    def __call__(
        self,
        reader: str,
        *,
        staff_role: str,
        is_same_insertion: Callable[[], bool],
        on_close: Callable[[], None],
        deadlines: Deadlines,
    ) -> Pkcs11Card | None:
        """The card, None when the native way is to be taken. Raises as Pkcs11Card.open; no PIN try is ever spent."""
        try:
            library = find_library(self._configured)
            if not self._required and not self._loads(library):
                return None
            return Pkcs11Card.open(
                library,
                reader,
                staff_role=staff_role,
                is_same_insertion=is_same_insertion,
                on_close=on_close,
                deadlines=deadlines,
            )
        except _LIBRARY_AT_FAULT as problem:
            if self._required:
                raise
            if not isinstance(problem, LibraryMissing) or self._configured:
                _LOG.warning("card opened the native way: %s", problem.code)
            return None

    def _loads(self, library: Path) -> bool:
        if library not in self._verdicts:
            try:
                probe(library)
                self._verdicts[library] = True
            except CardError as problem:
                _LOG.warning("the PKCS#11 library cannot be used: %s", problem.code)
                self._verdicts[library] = False
        return self._verdicts[library]
