"""Codes that a laboratory report needs: chapters (LOINC), interpretations and specimens (HL7), with French labels.

Facts from JDV_HL7_ObservationInterpretation_CISIS and JDV_HL7_SpecimenType_CISIS (usual specimens only). The chapters
of the official examples keep their label; the labels of the others are ours (see the assumptions).
"""

from __future__ import annotations

from praticien.metadata import Code

LOINC = "2.16.840.1.113883.6.1"
PENDING_LOINC = "1.2.250.1.213.1.1.5.130"
"""Codes that wait for one of LOINC ("codes d'attente")."""
INTERPRETATION_SYSTEM = "2.16.840.1.113883.5.83"
SPECIMEN_SYSTEM = "2.16.840.1.113883.18.311"
SNOMED_CT = "2.16.840.1.113883.6.96"
NCBI_TAXONOMY = "2.16.840.1.113883.3.9471"

_CHAPTERS = {
    "18716-1": "Allergologie",
    "18717-9": "Immuno-hématologie",
    "18718-7": "Protéines, marqueurs tumoraux, vitamines",
    "18719-5": "Biochimie",
    "18720-3": "Hémostase",
    "18721-1": "Pharmacologie - suivi thérapeutique",
    "18722-9": "Fertilité - spermiologie",
    "18723-7": "Hématologie",
    "18724-5": "Groupage tissulaire (HLA)",
    "18725-2": "Microbiologie",
    "18727-8": "Sérologie",
    "18728-6": "Toxicologie",
    "18729-4": "Examens des urines",
    "26435-8": "Biologie moléculaire",
    "26436-6": "Examens de biologie",
    "26438-2": "Cytologie",
}
CHAPTERS = {code: Code(code, LOINC, label) for code, label in _CHAPTERS.items()}
GENERAL_CHAPTER = CHAPTERS["26436-6"]
MICROBIOLOGY = CHAPTERS["18725-2"]

CHAPTER_OF_SECTION = {
    "BLB": "18717-9",
    "CH": "18719-5",
    "CP": "26438-2",
    "CG": "26435-8",
    "GE": "26435-8",
    "HM": "18723-7",
    "IMM": "18727-8",
    "MB": "18725-2",
    "MCB": "18725-2",
    "MYC": "18725-2",
    "PAR": "18725-2",
    "SR": "18727-8",
    "TX": "18728-6",
    "UR": "18729-4",
    "URN": "18729-4",
    "VR": "18725-2",
}
"""HL7 table 0074 (OBR-24, where the examination was made) to the chapter."""

INTERPRETATIONS = {
    "<": "Inférieur à la limite de détection",
    ">": "Supérieur à la limite maximale de mesure",
    "A": "Anormal",
    "AA": "Très anormal, alerte",
    "B": "Amélioration",
    "CAR": "Porteur d'une forme altérée d'un gène",
    "D": "Diminution significative par rapport au résultat antérieur",
    "DET": "Détecté",
    "E": "Équivoque",
    "EX": "Hors seuils",
    "EXP": "Attendu",
    "H": "Anormalement haut",
    "HH": "Très anormalement haut, alerte",
    "HU": "Significativement haut",
    "HX": "Hors seuil supérieur",
    "I": "Intermédiaire",
    "IE": "Preuves insuffisantes",
    "IND": "Indéterminé",
    "L": "Anormalement bas",
    "LL": "Très anormalement bas, alerte",
    "LU": "Significativement bas",
    "LX": "Hors seuil inférieur",
    "N": "Normal",
    "NCL": "Pas de standard défini",
    "ND": "Non détecté",
    "NEG": "Négatif",
    "NR": "Non réactif",
    "NS": "Non sensible",
    "POS": "Positif",
    "R": "Résistant",
    "RR": "Réactif",
    "S": "Sensible",
    "SDD": "Sensible à forte dose",
    "SYN-R": "Synergie - résistant",
    "SYN-S": "Synergie - sensible",
    "U": "Augmentation significative par rapport au résultat antérieur",
    "UNE": "Inattendu",
    "W": "Dégradation",
    "WR": "Faiblement réactif",
}
"""Interpretation codes that the rules accept, with their official labels."""
NORMAL_ONES = frozenset({"N", "NEG", "ND", "NR", "S", "EXP"})

SPECIMENS = {
    "BLD": "Sang",
    "BLDA": "Sang artériel",
    "BLDC": "Sang capillaire",
    "BLDV": "Sang veineux",
    "BRO": "Prélèvement bronchique",
    "CALC": "Calcul",
    "CSF": "Liquide céphalorachidien",
    "CVX": "Col de l’utérus",
    "EAR": "Oreille",
    "EXUDTE": "Exudat",
    "EYE": "Oeil",
    "GENV": "Prélèvement vaginal",
    "JNTFLD": "Liquide articulaire",
    "MAR": "Moelle osseuse",
    "NAIL": "Ongle",
    "NOS": "Prélèvement nasopharyngée",
    "NSECR": "Sécrétion nasale",
    "OTH": "Autre origine",
    "PLAS": "Plasma",
    "PLR": "Liquide pleural",
    "PRT": "Liquide péritonéal",
    "PUS": "Pus",
    "SAL": "Salive",
    "SER": "Sérum",
    "SKN": "Peau",
    "SMN": "Sperme",
    "SNV": "Liquide synovial",
    "SPT": "Expectoration (crachat)",
    "STL": "Selles",
    "SWT": "Sueur",
    "THRT": "Gorge",
    "TISS": "Tissu",
    "UR": "Urine",
    "URINC": "Urine cathétérisée",
    "URINM": "Urine milieu de jet",
    "URINP": "Urine de poche pédiatrique",
    "URTH": "Urètre",
    "WB": "Sang total",
    "WND": "Plaie",
}
"""Usual specimens of HL7 table 0487."""


def chapter(code: str) -> Code:
    """The chapter of this LOINC code, the general one when it is none of ours."""
    return CHAPTERS.get(code, GENERAL_CHAPTER)


def specimen(code: str) -> Code | None:
    """The code of a usual specimen; None when it is not one (its label then stands alone)."""
    known = SPECIMENS.get(code.strip().upper())
    return Code(code.strip().upper(), SPECIMEN_SYSTEM, known) if known else None
