"""ER7, the text form of HL7 v2: a message as segments, fields, repetitions, components, sub-components.

The bytes are not trusted: bounded, never evaluated. Source: HL7 v2.5 chapter 2. Escapes of formatted text (``\\.br\\``)
become line breaks, highlighting is dropped, ``\\Xhh..\\`` is decoded; unknown escapes are dropped (chapter 2.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.hl7v2.errors import MessageTooBig, NotEr7, WrongCharset

MAX_BYTES = 24_000_000
MAX_SEGMENTS = 20_000

_CHARSETS = {
    "": "",
    "ASCII": "ascii",
    "8859/1": "latin-1",
    "8859/15": "iso8859-15",
    "ISO-8859-1": "latin-1",
    "ISO8859-1": "latin-1",
    "ISO-8859-15": "iso8859-15",
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "UTF-8": "utf-8",
    "CP1252": "cp1252",
    "WINDOWS-1252": "cp1252",
}


@dataclass(frozen=True, slots=True)
class Delimiters:
    """MSH-1 and MSH-2. ``escape`` is "" when the sender has none."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"


@dataclass(frozen=True, slots=True, repr=False)
class Segment:
    """One segment. Fields count from 1 as in the standard; what is absent is an empty string."""

    name: str
    fields: tuple[str, ...]
    delimiters: Delimiters

    def raw(self, number: int) -> str:
        """A field as written, all its repetitions."""
        return self.fields[number - 1] if 0 < number <= len(self.fields) else ""

    def repetitions(self, number: int) -> tuple[Repetition, ...]:
        """The repetitions of a field that hold something."""
        raw = self.raw(number)
        if not raw or raw == '""':
            return ()
        parts = raw.split(self.delimiters.repetition) if self.delimiters.repetition else [raw]
        return tuple(Repetition(part, self.delimiters) for part in parts if part)

    def first(self, number: int) -> Repetition:
        """The first repetition, perhaps an empty one."""
        return next(iter(self.repetitions(number)), Repetition("", self.delimiters))

    def text(self, number: int, component: int = 1) -> str:
        """One component of the first repetition, escapes resolved, blanks stripped."""
        return self.first(number).text(component)


@dataclass(frozen=True, slots=True, repr=False)
class Repetition:
    """One occurrence of a field."""

    raw: str
    delimiters: Delimiters

    def text(self, component: int = 1, subcomponent: int = 1) -> str:
        """One sub-component, escapes resolved, blanks stripped; the null value ``""`` is empty."""
        components = self.raw.split(self.delimiters.component)
        found = components[component - 1] if component <= len(components) else ""
        parts = found.split(self.delimiters.subcomponent) if self.delimiters.subcomponent else [found]
        part = parts[subcomponent - 1] if subcomponent <= len(parts) else ""
        return "" if part == '""' else unescaped(part, self.delimiters).strip()

    @property
    def whole(self) -> str:
        """The whole text, for fields that have no components (ST, TX, FT): a stray ``^`` is text there."""
        return "" if self.raw == '""' else unescaped(self.raw, self.delimiters).strip()


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """Segments in order; the first is MSH, whose field 1 is the delimiter itself."""

    segments: tuple[Segment, ...]

    @property
    def header(self) -> Segment:
        """MSH."""
        return self.segments[0]

    def named(self, name: str) -> Iterator[Segment]:
        """All segments of that name."""
        return (segment for segment in self.segments if segment.name == name)


def parse(content: bytes) -> Message:
    """Read one message. Raises MessageTooBig, NotEr7, WrongCharset."""
    if len(content) > MAX_BYTES:
        raise MessageTooBig("bytes")
    content = content.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n \x0b\x1c")
    delimiters = _delimiters(content[:12])
    text = _decoded(content, _declared_charset(content, delimiters))
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    if len(lines) > MAX_SEGMENTS:
        raise MessageTooBig("segments")
    return Message(tuple(_segment(line, delimiters) for line in lines))


