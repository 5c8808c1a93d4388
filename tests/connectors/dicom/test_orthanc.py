"""A study on its way through a real PACS: loaded into Orthanc, sent by its own C-STORE, received here."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request

import pytest

from praticien.documents.dicom import read_study, study_of
from tests.programs import needs


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture
def orthanc(tmp_path, receiver):
    """Orthanc on the loopback, which knows the receiver as "praticien"; gives the root of its REST interface."""
    http = free_port()
    settings = {
        "Name": "TEST",
        "StorageDirectory": str(tmp_path / "db"),
        "IndexDirectory": str(tmp_path / "db"),
        "HttpPort": http,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomServerEnabled": False,
        "Plugins": [],
        "DicomModalities": {"praticien": ["PRATICIEN", "127.0.0.1", receiver.port]},
    }
    (tmp_path / "orthanc.json").write_text(json.dumps(settings))
    process = subprocess.Popen(
        ["Orthanc", str(tmp_path / "orthanc.json")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    root = f"http://127.0.0.1:{http}"
    try:
        wait_for(f"{root}/system", process)
        yield root
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url, process):
    end = time.monotonic() + 40
    while time.monotonic() < end and process.poll() is None:
        try:
            return call(url)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("Orthanc did not start")


def call(url, body=None):
    request = urllib.request.Request(url, data=body, method="POST" if body is not None else "GET")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


@needs("Orthanc")
@pytest.mark.timeout(120)
def test_a_study_pushed_by_orthanc_arrives_whole(orthanc, study, kept):
    for file in sorted(study.glob("*.dcm")):
        assert call(f"{orthanc}/instances", file.read_bytes())["Status"] == "Success"
    (known,) = call(f"{orthanc}/studies")
    assert call(f"{orthanc}/modalities/praticien/echo", b"{}") == {}
    sent = call(f"{orthanc}/modalities/praticien/store", known.encode())
    assert (sent["InstancesCount"], sent["FailedInstancesCount"]) == (3, 0)
    received, written = study_of(kept), read_study(study)
    assert {one.uid for s in received.series for one in s.instances} == {
        one.uid for s in written.series for one in s.instances
    }
    assert (received.accession_number, received.modality) == (written.accession_number, "MR")
    assert received.patient_birth_date == written.patient_birth_date
