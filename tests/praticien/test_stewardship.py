"""Properties, authorisations and administrative data through the practice: asked once, for the right patient."""

from dataclasses import replace
from datetime import timedelta

import pytest

from demonstration import people
from praticien.access import Authorisation, DossierState, DossierStatus
from praticien.administrative import AdministrativeData
from praticien.document_acts import DocumentAct
from praticien.dossier_acts import DossierAct
from praticien.errors import PatientChanged, Refused
from praticien.habilitations import AuthorisationAct
from praticien.metadata import Association, AssociationType, Author, Availability, Person
from praticien.practice import Relations
from praticien.visits import Visits
from tests.connectors.samples import entry, registered
from tests.praticien.fakes import NOW, Desk

ENTRY = replace(registered(entry()), patient_id=people.SOLO.ins)
FREE = DossierStatus(DossierState.OPEN, Authorisation.VALID, attached=False)
HAS_MEMBER, REPLACE = AssociationType.HAS_MEMBER, AssociationType.REPLACE


@pytest.fixture
def desk(tmp_path):
    made = Desk(visits=Visits(tmp_path / "visits.json", bytes(32))).with_patient()
    made.dmp.documents = (ENTRY,)
    made.practice.look()
    made.practice.list_documents()
    return made


def numbered(name, **changes):
    return replace(ENTRY, entry_uuid=f"urn:uuid:{name}", unique_id=f"2.25.{ord(name)}", **changes)


# -- documents ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act, what",
    [
        (DocumentAct.ARCHIVE, Availability.ARCHIVED),
        (DocumentAct.DELETE, Availability.DELETED),
        (DocumentAct.MASK, ("N", "MASQUE_PS")),
    ],
)
def test_an_act_on_a_document(desk, act, what):
    desk.practice.change_document(act, ENTRY)
    assert desk.dmp.changed == [(ENTRY.unique_id, what)]


def test_what_the_table_refuses_is_not_asked(desk):
    others = replace(ENTRY, authors=(Author(Person("899700000999", "TESTAUTRE", "Anne")),))
    with pytest.raises(Refused) as caught:
        desk.practice.change_document(DocumentAct.DELETE, others)
    assert caught.value.rule == "act.author_only"
    assert desk.dmp.changed == []


def test_nothing_is_said_of_a_patient_gone(desk):
    desk.dmp.meanwhile = desk.practice.forget_patient
    for asked in (
        lambda: desk.practice.change_document(DocumentAct.MASK, ENTRY),
        lambda: desk.practice.relations(ENTRY),
        desk.practice.holders,
    ):
        desk.practice.take_traits(people.SOLO.traits)
        desk.practice.confirm_identity()
        desk.dmp.meanwhile = desk.practice.forget_patient
        with pytest.raises(PatientChanged):
            asked()


def test_what_a_new_version_needs(desk):
    prior = desk.practice.prior_version(replace(ENTRY, patient_id=people.SOLO.ins))
    assert (prior.replaced.unique_id, prior.replaced.entry_uuid) == (ENTRY.unique_id, ENTRY.entry_uuid)
    assert (prior.set_id, prior.next_number) == ("", 2)  # the fake's document says neither


# -- relations ------------------------------------------------------------------------------------------------------


def test_versions_sending_and_examination(desk):
    a, b, c, d = (numbered(name) for name in "abcd")
    desk.dmp.documents = (a, b, c, d)
    desk.dmp.edges = (
        Association(HAS_MEMBER, "urn:uuid:set1", a.entry_uuid),
        Association(HAS_MEMBER, "urn:uuid:set2", b.entry_uuid),
        Association(HAS_MEMBER, "urn:uuid:set2", d.entry_uuid),
        Association(HAS_MEMBER, "urn:uuid:set4", b.entry_uuid, previous_version="1"),  # masked later
        Association(HAS_MEMBER, "urn:uuid:set4", a.entry_uuid, previous_version="1"),
        Association(REPLACE, b.entry_uuid, a.entry_uuid),
        Association(REPLACE, c.entry_uuid, b.entry_uuid),
    )
    for asked in (a, b, c):
        found = desk.practice.relations(asked)
        assert found.versions == (c, b, a)
    assert desk.practice.relations(b).same_sending == (d,)
    assert desk.practice.relations(a).same_sending == ()
    assert desk.practice.relations(d) == Relations(versions=(d,), same_sending=(b,))


def test_a_registry_that_turns_in_circles(desk):
    a, b = numbered("a"), numbered("b")
    desk.dmp.documents = (a, b)
    desk.dmp.edges = (
        Association(REPLACE, "urn:uuid:a", "urn:uuid:b"),
        Association(REPLACE, "urn:uuid:b", "urn:uuid:a"),
    )
    assert set(desk.practice.relations(a).versions) == {a, b}


# -- what is new ----------------------------------------------------------------------------------------------------


def test_nothing_is_new_at_the_first_visit(desk):
    case = desk.practice.find_news()
    assert (case.news, case.since) == (frozenset(), None)
    assert "sets" not in desk.dmp.asked


def test_what_others_deposited_since(desk):
    theirs = numbered("t", authors=(Author(Person("899700000999", "TESTAUTRE", "Anne")),))
    desk.practice.find_news()
    desk.now += timedelta(days=3)
    desk.dmp.documents = (ENTRY, theirs)
    desk.dmp.sets = {"urn:uuid:s1": NOW + timedelta(days=1), "urn:uuid:s2": NOW - timedelta(days=9)}
    desk.dmp.edges = (
        Association(HAS_MEMBER, "urn:uuid:s1", theirs.entry_uuid),
        Association(HAS_MEMBER, "urn:uuid:s1", ENTRY.entry_uuid),
        Association(HAS_MEMBER, "urn:uuid:s1", "urn:uuid:masked", previous_version="1"),
    )
    desk.practice.list_documents()
    case = desk.practice.find_news()
    assert (case.news, case.since) == ({theirs.entry_uuid}, NOW)


# -- the dossier ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "act, sent, status",
    [
        (DossierAct.WITHDRAW, AuthorisationAct.WITHDRAW, FREE),
        (DossierAct.BECOME_TREATING, AuthorisationAct.BECOME_TREATING, FREE),
        (DossierAct.STOP_TREATING, AuthorisationAct.STOP_TREATING, replace(FREE, treating_physician=True)),
    ],
)
def test_authorisations(desk, act, sent, status):
    desk.dmp.status = status
    desk.practice.look()
    case = desk.practice.revise_authorisation(act)
    assert desk.dmp.changed == [("authorisation", sent)]
    assert case.documents == ()  # the list is asked again if it may be
    assert desk.dmp.asked[-2:] == ["revise", "status"]


def test_data_and_closing(desk):
    desk.dmp.status = FREE
    desk.practice.look()
    assert desk.practice.correct_data(AdministrativeData(city="TESTVILLE")).city == "TESTVILLE"
    assert desk.practice.close_dossier().status.state is DossierState.CLOSED
    with pytest.raises(Refused) as caught:
        desk.practice.close_dossier()
    assert caught.value.rule == "dossier_act.not_open"


def test_a_dossier_of_mon_espace_sante_is_not_touched(desk):
    for act in (desk.practice.close_dossier, lambda: desk.practice.correct_data(AdministrativeData())):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.rule == "dossier_act.attached"