def split(content: bytes) -> list[bytes]:
    """The messages of a file, batch envelopes (FHS, BHS, BTS, FTS) and MLLP frames dropped."""
    if len(content) > MAX_BYTES:
        raise MessageTooBig("bytes")
    plain = re.sub(rb"[\x0b\x1c]", b"\r", content.removeprefix(b"\xef\xbb\xbf"))
    plain = re.sub(rb"(?m)^(?:FHS|BHS|BTS|FTS)[^\r\n]*", b"", plain.replace(b"\r\n", b"\r").replace(b"\r", b"\n"))
    starts = [found.start() for found in re.finditer(rb"(?m)^MSH", plain)]
    ends = [*starts[1:], len(plain)]
    return [plain[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _delimiters(head: bytes) -> Delimiters:
    """From ``MSH|^~\\&|``. Raises NotEr7."""
    if len(head) < 9 or head[:3] != b"MSH":
        raise NotEr7("no MSH")
    field, encoding = chr(head[3]), head[4:].split(head[3:4])[0].decode("latin-1")
    known = f"{field}{encoding}"
    if not 3 <= len(known) <= 6 or any(c.isalnum() or not c.isprintable() or c == " " for c in known):
        raise NotEr7("delimiters", place="MSH-2")
    if len(set(known)) != len(known):
        raise NotEr7("delimiters", place="MSH-2")
    padded = [*encoding[:4], *[""] * (4 - len(encoding[:4]))]
    return Delimiters(field, *padded)


def _declared_charset(content: bytes, delimiters: Delimiters) -> str:
    first = re.split(rb"[\r\n]", content, maxsplit=1)[0].split(delimiters.field.encode("latin-1"))
    declared = first[17].decode("latin-1").split(delimiters.repetition or "~")[0] if len(first) > 17 else ""
    name = declared.split(delimiters.component)[0].strip().upper()
    if name not in _CHARSETS:
        raise WrongCharset("unknown character set", place="MSH-18")
    return _CHARSETS[name]


def _decoded(content: bytes, charset: str) -> str:
    """As declared, strictly. Undeclared: UTF-8 when it is, else the Windows code page that French senders use."""
    try:
        if charset:
            return content.decode(charset)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            return content.decode("cp1252")
    except UnicodeDecodeError:
        raise WrongCharset("bytes of another character set", place="MSH-18") from None


def _segment(line: str, delimiters: Delimiters) -> Segment:
    name, *fields = line.strip(" ").split(delimiters.field)
    if not re.fullmatch(r"[A-Z][A-Z0-9]{2}", name):
        raise NotEr7("not a segment")
    if name == "MSH":
        fields.insert(0, delimiters.field)
    return Segment(name, tuple(fields), delimiters)


# -- escapes ---------------------------------------------------------------------------------------------------------


def unescaped(text: str, delimiters: Delimiters) -> str:
    """Escape sequences resolved; without an escape character the text is as it is."""
    mark = delimiters.escape
    if not mark or mark not in text:
        return text
    pattern = re.compile(f"{re.escape(mark)}([^{re.escape(mark)}]*){re.escape(mark)}")
    return pattern.sub(lambda found: _meaning(found[1], delimiters), text)


def _meaning(sequence: str, delimiters: Delimiters) -> str:
    plain = {
        "F": delimiters.field,
        "S": delimiters.component,
        "T": delimiters.subcomponent,
        "R": delimiters.repetition,
        "E": delimiters.escape,
        ".br": "\n",
        ".sp": "\n",
        ".ce": "\n",
    }
    if sequence in plain:
        return plain[sequence]
    lines = re.fullmatch(r"\.sp\+?(\d{1,2})", sequence)
    if lines:
        return "\n" * int(lines[1])
    hexadecimal = re.fullmatch(r"X((?:[0-9A-Fa-f]{2}){1,200})", sequence)
    return _from_hexadecimal(hexadecimal[1]) if hexadecimal else ""


def _from_hexadecimal(digits: str) -> str:
    """``\\X0D0A\\`` is a line break; other bytes are UTF-8 when they are, else Windows-1252; controls are dropped."""
    data = bytes.fromhex(digits)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    text = re.sub(r"\r\n?", "\n", text)
    return "".join(c for c in text if c == "\n" or c.isprintable())
