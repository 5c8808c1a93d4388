"""Everyone in the demonstration, all fictitious.

Family names say TEST, commune 99999 exists nowhere, every INS is under the test OID.
"""

from __future__ import annotations

from dataclasses import dataclass

from praticien.access import Authorisation, DossierState
from praticien.administrative import Representative
from praticien.identity import Ins, InsOid, Sex, StrictTraits, nir_key
from praticien.professional import CardKind, PracticeSituation, Professional, Structure
from praticien.vitale import Beneficiary, BeneficiaryQuality, RightsPeriod
from reference_server.seeds import Directory, DossierSeed


@dataclass(frozen=True)
class CardPerson:
    """A professional and the card they hold. ``pin`` is printed on the fictitious card. ``name`` names the card."""

    name: str
    card_kind: CardKind
    serial: str
    professional: Professional
    title: str
    situations: tuple[PracticeSituation, ...]
    pin: str


@dataclass(frozen=True)
class VitaleFamily:
    """A Vitale card and its beneficiaries; the first one is the insured person."""

    name: str
    serial: str
    beneficiaries: tuple[Beneficiary, ...]


LILAS = Structure("499700000123401", "CABINET DES LILAS (FICTIF)", "SA07")
HOPITAL = Structure("1990000017", "HOPITAL FICTIF DE TESTVILLE", "SA01")
IMAGERIE = Structure("1990000025", "CENTRE D'IMAGERIE FICTIF", "SA08")
LABORATOIRE = Structure("1990000041", "LABORATOIRE FICTIF DES TESTS", "SA25")
MAISON = Structure("1990000033", "MAISON DE SANTE FICTIVE", "SA52")
SAMU = Structure("1990000058", "SAMU CENTRE 15 FICTIF DE TESTVILLE", "SA01")

GP = Professional("899700000123", "TESTMED", "Jeanne", profession="10", specialty="SM54")
EMERGENCY = Professional("899700000131", "TESTURGENCE", "Karim", profession="10", specialty="SM59")
RADIOLOGIST = Professional("899700000149", "TESTRADIO", "Paule", profession="10", specialty="SM44")
REGULATOR = Professional("899700000172", "TESTREGUL", "Salomé", profession="10", specialty="SM59")
SECRETARY = Professional("3990000025/0007", "TESTSECRETAIRE", "Odile", role="SECRETARIAT_MEDICAL")
INTERN = Professional("899700000156", "TESTINTERNE", "Lucas", future_profession="10")
UNNAMED = Professional("3990000025/0009", IMAGERIE.name, "3990000025/0009", role="SECRETARIAT_MEDICAL")
AUTHORISED = Professional("5990000025/CPAT0001", "TESTAUTORISEE", "Anne")

CARDS: dict[str, CardPerson] = {
    person.name: person
    for person in (
        CardPerson(
            "cps-medecin", CardKind.CPS, "0000990001", GP, "Médecin",
            (PracticeSituation(1, LILAS), PracticeSituation(2, MAISON)), "1234",
        ),
        CardPerson(
            "cps-urgentiste", CardKind.CPS, "0000990002", EMERGENCY, "Médecin",
            (PracticeSituation(1, HOPITAL),), "1234",
        ),
        CardPerson(
            "cps-regulateur", CardKind.CPS, "0000990004", REGULATOR, "Médecin",
            (PracticeSituation(1, SAMU),), "1234",
        ),
        CardPerson(
            "cpe-secretaire", CardKind.CPE, "0000990003", SECRETARY, "", (PracticeSituation(1, IMAGERIE),), "1234",
        ),
        CardPerson(
            "cpf-interne", CardKind.CPF, "0000990006", INTERN, "", (PracticeSituation(1, HOPITAL),), "1234",
        ),
        CardPerson(
            "cpe-sans-nom", CardKind.CPE, "0000990007", UNNAMED, "", (PracticeSituation(1, IMAGERIE),), "1234",
        ),
    )
}  # fmt: skip

CPA = CardPerson("cpa-autorisee", CardKind.CPA, "0000990008", AUTHORISED, "", (PracticeSituation(1, IMAGERIE),), "1234")
"""A card to which the DMP opens nothing."""


DIRECTORY = Directory(
    structures=(LILAS, HOPITAL, IMAGERIE, LABORATOIRE, MAISON, SAMU),
    links=(
        *(
            (person.professional.national_id, situation.structure.national_id)
            for person in CARDS.values()
            for situation in person.situations
        ),
        (RADIOLOGIST.national_id, IMAGERIE.national_id),
    ),
    professionals=(GP, EMERGENCY, RADIOLOGIST, REGULATOR),
)


def _nir(thirteen: str) -> str:
    return thirteen + nir_key(thirteen)


def _traits(name: str, first_names: str, born: str, sex: Sex) -> StrictTraits:
    return StrictTraits(name, tuple(first_names.split()), born, sex, "99999")


_RIGHTS = (RightsPeriod("20260101", "20271231"),)

