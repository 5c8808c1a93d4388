"""The review queue: durable, encrypted, per professional; what leaves it names nobody."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import AnswerCut, BreakGlassOpposed, Fault, ServerUnreachable
from demonstration import people
from praticien.access import AccessMode, EmergencyReason
from praticien.emergency import EmergencyRules, begin
from praticien.errors import EnvironmentProblem, InvalidInput, PatientChanged
from praticien.identity import IdentityStatus, Patient
from praticien.outbox_store import WrongOutboxKey
from praticien.review_register import as_csv
from praticien.reviews import DELAY, ReviewQueue, ReviewUnknown
from tests.praticien.fakes import NOW, Desk
from tests.praticien.practice.support import glass

KEY = bytes(range(32))
WHO, WHERE = people.EMERGENCY, people.HOPITAL
PATIENT = Patient(people.UNCONSCIOUS.traits, IdentityStatus.QUALIFIED, people.UNCONSCIOUS.ins)


def access(words="Amené par les pompiers", now=NOW):
    return begin(AccessMode.BREAK_GLASS, EmergencyReason.UNCONSCIOUS, words, now, EmergencyRules())


@pytest.fixture
def now():
    return [NOW]


@pytest.fixture
def reopen(tmp_path, now):
    """The queue as it is after a crash: nothing is closed in between but the lock."""
    made = []

    def reopen(key=KEY):
        while made:
            made.pop().close()
        made.append(ReviewQueue(tmp_path / "reviews", key, clock=lambda: now[0]))
        return made[-1]

    yield reopen
    for queue in made:
        queue.close()


def begun(queue, words="Amené par les pompiers"):
    return queue.begin(WHO, WHERE, PATIENT, access(words))


def test_survives_with_everything_said(reopen, now):
    queue = reopen()
    id = begun(queue)
    queue.read(id, "Ordonnance")
    queue.read(id, "Ordonnance")
    queue.extend(id, access("Toujours", NOW + timedelta(minutes=50)))
    (review,) = reopen().waiting(WHO.national_id)
    assert (review.id, review.documents) == (id, ("Ordonnance",))
    assert [reason.split(" – ")[1] for reason in review.reasons] == ["Amené par les pompiers", "Toujours"]
    assert review.until == NOW + timedelta(minutes=110)
    assert review.due == NOW + DELAY
    assert not review.is_overdue(NOW + DELAY)
    assert review.is_overdue(NOW + DELAY + timedelta(seconds=1))


def test_nothing_in_clear_on_the_disk(reopen, tmp_path):
    id = begun(reopen())
    reopen().answer(id, (), "Allergie cherchée")
    for path in (tmp_path / "reviews").iterdir():
        content = path.read_bytes()
        for word in ("TESTURGENT", "MARC", people.UNCONSCIOUS.ins.matricule, "pompiers", "Allergie"):
            assert word.encode() not in content


def test_another_key_opens_nothing_and_breaks_nothing(reopen):
    begun(reopen())
    with pytest.raises(WrongOutboxKey):
        reopen(bytes(32))
    assert reopen().waiting(WHO.national_id)


def test_a_damaged_file_is_set_aside_and_counted(reopen, tmp_path):
    id, other = begun(reopen()), begun(reopen())
    path = tmp_path / "reviews" / f"{id}.item"
    path.write_bytes(path.read_bytes()[:-1])
    queue = reopen()
    assert [review.id for review in queue.waiting(WHO.national_id)] == [other]
    assert queue.damaged == 1


def test_each_professional_sees_their_own(reopen):
    queue = reopen()
    begun(queue)
    assert queue.waiting(people.GP.national_id) == ()


@pytest.mark.parametrize("words", ["", "  ", "\n"])
def test_an_answer_needs_an_explanation(reopen, words):
    queue = reopen()
    id = begun(queue)
    with pytest.raises(InvalidInput) as caught:
        queue.answer(id, (), words)
    assert caught.value.field == "words"
    assert queue.waiting(WHO.national_id)


def test_answered_once_and_kept(reopen, now):
    queue = reopen()
    id = begun(queue)
    queue.read(id, "Ordonnance")
    now[0] = NOW + timedelta(hours=30)
    queue.answer(id, ["Ordonnance", "Jamais ouvert"], "Anticoagulant recherché")
    queue = reopen()
    assert queue.waiting(WHO.national_id) == ()
    (review,) = queue.answered(WHO.national_id)
    assert (review.used, review.words) == (("Ordonnance",), "Anticoagulant recherché")
    assert not review.is_overdue(now[0])
    for act in (lambda: queue.answer(id, (), "encore"), lambda: queue.read(id, "x"), lambda: queue.end(id)):
        with pytest.raises(ReviewUnknown):
            act()


def rows(text):
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_register_tells_all_but_who(reopen, now):
    queue = reopen()
    id = begun(queue, "Marc-André Testurgent amené inconscient")
    now[0] = NOW + timedelta(hours=25)
    queue.answer(id, (), f"=M. TESTURGENT, {people.UNCONSCIOUS.ins.matricule} : rien d’utile")
    text = queue.register(WHO.national_id)
    assert "TESTURGENT" not in text.upper()
    assert people.UNCONSCIOUS.ins.matricule[:13] not in text
    (row,) = rows(text)
    assert "amené inconscient" in row["motifs"]
    assert row["explication"].startswith("'=M. [patient]")
    assert (row["dans_les_delais"], row["mode"], row["documents_ouverts"]) == ("non", "bris_de_glace", "0")


@given(st.text(alphabet="TESTURGENtesturgné 'M-:;\n", max_size=40))
def test_no_name_leaves_however_it_is_written(words):
    desk_review = _review(words)
    (row,) = rows(as_csv([desk_review], KEY))
    assert "testurgent" not in row["explication"].casefold().split()


def _review(words):
    from praticien.review_register import Review

    return Review(
        "a",
        WHO.national_id,
        "H",
        AccessMode.BREAK_GLASS,
        "x",
        "1",
        ("TESTURGENT",),
        NOW,
        NOW,
        words=words,
        answered=NOW,
    )


# -- at the desk -------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(entry, reopen):
    desk = Desk().with_patient()
    desk.dmp.documents = (entry,)
    desk.practice.reviews = reopen()
    return desk


def waiting(desk):
    return desk.practice.reviews.waiting(desk.card.holder.professional.national_id)


def test_written_before_the_server_is_asked(desk):
    desk.dmp.meanwhile = lambda: seen.append(len(waiting(desk)))
    seen: list[int] = []
    glass(desk)
    assert seen == [1]


@pytest.mark.parametrize(
    "error,left", [(BreakGlassOpposed(Fault("Sender")), 0), (ServerUnreachable(), 0), (AnswerCut(), 1)]
)
def test_struck_out_unless_the_server_may_have_opened(desk, error, left):
    desk.dmp.error = error
    with pytest.raises(type(error)):
        glass(desk)
    assert len(waiting(desk)) == left


def test_a_patient_changed_meanwhile_still_has_to_be_answered_for(desk):
    desk.dmp.meanwhile = desk.practice.forget_patient
    with pytest.raises(PatientChanged):
        glass(desk)
    assert len(waiting(desk)) == 1


def test_what_was_opened_is_remembered_and_only_in_the_emergency(desk, entry):
    desk.practice.open_document(entry)
    glass(desk)
    assert waiting(desk)[0].documents == ()
    desk.practice.open_document(entry)
    assert waiting(desk)[0].documents == (entry.title,)
    desk.practice.end_emergency()
    desk.practice.open_document(entry)
    assert len(waiting(desk)) == 1


def test_a_disk_that_is_full_keeps_nobody_from_the_patient(desk, monkeypatch):
    def full(*_args, **_more):
        raise EnvironmentProblem

    monkeypatch.setattr(ReviewQueue, "begin", full)
    assert glass(desk).access.mode is AccessMode.BREAK_GLASS
