"""A second opinion on XML signatures: the xmlsec1 program."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_xmlsec1 = pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="xmlsec1 is not installed")


def verifies(folder: Path, document: bytes, trusted: bytes, *, id_attribute: str = "") -> bool:
    """True when xmlsec1 verifies the first signature of ``document`` with a certificate under ``trusted``."""
    (folder / "signed.xml").write_bytes(document)
    # A lot signature refers to documents by urn:oid, which only a repository can resolve.
    arguments = ["xmlsec1", "--verify", "--ignore-manifests", "--enabled-key-data", "x509"]
    for number, pem in enumerate(trusted.split(b"-----END CERTIFICATE-----\n")[:-1]):
        path = folder / f"trusted{number}.pem"
        path.write_bytes(pem + b"-----END CERTIFICATE-----\n")
        arguments += ["--trusted-pem", str(path)]
    if id_attribute:
        arguments += ["--id-attr:ID", id_attribute]
    return subprocess.run([*arguments, str(folder / "signed.xml")], capture_output=True, check=False).returncode == 0
