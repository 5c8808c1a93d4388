"""A network namespace of our own (Linux): vpcd listens on every interface, so it must see none but a private loopback.

The calling process and what it starts afterwards move; unix sockets given by path stay reachable from outside.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import struct
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_PR_SET_PDEATHSIG = 1


def isolate() -> bool:
    """Leave the machine's network for an empty one with loopback up; False, and nothing changed, when it cannot be.

    Must be called while the process has a single thread.
    """
    if not sys.platform.startswith("linux") or not _works_in_a_child():
        return False
    return _move()


def _works_in_a_child() -> bool:
    """Some systems let one into a namespace and then forbid everything there: try it where it does no harm."""
    child = os.fork()
    if child == 0:
        moved = False
        with contextlib.suppress(BaseException):
            moved = _move()
        os._exit(0 if moved else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _move() -> bool:
    user, group = os.getuid(), os.getgid()
    if user == 0 and _unshare(_CLONE_NEWNET):
        return _raise_loopback()
    if not _unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        return False
    _map_user(user, group)
    return _raise_loopback()


def die_with_parent(signal_number: int) -> None:
    """Ask the kernel for ``signal_number`` when the parent's thread ends (Linux; elsewhere nothing)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def _unshare(flags: int) -> bool:
    return bool(ctypes.CDLL(None, use_errno=True).unshare(flags) == 0)


def _map_user(user: int, group: int) -> None:
    """Keep our own user and group numbers inside the new user namespace."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _raise_loopback() -> bool:
    import fcntl  # not on Windows

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        try:
            flags = struct.unpack("16sH14x", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
            fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | _IFF_UP))
        except OSError:
            return False
    return True
