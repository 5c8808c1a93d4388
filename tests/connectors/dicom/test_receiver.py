"""C-STORE received: by dcmtk, by hand, by a hostile peer. Every refusal has its DICOM status."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import struct
import subprocess
import threading
import time
import tracemalloc

import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000, DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian
from pynetdicom import AE

from connectors.dicom import receiver as module
from connectors.dicom.receiver import (
    MISMATCH,
    NOT_UNDERSTOOD,
    OUT_OF_RESOURCES,
    SUCCESS,
    PortTaken,
    Receiver,
    ReceiverConfig,
)
from praticien.documents.dicom import read_study, study_of
from praticien.documents.received import ReceivedFull
from tests.programs import needs

MR = "1.2.840.10008.5.1.4.1.1.4"


def run(program, receiver, *more, called="PRATICIEN"):
    command = [program, "-aec", called, "127.0.0.1", str(receiver.port), *map(str, more)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def associate(receiver):
    """An association of our own with the receiver, as any peer may ask for one."""
    entity = peer()
    opened = []

    def open_(*contexts, called="PRATICIEN"):
        entity.requested_contexts = []
        for uid, syntax in contexts or ((MR, ExplicitVRLittleEndian),):
            entity.add_requested_context(uid, syntax)
        opened.append(entity.associate("127.0.0.1", receiver.port, ae_title=called))
        return opened[-1]

    yield open_
    for one in opened:
        let_go(one)


def peer():
    """An application entity that does not wait long."""
    entity = AE(ae_title="TESTPACS")
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 10
    return entity


def let_go(association):
    """pynetdicom leaves the socket of an association that failed to the collector."""
    if association.is_established:
        association.abort()
    own = association.dul.socket and association.dul.socket.socket
    if own:
        own.close()


def image(study):
    return pydicom.dcmread(next(study.glob("*.dcm")))


# -- dcmtk ---------------------------------------------------------------------------------------------------------


@needs("echoscu")
def test_echoscu_is_answered(receiver):
    assert run("echoscu", receiver).returncode == 0


@needs("storescu")
def test_storescu_sends_a_study(receiver, study, kept):
    done = run("storescu", receiver, "+sd", study)
    assert done.returncode == 0, done.stderr
    assert study_of(kept).series == read_study(study).series
    assert study_of(kept).patient_family_name == read_study(study).patient_family_name


@needs("storescu")
def test_storescu_sends_implicit_and_proposes_everything(receiver, study, kept):
    assert run("storescu", receiver, "-xi", "+sd", study).returncode == 0
    assert len(kept) == 3


@needs("storescu")
def test_another_ae_title_is_rejected(receiver, study, kept):
    done = run("storescu", receiver, "+sd", study, called="AUTRE")
    assert done.returncode != 0
    assert "Called AE Title Not Recognized" in done.stderr
    assert kept == []


# -- statuses ------------------------------------------------------------------------------------------------------


def test_the_pixels_go_no_further(associate, study, kept):
    assert associate().send_c_store(image(study)).Status == SUCCESS
    assert all(not isinstance(getattr(kept[0], name), bytes) for name in kept[0].__slots__)


def test_compressed_pixels_are_not_looked_at(associate, study, kept):
    data = image(study)
    data.file_meta.TransferSyntaxUID = JPEG2000
    data.PixelData = encapsulate([b"\xff\x4f" + bytes(64)])
    assert associate((MR, JPEG2000)).send_c_store(data).Status == SUCCESS
    assert len(kept) == 1


def test_a_deflated_syntax_or_an_unknown_class_is_not_accepted(associate):
    for context in ((MR, DeflatedExplicitVRLittleEndian), ("1.2.840.10008.5.1.4.1.1.481.5", ExplicitVRLittleEndian)):
        association = associate(context)
        assert association.accepted_contexts == []
        assert [one.result for one in association.rejected_contexts] in ([0x03], [0x04])


def test_an_object_of_no_study_is_not_understood(associate, study, kept):
    data = image(study)
    del data.StudyInstanceUID
    assert associate().send_c_store(data).Status == NOT_UNDERSTOOD
    assert kept == []


def test_an_object_other_than_announced_is_refused(associate, study, kept, monkeypatch):
    association = associate()
    data = image(study)
    real = type(association.dimse).send_msg

    def announcing_another(self, primitive, context):
        primitive.AffectedSOPInstanceUID = "2.25.666"
        return real(self, primitive, context)

    monkeypatch.setattr(type(association.dimse), "send_msg", announcing_another)
    assert association.send_c_store(data).Status == MISMATCH
    assert kept == []


def test_a_full_store_is_said_and_no_name_is_logged(receiver, associate, study, caplog):
    def full(header):
        raise ReceivedFull

    receiver._keep = full
    with caplog.at_level(logging.DEBUG):
        assert associate().send_c_store(image(study)).Status == OUT_OF_RESOURCES
    assert "received.full" in caplog.text
    assert "TESTIMAGE" not in caplog.text


def test_garbage_as_a_data_set_is_answered(receiver, associate, study, monkeypatch):
    from pynetdicom import dsutils, service_class  # noqa: F401

    monkeypatch.setattr("pynetdicom.association.encode", lambda *_args, **_more: b"\xff" * 4000)
    association = associate()
    assert association.send_c_store(image(study)).Status == NOT_UNDERSTOOD
    monkeypatch.undo()
    assert association.send_c_store(image(study)).Status == SUCCESS


# -- limits --------------------------------------------------------------------------------------------------------


def test_only_admitted_callers(kept, study):
    made = Receiver(ReceiverConfig(port=0, callers=("PACS",)), kept.append)
    made.start()
    try:
        entity = peer()
        entity.add_requested_context(MR)
        association = entity.associate("127.0.0.1", made.port, ae_title="PRATICIEN")
        assert association.is_rejected
        let_go(association)
    finally:
        made.close()


@needs("echoscu")
def test_only_admitted_addresses(kept):
    for allowed, code in ((("10.0.0.0/8",), 1), (("10.0.0.0/8", "127.0.0.1"), 0)):
        made = Receiver(ReceiverConfig(port=0, allowed=allowed), kept.append)
        made.start()
        assert bool(run("echoscu", made).returncode) == bool(code)
        made.close()


def test_a_taken_port_is_said(receiver):
    with pytest.raises(PortTaken):
        Receiver(ReceiverConfig(port=receiver.port), lambda _header: None).start()


def test_one_association_too_many_is_rejected_and_room_is_made_again(associate):
    held = [associate() for _ in range(module.MAX_ASSOCIATIONS)]
    assert associate().is_rejected
    held[0].release()
    assert eventually(lambda: associate().is_established)


@needs("storescu")
def test_an_object_too_long_ends_the_association_with_flat_memory(receiver, study, kept, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_OBJECT", 1_000_000)
    data = image(study)
    data.Rows = data.Columns = 6000
    data.PixelData = bytes(72_000_000)
    data.save_as(tmp_path / "long.dcm")
    del data
    tracemalloc.start()
    done = run("storescu", receiver, tmp_path / "long.dcm")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.returncode != 0
    assert "abort" in done.stderr.lower()
    assert peak < 10_000_000
    assert kept == []
    assert run("storescu", receiver, "+sd", study).returncode == 0


def test_aborted_in_the_middle_of_an_object(receiver, associate, study, kept):
    association = associate()
    sent = threading.Thread(target=association.send_c_store, args=(big(image(study)),))
    sent.start()
    association.dul.socket.socket.shutdown(socket.SHUT_RDWR)
    sent.join(20)
    assert kept == []
    assert associate().send_c_store(image(study)).Status == SUCCESS


def big(data):
    data.Rows = data.Columns = 2000
    data.PixelData = bytes(8_000_000)
    return data


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">BBL", 1, 0, 0xFFFFFFFF) + bytes(1000),  # a request of four gigabytes
        struct.pack(">BBL", 4, 0, 30) + bytes(30),  # data without association
        struct.pack(">BBL", 1, 0, 68) + bytes(68),
        b"\x01",
        b"",
    ],
)
def test_what_is_no_dicom_is_let_go(receiver, associate, study, sent):
    peer = socket.create_connection(("127.0.0.1", receiver.port), timeout=10)
    with peer, contextlib.suppress(ConnectionError):
        peer.sendall(sent)
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(4096):
            pass
    assert associate().send_c_store(image(study)).Status == SUCCESS


@needs("echoscu")
def test_a_flood_of_connections_is_bounded_and_survived(kept, study, monkeypatch):
    monkeypatch.setattr(module, "NEGOTIATION_SECONDS", 0.5)
    made = Receiver(ReceiverConfig(port=0), kept.append)
    made.start()
    peers = [socket.create_connection(("127.0.0.1", made.port), timeout=10) for _ in range(25)]
    assert eventually(lambda: refused(peers) >= 25 - module.MAX_CONNECTIONS)
    for peer in peers:
        peer.close()
    assert eventually(lambda: run("echoscu", made).returncode == 0)
    made.close()


def refused(peers):
    """How many of them were closed by the other side."""
    closed = 0
    for peer in peers:
        peer.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            closed += peer.recv(1) == b""
    return closed


def test_a_peer_that_stops_in_mid_sentence_is_let_go(receiver, associate, monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.3)
    slow = socket.create_connection(("127.0.0.1", receiver.port), timeout=20)
    slow.sendall(struct.pack(">BBL", 1, 0, 500) + bytes(10))
    assert slow.recv(100) == b""
    slow.close()


def eventually(true, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_listening_is_on_the_loopback_unless_said_otherwise():
    assert ReceiverConfig().address == "127.0.0.1"
    assert re.fullmatch(r"[A-Z]{1,16}", ReceiverConfig().ae_title)