SOLO = DossierSeed(
    Ins(_nir("2870399999101"), InsOid.TEST),
    _traits("TESTEXEMPLE", "ZOÉ LÉA", "19870312", Sex.FEMALE),
)
NORA = DossierSeed(
    Ins(_nir("2840699999202"), InsOid.TEST), _traits("TESTFAMILLE", "NORA", "19840621", Sex.FEMALE),
    authorisations={GP.national_id: Authorisation.VALID}, treating=GP.national_id,
)  # fmt: skip
YANN = DossierSeed(
    Ins(_nir("1821199999203"), InsOid.TEST), _traits("TESTCONJOINT", "YANN", "19821130", Sex.MALE),
    authorisations={GP.national_id: Authorisation.EXPIRED},
)  # fmt: skip
LINA = DossierSeed(
    Ins(_nir("2120299999204"), InsOid.TEST), _traits("TESTFAMILLE", "LINA ROSE", "20120229", Sex.FEMALE),
    representatives=(
        Representative("MTH", "TESTFAMILLE", ("NORA",), telecoms=("tel:0199000001",)),
        Representative("FTH", "TESTCONJOINT", ("YANN",), telecoms=("tel:0199000002",)),
    ),
)  # fmt: skip
TOM = DossierSeed(
    Ins(_nir("1160999999205"), InsOid.TEST), _traits("TESTFAMILLE", "TOM", "20160908", Sex.MALE),
    state=DossierState.ABSENT, sample_documents=False,
)  # fmt: skip
UNCONSCIOUS = DossierSeed(
    Ins(_nir("1590499999301"), InsOid.TEST), _traits("TESTURGENT", "MARC ANDRÉ", "19590417", Sex.MALE)
)
OPPOSED = DossierSeed(
    Ins(_nir("2660899999302"), InsOid.TEST), _traits("TESTREFUS", "IRÈNE", "19660803", Sex.FEMALE),
    opposed_to_break_glass=True,
)  # fmt: skip
CLOSED = DossierSeed(
    Ins(_nir("1480199999303"), InsOid.TEST), _traits("TESTCLOS", "GÉRARD", "19480115", Sex.MALE),
    state=DossierState.CLOSED, closed_on="20260214",
)  # fmt: skip
BLOCKING = DossierSeed(
    Ins(_nir("2930799999304"), InsOid.TEST), _traits("TESTBLOCAGE", "ANAÏS", "19930722", Sex.FEMALE),
    authorisations={GP.national_id: Authorisation.FORBIDDEN, EMERGENCY.national_id: Authorisation.FORBIDDEN},
)  # fmt: skip
BEING_CREATED = DossierSeed(
    Ins(_nir("1760399999305"), InsOid.TEST), _traits("TESTOUVERTURE", "HUGO", "19760324", Sex.MALE),
    state=DossierState.ABSENT, notice_days_ago=20, sample_documents=False,
)  # fmt: skip
PROTECTED = DossierSeed(
    Ins(_nir("2390899999306"), InsOid.TEST), _traits("TESTPROTEGEE", "ÉLISE", "19390811", Sex.FEMALE),
    representatives=(
        Representative("RESPRSN", "TESTTUTELLE", ("BERNARD",), "1 RUE FICTIVE", "99000", "TESTVILLE",
                       ("tel:0199000003",)),
    ),
)  # fmt: skip
SCANNED = DossierSeed(
    Ins(_nir("2710599999401"), InsOid.TEST), _traits("TESTIMAGE", "HÉLÈNE MARIE", "19710509", Sex.FEMALE)
)
CALLED_FOR = DossierSeed(
    Ins(_nir("1520699999501"), InsOid.TEST), _traits("TESTHOMONYME", "PAUL LUC", "19520604", Sex.MALE),
    city="TESTVILLE", postal_code="99000",
)  # fmt: skip
HOMONYM = DossierSeed(
    Ins(_nir("1520699999502"), InsOid.TEST), _traits("TESTHOMONYME", "PAUL", "19520614", Sex.MALE),
    city="TESTVILLE", postal_code="99000",
)  # fmt: skip
OPPOSED_TO_REGULATION = DossierSeed(
    Ins(_nir("1810299999503"), InsOid.TEST), _traits("TESTHOMONYME", "PAULIN", "19810227", Sex.MALE),
    opposed_to_regulation=True, city="TESTBOURG", postal_code="99010",
)  # fmt: skip

DOSSIERS = (
    SOLO, NORA, YANN, LINA, TOM, UNCONSCIOUS, OPPOSED, CLOSED, BLOCKING, BEING_CREATED, PROTECTED, SCANNED, CALLED_FOR,
    HOMONYM, OPPOSED_TO_REGULATION,
)  # fmt: skip


def _beneficiary(seed: DossierSeed, rank: int, insured: DossierSeed, quality: BeneficiaryQuality) -> Beneficiary:
    return Beneficiary(
        rank=rank,
        birth_name=seed.traits.birth_name,
        used_name="",
        first_name=seed.traits.first_name,
        birth_date=seed.traits.birth_date,
        birth_rank=1,
        nir=insured.ins.matricule,
        certified_nir=seed.ins.matricule,
        quality=quality,
        rights=_RIGHTS,
        declared_treating_physician=seed.treating == GP.national_id,
    )


VITALES: dict[str, VitaleFamily] = {
    family.name: family
    for family in (
        VitaleFamily("vitale-seule", "99000001", (_beneficiary(SOLO, 1, SOLO, BeneficiaryQuality.INSURED),)),
        VitaleFamily(
            "vitale-famille",
            "99000002",
            (
                _beneficiary(NORA, 1, NORA, BeneficiaryQuality.INSURED),
                _beneficiary(YANN, 2, NORA, BeneficiaryQuality.SPOUSE),
                _beneficiary(LINA, 3, NORA, BeneficiaryQuality.CHILD),
                _beneficiary(TOM, 4, NORA, BeneficiaryQuality.CHILD),
            ),
        ),
    )
}
