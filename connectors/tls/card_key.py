"""An SSLContext whose client key is on the card.

One RSA_METHOD and one callback serve the whole process and are never freed: the method must outlive every RSA object
that uses it, and Python gives no hook after an SSL_CTX is gone. The callback finds the card by the address of the RSA
object; a context takes its entry away when it is closed or collected, before its RSA object can be freed.
"""

from __future__ import annotations

import ctypes
import functools
import socket
import ssl
import threading
import weakref
from ctypes import c_void_p
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from connectors.errors import (
    Cancelled,
    OurCertificateExpired,
    OurCertificateRefused,
    ServerUnreachable,
    TlsUnavailable,
    WireProblem,
)
from connectors.tls.openssl import (
    HASH_BY_NID,
    NO_PADDING,
    RAW_FUNCTION,
    SET_SIGALGS_LIST,
    SIGN_FUNCTION,
    OpenSsl,
    big_number,
    context_pointer,
    openssl,
)
from connectors.tls.watched import WatchedSocket
from praticien.ports import Signer

SIGNATURE_ALGORITHMS = b"RSA+SHA256:ECDSA+SHA256"
"""No PSS: a CPS3 cannot make one, and TLS 1.3 knows nothing else, hence TLS 1.2."""
WITH_PSS = b"rsa_pss_rsae_sha256:" + SIGNATURE_ALGORITHMS
"""For a card that has PSS (CPS4): TLS 1.3 where the server speaks it."""

_signers: dict[int, Signer] = {}
_handshake = threading.local()


def _sign(nid: int, digest: Any, length: int, room: Any, written: Any, rsa_address: int) -> int:  # noqa: PLR0917
    """OpenSSL asks for a signature: 1 when it is written, 0 otherwise. What the card raises is kept for the caller."""
    _handshake.signed = True
    try:
        signature = _signer(rsa_address).authenticate(ctypes.string_at(digest, length), HASH_BY_NID[nid])
        if len(signature) > openssl().RSA_size(rsa_address):
            raise TlsUnavailable("signature longer than the key")
    except BaseException as error:  # must not cross C code; raised again by wrap_socket
        _handshake.error = error
        return 0
    ctypes.memmove(room, signature, len(signature))
    written[0] = len(signature)
    return 1


def _sign_encoded(length: int, encoded: Any, room: Any, rsa_address: int, padding: int) -> int:
    """OpenSSL padded for PSS itself and asks for the raw operation: the signature's length, -1 without one."""
    _handshake.signed = True
    try:
        if padding != NO_PADDING:
            raise TlsUnavailable("padding that a card does not make")
        signature = _signer(rsa_address).authenticate_pss(ctypes.string_at(encoded, length))
        if len(signature) > openssl().RSA_size(rsa_address):
            raise TlsUnavailable("signature longer than the key")
    except BaseException as error:  # must not cross C code; raised again by wrap_socket
        _handshake.error = error
        return -1
    ctypes.memmove(room, signature, len(signature))
    return len(signature)


def _signer(rsa_address: int) -> Signer:
    signer = _signers.get(rsa_address)
    if signer is None:
        raise Cancelled("the card's context is closed")
    return signer


_callback = SIGN_FUNCTION(_sign)
_raw_callback = RAW_FUNCTION(_sign_encoded)


@functools.cache
def _method() -> c_void_p:
    lib = openssl()
    method = c_void_p(lib.RSA_meth_dup(lib.RSA_get_default_method()))
    lib.RSA_meth_set_sign(method, _callback)
    lib.RSA_meth_set_priv_enc(method, _raw_callback)
    return method


