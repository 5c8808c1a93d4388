"""Codes of an imaging report: anatomy, sides, pregnancy, exposure. Modalities are in ``nomenclatures``.

Typed in from the public value sets JDV_LocalisationAnatomique (1.2.250.1.213.1.1.5.694), JDV_RegionAnatomique (…695),
JDV_LateraliteTechniqueImagerie (…617), JDV_StatutGrossesse (…671), JDV_QuantiteExpositionRayonnements (…620); terms of
DICOM PS3.16 annex L (body part examined). A location in the short list belongs to one region: our reading, the official
table of correspondence being empty in the public copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from praticien.documents.nomenclatures import DICOM_SYSTEM
from praticien.metadata import Code

SNOMED = "2.16.840.1.113883.6.96"


class Region(Enum):
    """Anatomic regions of the registry (eventCodeList), SNOMED CT."""

    TRUNK = Code("63337009", SNOMED, "segment abdominopelvien du tronc")
    BODY = Code("38266002", SNOMED, "corps entier")
    UPPER_LIMB = Code("53120007", SNOMED, "membre supérieur")
    LOWER_LIMB = Code("61685007", SNOMED, "membre inférieur")
    CHEST = Code("67734004", SNOMED, "segment thoracique du tronc")
    HEAD_AND_NECK = Code("774007", SNOMED, "tête et cou")
    VESSELS = Code("113257007", SNOMED, "système cardiovasculaire")
    HEART = Code("80891009", SNOMED, "cœur")
    BREAST = Code("76752008", SNOMED, "sein")
    SPINE = Code("737561001", SNOMED, "colonne vertébrale et/ou moelle épinière")


@dataclass(frozen=True, slots=True)
class Location:
    """A place of the body: official code and label, the words used when speaking, DICOM terms that mean it."""

    code: Code
    words: str
    region: Region
    terms: tuple[str, ...] = ()


def _at(region: Region, *rows: tuple[str, str, str, str]) -> tuple[Location, ...]:
    return tuple(Location(Code(code, SNOMED, label), said, region, tuple(t.split())) for code, label, said, t in rows)


LOCATIONS = (
    *_at(
        Region.HEAD_AND_NECK,
        ("302548004", "tête entière", "tête", "HEAD"),
        ("258335003", "encéphale entier", "encéphale", "BRAIN"),
        ("731717004", "crâne entier", "crâne", "SKULL"),
        ("302549007", "face entière", "face", "FACE"),
        ("181203001", "sinus paranasal entier", "sinus", "SINUS PARANASALSINUS"),
        ("363657000", "orbite entière proprement dite", "orbite", "ORBIT EYE"),
        ("181125003", "hypophyse entière", "hypophyse", "PITUITARY SELLA"),
        ("181189006", "oreille interne entière", "oreille interne", "IAC EAR"),
        ("181795004", "os temporal entier", "rocher (os temporal)", "TEMPORALBONE"),
        ("181811001", "région entière de la mâchoire", "mâchoire", "JAW MANDIBLE MAXILLA"),
        ("728315009", "denture entière", "dents", "TEETH"),
        ("302550007", "cou entier", "cou", "NECK"),
        ("181117000", "glande thyroïde entière", "thyroïde", "THYROID"),
        ("362040006", "artère carotide entière", "carotides", "CAROTID"),
    ),
    *_at(
        Region.CHEST,
        ("302551006", "thorax entier", "thorax", "CHEST THORAX"),
        ("181216001", "poumon entier", "poumon", "LUNG"),
        ("302523002", "côte entière", "côtes", "RIB RIBS"),
        ("302522007", "sternum entier", "sternum", "STERNUM"),
    ),
    *_at(Region.HEART, ("302509004", "cœur entier", "cœur", "HEART CARDIAC")),
    *_at(Region.BREAST, ("181131000", "sein entier", "sein", "BREAST")),
    *_at(
        Region.TRUNK,
        ("302553009", "abdomen entier", "abdomen", "ABDOMEN"),
        ("822978001", "cavité abdominopelvienne entière", "abdomen et pelvis", "ABDOMENPELVIS"),
        ("181268008", "foie entier", "foie", "LIVER"),
        ("181269000", "vésicule biliaire entière", "vésicule biliaire", "GALLBLADDER"),
        ("181277001", "pancréas entier", "pancréas", "PANCREAS"),
        ("181414000", "rein entier", "rein", "KIDNEY"),
        ("302512001", "vessie entière", "vessie", "BLADDER"),
        ("229765004", "pelvis entier", "pelvis (bassin)", "PELVIS"),
        ("181452004", "utérus entier", "utérus", "UTERUS"),
        ("181422007", "prostate entière", "prostate", "PROSTATE"),
        ("181431007", "testicule entier", "testicule", "TESTIS SCROTUM"),
        ("302508007", "côlon entier", "côlon", "COLON"),
    ),
    *_at(
        Region.SPINE,
        ("44300000", "colonne vertébrale entière", "rachis entier", "SPINE WHOLESPINE"),
        ("361684008", "colonne vertébrale cervicale entière", "rachis cervical", "CSPINE"),
        ("243931006", "colonne thoracique entière", "rachis dorsal", "TSPINE"),
        ("361686005", "colonne vertébrale lombaire entière", "rachis lombaire", "LSPINE LUMBAR"),
        ("731684005", "sacrum entier", "sacrum", "SSPINE SACRUM"),
        ("731691008", "coccyx entier", "coccyx", "COCCYX"),
    ),
    *_at(
        Region.UPPER_LIMB,
        ("182245002", "membre supérieur entier", "membre supérieur", "ARMS UPPERLIMB"),
        ("361103004", "région entière de l'épaule", "épaule", "SHOULDER"),
        ("181910004", "clavicule entière", "clavicule", "CLAVICLE"),
        ("302517007", "scapula entière", "scapula", "SCAPULA"),
        ("302538001", "partie supérieure entière du bras, de l'épaule au coude", "bras", "ARM HUMERUS UPPERARM"),
        ("76248009", "région entière du coude", "coude", "ELBOW"),
        ("362741001", "avant-bras entier", "avant-bras", "FOREARM"),
        ("361289009", "région entière du poignet", "poignet", "WRIST"),
        ("302539009", "main entière", "main", "HAND"),
        ("302541005", "doigt entier de la main, sauf le pouce", "doigt", "FINGER"),
        ("302540006", "pouce entier", "pouce", "THUMB"),
    ),
    *_at(
        Region.LOWER_LIMB,
        ("182281004", "membre inférieur entier", "membre inférieur", "LEGS LOWERLIMB"),
        ("302543008", "région entière de la hanche", "hanche", "HIP"),
        ("302544002", "cuisse entière", "cuisse", "THIGH FEMUR"),
        ("361291001", "région entière du genou", "genou", "KNEE"),
        ("731690009", "patella entière", "patella", "PATELLA"),
        ("362793004", "partie inférieure entière de la jambe, du genou à la cheville", "jambe", "LEG TIBIA"),
        ("361292008", "région entière de la cheville", "cheville", "ANKLE"),
        ("182099002", "calcanéum entier", "calcanéum", "CALCANEUS HEEL"),
        ("302545001", "pied entier", "pied", "FOOT"),
        ("302547009", "orteil entier", "orteil", "TOE"),
    ),
    *_at(
        Region.VESSELS,
        ("181298001", "aorte entière", "aorte", "AORTA"),
        ("362071002", "veine fémorale entière", "veine fémorale", "FEMORALVEIN"),
        ("244324006", "artère entière d'un membre inférieur", "artères des membres inférieurs", "LEGARTERY"),
    ),
    *_at(Region.BODY, ("38266002", "corps entier", "corps entier", "WHOLEBODY BODY")),
)


def location(code: str) -> Location | None:
    """The location of a SNOMED CT code, None when it is not in the short list."""
    return next((found for found in LOCATIONS if found.code.code == code), None)


def location_of(term: str) -> Location | None:
    """The location of a DICOM body part (``KNEE``, ``T SPINE``), None when it is not in the short list."""
    wanted = "".join(character for character in term.upper() if character.isalnum())
    return next((found for found in LOCATIONS if wanted and wanted in found.terms), None)


class Side(Enum):
    """Side of the body; the value is DICOM's laterality. The rules know one side or both, not which."""

    LEFT = "L"
    RIGHT = "R"
    BOTH = "B"

    @property
    def code(self) -> Code:
        """JDV_LateraliteTechniqueImagerie."""
        if self is Side.BOTH:
            return Code("51440002", SNOMED, "bilatéral")
        return Code("66459002", SNOMED, "unilatéral")

    @property
    def words(self) -> str:
        """As it is read."""
        return {"L": "côté gauche", "R": "côté droit", "B": "bilatéral"}[self.value]


