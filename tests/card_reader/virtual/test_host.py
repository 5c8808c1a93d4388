"""The host program's life: it says what it did, obeys, and ends when it should, leaving nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from card_reader.virtual import host, namespace, pcscd
from card_reader.virtual.host import CardTableProblem, HostProcess
from card_reader.virtual.pcscd import PcscdMissing, find_programs
from demonstration.cards_command import command

SERVE = """
import sys
from pathlib import Path
from demonstration.cards_command import run
sys.exit(run(Path(sys.argv[1]), sys.argv[2:]{}))
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(cards_folder: Path) -> Iterator[Start]:
    try:
        find_programs()
    except PcscdMissing as missing:
        pytest.skip(str(missing))
    started: list[subprocess.Popen[str]] = []

    def run(*insert: str, code: str = SERVE.format("")) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(cards_folder), *insert],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.terminate()
        process.wait(20)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


def _first_line(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    line = json.loads(process.stdout.readline())
    assert isinstance(line, dict)
    return line


@pytest.mark.pcscd
def test_the_first_line_says_all_that_other_programs_need(start: Start) -> None:
    ready = _first_line(start("cps-medecin", "vitale-seule"))
    assert set(ready) == {"pcsclite_csock_name", "readers", "cards", "isolated"}
    assert Path(str(ready["pcsclite_csock_name"])).is_socket()
    assert {"cps-medecin", "cps-urgentiste", "cpe-secretaire", "vitale-seule", "vitale-famille"} <= set(ready["cards"])  # type: ignore[call-overload]


@pytest.mark.pcscd
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_on_without_input_until_interrupted(start: Start, number: signal.Signals) -> None:
    process = start()
    socket = Path(str(_first_line(process)["pcsclite_csock_name"]))
    assert process.stdin is not None
    process.stdin.close()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    process.send_signal(number)
    assert process.wait(10) == 0
    assert not socket.parent.exists()


@pytest.mark.pcscd
def test_with_parent_it_ends_with_its_input(start: Start) -> None:
    process = start(code=SERVE.format(", with_parent=True"))
    socket = Path(str(_first_line(process)["pcsclite_csock_name"]))
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 0
    assert not socket.parent.exists()


@pytest.mark.pcscd
def test_pcscd_dies_with_a_killed_host(start: Start) -> None:
    process = start()
    socket = str(_first_line(process)["pcsclite_csock_name"])
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("this kernel does not list children")
    [service] = children.read_text().split()
    descriptor = os.pidfd_open(int(service))
    process.kill()
    process.wait(10)
    assert select.select([descriptor], [], [], 10)[0], "pcscd survived"
    os.close(descriptor)
    shutil.rmtree(Path(socket).parent)


@pytest.mark.pcscd
def test_answers_on_standard_output(start: Start) -> None:
    process = start("cps-medecin")
    ready = _first_line(process)
    assert process.stdin is not None
    for line, ok in (("insert vitale-seule", True), ("withdraw cps-medecin", True), ("sing", False)):
        process.stdin.write(line + "\n")
        process.stdin.flush()
        assert _first_line(process)["ok"] is ok
    process.stdin.write("list\n")
    process.stdin.flush()
    assert _first_line(process)["inserted"] == {ready["readers"][1]: "vitale-seule"}  # type: ignore[index]


@pytest.mark.pcscd
def test_an_unknown_card_at_the_start_is_an_error(start: Start) -> None:
    assert start("nobody").wait(20) == 2


@pytest.mark.pcscd
def test_the_child_object_notices_that_its_host_died(start: Start, cards_folder: Path) -> None:
    child = HostProcess(command(cards_folder))
    os.kill(child.process_id, signal.SIGKILL)
    os.waitid(os.P_PID, child.process_id, os.WEXITED | os.WNOWAIT)
    with pytest.raises(CardTableProblem):
        child.send("list")
    child.close()


def test_a_host_that_says_nothing_is_given_up(capfd: pytest.CaptureFixture[str]) -> None:
    for code in ("", "print('hello')", "print('[]')", "import time; time.sleep(30)"):
        with pytest.raises(CardTableProblem):
            HostProcess([sys.executable, "-c", code], patience=0.5)


def test_without_pcscd_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(host, "isolate", lambda: False)
    monkeypatch.setattr(host, "_stop_on_signals", threading.Event)
    monkeypatch.setattr(pcscd, "_PCSCD", ())
    monkeypatch.setenv("PATH", "")
    assert host.serve({}) == 2
    assert "pcscd" in capsys.readouterr().err


def test_without_the_driver_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcscd, "_PCSCD", (sys.executable,))
    monkeypatch.setattr(pcscd, "_DRIVER_FOLDERS", ("/nowhere",))
    with pytest.raises(PcscdMissing, match="vpcd"):
        find_programs()


def test_where_the_kernel_forbids_it_nothing_is_isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.readlink("/proc/self/ns/net") if sys.platform == "linux" else ""
    monkeypatch.setattr(namespace, "_unshare", lambda flags: False)
    assert namespace.isolate() is False
    monkeypatch.setattr(namespace, "_unshare", lambda flags: True)
    monkeypatch.setattr(namespace, "_raise_loopback", lambda: False)
    assert namespace.isolate() is False
    assert not before or os.readlink("/proc/self/ns/net") == before


def test_ports_are_free_and_apart() -> None:
    pairs = pcscd._free_pairs(4)
    assert len({port for pair in pairs for port in (pair, pair + 1)}) == 8
