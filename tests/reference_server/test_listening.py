"""The TLS door lets go of every connection, whatever its peer does; a socket left to the collector fails the test."""

import gc
import socket
import ssl
from contextlib import suppress

import pytest

from tests.reference_server.conftest import start
from tests.reference_server.test_network import raw

STATES = {"silent": b"", "garbage": b"not TLS at all", "half a hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"}


def is_ended(connection):
    with suppress(ConnectionError, ssl.SSLError):
        while True:
            if not connection.recv(4096):
                break
    return True


def connect(world):
    host, port = world.server.base_url.removeprefix("https://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


@pytest.mark.parametrize("said", STATES.values(), ids=STATES)
def test_stopping_ends_an_unfinished_handshake(keys, tmp_path, said):
    world = start(keys, tmp_path)
    with connect(world) as connection:
        connection.sendall(said)
        world.close()
        assert is_ended(connection)
    gc.collect()


def test_stopping_ends_a_connection_whose_peer_never_answers(keys, tmp_path, gp):
    """The peer keeps its end open and reads nothing: no answer to the end of TLS will come."""
    world = start(keys, tmp_path)
    with raw(world, gp) as connection:
        world.close()
        assert is_ended(connection)
    gc.collect()


def test_a_stopped_server_leaves_its_port(keys, tmp_path):
    world = start(keys, tmp_path)
    port = int(world.server.base_url.rpartition(":")[2])
    world.close()
    socket.create_server(("127.0.0.1", port)).close()
