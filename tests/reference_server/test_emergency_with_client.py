"""Both emergency modes through the project's own connectors, in front of the real reference server."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.errors import BreakGlassOpposed, FunctionNotAllowed, RegulationOpposed
from demonstration import people
from demonstration.samples import sample_submissions
from praticien.access import NORMAL, AccessMode, EmergencyReason
from praticien.emergency import EmergencyRules, begin
from praticien.identity import Sex
from praticien.regulation import SearchCriteria
from tests.reference_server.conftest import start
from tests.reference_server.gateways import Gateways

RULES = EmergencyRules()


@pytest.fixture(scope="module")
def served(keys, tmp_path_factory):
    made = start(keys, tmp_path_factory.mktemp("served"), submissions=sample_submissions)
    yield made
    made.close()


@pytest.fixture(scope="module")
def gateway(authority, served):
    made = Gateways(authority, served)
    yield made.of
    made.close()


@pytest.fixture(scope="module")
def samu(gateway):
    return gateway("cps-regulateur")


@pytest.fixture(scope="module")
def urgentist(gateway):
    return gateway("cps-urgentiste")


def access(mode, reason=EmergencyReason.UNCONSCIOUS, words=""):
    return begin(mode, reason, words, datetime.now(UTC), RULES)


CALL = access(AccessMode.REGULATION, EmergencyReason.REGULATION_CALL, "Appel 2026-0042")


def test_search_by_name_gives_homonyms_and_who_opposed(samu):
    found = samu.search(SearchCriteria("testhomonyme"), CALL)
    assert found.total == len(found.candidates) == 3
    by_ins = {one.ins: one for one in found.candidates}
    assert by_ins[people.OPPOSED_TO_REGULATION.ins].opposed
    assert not by_ins[people.CALLED_FOR.ins].opposed
    one = by_ins[people.CALLED_FOR.ins]
    assert (one.city, one.postal_code, one.degree) == ("TESTVILLE", "99000", 100)
    assert one.traits == replace(people.CALLED_FOR.traits, birth_place="")


@pytest.mark.parametrize(
    "criteria,found",
    [
        (SearchCriteria("TESTHOMONYME", "Paul", "19520604", Sex.MALE), {people.CALLED_FOR.ins}),
        (SearchCriteria("TESTHOMONYME", city="Testville"), {people.CALLED_FOR.ins, people.HOMONYM.ins}),
        (SearchCriteria("TESTHOMONYME", postal_code="99010"), {people.OPPOSED_TO_REGULATION.ins}),
        (SearchCriteria("TESTHOMONYME", sex=Sex.FEMALE), set()),
        (SearchCriteria("TESTCLOS"), set()),  # a closed dossier is not found
    ],
)
def test_criteria_narrow(samu, criteria, found):
    assert {one.ins for one in samu.search(criteria, CALL).candidates} == found


@pytest.mark.parametrize("mode", [NORMAL, access(AccessMode.BREAK_GLASS)])
def test_search_without_ins_is_refused_in_other_modes(samu, mode):
    with pytest.raises(FunctionNotAllowed):
        samu.search(SearchCriteria("TESTHOMONYME"), mode)


def test_regulation_reads_writes_no_authorisation_and_is_told(samu, served):
    ins = people.CALLED_FOR.ins
    assert samu.find_documents(ins, CALL)
    assert samu.dossier_status(ins, NORMAL).authorisation.value == "NON_EXISTE"
    page = served.page(ins)
    (line,) = [one for one in page["history"] if "Appel 2026-0042" in one["reason"] and "liste" in one["act"].lower()]
    assert line["outcome_text"] == "Autorisé"
    assert any("régulation" in told["text"] for told in page["notifications"])


def test_each_opposition_shuts_its_own_mode_alone(samu, urgentist):
    """The two by two table."""
    no_regulation, no_break_glass = people.OPPOSED_TO_REGULATION.ins, people.OPPOSED.ins
    broken = access(AccessMode.BREAK_GLASS)
    assert urgentist.find_documents(no_regulation, broken)
    assert samu.find_documents(no_break_glass, CALL)
    with pytest.raises(RegulationOpposed):
        samu.find_documents(no_regulation, CALL)
    with pytest.raises(BreakGlassOpposed):
        urgentist.find_documents(no_break_glass, broken)


@pytest.mark.parametrize("seed", [people.OPPOSED, people.OPPOSED_TO_REGULATION, people.UNCONSCIOUS])
def test_oppositions_are_known_before_trying(urgentist, seed):
    data = urgentist.administrative_data(seed.ins, NORMAL)
    told = (data.opposed_to_break_glass, data.opposed_to_regulation)
    assert told == (seed.opposed_to_break_glass, seed.opposed_to_regulation)


def test_a_reason_said_anew_is_traced_anew(urgentist, served):
    ins = people.SOLO.ins
    for words in ("Premier motif", "Second motif"):
        urgentist.find_documents(ins, access(AccessMode.BREAK_GLASS, words=words))
    reasons = [line["reason"] for line in served.page(ins)["history"]]
    assert any("Premier motif" in one for one in reasons)
    assert any("Second motif" in one for one in reasons)
