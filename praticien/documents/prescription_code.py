"""The QR code of a prescription's number: its words, its modules, a PNG of it. No patient data in it."""

from __future__ import annotations

import struct
import zlib

from praticien.documents.prescription import Prescription

_PIXELS = 6
_QUIET = 4  # modules of white around, ISO/IEC 18004


def content_of(prescription: Prescription) -> str:
    """Authority and number, as a URN and its suffix."""
    return f"urn:oid:{prescription.number_authority}|{prescription.number}"


def widget_of(prescription: Prescription, size: float) -> object:
    """The code as a reportlab widget, ``size`` points wide."""
    from reportlab.graphics.barcode.qr import QrCodeWidget

    return QrCodeWidget(content_of(prescription), barWidth=size, barHeight=size, barLevel="M", barBorder=_QUIET)


def image_of(prescription: Prescription) -> bytes:
    """The code as a black and white PNG."""
    rows = [bytes([0, *_bits(row)]) for row in _modules(prescription) for _ in range(_PIXELS)]
    side = len(rows)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _modules(prescription: Prescription) -> list[list[bool]]:
    """Rows of dark modules, the quiet zone included."""
    from reportlab.graphics.barcode.qr import QrCodeWidget

    code = QrCodeWidget(content_of(prescription), barLevel="M").qr
    code.make()
    count = code.getModuleCount()
    around = range(-_QUIET, count + _QUIET)
    return [[0 <= r < count and 0 <= c < count and bool(code.isDark(r, c)) for c in around] for r in around]


def _bits(row: list[bool]) -> bytes:
    """One line of pixels, one bit each, white is 1."""
    text = "".join(("0" if dark else "1") * _PIXELS for dark in row)
    return int(text.ljust(-(-len(text) // 8) * 8, "1"), 2).to_bytes(-(-len(text) // 8), "big")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
