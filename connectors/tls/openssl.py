"""The very OpenSSL that Python's ``ssl`` uses, reached by ctypes.

``SSLContext`` takes private keys from files only. OpenSSL itself accepts an RSA object that holds the public numbers
alone and signs through a function of ours. Only the few functions for that are declared here. Tried on Linux; the
Windows and macOS ways of finding the libraries are written from documentation and not yet tried.
"""

from __future__ import annotations

import _ssl
import ctypes
import functools
import ssl
import sys
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_ubyte, c_uint, c_ulong, c_void_p
from pathlib import Path
from typing import Any

from connectors.errors import TlsUnavailable

SET_SIGALGS_LIST = 98
HASH_BY_NID = {672: "sha256", 673: "sha384", 674: "sha512"}

SIGN_FUNCTION = ctypes.CFUNCTYPE(c_int, c_int, POINTER(c_ubyte), c_uint, POINTER(c_ubyte), POINTER(c_uint), c_void_p)
"""``rsa_sign``: NID of the hash, digest, its length, room for the signature, its length (out), the RSA object."""

RAW_FUNCTION = ctypes.CFUNCTYPE(c_int, c_int, POINTER(c_ubyte), POINTER(c_ubyte), c_void_p, c_int)
"""``rsa_priv_enc``: length, what to treat, room for the result, RSA object, padding; the result's length or -1."""

NO_PADDING = 3

_PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    "OpenSSL_version_num": (c_ulong, []),
    "BN_bin2bn": (c_void_p, [c_char_p, c_int, c_void_p]),
    "RSA_new": (c_void_p, []),
    "RSA_free": (None, [c_void_p]),
    "RSA_set0_key": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "RSA_set_method": (c_int, [c_void_p, c_void_p]),
    "RSA_get_default_method": (c_void_p, []),
    "RSA_meth_dup": (c_void_p, [c_void_p]),
    "RSA_meth_set_sign": (c_int, [c_void_p, SIGN_FUNCTION]),
    "RSA_meth_set_priv_enc": (c_int, [c_void_p, RAW_FUNCTION]),
    "RSA_size": (c_int, [c_void_p]),
    "EVP_PKEY_new": (c_void_p, []),
    "EVP_PKEY_free": (None, [c_void_p]),
    "EVP_PKEY_set1_RSA": (c_int, [c_void_p, c_void_p]),
    "SSL_CTX_use_certificate_ASN1": (c_int, [c_void_p, c_int, c_char_p]),
    "SSL_CTX_use_PrivateKey": (c_int, [c_void_p, c_void_p]),
    "SSL_CTX_check_private_key": (c_int, [c_void_p]),
    "SSL_CTX_ctrl": (c_long, [c_void_p, c_int, c_long, c_char_p]),
}


def _loaded_libraries() -> list[ctypes.CDLL]:
    """Handles on the libraries that ``_ssl`` is linked with.

    Looking a name up in the handle of ``_ssl`` also searches what it depends on (Linux, macOS). Windows does not do
    so: the two DLLs lie beside ``_ssl.pyd`` and opening them again gives the ones already loaded. A Python that has
    ``_ssl`` built in exports OpenSSL, if at all, from the program itself.
    """
    place = getattr(_ssl, "__file__", None)
    if place is None:
        return [ctypes.CDLL(None)]
    if sys.platform == "win32":
        folder = Path(place).parent
        return [
            ctypes.CDLL(str(dll)) for name in ("libssl", "libcrypto") for dll in sorted(folder.glob(f"{name}-*.dll"))
        ]
    return [ctypes.CDLL(place)]


class OpenSsl:
    """The declared functions as attributes."""

    def __init__(self, libraries: list[ctypes.CDLL]) -> None:
        for name, (result, arguments) in _PROTOTYPES.items():
            function = self._find(libraries, name)
            function.restype, function.argtypes = result, arguments
            setattr(self, name, function)
        if self.OpenSSL_version_num() != ssl.OPENSSL_VERSION_NUMBER:
            raise TlsUnavailable("another OpenSSL than that of the ssl module")

    @staticmethod
    def _find(libraries: list[ctypes.CDLL], name: str) -> Any:
        for library in libraries:
            if hasattr(library, name):
                return library[name]  # by item: a function object of our own, whose prototype nobody else changes
        raise TlsUnavailable(f"OpenSSL function {name} not found")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        raise AttributeError(name)  # declared for the type checker; the constructor sets every function


@functools.cache
def openssl() -> OpenSsl:
    """The libraries of this process. Raises TlsUnavailable."""
    try:
        return OpenSsl(_loaded_libraries())
    except OSError as error:
        raise TlsUnavailable(type(error).__name__) from None


def context_pointer(context: ssl.SSLContext) -> int:
    """The ``SSL_CTX *`` of a context: the first C field after the object header (CPython)."""
    pointer = c_void_p.from_address(id(context) + object.__basicsize__).value
    if sys.implementation.name != "cpython" or not pointer:
        raise TlsUnavailable("no SSL_CTX in this Python's SSLContext")
    return pointer


def big_number(value: int) -> c_void_p:
    """A BIGNUM; whoever takes it over frees it."""
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return c_void_p(openssl().BN_bin2bn(raw, c_size_t(len(raw)).value, None))
