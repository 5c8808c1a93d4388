"""By which rules a received report may leave by itself (EX_GEN-1060)."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from demonstration import people
from praticien.access import AccessMode
from praticien.documents.lab_report import LabReport, ResultStatus, SourcePatient
from praticien.documents.model import Party
from praticien.identity import IdentityStatus, Patient
from praticien.lab_inbox import ReceivedReport
from praticien.sending import Sender, SendingRules, may_leave_alone, received_document

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LINE = ReceivedReport("1", NOW, "", 0, "2.25.1", "2.25.2", "", "TEST")
TRAITS = people.SOLO.traits
SAID = SourcePatient(
    ins=people.SOLO.ins, family_name=TRAITS.birth_name, given_names=TRAITS.first_name, birth_date=TRAITS.birth_date
)
REPORT = LabReport((), SAID, collected_at=NOW)


def test_every_condition_is_needed():
    """The whole product: one that fails is enough to keep it here."""
    others = replace(SAID, birth_date="19990101")
    qualified, retrieved = IdentityStatus.QUALIFIED, IdentityStatus.RETRIEVED
    for status, held, version, identity, source, mode in product(
        ResultStatus, (False, True), (0, 1), (qualified, retrieved), (SAID, others, SourcePatient()), AccessMode
    ):
        report = replace(REPORT, status=status, patient=source)
        line = replace(LINE, held=held, version=version)
        patient = Patient(TRAITS, identity, people.SOLO.ins)
        right = (status.is_complete, not held, not version, identity is qualified, source is SAID)
        expected = all(right) and mode is AccessMode.NORMAL
        assert may_leave_alone(report, line, patient, mode) is expected


def test_the_document_is_the_lines_own():
    patient = Patient(TRAITS, IdentityStatus.QUALIFIED, people.SOLO.ins)
    secretary = Party(people.SECRETARY, people.IMAGERIE)
    sender = Sender(secretary, people.RADIOLOGIST)
    former = replace(LINE, document_id="2.25.9", version=2)
    asked = {"patient": patient, "sender": sender, "title": "Compte rendu", "now": NOW}
    made = received_document(REPORT, LINE, former, **asked)
    assert (made.unique_id, made.set_id, made.version) == ("2.25.1", "2.25.2", 3)
    assert made.replaces.unique_id == "2.25.9"
    assert (made.author.professional, made.entered_by) == (people.RADIOLOGIST, secretary)
    assert received_document(replace(REPORT, collected_at=None), LINE, None, **asked) is None


class Memory(dict):
    """Settings of a test."""

    def get(self, name: str) -> str:
        return super().get(name, "")

    def set(self, name: str, value: str) -> None:
        self[name] = value


def test_the_choice_is_remembered_and_off_at_first():
    kept = Memory()
    assert not SendingRules(kept).automatic_reports
    SendingRules(kept).choose(automatic_reports=True)
    assert SendingRules(kept).automatic_reports
    SendingRules(kept).choose(automatic_reports=False)
    assert not SendingRules(kept).automatic_reports
