"""A worker process: ``python -m reference_server.worker DESCRIPTOR``. Started by ``crew`` and ended with it.

Its task comes as one line of JSON on standard input; connections come through the descriptor, a Unix socket, each with
one octet. The other end closed means: finish what is under way, and go.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from reference_server.dispatcher import Dispatcher
from reference_server.errors import CannotStart
from reference_server.listening import TlsDoor
from reference_server.revocation_file import following
from reference_server.schemas import Schemas
from reference_server.soap_face import THREADS, credentials, soap_door
from reference_server.storage.database import Database

READY = b"r"


@dataclass(frozen=True)
class Task:
    """What a worker serves; paths as text. See ``running.ServerConfig``."""

    data: str
    ca_bundle: str
    server_certificate: str
    server_key: str
    schema_dir: str = ""
    database_url: str = ""
    revocation_list: str = ""

    def line(self) -> bytes:
        """As it is told to the worker."""
        return json.dumps(asdict(self)).encode() + b"\n"


def main() -> int:
    """Serve until told to stop; the exit status is 2 when it could not start."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells everybody; our parent tells us
    task = Task(**json.loads(sys.stdin.readline()))
    with socket.socket(fileno=int(sys.argv[1])) as control:
        try:
            asyncio.run(_serve(task, control))
        except CannotStart as error:
            print(error.detail, file=sys.stderr)
            return 2
    return 0


async def _serve(task: Task, control: socket.socket) -> None:
    trust, tls = credentials(Path(task.ca_bundle), Path(task.server_certificate), Path(task.server_key))
    beforehand = following(Path(task.revocation_list) if task.revocation_list else None, trust)
    schemas = Schemas(Path(task.schema_dir)) if task.schema_dir else None
    database = Database(Path(task.data), task.database_url)
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="worker")
    try:
        dispatcher = Dispatcher(database, trust, schemas=schemas, beforehand=beforehand)
        async with soap_door(dispatcher, tls, pool) as door:
            control.sendall(READY)
            await _take_connections(control, door)
    finally:
        pool.shutdown()
        database.close()


async def _take_connections(control: socket.socket, door: TlsDoor) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    control.setblocking(False)

    def take() -> None:
        try:
            octets, descriptors, _flags, _address = socket.recv_fds(control, 1, 1)
        except BlockingIOError:
            return
        for one in descriptors:
            connection = socket.socket(fileno=one)
            connection.setblocking(False)
            door.admit(connection)
        if not octets:
            loop.remove_reader(control)
            over.set()

    loop.add_reader(control, take)
    await over.wait()


if __name__ == "__main__":
    sys.exit(main())