class Pregnancy(Enum):
    """JDV_StatutGrossesse."""

    UNKNOWN = Code("261665006", SNOMED, "inconnu")
    ABSENT = Code("60001007", SNOMED, "absence de grossesse")
    PREGNANT = Code("77386006", SNOMED, "enceinte")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What measures an exposure: code, the words used when speaking, UCUM unit it is stated in."""

    code: Code
    words: str
    unit: str


def _quantity(code: str, label: str, words: str, unit: str) -> Quantity:
    return Quantity(Code(code, DICOM_SYSTEM, label), words, unit)


QUANTITIES = {
    one.code.code: one
    for one in (
        _quantity("113813", "PDL Total : Produit Dose Longueur Total", "PDL", "mGy.cm"),
        _quantity("113830", "IDSV Moyen : Indice de Dose Scanographique Volumique", "IDSV", "mGy"),
        _quantity("113722", "PDS Total : Produit Dose Surface Total", "PDS", "Gy.m2"),
        _quantity("113726", "PDS de Scopie Total : Produit Dose Surface de Scopie Total", "PDS de scopie", "Gy.m2"),
        _quantity("113727", "PDS de Graphie Total : Produit Dose Surface de Graphie Total", "PDS de graphie", "Gy.m2"),
        _quantity("113730", "Temps total de scopie", "temps de scopie", "s"),
        _quantity("113731", "Nombre total d’images radiographiques", "images", "1"),
        _quantity("111637", "DGM total : Dose Glandulaire Moyenne Total", "DGM", "mGy"),
        _quantity("111636", "Dose dans l'air à l'entrée du patient (Kerma dans l'air)", "dose à l’entrée", "mGy"),
        _quantity("113507", "Activité administrée", "activité", "MBq"),
        _quantity("113839", "E : Dose efficace", "dose efficace", "mSv"),
    )
}
"""By DICOM code (PS3.16); the same codes serve a dose report (RDSR) and the CDA."""
