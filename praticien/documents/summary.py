"""The medical synthesis of a patient (volet de synthèse médicale, VSM): what one more physician must know first.

Days are as much of ``AAAAMMJJ`` as is known: ``2018``, ``201803``, ``20180312``, or nothing. Texts come from the form.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.documents.prescription import Posology, ProductCode
from praticien.metadata import Code

SNOMED = "2.16.840.1.113883.6.96"
LOINC = "2.16.840.1.113883.6.1"
CIM10 = "2.16.840.1.113883.6.3"
CCAM = "1.2.250.1.215.300.1"


@dataclass(frozen=True, slots=True, repr=False)
class Condition:
    """A disease: present (problem) or past (history), ``until`` when it ended. ``code`` CIM-10 as a rule."""

    words: str
    code: Code | None = None
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Intervention:
    """A surgical or other procedure done. ``code`` CCAM as a rule."""

    words: str
    code: Code | None = None
    when: str = ""


class AllergyKind(Enum):
    """What kind of reaction; values are SNOMED CT (HL7 allergy type value set)."""

    SUBSTANCE = Code("419199007", SNOMED, "Allergie à une substance")
    DRUG = Code("416098002", SNOMED, "Allergie médicamenteuse")
    FOOD = Code("414285001", SNOMED, "Allergie alimentaire")
    DRUG_INTOLERANCE = Code("59037007", SNOMED, "Intolérance médicamenteuse")
    FOOD_INTOLERANCE = Code("235719002", SNOMED, "Intolérance alimentaire")


@dataclass(frozen=True, slots=True, repr=False)
class KnownAllergy:
    """An allergy or intolerance, and to what; ``reaction`` in words."""

    agent: str
    kind: AllergyKind = AllergyKind.SUBSTANCE
    code: Code | None = None
    since: str = ""
    reaction: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LongTreatment:
    """A drug taken for long; ``reason`` in words."""

    name: str
    posology: Posology
    code: ProductCode | None = None
    since: str = ""
    reason: str = ""


class HabitKind(Enum):
    """What a habit is about; values are LOINC (JDV_SocialHistoryCodes)."""

    TOBACCO = Code("74011-8", LOINC, "Consommation tabagique")
    ALCOHOL = Code("74013-4", LOINC, "Consommation d'alcool")
    DRUGS = Code("11343-1", LOINC, "Consommation de drogue non médicales")
    EXERCISE = Code("73985-4", LOINC, "Exercice physique")
    DIET = Code("81663-7", LOINC, "Régime")
    EXPOSURE = Code("92944-8", LOINC, "Exposition à risque")
    OTHER = Code("11345-6", LOINC, "Autre élément social")


@dataclass(frozen=True, slots=True, repr=False)
class Habit:
    """A way of living that matters: ``words`` say how much."""

    kind: HabitKind
    words: str


class Relative(Enum):
    """Whose disease; values are HL7 RoleCode (JDV_HL7_PersonalRelationshipRoleType)."""

    MOTHER = ("MTH", "Mère")
    FATHER = ("FTH", "Père")
    SISTER = ("SIS", "Sœur")
    BROTHER = ("BRO", "Frère")
    DAUGHTER = ("DAUC", "Fille")
    SON = ("SONC", "Fils")
    GRANDMOTHER = ("GRMTH", "Grand-mère")
    GRANDFATHER = ("GRFTH", "Grand-père")
    AUNT = ("AUNT", "Tante")
    UNCLE = ("UNCLE", "Oncle")
    OTHER = ("FAMMEMB", "Autre membre de la famille")

    @property
    def words(self) -> str:
        """The French label."""
        return self.value[1]


@dataclass(frozen=True, slots=True, repr=False)
class FamilyHistory:
    """A disease in the family."""

    relative: Relative
    words: str
    code: Code | None = None


@dataclass(frozen=True, slots=True, repr=False)
class MedicalSummary:
    """The whole synthesis. Allergies are said, or said to be unknown (``no_known_allergy``): never left open."""

    problems: tuple[Condition, ...] = ()
    history: tuple[Condition, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    allergies: tuple[KnownAllergy, ...] = ()
    no_known_allergy: bool = False
    treatments: tuple[LongTreatment, ...] = ()
    habits: tuple[Habit, ...] = ()
    work: tuple[str, ...] = ()
    family: tuple[FamilyHistory, ...] = ()
    vigilance: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing is said but, perhaps, that no allergy is known."""
        return not self.text.strip()

    @property
    def text(self) -> str:
        """Everything the user typed: what could name another patient."""
        conditions = [one.words for one in (*self.problems, *self.history)]
        conditions += [one.words for one in self.interventions] + [one.words for one in self.family]
        allergies = (f"{one.agent} {one.reaction}" for one in self.allergies)
        drugs = (f"{one.name} {one.posology.text} {one.reason}" for one in self.treatments)
        return "\n".join(
            (*conditions, *allergies, *drugs, *(h.words for h in self.habits), *self.work, *self.vigilance)
        )


def day_words(day: str) -> str:
    """``12/03/2018``, ``03/2018``, ``2018``; a dash when nothing is known."""
    return "/".join(part for part in (day[6:8], day[4:6], day[:4]) if part) or "-"
