"""The program that plugs virtual cards into a private pcscd (``main.py cards``), and the hand that drives it.

It prints one line of JSON (``pcsclite_csock_name``, ``readers``, ``cards``, ``isolated``), then runs until interrupted.
Each line on its standard input is a command, answered by one line of JSON (``ok``, else ``error``):

    insert NAME [READER]     withdraw NAME       list
    swap NAME [OTHER]        out, and OTHER (or itself) in its place before the service looks
    mute NAME                silent from its next insertion on
    slow NAME SECONDS        waits before each answer
    pace NAME C,B,K          takes C seconds a command, B a byte either way, K a private key's operation
    withdraw-at NAME N       vanishes at the Nth command from now
    heal NAME                no fault any more
    renew NAME               PIN and counters as personalised
    stop-service             start-service       the pcscd itself
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO

from card_reader.ending import end
from card_reader.virtual.card import VirtualCard
from card_reader.virtual.faults import FaultyCard, Pace
from card_reader.virtual.namespace import isolate
from card_reader.virtual.pcscd import PcscdMissing, PrivatePcscd
from card_reader.virtual.vpcd import VpcdLink
from praticien.errors import EnvironmentProblem

_POLL = 0.5
READER = "Lecteur bi-fente virtuel"
"""A two-slot reader, as health professionals have: one slot for the CPx, one for the Vitale."""


class CardTableProblem(EnvironmentProblem):
    """The card table did not start, stopped, or refused a command; ``detail`` says which."""

    code = "cards.table"


class CardTable:
    """Which virtual card lies in which reader."""

    def __init__(self, cards: Mapping[str, VirtualCard], service: PrivatePcscd) -> None:
        self._cards = {name: FaultyCard(card) for name, card in cards.items()}
        self._service = service
        self._links: dict[str, tuple[str, VpcdLink]] = {}  # reader -> card's name, link
        self._former: dict[str, VpcdLink] = {}  # reader -> the last card that was in it
        self._commands: dict[str, Callable[..., None]] = {
            "insert": self.insert,
            "withdraw": self.withdraw,
            "swap": self._swap,
            "mute": self._mute,
            "slow": self._slow,
            "pace": self._pace,
            "withdraw-at": self._withdraw_at,
            "heal": self._heal,
            "renew": self._renew,
            "stop-service": self._stop_service,
            "start-service": self._start_service,
            "list": lambda: None,
        }

    def obey(self, line: str) -> dict[str, Any]:
        """Do what ``line`` says; the answer to print."""
        verb, *arguments = line.strip().split(maxsplit=2) or [""]
        command = self._commands.get(verb)
        if command is None:
            return {"ok": False, "error": f"unknown command {verb}"}
        try:
            command(*arguments)
        except (CardTableProblem, OSError, ValueError, TypeError) as problem:
            return {"ok": False, "error": str(problem) or type(problem).__name__}
        return {"ok": True, "inserted": self.inserted(), "pins": self.pins()}

    def pins(self) -> dict[str, str]:
        """What is printed on each card that has one: fictitious PINs, as they are now."""
        return {name: card.present_pin for name, card in self._cards.items() if card.present_pin}

    def inserted(self) -> dict[str, str]:
        """Reader to card, those that are in."""
        return {reader: name for reader, (name, link) in self._links.items() if link.is_open}

    def insert(self, name: str, reader: str = "") -> None:
        """Put a card into ``reader``, or into the first free one."""
        card = self._card(name)
        inserted = self.inserted()
        if name in inserted.values():
            raise CardTableProblem(f"{name} is in a reader already")
        free = [other for other in self._service.ports if other not in inserted]
        chosen = reader or next(iter(free), "")
        if chosen not in free:
            raise CardTableProblem("no such free reader")
        self._let_departure_be_seen(chosen)
        self._plug(name, card, chosen)

    def _plug(self, name: str, card: FaultyCard, reader: str) -> None:
        link = VpcdLink(card, self._service.ports[reader])
        self._links[reader], self._former[reader] = (name, link), link

    def _swap(self, name: str, other: str = "") -> None:
        newcomer = self._card(other or name)
        reader = next((reader for reader, inside in self.inserted().items() if inside == name), "")
        if not reader or (other in self.inserted().values() and other != name):
            raise CardTableProblem("cannot be swapped")
        self.withdraw(name)
        self._plug(other or name, newcomer, reader)

    def _let_departure_be_seen(self, reader: str) -> None:
        """pcscd looks at its readers every 0.4 s: a card put in sooner would pass for the one that just left."""
        former = self._former.get(reader)
        if former:
            time.sleep(max(former.left_at + _POLL - time.monotonic(), 0))

    def wait_until_read(self) -> None:
        """Until programs can see the cards that were put in."""
        for _name, link in self._links.values():
            link.wait_until_read()

    def withdraw(self, name: str) -> None:
        """Take a card out of its reader."""
        self._card(name)
        for reader, (other, link) in list(self._links.items()):
            if other == name:
                del self._links[reader]
                link.close()

    def _card(self, name: str) -> FaultyCard:
        card = self._cards.get(name)
        if card is None:
            raise CardTableProblem(f"no card named {name}")
        return card

    def _mute(self, name: str) -> None:
        self._card(name).is_mute = True

    def _slow(self, name: str, seconds: str) -> None:
        self._card(name).delay = float(seconds)

    def _pace(self, name: str, figures: str) -> None:
        command, byte, key = map(float, figures.split(","))
        self._card(name).pace = Pace(command, byte, key)

    def _withdraw_at(self, name: str, number: str) -> None:
        self._card(name).leaves_at = int(number)

    def _heal(self, name: str) -> None:
        self._card(name).heal()

    def _renew(self, name: str) -> None:
        self._card(name).renew()

    def _stop_service(self) -> None:
        self._service.stop()

    def _start_service(self) -> None:
        """The cards that were in their readers are there again."""
        before = list(self._links.items())
        self._links.clear()
        self._service.start()
        for reader, (name, link) in before:
            link.close()
            self.insert(name, reader)


def serve(
    cards: Mapping[str, VirtualCard],
    insert: Sequence[str] = (),
    *,
    with_parent: bool = False,
    devices: tuple[str, ...] = (READER,),
    out: TextIO | None = None,
) -> int:
    """Run until SIGINT or SIGTERM, or, ``with_parent``, until standard input closes. Returns the exit status."""
    out = out or sys.stdout
    stop = _stop_on_signals()
    isolated = isolate()
    try:
        service = PrivatePcscd(devices)
    except PcscdMissing as problem:
        print(problem, file=sys.stderr)
        return 2
    try:
        table = CardTable(cards, service)
        for name in insert:
            table.insert(name)
        table.wait_until_read()
        _print(out, _announcement(service, cards, isolated))
        threading.Thread(target=_obey_lines, args=(table, out, stop, with_parent), daemon=True).start()
        stop.wait()
    except CardTableProblem as problem:
        print(problem, file=sys.stderr)
        return 2
    finally:
        service.close()
    return 0


def _announcement(service: PrivatePcscd, cards: Mapping[str, VirtualCard], isolated: bool) -> dict[str, Any]:
    return {
        "pcsclite_csock_name": str(service.socket_path),
        "readers": list(service.ports),
        "cards": list(cards),
        "isolated": isolated,
    }


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    signal.signal(
        signal.SIGTTIN, signal.SIG_IGN
    )  # in the background of a terminal: reading fails instead of stopping us
    return stop


def _obey_lines(table: CardTable, out: TextIO, stop: threading.Event, with_parent: bool) -> None:
    try:
        for line in sys.stdin:
            if line.strip():
                _print(out, table.obey(line))
    except OSError:
        pass
    if with_parent:
        stop.set()


def _print(out: TextIO, answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)


class HostProcess:
    """The host as a child process, gone when we are gone (``command`` must start ``serve(with_parent=True)``).

    Thread-safe. Raises CardTableProblem when it does not start within ``patience`` seconds or refuses a command.
    """

    def __init__(self, command: Sequence[str], *, patience: float = 30.0) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        watchdog = threading.Timer(patience, self._process.kill)
        watchdog.start()
        try:
            ready = self._read()
        except CardTableProblem:
            self.close()
            raise
        finally:
            watchdog.cancel()
        self.socket: str = ready["pcsclite_csock_name"]
        self.readers: tuple[str, ...] = tuple(ready["readers"])
        self.cards: tuple[str, ...] = tuple(ready["cards"])
        self.isolated: bool = ready["isolated"]

    @property
    def process_id(self) -> int:
        """Of the host."""
        return self._process.pid

    def insert(self, name: str, reader: str = "") -> None:
        """Put a card in."""
        self.send(f"insert {name} {reader}".rstrip())

    def withdraw(self, name: str) -> None:
        """Take a card out."""
        self.send(f"withdraw {name}")

    def inserted(self) -> dict[str, str]:
        """Reader to card."""
        found: dict[str, str] = self.send("list")["inserted"]
        return found

    def pins(self) -> dict[str, str]:
        """Name to present PIN."""
        found: dict[str, str] = self.send("list")["pins"]
        return found

    def send(self, line: str) -> dict[str, Any]:
        """One command, its answer. Raises CardTableProblem when it is refused or the host is gone."""
        with self._lock:
            try:
                assert self._process.stdin is not None
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            except (OSError, ValueError) as problem:
                raise CardTableProblem("gone") from problem
            answer = self._read()
        if not answer["ok"]:
            raise CardTableProblem(answer["error"])
        return answer

    def close(self) -> None:
        """End the host; never raises."""
        end(self._process, 5)

    def use(self) -> None:
        """Make this process and its children speak to this pcscd. Only before the first PC/SC call of a process."""
        os.environ["PCSCLITE_CSOCK_NAME"] = self.socket

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            answer = json.loads(line)
        except ValueError:
            raise CardTableProblem("no answer") from None
        if not isinstance(answer, dict):
            raise CardTableProblem("no answer")
        return answer
