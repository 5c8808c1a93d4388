"""A file of another kind than PDF, sent as it is inside a level 1 document: text, RTF, JPEG, TIFF.

Source: CI-SIS ASS_A12 (formatCode by media type). What a file is follows from its first bytes, not from its name.
"""

from __future__ import annotations

import re
import warnings
from io import BytesIO

from praticien.documents.model import AttachedFile
from praticien.errors import InvalidInput

MAX_BYTES = 7_000_000
"""Our limit, the same as a PDF's."""
MAX_PIXELS = 100_000_000
_RTF_DESTINATIONS = frozenset(
    (
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "object"),
        *("themedata", "generator", "listtable", "xmlnstbl"),
    )
)
_RTF = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|(.)", re.I)
_BREAKS = {"par": "\n", "line": "\n", "tab": "\t", "cell": "\t", "row": "\n"}


class UnusableFile(InvalidInput):
    """Neither PDF, text, RTF, JPEG nor TIFF, or a damaged one; ``field`` is "pdf", where the file is chosen."""

    code = "attached.invalid"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, field="pdf")


class FileTooBig(UnusableFile):
    """Larger than what the DMP is sent."""

    code = "attached.too_big"


class EmptyFile(UnusableFile):
    """Nothing in it: no word, or an image of a single colour."""

    code = "attached.empty"


def recognised(content: bytes, name: str = "") -> AttachedFile:
    """The file with its media type, checked. Raises UnusableFile, FileTooBig, EmptyFile."""
    if len(content) > MAX_BYTES:
        raise FileTooBig
    mime_type = _media_type(content)
    if mime_type == "text/plain":
        content = content.removeprefix(b"\xef\xbb\xbf")  # a mark of some editors, no word of the document
    found = AttachedFile(content, mime_type, name)
    if mime_type.startswith("image/"):
        _check_image(content)
    elif not text_of(found).strip():
        raise EmptyFile
    return found


def _media_type(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff"
    if content.startswith(b"{\\rtf"):
        return "application/rtf"
    _decoded(content)
    return "text/plain"


def _check_image(content: bytes) -> None:
    """It opens whole, and shows something."""
    from PIL import Image

    try:
        with warnings.catch_warnings(action="error"), Image.open(BytesIO(content), formats=("JPEG", "TIFF")) as image:
            if image.width * image.height > MAX_PIXELS:
                raise FileTooBig
            extrema = image.convert("L").getextrema()
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise UnusableFile("image") from None
    if extrema[0] == extrema[1]:
        raise EmptyFile


def text_of(file: AttachedFile) -> str:
    """What the file says in words; empty for an image. Raises UnusableFile when a text is none."""
    if file.mime_type.startswith("image/"):
        return ""
    text = _decoded(file.content)
    return rtf_text(text) if file.mime_type == "application/rtf" else text


def _decoded(content: bytes) -> str:
    """UTF-8 (the rule for text/plain). Raises UnusableFile."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableFile("not UTF-8") from None
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise UnusableFile("control characters")
    return text


def rtf_text(rtf: str) -> str:
    """The words of an RTF, without its tables of fonts, styles and pictures. Never raises."""
    said: list[str] = []
    hidden: list[bool] = [False]
    skip = 0
    for word, number, hexadecimal, symbol, brace, character in _RTF.findall(rtf):
        if brace:
            hidden = [*hidden, hidden[-1]] if brace == "{" else hidden[:-1] or [False]
        elif symbol == "*" or word in _RTF_DESTINATIONS:
            hidden[-1] = True
        elif not hidden[-1]:
            skip, added = _rtf_piece(word, number, hexadecimal, symbol or character, skip)
            said.append(added)
    return "".join(said)


def _rtf_piece(word: str, number: str, hexadecimal: str, character: str, skip: int) -> tuple[int, str]:
    """One token: how many characters to leave out after it (``\\u`` is followed by its fallback), and what it says."""
    if word == "u" and number:
        return 1, chr(int(number) % 0x10000)
    if word:
        return skip, _BREAKS.get(word, "")
    if skip:
        return skip - 1, ""
    if hexadecimal:
        return 0, bytes.fromhex(hexadecimal).decode("cp1252", "replace")
    return 0, {"~": "\u00a0", "_": "-", "-": ""}.get(character, character)
