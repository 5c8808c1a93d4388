"""Every refusal that the server pronounces, really provoked, and told by the window with its rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from demonstration import people
from demonstration.samples import sample_submissions
from praticien.access import NORMAL, Access, AccessMode, Authorisation, EmergencyReason
from praticien.emergency import EmergencyRules, begin
from praticien.errors import PraticienError
from praticien.habilitations import AuthorisationAct
from praticien.metadata import Confidentiality
from praticien.professional import CardKind, Structure
from praticien.regulation import SearchCriteria
from reference_server.seeds import Directory
from tests.connectors.support import SoftwareSigner
from tests.reference_server.conftest import start
from tests.reference_server.gateways import Gateways, now, nurse
from ui.messages import SENTENCES, sentence
from ui.messages.why import WHY

FAR = Structure("1990000199", "STRUCTURE INCONNUE (FICTIVE)", "SA01")
BLOCKED_PLACE = replace(
    people.SOLO,
    ins=people.HOMONYM.ins,
    traits=people.HOMONYM.traits,
    authorisations={people.HOPITAL.national_id: Authorisation.FORBIDDEN},
)
SEEDS = tuple(
    BLOCKED_PLACE
    if seed is people.HOMONYM
    else replace(seed, authorisations={nurse().national_id: Authorisation.VALID} | seed.authorisations)
    if seed is people.NORA
    else seed
    for seed in people.DOSSIERS
)
DIRECTORY = Directory(
    people.DIRECTORY.structures,
    (*people.DIRECTORY.links, (nurse().national_id, people.HOPITAL.national_id)),
    (*people.DIRECTORY.professionals, nurse()),
)


@pytest.fixture(scope="module")
def revoked(authority):
    """A card whose both certificates the authority revoked."""
    return SoftwareSigner(
        *(authority.professional(people.GP, CardKind.CPS, "", signature=one) for one in (False, True))
    )


@pytest.fixture(scope="module")
def served(keys, authority, revoked, tmp_path_factory):
    folder = tmp_path_factory.mktemp("refusing")
    serials = [pair.certificate.serial_number for pair in (revoked._authentication, revoked._signature)]
    (folder / "revoked.pem").write_bytes(authority.revocation_lists(serials))
    made = start(
        keys,
        folder,
        seeds=SEEDS,
        directory=DIRECTORY,
        submissions=sample_submissions,
        revocation_list=folder / "revoked.pem",
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def gates(authority, served):
    made = Gateways(authority, served)
    yield made
    made.close()


def emergency(mode) -> Access:
    return begin(mode, EmergencyReason.UNCONSCIOUS, "", datetime.now(UTC), EmergencyRules())


def gp(gates):
    return gates.of("cps-medecin")


def masked(gates):
    """Its existence is told by the médecin traitant's own list; anybody else gets an unknown document."""
    (entry,) = [
        one
        for one in gp(gates).find_documents(people.NORA.ins, NORMAL)
        if Confidentiality.MASKED in one.confidentiality
    ]
    return gates.open(nurse(), CardKind.CPS, people.HOPITAL).retrieve(people.NORA.ins, entry, NORMAL)


def wrong_key(gates):
    """The authentication certificate where a signature one belongs."""
    pair = gates.pair(people.GP, CardKind.CPS, signature=False)
    return gates.open(people.GP, CardKind.CPS, people.LILAS, signer=SoftwareSigner(pair, pair))


def expired(gates):
    long_ago = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2023, 1, 31, tzinfo=UTC))
    good = gates.pair(people.GP, CardKind.CPS, signature=False)
    old = gates.pair(people.GP, CardKind.CPS, signature=True, valid=long_ago)
    return gates.open(people.GP, CardKind.CPS, people.LILAS, signer=SoftwareSigner(good, old))


def somebody_else(gates):
    """One card for the connection, another for the signature."""
    signer = SoftwareSigner(
        gates.pair(people.EMERGENCY, CardKind.CPS, signature=False), gates.pair(people.GP, CardKind.CPS, signature=True)
    )
    return gates.open(people.GP, CardKind.CPS, people.LILAS, signer=signer)


