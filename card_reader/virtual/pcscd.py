"""A private pcscd with vpcd readers: its own socket, configuration and ports, beside the machine's own service.

pcscd takes its listening socket by socket activation (LISTEN_FDS); clients find it by ``PCSCLITE_CSOCK_NAME``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from card_reader.virtual.namespace import die_with_parent

_PCSCD = ("/usr/sbin/pcscd", "/usr/local/sbin/pcscd")
_DRIVER_FOLDERS = ("/usr/lib/pcsc/drivers", "/usr/lib64/pcsc/drivers", "/usr/local/lib/pcsc/drivers")
_LISTEN_FD = 3
_FIRST_PORT, _LAST_PORT = 41000, 59000


class PcscdMissing(Exception):
    """pcscd or the vpcd driver is not installed; the text says which."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where pcscd and its virtual reader driver are."""

    pcscd: str
    driver: str


def find_programs() -> Programs:
    """Look in the usual places. Raises PcscdMissing."""
    pcscd = next((path for path in _PCSCD if os.access(path, os.X_OK)), None) or shutil.which("pcscd")
    if not pcscd:
        raise PcscdMissing("pcscd is not installed")
    for folder in _DRIVER_FOLDERS:
        for driver in sorted(Path(folder).glob("**/libifdvpcd.so")):
            return Programs(pcscd, str(driver))
    raise PcscdMissing("the vpcd driver (libifdvpcd.so) is not installed")


class PrivatePcscd:
    """pcscd with one two-slot vpcd reader for each name in ``devices``.

    ``ports`` maps the names that PC/SC clients see ("Lecteur virtuel 00 00", "… 00 01") to the port of each slot.
    """

    def __init__(self, devices: tuple[str, ...]) -> None:
        self._programs = find_programs()
        self._folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
        self.socket_path = self._folder / "pcscd.comm"
        pairs = dict(zip(devices, _free_pairs(len(devices)), strict=True))
        self.ports = {f"{name} 00 {slot:02X}": port + slot for name, port in pairs.items() for slot in (0, 1)}
        self._write_configuration(self._programs.driver, pairs)
        self._process_id = 0
        self.start()

    @property
    def is_running(self) -> bool:
        """Whether the service lives."""
        if self._process_id:
            done, _ = os.waitpid(self._process_id, os.WNOHANG)
            self._process_id = 0 if done else self._process_id
        return bool(self._process_id)

    def start(self) -> None:
        """Start the service, or start it again at the same address."""
        if not self.is_running:
            self.socket_path.unlink(missing_ok=True)
            self._process_id = self._start(self._programs.pcscd)

    def stop(self) -> None:
        """End the service; ``start`` may follow."""
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            if self.is_running:
                os.kill(self._process_id, signal_number)
                self._wait(2.0)

    def close(self) -> None:
        """End the service and remove its folder."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.is_running and time.monotonic() < end:
            time.sleep(0.01)

    def _write_configuration(self, driver: str, pairs: dict[str, int]) -> None:
        folder = self._folder / "readers"
        folder.mkdir()
        for number, (name, port) in enumerate(pairs.items()):
            copy = self._folder / f"driver{number}.so"  # the driver keeps its slots in static memory: one copy a device
            shutil.copyfile(driver, copy)
            lines = [
                f'FRIENDLYNAME "{name}"',
                f"DEVICENAME /dev/null:{port}",
                f"LIBPATH {copy}",
                f"CHANNELID 0x{port:X}",
            ]
            (folder / f"reader{number}").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _start(self, pcscd: str) -> int:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.socket_path))
        listener.listen(16)
        arguments = [pcscd, "--foreground", "--error", "--config", str(self._folder / "readers")]
        if _knows_polkit_option(pcscd):
            arguments.append("--disable-polkit")
        log = os.open(self._folder / "log", os.O_WRONLY | os.O_CREAT, 0o600)
        parent = os.getpid()
        process_id = os.fork()
        if process_id == 0:
            _become_pcscd(arguments, listener.fileno(), log, parent)
        listener.close()
        os.close(log)
        return process_id


def _become_pcscd(arguments: list[str], listener: int, log: int, parent: int) -> None:
    """In the child: hand over the listening socket as descriptor 3 and turn into pcscd."""
    with contextlib.suppress(BaseException):
        die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:  # gone before we could ask to go with it
            os._exit(1)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.dup2(listener, _LISTEN_FD)
        os.set_inheritable(_LISTEN_FD, True)
        environment = {**os.environ, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
        os.execve(arguments[0], arguments, environment)  # noqa: S606 - a fixed program, no shell
    os._exit(127)


def _knows_polkit_option(pcscd: str) -> bool:
    """pcscd 2 refuses clients that polkit does not know; pcscd 1.9 refuses the option."""
    answer = subprocess.run([pcscd, "--help"], capture_output=True, text=True, timeout=10, check=False)
    return "disable-polkit" in answer.stdout + answer.stderr


def _free_pairs(count: int) -> list[int]:
    """Ports p such that p and p+1 are free, started from a place that depends on this process."""
    pairs: list[int] = []
    port = _FIRST_PORT + os.getpid() * 16 % (_LAST_PORT - _FIRST_PORT)
    while len(pairs) < count:
        port = port if port < _LAST_PORT else _FIRST_PORT
        if _is_free(port) and _is_free(port + 1):
            pairs.append(port)
        port += 2
    return pairs


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - only asks; vpcd itself binds every interface
        except OSError:
            return False
    return True
