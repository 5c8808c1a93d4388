"""Revocation lists given in a file: what they name is refused, at once when the file changes; openssl reads them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from demonstration import people
from demonstration.authority import TestAuthority
from praticien.professional import CardKind
from reference_server.certificates import TrustStore
from reference_server.errors import CannotStart
from reference_server.revocation_file import RevocationFile
from tests.reference_server.client import Words
from tests.reference_server.conftest import start
from tests.reference_server.deposits import Deposit, send

ROOT = Path(__file__).parents[2]
INS = people.NORA.ins


def publish(path, octets):
    """As a careful operator does: whole or not at all, with another time."""
    made = path.with_suffix(".new")
    made.write_bytes(octets)
    made.replace(path)


def serial(path):
    return x509.load_pem_x509_certificate(Path(path).read_bytes()).serial_number


def test_file_is_followed_over_the_network(keys, tmp_path, gp, emergency):
    crl, lists = tmp_path / "lists.crl", keys.authority.revocation_lists
    crl.write_bytes(lists([]))
    made = start(keys, tmp_path / "s", revocation_list=crl)
    client = made.client(gp)
    try:
        assert client.find(INS).succeeded
        publish(crl, lists([gp.signing.certificate.serial_number]))
        assert client.find(INS).subcode == "DMPInvalidCertificate"
        assert made.client(emergency).status(INS).status == 200
        publish(crl, lists([serial(gp.tls[0])]))
        assert client.find(INS).subcode == "DMPIdentityMismatch"
        publish(crl, b"-----BEGIN X509 CRL-----\nZGFtYWdlZA==\n-----END X509 CRL-----\n")
        assert client.find(INS).subcode == "DMPIdentityMismatch"  # what was revoked stays so
        crl.unlink()
        assert client.find(INS).subcode == "DMPIdentityMismatch"
        publish(crl, lists([]))
        assert client.find(INS).succeeded
    finally:
        made.close()


def test_lot_signed_by_a_revoked_certificate(make_desk, keys, gp, authority, tmp_path):
    """VIHF of a good certificate, lot signed with another pair of the same physician that was taken back."""
    desk = make_desk()
    old = authority.professional(people.GP, CardKind.CPS, "", signature=True)
    desk.dispatcher._trust.load_revocations(authority.revocation_lists([old.certificate.serial_number]))
    assert send(desk.client(gp), Deposit(INS)).succeeded
    refused = send(desk.client(gp), Deposit(INS), words=Words(INS), pair=old)
    assert refused.subcode == "DMPInvalidCertificate"
    assert "révoqué" in refused.reason


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_pem_and_der(authority, gp, tmp_path, encoding):
    trust = TrustStore(authority.bundle_pem)
    pem = authority.revocation_lists([gp.signing.certificate.serial_number])
    found = x509.load_pem_x509_crl(pem)
    (tmp_path / "x.crl").write_bytes(found.public_bytes(encoding))
    RevocationFile(tmp_path / "x.crl", trust)
    assert trust.is_revoked(gp.signing.certificate)


@pytest.mark.parametrize("octets", [None, b"", b"liste", b"\x30\x03abc"])
def test_unusable_at_start(authority, tmp_path, octets):
    if octets is not None:
        (tmp_path / "x.crl").write_bytes(octets)
    with pytest.raises(CannotStart) as caught:
        RevocationFile(tmp_path / "x.crl", TrustStore(authority.bundle_pem))
    assert "--crl" in caught.value.sentence


def test_somebody_elses_list_is_refused_at_start(authority, tmp_path):
    (tmp_path / "x.crl").write_bytes(TestAuthority.create().revocation_lists([1]))
    with pytest.raises(CannotStart):
        RevocationFile(tmp_path / "x.crl", TrustStore(authority.bundle_pem))


def test_damaged_file_is_complained_about_once(authority, tmp_path, caplog):
    path = tmp_path / "x.crl"
    path.write_bytes(authority.revocation_lists([]))
    followed = RevocationFile(path, TrustStore(authority.bundle_pem))
    path.write_bytes(b"")
    os.utime(path, ns=(1, 1))
    followed.refresh()
    followed.refresh()
    assert caplog.text.count("revocation list not read") == 1


def test_operators_and_files_lists_add_up(authority, gp, emergency, tmp_path):
    trust = TrustStore(authority.bundle_pem)
    path = tmp_path / "x.crl"
    path.write_bytes(authority.revocation_lists([gp.signing.certificate.serial_number]))
    RevocationFile(path, trust)
    trust.load_revocations(authority.revocation_lists([emergency.signing.certificate.serial_number]))
    assert trust.is_revoked(gp.signing.certificate)
    trust.load_revocations(authority.revocation_lists([]))
    assert trust.is_revoked(gp.signing.certificate)
    assert not trust.is_revoked(emergency.signing.certificate)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(authority, gp, emergency, tmp_path):
    """A chain that openssl finds revoked with our file is the one that the server refuses."""
    (tmp_path / "ca.pem").write_bytes(authority.bundle_pem)
    lists = authority.revocation_lists([gp.signing.certificate.serial_number])
    (tmp_path / "x.crl").write_bytes(lists)
    for bearer, revoked in ((gp, True), (emergency, False)):
        (tmp_path / "leaf.pem").write_bytes(bearer.signing.certificate_pem)
        command = ["openssl", "verify", "-crl_check", "-CAfile", str(tmp_path / "ca.pem"), "-CRLfile",
                   str(tmp_path / "x.crl"), str(tmp_path / "leaf.pem")]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ("certificate revoked" in done.stderr) is revoked, done.stderr


def test_command(tmp_path):
    command = [sys.executable, "main.py", "server", "--data", str(tmp_path), "--crl", str(tmp_path / "none.crl")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "revocation list" in done.stderr
