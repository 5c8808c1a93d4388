"""The project's own connectors in front of the reference server, over TLS: every transaction a professional has."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors import errors
from connectors.connecting import connecting
from connectors.endpoint import DmpEndpoint, Limits, Software
from demonstration import people
from praticien.access import NORMAL, Access, Authorisation, DossierState
from praticien.administrative import AdministrativeData, Representative
from praticien.deposit import new_oid, prepare
from praticien.documents.model import DocumentKind, ImagingStudy, NewDocument, Party, ReplacedVersion, TypedText
from praticien.habilitations import AuthorisationAct
from praticien.identity import IdentityStatus, Patient
from praticien.metadata import AssociationType, Availability, Confidentiality
from praticien.professional import CardHolder
from tests.connectors.support import SoftwareSigner
from tests.reference_server.conftest import start

OID = "2.25.987654321"
NORA = replace(people.NORA, sample_documents=False)
FREE = replace(people.SOLO, authorisations={people.GP.national_id: Authorisation.VALID}, attached=False)
LEAVING = replace(people.LINA, authorisations={people.GP.national_id: Authorisation.VALID}, attached=False)
PROTECTED = replace(people.PROTECTED, authorisations={people.GP.national_id: Authorisation.VALID})
CHILD = replace(people.TOM, state=DossierState.OPEN)
SEEDS = (NORA, people.YANN, FREE, LEAVING, PROTECTED, CHILD, people.BEING_CREATED)
ALL = (Availability.APPROVED, Availability.ARCHIVED, Availability.DEPRECATED)


@pytest.fixture(scope="module")
def demo(keys, tmp_path_factory):
    made = start(keys, tmp_path_factory.mktemp("transactions"), seeds=SEEDS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def connect(demo, authority):
    made = []

    def connect(name):
        card = people.CARDS[name]
        pairs = [
            authority.professional(card.professional, card.card_kind, card.title, signature=signature)
            for signature in (False, True)
        ]
        endpoint = DmpEndpoint(demo.server.base_url, demo.ca_file, Limits(connect=10, read=10, total=20))
        holder = CardHolder(card.card_kind, card.serial, card.professional, card.situations)
        software = Software("Praticien", "0", installation_id=OID, oid=OID)
        opened = connecting(endpoint, software)(SoftwareSigner(*pairs), holder, card.situations[0]).dmp
        made.append(opened)
        return opened

    yield connect
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def dmp(connect):
    return connect("cps-medecin")


@pytest.fixture(scope="module")
def emergency(connect):
    return connect("cps-urgentiste")


def deposit(dmp, seed=NORA, **changes):
    """Deposit a document; return its entry as the registry has it."""
    document = new_document(seed, **changes)
    dmp.deposit(prepare(document, software_oid=OID), NORMAL)
    return entry_of(dmp, seed, document.unique_id)


def new_document(seed, **changes):
    now = datetime.now(UTC)
    party = Party(people.GP, people.LILAS)
    document = NewDocument(
        DocumentKind.PRESCRIPTION,
        "Ordonnance d’essai",
        TypedText("Paracétamol 1 g."),
        Patient(seed.traits, IdentityStatus.QUALIFIED, seed.ins),
        party,
        party,
        now,
        now,
        new_oid(),
        new_oid(),
    )
    return replace(document, **changes)


def entry_of(dmp, seed, unique_id):
    found = dmp.find_documents(seed.ins, NORMAL, ALL)
    return next((one for one in found if one.unique_id == unique_id), None)


# -- TD0.3, TD0.4, TD1.6 --------------------------------------------------------------------------------------------


def test_authorisations_from_both_ends(dmp, emergency):
    ins = NORA.ins
    emergency.revise_authorisation(ins, AuthorisationAct.BECOME_TREATING)
    status = emergency.dossier_status(ins, NORMAL)
    assert (status.authorisation, status.treating_physician, status.attached) == (Authorisation.VALID, True, True)
    listed = {one.ins.matricule: one for one in emergency.authorised_dossiers()}
    assert listed[ins.matricule].treating
    assert listed[ins.matricule].birth_name == NORA.traits.birth_name
    holders = {one.national_id: one for one in dmp.authorised_holders(ins)}
    assert holders[people.EMERGENCY.national_id].treating
    assert abs(holders[people.EMERGENCY.national_id].since - datetime.now(UTC)) < timedelta(minutes=5)
    emergency.revise_authorisation(ins, AuthorisationAct.STOP_TREATING)
    status = emergency.dossier_status(ins, NORMAL)
    assert (status.authorisation, status.treating_physician) == (Authorisation.VALID, False)
    emergency.revise_authorisation(ins, AuthorisationAct.WITHDRAW)
    assert emergency.dossier_status(ins, NORMAL).authorisation is Authorisation.NONE
    assert emergency.authorised_dossiers() == ()
    with pytest.raises(errors.AuthorisationMissing):
        emergency.authorised_holders(ins)


def test_staff_deletes_what_the_structure_deposited_knowing_its_name_alone(dmp, connect):
    by_gp, staff = deposit(dmp), connect("cpe-secretaire")
    radiologist = Party(people.RADIOLOGIST, people.IMAGERIE)
    report = new_document(NORA, author=radiologist, legal_authenticator=radiologist)
    staff.deposit(prepare(report, software_oid=OID), NORMAL)
    assert entry_of(dmp, NORA, report.unique_id)
    staff.delete(NORA.ins, [report.unique_id], NORMAL)
    assert entry_of(dmp, NORA, report.unique_id) is None
    with pytest.raises(errors.FunctionNotAllowed):
        staff.delete(NORA.ins, [by_gp.unique_id], NORMAL)
    with pytest.raises(errors.DocumentUnknown):
        staff.delete(people.YANN.ins, [by_gp.unique_id], NORMAL)  # of another patient
    dmp.delete(NORA.ins, [by_gp.unique_id, "1.2.3"], NORMAL)
    assert by_gp.unique_id not in {one.unique_id for one in dmp.find_documents(NORA.ins, NORMAL, ALL)}
    with pytest.raises((errors.DocumentUnknown, errors.UpdateRefused)):
        dmp.delete(NORA.ins, [by_gp.unique_id], NORMAL)


# -- TD1.3, TD1.4 ---------------------------------------------------------------------------------------------------


def test_administrative_data_corrected(dmp):
    guardian = Representative("RESPRSN", "TESTTUTELLE", ("ANNE",), "2 rue Fictive", "99999", "TESTVILLE", ("tel:01",))
    told = AdministrativeData(
        "TESTUSAGE", "1 rue Fictive", "99999", "TESTVILLE", ("tel:0100000000",), True, True, False, (guardian,)
    )
    dmp.correct_data(FREE.ins, FREE.traits, told)
    assert dmp.administrative_data(FREE.ins, NORMAL) == told
    dmp.correct_data(FREE.ins, FREE.traits, AdministrativeData())
    assert dmp.administrative_data(FREE.ins, NORMAL) == AdministrativeData(attached=False, representatives=(guardian,))


def test_who_represents_a_patient_is_read_from_the_start(dmp):
    assert dmp.administrative_data(PROTECTED.ins, NORMAL).representatives == PROTECTED.representatives
    assert dmp.administrative_data(people.NORA.ins, NORMAL).representatives == ()


def test_a_dossier_being_created_says_so_and_an_opposed_one_does_not(dmp):
    assert dmp.dossier_status(people.BEING_CREATED.ins, NORMAL).being_created
    assert not dmp.dossier_status(people.CLOSED.ins, NORMAL).being_created


def test_a_dossier_of_mon_espace_sante_stays_the_patients(dmp):
    assert dmp.administrative_data(NORA.ins, NORMAL).attached
    for act in (
        lambda: dmp.correct_data(NORA.ins, NORA.traits, AdministrativeData(city="AILLEURS")),
        lambda: dmp.close_dossier(NORA.ins, NORA.traits),
    ):
        with pytest.raises(errors.AttachedToMes):
            act()


def test_closed(dmp):
    dmp.close_dossier(LEAVING.ins, LEAVING.traits)
    status = dmp.dossier_status(LEAVING.ins, NORMAL)
    assert (status.state, status.closing_reason) == (DossierState.CLOSED, "FERMETURE_DEMANDE_PATIENT")
    with pytest.raises(errors.DossierClosed):
        dmp.find_documents(LEAVING.ins, NORMAL)


# -- TD2.1 replace, TD3.1 -------------------------------------------------------------------------------------------


def test_a_document_replaced_and_its_chain(dmp):
    first = deposit(dmp)
    prior = ReplacedVersion(first.unique_id, first.entry_uuid)
    second = deposit(dmp, version=2, replaces=prior, title="Ordonnance corrigée")
    assert entry_of(dmp, NORA, first.unique_id).availability is Availability.DEPRECATED
    active = [one.unique_id for one in dmp.find_documents(NORA.ins, NORMAL)]
    assert second.unique_id in active
    assert first.unique_id not in active
    edges = dmp.associations(NORA.ins, [second.entry_uuid], NORMAL)
    replaced = [one for one in edges if one.type is AssociationType.REPLACE]
    assert [(one.source, one.target) for one in replaced] == [(second.entry_uuid, first.entry_uuid)]
    assert [one.unique_id for one in dmp.get_entries(NORA.ins, [first.entry_uuid], NORMAL)] == [first.unique_id]


def test_submitted_since(dmp):
    before = datetime.now(UTC) - timedelta(seconds=2)
    made = deposit(dmp)
    sets = dmp.submitted_since(NORA.ins, before, NORMAL)
    members = {one.target for one in dmp.associations(NORA.ins, sets, NORMAL) if one.type is AssociationType.HAS_MEMBER}
    assert made.entry_uuid in members
    assert dmp.submitted_since(NORA.ins, datetime.now(UTC) + timedelta(hours=1), NORMAL) == ()


def test_documents_of_the_same_examination(dmp):
    study = ImagingStudy("1.2.3.4.5", "20261101", "MR", "A-77", "1.2.3")
    made = deposit(dmp, kind=DocumentKind.IMAGING_REPORT, study=study)
    deposit(dmp, kind=DocumentKind.IMAGING_REPORT, study=replace(study, accession_number="A-78", study_uid="1.2.3.4.6"))
    for reference in made.references:
        assert [one.unique_id for one in dmp.find_by_reference(NORA.ins, [reference], NORMAL)] == [made.unique_id]


# -- TD3.3 ----------------------------------------------------------------------------------------------------------


def test_masked_and_back(dmp, emergency):
    emergency.declare_authorisation(NORA.ins)
    made = deposit(dmp)
    dmp.set_visibility(NORA.ins, made, (Confidentiality.NORMAL, Confidentiality.MASKED))
    masked = entry_of(dmp, NORA, made.unique_id)
    assert masked.has(Confidentiality.MASKED)
    assert masked.version == "2"
    assert entry_of(emergency, NORA, made.unique_id) is None
    with pytest.raises(errors.DocumentChanged):
        dmp.set_visibility(NORA.ins, made, (Confidentiality.NORMAL,))  # the list was read before
    dmp.set_visibility(NORA.ins, masked, (Confidentiality.NORMAL,))
    assert entry_of(emergency, NORA, made.unique_id) is not None


def test_made_visible_to_the_patient_for_good(dmp):
    hidden = deposit(dmp, invisible_to_patient=True)
    dmp.set_visibility(NORA.ins, hidden, (Confidentiality.NORMAL,))
    shown = entry_of(dmp, NORA, hidden.unique_id)
    assert not shown.has(Confidentiality.INVISIBLE_TO_PATIENT)
    with pytest.raises(errors.UpdateRefused):
        dmp.set_visibility(NORA.ins, shown, hidden.confidentiality)


def test_archived_back_and_deleted(dmp, emergency):
    made = deposit(dmp)
    dmp.set_availability(NORA.ins, made, Availability.ARCHIVED, NORMAL)
    archived = entry_of(dmp, NORA, made.unique_id)
    assert archived.availability is Availability.ARCHIVED
    dmp.set_availability(NORA.ins, archived, Availability.APPROVED, NORMAL)
    with pytest.raises(errors.UpdateRefused):
        dmp.set_availability(NORA.ins, archived, Availability.DELETED, NORMAL)  # it is archived no more
    emergency.declare_authorisation(NORA.ins)
    with pytest.raises(errors.FunctionNotAllowed):
        emergency.set_availability(NORA.ins, made, Availability.DELETED, NORMAL)  # not its author
    dmp.set_availability(NORA.ins, made, Availability.DELETED, NORMAL)
    assert entry_of(dmp, NORA, made.unique_id) is None


def test_a_minors_secret_connection(demo, dmp):
    """From the status to the deposit; the representatives' space tells of nothing, the trace of all."""
    ins, secret = CHILD.ins, Access(secret=True)
    before = demo.page(ins)["notifications"]
    assert dmp.dossier_status(ins, secret).state is DossierState.OPEN
    dmp.declare_authorisation(ins, secret=True)
    assert dmp.authorised_holders(ins, secret=True)
    assert dmp.find_documents(ins, secret) == ()
    visible = prepare(new_document(CHILD), software_oid=OID)
    with pytest.raises(errors.MetadataRefused):
        dmp.deposit(visible, secret)
    hidden = prepare(new_document(CHILD, invisible_to_representatives=True), software_oid=OID)
    dmp.deposit(hidden, secret)
    (entry,) = dmp.find_documents(ins, secret)
    assert entry.has(Confidentiality.INVISIBLE_TO_REPRESENTATIVES)
    assert dmp.retrieve(ins, entry, secret).content == hidden.documents[0].content
    dmp.set_visibility(ins, entry, (*entry.confidentiality, Confidentiality.MASKED), secret=True)
    assert demo.page(ins)["notifications"] == before
    with pytest.raises(errors.FunctionNotAllowed):
        dmp.dossier_status(people.NORA.ins, secret)  # of age