def secretary(gates):
    return gates.of("cpe-secretaire")


REFUSALS = {
    "dmp.authorisation_missing": lambda g: gp(g).find_documents(people.SOLO.ins, NORMAL),
    "dmp.authorisation_expired": lambda g: gp(g).find_documents(people.YANN.ins, NORMAL),
    "dmp.professional_blocked": lambda g: gp(g).find_documents(people.BLOCKING.ins, NORMAL),
    "dmp.professional_blocked/emergency": lambda g: g.of("cps-urgentiste").find_documents(
        people.BLOCKING.ins, emergency(AccessMode.BREAK_GLASS)
    ),
    "dmp.professional_blocked/structure": lambda g: g.of("cps-urgentiste").find_documents(people.HOMONYM.ins, NORMAL),
    "dmp.dossier_absent": lambda g: gp(g).declare_authorisation(people.TOM.ins),
    "dmp.dossier_absent/list": lambda g: gp(g).find_documents(people.TOM.ins, NORMAL),
    "dmp.dossier_closed": lambda g: gp(g).find_documents(people.CLOSED.ins, NORMAL),
    "dmp.break_glass_opposed": lambda g: g.of("cps-urgentiste").find_documents(
        people.OPPOSED.ins, emergency(AccessMode.BREAK_GLASS)
    ),
    "dmp.regulation_opposed": lambda g: g.of("cps-regulateur").find_documents(
        people.OPPOSED_TO_REGULATION.ins, emergency(AccessMode.REGULATION)
    ),
    "dmp.function_not_allowed": lambda g: secretary(g).find_documents(people.SOLO.ins, NORMAL),
    "dmp.function_not_allowed/search": lambda g: gp(g).search(SearchCriteria("TESTHOMONYME"), NORMAL),
    "dmp.function_not_allowed/treating": lambda g: secretary(g).revise_authorisation(
        people.SOLO.ins, AuthorisationAct.WITHDRAW
    ),
    "dmp.structure_unknown": lambda g: g.open(people.GP, CardKind.CPS, FAR).dossier_status(people.SOLO.ins, NORMAL),
    "dmp.structure_not_linked": lambda g: g.open(people.GP, CardKind.CPS, people.HOPITAL).dossier_status(
        people.SOLO.ins, NORMAL
    ),
    "dmp.specialty_missing": lambda g: g.open(
        replace(people.GP, specialty=""), CardKind.CPS, people.LILAS
    ).dossier_status(people.SOLO.ins, NORMAL),
    "dmp.invalid_certificate": lambda g: wrong_key(g).dossier_status(people.SOLO.ins, NORMAL),
    "dmp.invalid_certificate/expired": lambda g: expired(g).dossier_status(people.SOLO.ins, NORMAL),
    "dmp.invalid_vihf": lambda g: g.open(
        people.GP, CardKind.CPS, people.LILAS, clock=lambda: now() + timedelta(hours=1)
    ).dossier_status(people.SOLO.ins, NORMAL),
    "dmp.identity_differs": lambda g: somebody_else(g).dossier_status(people.SOLO.ins, NORMAL),
    "dmp.document_unknown": masked,
    "dmp.attached": lambda g: gp(g).close_dossier(people.NORA.ins, people.NORA.traits),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refused_by_the_server_and_told_with_its_rule(gates, name):
    code = name.partition("/")[0]
    with pytest.raises(PraticienError) as caught:
        REFUSALS[name](gates)
    assert caught.value.code == code
    message = sentence(caught.value)
    assert message.text == SENTENCES[code][0]
    assert all(part in message.basis for part in WHY[code])


def test_a_revoked_card_is_refused(gates, revoked):
    dmp = gates.open(people.GP, CardKind.CPS, people.LILAS, signer=revoked)
    with pytest.raises(PraticienError) as caught:
        dmp.dossier_status(people.SOLO.ins, NORMAL)
    assert caught.value.code in {"dmp.invalid_certificate", "dmp.identity_differs"}
    assert sentence(caught.value).basis
