"""What TLS is offered and refused, with every suite that the local OpenSSL knows, and with openssl's own client."""

import shutil
import ssl
import subprocess

import pytest

from reference_server.soap_face import TLS12_SUITES
from tests.reference_server.test_network import client_context, raw

TLS13 = {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}


def suites():
    """Names of all TLS 1.2 suites here, however weak."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return sorted({one["name"] for one in context.get_ciphers()} - TLS13)


def negotiated(world, bearer, cipher):
    """The suite, or None when the server wants none of it."""
    context = client_context(world, bearer)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    try:
        with raw(world, bearer, context=context) as connection:
            return connection.cipher()[0]
    except (ssl.SSLError, ConnectionError):
        return None


def test_tls_12_suites_are_the_recommended_ones_and_no_other(world, gp):
    known = suites()
    assert len(known) > 50, "nothing weak to try"
    accepted = {name for name in known if negotiated(world, gp, name)}
    assert accepted == {name for name in TLS12_SUITES if "ECDSA" not in name}  # the server's key is RSA


def test_the_server_chooses(world, gp):
    assert negotiated(world, gp, ":".join(reversed(TLS12_SUITES))) == "ECDHE-RSA-AES256-GCM-SHA384"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_older_versions_are_refused(world, gp, version):
    context = client_context(world, gp)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with pytest.raises((ssl.SSLError, ConnectionError)):
        raw(world, gp, context=context)


# -- by openssl -------------------------------------------------------------------------------------------------------


def s_client(world, bearer, *options, said=b""):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    address = world.server.base_url.removeprefix("https://")
    command = ["openssl", "s_client", "-connect", address, "-CAfile", str(world.ca_file), "-verify_return_error"]
    certificate, key = bearer.tls
    command += ["-cert", certificate, "-key", key, *options]
    return subprocess.run(command, input=said, capture_output=True, timeout=30, check=False).stdout.decode()


@pytest.mark.parametrize("suite", sorted(TLS13))
def test_openssl_tls_13(world, gp, suite):
    assert f"New, TLSv1.3, Cipher is {suite}" in s_client(world, gp, "-tls1_3", "-ciphersuites", suite)


@pytest.mark.parametrize(
    "suite,good",
    [
        ("ECDHE-RSA-AES256-GCM-SHA384", True),
        ("ECDHE-RSA-CHACHA20-POLY1305", True),
        ("AES128-GCM-SHA256", False),
        ("ECDHE-RSA-AES256-SHA384", False),
        ("DHE-RSA-AES256-GCM-SHA384", False),
    ],
)
def test_openssl_tls_12(world, gp, suite, good):
    said = s_client(world, gp, "-tls1_2", "-cipher", suite)
    assert (f"Cipher is {suite}" in said) == good


def test_openssl_finds_no_compression_and_no_renegotiation(world, gp):
    said = s_client(world, gp, "-tls1_2", said=b"R\n")
    assert "Compression: NONE" in said
    assert "no protocols available" not in said
    assert "HTTP/1.1 200" not in said


def test_openssl_without_a_certificate_gets_no_answer(world):
    address = world.server.base_url.removeprefix("https://")
    command = ["openssl", "s_client", "-connect", address, "-tls1_2", "-quiet", "-no_ign_eof"]
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    done = subprocess.run(command, input=b"GET / HTTP/1.0\r\n\r\n", capture_output=True, timeout=30, check=False)
    assert done.returncode != 0
    assert b"HTTP/" not in done.stdout
