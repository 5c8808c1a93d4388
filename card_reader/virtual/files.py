"""The file system of a virtual card: dedicated and elementary files, their access rules and FCP templates."""

from __future__ import annotations

from dataclasses import dataclass, field

from card_reader.tlv import encode
from card_reader.virtual.card import Command, StatusWord

ALWAYS, USER, NEVER = 0x00, 0x13, 0xFF
"""Security condition bytes: free, user authentication (as the real card's PIN object says, 13), never."""

MASTER = 0x3F00

BY_FID, BY_NAME, BY_PATH = frozenset({0x00, 0x02}), frozenset({0x04}), frozenset({0x08, 0x09})
"""What P1 of SELECT says its data are."""


@dataclass(slots=True)
class ElementaryFile:
    """A transparent file. ``read`` and ``update`` are security condition bytes."""

    fid: int
    content: bytes
    read: int = ALWAYS
    update: int = NEVER
    sfi: int = 0

    def fcp(self) -> bytes:
        """File control parameters (tag 62) with the access rules that clients look for."""
        rules = bytes([0x7F, NEVER, NEVER, NEVER, NEVER, NEVER, self.update, self.read])
        return encode(
            0x62,
            encode(0x80, len(self.content).to_bytes(2, "big")),
            encode(0x82, b"\x01"),
            encode(0x83, self.fid.to_bytes(2, "big")),
            encode(0xA1, encode(0x8C, rules)),
        )

    def slice(self, offset: int, le: int | None) -> bytes:
        """READ BINARY: at most ``le`` bytes from ``offset``; the whole rest when ``le`` asks for more."""
        if offset > len(self.content) or (offset == len(self.content) and offset):
            raise StatusWord(0x6B00)
        rest = self.content[offset:]
        return rest if le is None or le > len(rest) else rest[:le]


@dataclass(slots=True)
class DedicatedFile:
    """A directory; ``name`` is its AID, empty when it has none."""

    fid: int
    name: bytes = b""
    children: dict[int, ElementaryFile | DedicatedFile] = field(default_factory=dict)

    def add(self, *files: ElementaryFile | DedicatedFile) -> DedicatedFile:
        """Put files in; returns itself."""
        self.children.update({file.fid: file for file in files})
        return self

    def fcp(self) -> bytes:
        """File control parameters (tag 62)."""
        name = encode(0x84, self.name) if self.name else b""
        rules = bytes([0x7F, NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, ALWAYS])
        return encode(
            0x62,
            encode(0x82, b"\x38"),
            encode(0x83, self.fid.to_bytes(2, "big")),
            name,
            encode(0xA1, encode(0x8C, rules)),
        )


class Selection:
    """The current directory and file of one card session."""

    def __init__(self, master: DedicatedFile) -> None:
        self._master = master
        self.directory = master
        self.file: ElementaryFile | None = None

    def select(self, command: Command, ways: frozenset[int]) -> bytes:
        """SELECT in one of ``ways``: the FCP, unless P2 asks for no answer."""
        p1, data = command.p1, command.data
        if p1 not in ways:
            raise StatusWord(0x6A86)
        if p1 in BY_NAME:
            node = self.select_name(data)
        elif p1 in BY_PATH and data and len(data) % 2 == 0:
            node = self.select_path(data)
        elif p1 in BY_FID and len(data) == 2:
            node = self.select_fid(int.from_bytes(data, "big"))
        else:
            raise StatusWord(0x6A86)
        return b"" if command.p2 & 0x0C == 0x0C else node.fcp()

    def addressed(self, command: Command) -> tuple[ElementaryFile, int]:
        """The file and the offset that READ BINARY means; a short identifier in P1 selects."""
        offset = command.p1p2
        if command.p1 & 0x80:
            self.select_sfi(command.p1 & 0x1F)
            offset = command.p2
        if self.file is None:
            raise StatusWord(0x6986)
        return self.file, offset

    def select_path(self, path: bytes) -> ElementaryFile | DedicatedFile:
        """From the master file; ``path`` may or may not begin with 3F00."""
        fids = [int.from_bytes(path[i : i + 2], "big") for i in range(0, len(path), 2)]
        node: ElementaryFile | DedicatedFile = self._master
        directory = self._master
        for fid in fids[1:] if fids[:1] == [MASTER] else fids:
            child = directory.children.get(fid)
            if child is None:
                raise StatusWord(0x6A82)
            node = child
            directory = child if isinstance(child, DedicatedFile) else directory
        return self._enter(directory, node)

    def select_fid(self, fid: int) -> ElementaryFile | DedicatedFile:
        """A child of the current directory, or the master file."""
        if fid == MASTER:
            return self._enter(self._master, self._master)
        child = self.directory.children.get(fid)
        if child is None:
            raise StatusWord(0x6A82)
        return self._enter(child if isinstance(child, DedicatedFile) else self.directory, child)

    def select_name(self, name: bytes) -> ElementaryFile | DedicatedFile:
        """A directory by its whole AID."""
        for directory in [self._master, *self._master.children.values()]:
            if isinstance(directory, DedicatedFile) and name and directory.name == name:
                return self._enter(directory, directory)
        raise StatusWord(0x6A82)

    def select_sfi(self, sfi: int) -> None:
        """Short identifier, in the current directory then in the master file."""
        for directory in (self.directory, self._master):
            for child in directory.children.values():
                if isinstance(child, ElementaryFile) and child.sfi == sfi:
                    self.file = child
                    return
        raise StatusWord(0x6A82)

    def _enter(self, directory: DedicatedFile, node: ElementaryFile | DedicatedFile) -> ElementaryFile | DedicatedFile:
        self.directory = directory
        self.file = node if isinstance(node, ElementaryFile) else None
        return node
