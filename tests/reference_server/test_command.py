"""``main.py server`` as another program sees it: one line of JSON, then a server until interrupted."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

from demonstration.authority import KeyPair
from praticien.identity import Ins
from tests.reference_server.client import NS, Bearer, Client
from tests.reference_server.conftest import A00

ROOT = Path(__file__).parents[2]
CODE = "import sys; from pathlib import Path; from demonstration.server_command import run; "


@pytest.fixture
def started(tmp_path):
    running = []

    def start(folder, demo):
        code = CODE + f"sys.exit(run(Path({str(folder)!r}), 0, {demo}))"
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        running.append(process)
        return process, json.loads(process.stdout.readline())

    yield start
    for process in running:
        process.kill()
        process.communicate()


def test_demonstration_server_serves_a_program_that_knows_only_its_json(tmp_path, started):
    process, line = started(tmp_path / "data", True)
    key = serialization.load_pem_private_key(Path(line["signing_key_file"]).read_bytes(), None)
    certificate = load_pem_x509_certificate(Path(line["signing_cert_file"]).read_bytes())
    bearer = Bearer(
        tls=(line["client_cert_file"], line["client_key_file"]),
        signing=KeyPair(key, certificate),
        name_id="programme-1",
        structure=line["structure"]["id"],
        sector=line["structure"]["sector"],
        roles=(("AUTOMATE", A00),),
        auth="INDIRECTE",
        subject_name="PROGRAMME D'AILLEURS",
    )
    client = Client(line["base_url"], Path(line["ca_file"]), bearer)
    for patient in line["patients"]:
        answer = client.status(Ins(patient["ins"], patient["oid"]))
        is_absent = patient["purpose"].startswith(("aucun dossier", "dossier en cours de création"))
        expected = "NF" if is_absent else "OK"
        assert answer.body.find(".//h:queryResponseCode", NS).get("code") == expected
    client.close()
    with requests.get(line["patient_url"], timeout=10) as page:
        assert line["patients"][0]["birth_name"] in page.text
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def test_empty_server_and_a_second_one_on_its_port(tmp_path, started):
    process, line = started(tmp_path / "data", False)
    assert set(line) == {"base_url", "ca_file", "patient_url"}
    port = int(line["base_url"].rpartition(":")[2])
    code = CODE + f"sys.exit(run(Path({str(tmp_path / 'other')!r}), {port}, False))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("server.cannot_start")
    process.terminate()
    assert process.wait(20) == 0
