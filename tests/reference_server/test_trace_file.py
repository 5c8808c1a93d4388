"""An exported trace proves itself: every change is found and the first row concerned is named."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

import main
from demonstration import people
from reference_server import trace_file
from reference_server.errors import CannotStart
from reference_server.storage import traces
from reference_server.storage.database import Database
from reference_server.storage.seal import Seal
from reference_server.storage.traces import Extract, Trace
from reference_server.trace_file import TraceFileUnreadable, canonical, content_digest, link
from tests.effort import examples
from tests.reference_server.client import Words

ROOT = Path(__file__).parents[2]
WHY = "Monsieur TESTNOM trouvé inconscient"


def exported(desk, path, extract=Extract()):  # noqa: B008
    with desk.database.reading() as session:
        path.write_bytes(b"".join(traces.export(session, extract)))
    return path


@pytest.fixture
def five(desk, gp, emergency, tmp_path):
    """Five attempts by two professionals, one of them refused."""
    client = desk.client(gp)
    client.status(people.NORA.ins)
    client.find(people.NORA.ins)
    client.find(people.SOLO.ins)
    other = desk.client(emergency)
    other.find(people.UNCONSCIOUS.ins, Words(people.UNCONSCIOUS.ins, mode="bris_de_glace", reason=WHY))
    other.status(people.NORA.ins)
    return desk


@pytest.fixture
def file(five, tmp_path):
    return exported(five, tmp_path / "trace.jsonl")


def lines(file):
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def rewrite(file, changed):
    file.write_bytes(b"".join(canonical(line) + b"\n" for line in changed))
    return trace_file.verify(file)


def test_whole_trace_holds_and_says_who_did_what(file):
    report = trace_file.verify(file)
    assert (report.count, report.shown, report.altered) == (5, 5, None)
    rows = [line["row"] for line in lines(file)[1:-1]]
    assert [row["transaction"] for row in rows] == ["TD0.2", "TD3.1", "TD3.1", "TD3.1", "TD0.2"]
    assert [row["outcome"] for row in rows] == ["allowed", "allowed", "refused", "allowed", "allowed"]
    assert rows[3]["access_mode"] == "bris_de_glace"
    assert rows[0]["patient"] == rows[1]["patient"] == rows[4]["patient"]
    assert len({row["patient"] for row in rows}) == 3


def test_nothing_about_a_patient_in_it(file):
    said = file.read_text("utf-8")
    assert WHY not in said
    for seed in people.DOSSIERS:
        assert seed.ins.matricule[:13] not in said
        assert seed.traits.birth_name not in said


def test_identifiers_that_hide_a_matricule_are_hashed(tmp_path):
    database = Database(tmp_path / "dmp")
    ins = people.NORA.ins.matricule
    trace = Trace("2026-11-22T10:00:00+00:00", matricule=ins, documents=["1.2." + ins, "1.2.3"], message_id="TESTNOM")
    with database.transaction() as session:
        traces.append(session, trace)
        said = b"".join(traces.export(session, Extract())).decode()
    assert ins[:13] not in said
    assert "TESTNOM" not in said
    assert '"1.2.3"' in said
    database.close()


def test_extract_shows_one_professional_and_still_verifies(five, tmp_path):
    chosen = exported(five, tmp_path / "one.jsonl", Extract(frozenset({people.EMERGENCY.national_id})))
    report = trace_file.verify(chosen)
    assert (report.count, report.shown, report.altered) == (5, 2, None)
    assert people.GP.national_id not in chosen.read_text("utf-8")


def test_extract_by_period(five, gp, tmp_path):
    today = five.moment[0].date().isoformat()
    five.later(days=1)
    tomorrow = five.moment[0].date().isoformat()
    five.client(gp).status(people.NORA.ins)  # refused by then or not: it is traced
    for extract, shown in (
        (Extract(start=tomorrow), 1),
        (Extract(end=today), 5),
        (Extract(frozenset(), today, tomorrow), 6),
    ):
        path = exported(five, tmp_path / "period.jsonl", extract)
        assert (trace_file.verify(path).shown, trace_file.verify(path).altered) == (shown, None)


@given(
    st.integers(1, 5),
    st.sampled_from(["actor", "at", "outcome", "patient", "reason", "rule", "structure", "documents"]),
)
def test_any_altered_value_is_named(file, number, name):
    before = file.read_bytes()
    changed = lines(file)
    changed[number]["row"][name] = "autre"
    assert rewrite(file, changed).altered == number
    changed[number]["content"] = content_digest(changed[number]["row"])  # a careful forger goes on
    assert rewrite(file, changed).altered == number
    previous = trace_file.GENESIS
    for line in changed[1:-1]:  # and links everything again, without the key
        line["digest"] = previous = link(line["number"], previous, line["content"])
    assert rewrite(file, changed).altered == number
    file.write_bytes(before)


@pytest.mark.parametrize("number", [1, 2, 5])
def test_removed_row_is_named(file, number):
    kept = [line for line in lines(file) if line.get("number") != number]
    assert rewrite(file, kept).altered == number


@pytest.mark.parametrize("kept", [1, 3, 5, 6])
def test_cut_end_is_noticed(file, kept):
    assert rewrite(file, lines(file)[:kept]).altered == kept
    # an end of another making
    assert rewrite(file, [*lines(file)[:kept], {**lines(file)[-1], "count": kept - 1}][: kept + 1]).altered == kept


def test_end_of_an_older_export_does_not_hide_newer_rows(five, gp, tmp_path):
    older = lines(exported(five, tmp_path / "older.jsonl"))
    five.client(gp).status(people.NORA.ins)
    newer = exported(five, tmp_path / "newer.jsonl")
    assert rewrite(newer, [*lines(newer)[:-1], older[-1]]).altered == 7


def test_swapped_doubled_and_hidden_rows(file):
    original = lines(file)
    swapped = original.copy()
    swapped[2], swapped[3] = swapped[3], swapped[2]
    assert rewrite(file, swapped).altered == 2
    assert rewrite(file, [*original[:3], original[2], *original[3:]]).altered == 3
    hidden = [dict(line) for line in original]
    del hidden[4]["row"]
    assert rewrite(file, hidden).altered == 4
    assert rewrite(file, [*original, original[1]]).altered == 6
    assert rewrite(file, [{**original[0], "professionals": ["0"]}, *original[1:]]).altered == 6


def test_an_altered_link_is_named_and_a_former_file_still_read(five, file):
    report = trace_file.verify(file)
    header, *rows, _ = lines(file)
    linked = [dict(row) for row in rows]
    linked[2]["previous"] = linked[0]["digest"]
    assert rewrite(file, [header, *linked, lines(exported(five, file))[-1]]).altered == 3
    for row in rows:
        del row["previous"]
    with five.database.reading() as session:
        sign = session.info[traces.SEAL].sign
    file.write_bytes(b"".join(trace_file.write({**header, "format": trace_file.FORMER_FORMAT}, rows, sign)))
    assert trace_file.verify(file) == report
    assert rewrite(file, [{**header, "format": trace_file.FORMER_FORMAT}, *linked]).altered is not None


def test_somebody_elses_key_has_another_name(file, capsys):
    name = trace_file.verify(file).fingerprint
    assert main.main(["verify-trace", str(file), "--key", name]) == 0
    key = Ed25519PrivateKey.generate()

    def sign(octets):
        return base64.b64encode(key.sign(octets)).decode()

    header, *rows, _ = lines(file)
    header["public_key"] = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    for row in rows:
        row["signature"] = sign(row["digest"].encode())
    file.write_bytes(b"".join(trace_file.write(header, rows, sign)))
    assert trace_file.verify(file).altered is None
    assert main.main(["verify-trace", str(file), "--key", name]) == 1
    assert "autre clé" in capsys.readouterr().out


@settings(max_examples=examples(100))
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_anything_else_is_no_trace(tmp_path, octets):
    (tmp_path / "x").write_bytes(octets)
    with pytest.raises(TraceFileUnreadable):
        trace_file.verify(tmp_path / "x")
    assert main.main(["verify-trace", str(tmp_path / "x")]) == 2


@settings(max_examples=examples(100))
@given(st.data())
def test_no_octet_changes_unseen(file, data):
    before = file.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    octet = data.draw(st.integers(0, 255).filter(lambda one: one != before[place]))
    file.write_bytes(before[:place] + bytes([octet]) + before[place + 1 :])
    try:
        assert trace_file.verify(file).altered is not None
    except TraceFileUnreadable:
        assert place < before.index(b"\n") + 1
    finally:
        file.write_bytes(before)


def test_commands(tmp_path, capsys):
    data = tmp_path / "data"
    database = Database(data / "dmp")
    with database.transaction() as session:
        traces.append(session, Trace("2026-11-22T10:00:00+00:00", actor="899700000123"))
    database.close()
    target = tmp_path / "t.jsonl"
    assert main.main(["export-trace", str(target), "--data", str(data), "--professional", "899700000123"]) == 0
    assert "1 lignes, dont 1 montrées" in capsys.readouterr().out
    assert main.main(["export-trace", str(target), "--data", str(data)]) == 2  # never over another file
    target.write_bytes(target.read_bytes().replace(b"899700000123", b"899700000124"))
    done = subprocess.run(
        [sys.executable, "main.py", "verify-trace", str(target)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "ligne 1 (contenu modifié)" in done.stdout
    assert main.main(["export-trace", str(target), "--data", str(tmp_path / "nowhere")]) == 2


def test_key_is_made_once_and_kept_private(tmp_path):
    seal = Seal.open_or_create(tmp_path)
    assert (tmp_path / "trace.key").stat().st_mode & 0o077 == 0
    assert Seal.open_or_create(tmp_path).public_key_text == seal.public_key_text
    assert [path.name for path in tmp_path.iterdir()] == ["trace.key"]
    (tmp_path / "trace.key").write_bytes(b"court")
    with pytest.raises(CannotStart):
        Seal.open_or_create(tmp_path)


def test_several_professionals_and_a_period(five, tmp_path):
    """EX_AIR-120: one or more professionals, for a period, by the command."""
    both = frozenset({people.GP.national_id, people.EMERGENCY.national_id})
    for professionals, shown in ((both, 5), (frozenset({people.GP.national_id}), 3), (frozenset({"899700000999"}), 0)):
        path = tmp_path / f"{shown}.jsonl"
        assert (
            trace_file.verify(exported(five, path, Extract(professionals, "2020-01-01", "2099-12-31"))).shown == shown
        )
        assert lines(path)[0]["professionals"] == sorted(professionals)
    assert (
        trace_file.verify(exported(five, tmp_path / "past.jsonl", Extract(both, "2020-01-01", "2020-12-31"))).shown == 0
    )
