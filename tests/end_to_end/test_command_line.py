"""``main.py`` as somebody at a terminal, or somebody else's program, meets it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from card_reader.virtual.pcscd import PcscdMissing, find_programs
from demonstration.people import CARDS, VITALES
from praticien import configuration
from tests.end_to_end.programs import MAIN, ROOT, is_gone, patient_page, run, running, surroundings

OPTIONS = {
    (): ("--version", "--config", "--data", "--example-config", "demo", "diagnose", "server", "cards"),
    ("diagnose",): (),
    ("demo",): ("--offscreen", "--in-process", "--data"),
    ("server",): ("--demo", "--port", "--data", "--with-parent"),
    ("cards",): ("--insert", "--data", "--with-parent"),
}


@pytest.fixture
def env(tmp_path):
    return surroundings(tmp_path)


@pytest.fixture
def private_pcscd():
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    try:
        find_programs()
    except PcscdMissing as missing:
        pytest.skip(f"private pcscd impossible: {missing}")


# -- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", OPTIONS, ids=lambda command: " ".join(command) or "main")
def test_help_is_complete(command, env):
    done = run(*command, "--help", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    listed = re.findall(r"^  +(-[-\w]+|[a-z]+)(?:[ ,]([^\n]*))?(?:\n {10,}(\S[^\n]*))?", done.stdout, re.M)
    explained = {name for name, beside, below in listed if re.search(r"\s{2,}\S|[a-zéà]{3}", beside + below)}
    assert explained >= set(OPTIONS[command])


def test_example_configuration_can_be_used(env, tmp_path):
    done = run("--example-config", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    path = tmp_path / "praticien.toml"
    path.write_text(done.stdout, "utf-8")
    (tmp_path / "ca.pem").touch()
    assert configuration.load(path).base_url.startswith("https://")


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "ascii"])
def test_example_configuration_can_be_used_wherever_it_was_redirected(encoding, env, tmp_path):
    done = subprocess.run(
        [sys.executable, "main.py", "--example-config"],
        cwd=ROOT,
        env={**env, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
        timeout=60,
    )
    path = tmp_path / "praticien.toml"
    path.write_bytes(done.stdout)
    (tmp_path / "ca.pem").touch()
    assert configuration.load(path).base_url.startswith("https://")


def test_without_configuration_one_sentence_says_what_to_do(env):
    done = run(env=env)
    assert done.returncode == 1
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("praticien : pas de fichier de configuration")
    assert "--example-config" in sentence
    assert "demo" in sentence


@pytest.mark.parametrize("content", ["", "[server]\n", "not toml = = =", "base_url = 12\n", "\xff"])
def test_unusable_configuration_is_one_sentence(content, env, tmp_path):
    path = tmp_path / "praticien.toml"
    path.write_bytes(content.encode("latin-1"))
    done = run("--config", str(path), env=env)
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith("praticien : fichier de configuration inutilisable")


@pytest.mark.parametrize("arguments", [("serveur",), ("server", "--port", "x"), ("--inconnu",)])
def test_unusable_arguments(arguments, env):
    done = run(*arguments, env=env)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


# -- the server ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_server_serves_any_client_then_ends(number, env, made_cards):
    with running("server", "--demo", "--data", str(made_cards), env=env) as server:
        ready = server.ready
        answer = requests.post(
            f"{ready['base_url']}/registry",
            data=b"<nothing/>",
            headers={"Content-Type": "application/soap+xml"},
            cert=(ready["client_cert_file"], ready["client_key_file"]),
            verify=ready["ca_file"],
            timeout=10,
        )
        assert answer.status_code == 400
        assert b"http://www.w3.org/2003/05/soap-envelope" in answer.content
        with pytest.raises(requests.ConnectionError):  # without a certificate nobody gets in
            requests.post(f"{ready['base_url']}/registry", data=b"", verify=ready["ca_file"], timeout=10)
        page = patient_page(ready["patient_url"], ready["patients"][0]["ins"])
        assert page["name"].startswith(ready["patients"][0]["birth_name"])
        assert server.ends(number) == 0
        assert server.process.stdout.read() == ""
        assert server.process.stderr.read() == ""


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_server_and_curl(env, made_cards):
    with running("server", "--demo", "--data", str(made_cards), env=env) as server:
        ready = server.ready
        identity = [
            "--cacert",
            ready["ca_file"],
            "--cert",
            ready["client_cert_file"],
            "--key",
            ready["client_key_file"],
        ]
        question = ["--data", "<nothing/>", "-H", "Content-Type: application/soap+xml", f"{ready['base_url']}/patients"]
        done = subprocess.run(
            ["curl", "--silent", "--show-error", *identity, *question],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "Fault" in done.stdout


def test_private_keys_are_for_their_owner_alone(env, made_cards):
    data = made_cards
    with running("server", "--demo", "--data", str(data), env=env) as server:
        keys = [*data.rglob("*.key"), Path(server.ready["client_key_file"]), Path(server.ready["signing_key_file"])]
        assert {key.stat().st_mode & 0o077 for key in keys} == {0}


# -- the cards -------------------------------------------------------------------------------------------------------


@pytest.mark.pcscd
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cards_for_any_program_then_end(number, env, made_cards, private_pcscd):
    data = str(made_cards)
    with running("cards", "--insert", "cps-medecin", "--data", data, env=env) as cards:
        assert len(cards.ready["readers"]) == 2
        assert set(cards.ready["cards"]) >= {*CARDS, *VITALES}
        socket = Path(cards.ready["pcsclite_csock_name"])
        assert socket.exists()
        if shutil.which("pkcs15-tool"):
            _list_certificates(env | {"PCSCLITE_CSOCK_NAME": str(socket)})
        assert cards.ends(number) == 0
        assert not socket.exists()


def _list_certificates(env):
    done = subprocess.run(
        ["pkcs15-tool", "--list-certificates"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("X.509 Certificate") == 2


def test_diagnosis_of_cards_in_readers(env, made_cards, private_pcscd):
    with running("cards", "--insert", "cps-medecin", "--data", str(made_cards), env=env) as cards:
        done = run("diagnose", env=env | {"PCSCLITE_CSOCK_NAME": cards.ready["pcsclite_csock_name"]})
        cards.ends(signal.SIGTERM)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Diagnostic lecteur · Praticien")
    for code in ("service.running", "reader.empty", "card.recognised", "cps.readable", "pin.tries left=3"):
        assert f"[{code}" in done.stdout
    holder = CARDS["cps-medecin"].professional
    assert holder.family_name not in done.stdout
    assert holder.national_id not in done.stdout


def test_diagnosis_without_service_says_what_to_do(env, tmp_path):
    pytest.importorskip("smartcard", reason="pyscard is not installed")
    done = run("diagnose", env=env | {"PCSCLITE_CSOCK_NAME": str(tmp_path / "nobody")})
    assert (done.returncode, done.stderr) == (1, "")
    assert "[service.absent]" in done.stdout
    assert "pcscd" in done.stdout


@pytest.mark.pcscd
def test_cards_obey_lines(env, made_cards, private_pcscd):
    with running("cards", "--data", str(made_cards), env=env) as cards:
        for line, expected in (
            ("insert vitale-famille", '"ok": true'),
            ("insert vitale-famille", '"ok": false'),
            ("withdraw vitale-famille", '"inserted": {}'),
            ("insert inconnue", '"ok": false'),
            ("danse", '"ok": false'),
        ):
            cards.process.stdin.write(line + "\n")
            cards.process.stdin.flush()
            assert expected in cards.process.stdout.readline()


# -- with their parent -----------------------------------------------------------------------------------------------

PARENT = """
import subprocess, sys, time
command = [sys.executable, *sys.argv[1:], "--with-parent"]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(300)
"""


@pytest.mark.parametrize("command", [("server", "--demo"), pytest.param(("cards",), marks=pytest.mark.pcscd)])
def test_dies_with_a_parent_that_is_killed(command, env, made_cards, request):
    if command == ("cards",):
        request.getfixturevalue("private_pcscd")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, MAIN, *command, "--data", str(made_cards)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = 0
    try:
        child = int(parent.stdout.readline())
        parent.kill()
        assert is_gone(child)
    finally:
        parent.kill()
        parent.communicate()
        if child and not is_gone(child, 0):
            os.kill(child, signal.SIGKILL)
