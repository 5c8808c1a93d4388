"""A CPS3 seen by its antenna: it says which card it is, and can do nothing that a session needs.

Source: ANS dops-cryptolib: contactless there is an application of its own, no PIN and no signature, and a technical
authentication key alone; files of the contact side are refused. EF.SN is read as in contact (guessed).
"""

from __future__ import annotations

from card_reader.apdu import Apdu, Wire
from card_reader.cps3 import Cps3

APPLICATION_NAME = bytes.fromhex("E828BD080F8025000001FF0020")


def read_serial(wire: Wire) -> str:
    """Serial number, once the contactless application answered. Raises CardRefusal, MalformedCard."""
    serial = Cps3(wire).read_serial()
    wire.expect(Apdu(0, 0xA4, 0x04, 0x04, APPLICATION_NAME, ne=256), "SELECT contactless application")
    return serial