class CardContext(ssl.SSLContext):
    """Client context for one unlocked card. TLS 1.2, and 1.3 for a card that has PSS.

    The server is verified with ``ca_file`` and its host name.
    Sessions are kept by host, so that a new connection costs no card signature; they go with the context. Raises
    TlsUnavailable. ``wrap_socket`` raises whatever the signer raised, as it is.
    """

    _sessions: dict[str, ssl.SSLSession]

    def __new__(cls, signer: Signer, ca_file: Path) -> CardContext:  # noqa: ARG004
        context = super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.maximum_version = ssl.TLSVersion.TLSv1_3 if signer.supports_pss else ssl.TLSVersion.TLSv1_2
        context.sslsocket_class = WatchedSocket
        context._sessions = {}
        return context

    def __init__(self, signer: Signer, ca_file: Path) -> None:
        self._certificate = _certificate(signer.authentication_certificate)
        try:
            self.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise TlsUnavailable(f"authorities not read: {type(error).__name__}") from None
        lib, pointer = openssl(), c_void_p(context_pointer(self))
        algorithms = WITH_PSS if signer.supports_pss else SIGNATURE_ALGORITHMS
        if lib.SSL_CTX_ctrl(pointer, SET_SIGALGS_LIST, 0, algorithms) != 1:
            raise TlsUnavailable("signature algorithms refused")
        self.close = weakref.finalize(self, _forget, _install(lib, pointer, self._certificate, signer))
        """Forget the card: no new handshake after this. Idempotent."""

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """As the parent does, with the session of that host; the signer's own error when it raised one.

        A server that hangs up right after the card signed did not want its certificate: some (asyncio's among them)
        lose the alert that says so.
        """
        host = str(kwargs.get("server_hostname") or "")
        kwargs["session"] = self._sessions.get(host)
        _handshake.error, _handshake.signed = None, False
        try:
            wrapped = super().wrap_socket(sock, *args, **kwargs)
        except (OSError, WireProblem) as problem:
            raise self._explained(problem, signed=_handshake.signed) from None
        finally:
            _handshake.error = None
        if isinstance(wrapped, WatchedSocket) and wrapped.version() == "TLSv1.3":
            wrapped.on_answer = functools.partial(self._remember, host)
            wrapped.explain = functools.partial(self._explained, signed=bool(_handshake.signed))
        else:
            self._remember(host, wrapped)
        return wrapped

    def _remember(self, host: str, wrapped: ssl.SSLSocket) -> None:
        if not wrapped.session_reused and (session := wrapped.session):  # asked once: CPython 3.11 leaks 7 kB a time
            self._sessions[host] = session

    def _explained(self, problem: Exception, *, signed: bool) -> BaseException:
        raised: BaseException | None = _handshake.error
        if raised is not None:
            return raised
        if signed and isinstance(problem, ServerUnreachable):
            late = self._certificate.not_valid_after_utc < datetime.now(UTC)
            return OurCertificateExpired("hung up") if late else OurCertificateRefused("hung up")
        return problem


def _forget(rsa_address: int) -> None:
    _signers.pop(rsa_address, None)


def _install(lib: OpenSsl, context: c_void_p, certificate: x509.Certificate, signer: Signer) -> int:
    """Give the context the certificate and a key made of its public numbers; returns the RSA object's address."""
    der = certificate.public_bytes(Encoding.DER)
    handle = _rsa_object(lib, _public_numbers(certificate))
    key = c_void_p(lib.EVP_PKEY_new())
    try:
        good = (
            lib.EVP_PKEY_set1_RSA(key, handle) == 1
            and lib.SSL_CTX_use_certificate_ASN1(context, len(der), der) == 1
            and lib.SSL_CTX_use_PrivateKey(context, key) == 1
        )
    finally:
        lib.EVP_PKEY_free(key)
        lib.RSA_free(handle)  # the context holds its own references
    if not good or not handle.value:
        raise TlsUnavailable("certificate refused by OpenSSL")
    _signers[handle.value] = signer
    return handle.value


def _certificate(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        raise TlsUnavailable("authentication certificate not readable") from None


def _public_numbers(certificate: x509.Certificate) -> rsa.RSAPublicNumbers:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise TlsUnavailable("authentication key is not RSA")
    return key.public_numbers()


def _rsa_object(lib: OpenSsl, public: rsa.RSAPublicNumbers) -> c_void_p:
    handle = c_void_p(lib.RSA_new())
    lib.RSA_set_method(handle, _method())
    lib.RSA_set0_key(handle, big_number(public.n), big_number(public.e), None)
    return handle
