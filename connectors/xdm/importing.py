"""Opens an IHE XDM package (or a folder zipped as one) without trust: nothing is ever written to disk.

Refused before a byte is unpacked: names that lead out of the package, links, a name twice, encrypted members, more
files or bytes than any selection makes. Each document must be the one that its metadata describe.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from connectors.dmp import ebxml, rim
from connectors.errors import WireProblem
from connectors.soap.parsing import parse
from connectors.xdm.errors import DamagedXdm, NotXdm, SeveralPatients, UnsafeXdm, XdmProblem, XdmTooBig
from praticien.metadata import DocumentEntry
from praticien.ports import PackedDocument

MAX_FILES = 2_000
MAX_BYTES = 300 * 1024 * 1024
MAX_METADATA = 20 * 1024 * 1024
_CHUNK = 1024 * 1024


def open_package(data: bytes) -> tuple[PackedDocument, ...]:
    """Every document, in the order of the metadata, all of one patient.

    Raises NotXdm, UnsafeXdm, XdmTooBig, DamagedXdm, SeveralPatients (all XdmProblem), nothing else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = tuple(_documents(_Package(archive)))
    except XdmProblem:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        raise NotXdm("not a readable zip file") from None
    if not found:
        raise NotXdm("no document")
    if len({packed.entry.patient_id for packed in found}) != 1:
        raise SeveralPatients
    return found


class _Package:
    """A zip file whose directory was looked at first; reading is counted."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._left = archive, MAX_BYTES
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_BYTES:
            raise XdmTooBig("directory")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            name = _safe_name(member)
            if name.upper() in self._members:
                raise UnsafeXdm("a name twice")
            self._members[name.upper()] = member

    def metadata(self) -> list[str]:
        """Every METADATA.XML under IHE_XDM, in order."""
        return [n for n in self._members if n.startswith("IHE_XDM/") and PurePosixPath(n).name == "METADATA.XML"]

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """A member, whatever its case. Raises DamagedXdm when it is not there, XdmTooBig."""
        member = self._members.get(name.upper())
        if member is None:
            raise DamagedXdm("a file is missing")
        content = bytearray()
        with self._archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                content += chunk
                if len(content) > min(limit, self._left):  # the directory may have lied
                    raise XdmTooBig("content")
        self._left -= len(content)
        return bytes(content)


def _safe_name(member: zipfile.ZipInfo) -> str:
    name = member.filename
    path = PurePosixPath(name)
    leads_out = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name
    if leads_out or stat.S_ISLNK(member.external_attr >> 16) or member.flag_bits & 1:
        raise UnsafeXdm("member")
    return name


def _documents(package: _Package) -> Iterator[PackedDocument]:
    names = package.metadata()
    if not names:
        raise NotXdm("no metadata")
    for name in names:
        folder = PurePosixPath(name).parent
        for uri, entry in _entries(package.read(name, MAX_METADATA)):
            path = PurePosixPath(uri)
            if not uri or path.is_absolute() or ".." in path.parts:
                raise UnsafeXdm("URI")
            yield _checked(entry, package.read(str(folder / path)))


def _entries(metadata: bytes) -> Iterator[tuple[str, DocumentEntry]]:
    """URI and description of each document."""
    try:
        root = parse(metadata, MAX_METADATA)
        for stable in root.iter(f"{{{rim.RIM}}}ExtrinsicObject"):
            yield rim.one(stable, "URI"), ebxml.read_entry(stable)
    except WireProblem as error:
        raise NotXdm(f"metadata: {error.code}") from None


def _checked(entry: DocumentEntry, content: bytes) -> PackedDocument:
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    if (entry.hash and entry.hash != digest) or (entry.size and entry.size != len(content)):
        raise DamagedXdm("hash")
    return PackedDocument(entry, content)
