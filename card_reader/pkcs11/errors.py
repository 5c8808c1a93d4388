"""What the library or its process adds to ``card_reader.errors``, and what PKCS#11 return values mean there.

The helper names a return value by the class that python-pkcs11 gives it (CKR_PIN_INCORRECT is ``PinIncorrect``);
nothing else of the failure travels.
"""

from __future__ import annotations

from typing import ClassVar

from card_reader.errors import (
    CardError,
    CardRemoved,
    PadCancelled,
    PinBlocked,
    PinFormat,
    PinNeeded,
    UnknownCard,
    WrongPin,
)
from praticien.errors import PraticienError


class LibraryMissing(CardError):
    """No PKCS#11 library is at the configured place, or at any known one."""

    code: ClassVar[str] = "library.missing"


class NotALibrary(CardError):
    """The file is no PKCS#11 library for this system (other format, other processor, no C_GetFunctionList)."""

    code: ClassVar[str] = "library.invalid"


class LibraryCrashed(CardError):
    """The library brought its process down during the operation, which was not repeated."""

    code: ClassVar[str] = "library.crashed"


class LibraryFailed(CardError):
    """The library returned an error of its own; ``detail`` names the return value."""

    code: ClassVar[str] = "library.failed"


class LibraryUnsupported(CardError):
    """The library cannot do what is asked with this card; ``detail`` names the return value."""

    code: ClassVar[str] = "library.unsupported"


NOT_A_LIBRARY = "NotALibrary"
"""What the helper answers when loading fails before the library's first own return value."""

_GONE = {"DeviceRemoved", "TokenNotPresent", "SessionHandleInvalid", "SessionClosed", "SlotIDInvalid"}
_UNSUPPORTED = {
    "FunctionNotSupported",
    "MechanismInvalid",
    "MechanismParamInvalid",
    "KeyTypeInconsistent",
    "NoSuchKey",
    "UserPinNotInitialized",
    "UserTypeInvalid",
}
_OTHERS: dict[str, type[PraticienError]] = {
    "PinIncorrect": WrongPin,
    "PinLocked": PinBlocked,
    "PinLenRange": PinFormat,
    "PinInvalid": PinFormat,
    "FunctionCancelled": PadCancelled,
    "FunctionRejected": PadCancelled,
    "UserNotLoggedIn": PinNeeded,
    "TokenNotRecognised": UnknownCard,
    NOT_A_LIBRARY: NotALibrary,
}


def from_return_value(name: str) -> PraticienError:
    """The error for a return value; LibraryFailed for those that mean nothing to us."""
    if name in _GONE:
        return CardRemoved()
    if name in _UNSUPPORTED:
        return LibraryUnsupported(name)
    known = _OTHERS.get(name)
    return known() if known else LibraryFailed(name)
