"""Code systems of the CI-SIS that documents and metadata need: codes, systems, official labels.

Facts typed in from the public nomenclatures JDV_J01 (author specialty), JDV_J02 (facility type), JDV_J04 (practice
setting), JDV_J142 (kind of encounter), JDV_ModaliteAcquisition (imaging) as of 2025.
"""

from __future__ import annotations

from praticien.metadata import Code
from praticien.professional import OID_AUTHOR_SPECIALTY, OID_NON_PS_ROLE, OID_SECTOR_R02, Professional

DICOM_SYSTEM = "1.2.840.10008.2.16.4"
PRACTICE_SETTING_SYSTEM = "1.2.250.1.213.1.1.4.9"
GENDER_SYSTEM = "2.16.840.1.113883.5.1"
ACT_CODE_SYSTEM = "2.16.840.1.113883.5.4"
CONTENT_TYPE_SYSTEM = "1.2.250.1.213.2.2"
_HOSPITAL_LABORATORY = Code("26", CONTENT_TYPE_SYSTEM, "Laboratoire")
_HOSPITAL_CONSULTATION = Code("60", CONTENT_TYPE_SYSTEM, "Consultations et actes externes")

PROFESSIONS = {
    "10": "Médecin",
    "21": "Pharmacien",
    "26": "Audioprothésiste",
    "28": "Opticien-Lunetier",
    "31": "Assistant dentaire",
    "32": "Physicien médical",
    "40": "Chirurgien-Dentiste",
    "50": "Sage-Femme",
    "60": "Infirmier",
    "69": "Infirmier psychiatrique",
    "70": "Masseur-Kinésithérapeute",
    "80": "Pédicure-Podologue",
    "81": "Orthoprothésiste",
    "82": "Podo-Orthésiste",
    "83": "Orthopédiste-Orthésiste",
    "84": "Oculariste",
    "85": "Epithésiste",
    "86": "Technicien de laboratoire médical",
    "91": "Orthophoniste",
    "92": "Orthoptiste",
    "94": "Ergothérapeute",
    "95": "Diététicien",
    "96": "Psychomotricien",
    "98": "Manipulateur ERM",
}
"""Professions (G15)."""

PROFESSIONS_IN_TRAINING = {
    "10": "Médecin en formation",
    "21": "Pharmacien en formation",
    "40": "Chirurgien-Dentiste en formation",
    "50": "Sage-Femme en formation",
}
"""Professions of cards in training (G16)."""

PHYSICIAN_SPECIALTIES = {
    "SM01": "Anatomie et Cytologie pathologiques",
    "SM02": "Anesthésie-réanimation",
    "SM03": "Biologie médicale",
    "SM04": "Cardiologie et maladies vasculaires",
    "SM05": "Chirurgie générale",
    "SM06": "Chirurgie maxillo-faciale",
    "SM07": "Chirurgie maxillo-faciale et Stomatologie",
    "SM08": "Chirurgie orthopédique et Traumatologie",
    "SM09": "Chirurgie infantile",
    "SM10": "Chirurgie plastique reconstruct et esthétique",
    "SM11": "Chirurgie thoracique et cardio-vasculaire",
    "SM12": "Chirurgie urologique",
    "SM13": "Chirurgie vasculaire",
    "SM14": "Chirurgie viscérale et digestive",
    "SM15": "Dermatologie et Vénéréologie",
    "SM16": "Endocrinologie et métabolisme",
    "SM17": "Génétique médicale",
    "SM18": "Gériatrie",
    "SM19": "Gynécologie médicale",
    "SM20": "Gynécologie-obstétrique",
    "SM21": "Hématologie",
    "SM22": "Hématologie, opt Maladie du sang",
    "SM23": "Hématologie, opt Onco-hématologie",
    "SM24": "Gastro-entérologie et hépatologie",
    "SM25": "Médecine du travail",
    "SM26": "Qualifié en Médecine Générale",
    "SM27": "Médecine interne",
    "SM28": "Médecine nucléaire",
    "SM29": "Médecine physique et réadaptation",
    "SM30": "Néphrologie",
    "SM31": "Neuro-chirurgie",
    "SM32": "Neurologie",
    "SM33": "Neuro-psychiatrie",
    "SM34": "ORL et Chirurgie cervico-faciale",
    "SM35": "Oncologie, opt Onco-hématologie",
    "SM36": "Oncologie, opt médicale",
    "SM37": "Oncologie, opt radiothérapie",
    "SM38": "Ophtalmologie",
    "SM39": "Oto-rhino-laryngologie",
    "SM40": "Pédiatrie",
    "SM41": "Pneumologie",
    "SM42": "Psychiatrie",
    "SM43": "Psychiatrie, opt enfant et adolescent",
    "SM44": "Radio-diagnostic",
    "SM45": "Radio-thérapie",
    "SM46": "Médecine intensive-réanimation",
    "SM47": "Recherche médicale",
    "SM48": "Rhumatologie",
    "SM49": "Santé publique et Médecine sociale",
    "SM50": "Stomatologie",
    "SM51": "Gynéco-obstétrique et Gynéco méd, opt Gyn-obs",
    "SM52": "Gynéco-obstétrique et Gynéco méd, opt Gyn-méd",
    "SM53": "Spécialiste en Médecine Générale",
    "SM54": "Médecine Générale",
    "SM55": "Radio-diagnostic et Radio-Thérapie",
    "SM56": "Chirurgie orale",
    "SM57": "Allergologie",
    "SM58": "Maladies infectieuses et tropicales",
    "SM59": "Médecine d'urgence",
    "SM60": "Médecine légale et expertises médicales",
    "SM61": "Médecine vasculaire",
    "SM62": "Endocrinologie, diabétologie, nutrition",
    "SM63": "Biologie médicale option biologie générale",
    "SM64": "Biologie médicale option médecine moléculaire, génétique et pharmacologie",
    "SM65": "Biologie médicale option hématologie et immunologie",
    "SM66": "Biologie médicale option agents infectieux",
    "SM67": "Biologie médicale option biologie de la reproduction",
    "SM68": "Chirurgie maxillo-faciale (réforme 2017)",
    "SM69": "Chirurgie pédiatrique option chirurgie viscérale pédiatrique",
    "SM70": "Chirurgie pédiatrique option orthopédie pédiatrique",
    "SM71": "Hématologie (réforme 2017)",
    "SM72": "Médecine interne et immunologie clinique",
    "SM73": "Médecine cardiovasculaire",
    "SM74": "Radiologie et imagerie médicale",
    "SM75": "Santé publique",
    "SM76": "Anesthésie-réanimation option anesthésie-pédiatrique",
    "SM77": "Chirurgie maxillo-faciale option orthodontie des dysmorphies maxillo-faciales",
    "SM78": "Chirurgie viscérale et digestive option endoscopie chirurgicale",
    "SM79": "Médecine cardiovasculaire option cardiologie interventionnelle",
    "SM80": "Médecine cardiovasculaire option imagerie cardio d'expert",
    "SM81": "Médecine cardiovasculaire option rythmologie interventionnelle et stimulation cardiaque",
    "SM82": "Médecine intensive-réanimation option réanimation pédiatrique",
    "SM83": "Néphrologie option soins intensifs néphrologiques",
    "SM84": "Neurologie option traitement interventionnel de l'ischémie cérébrale aigüe",
    "SM85": "Ophtalmo option chirurgie ophtalmopédiatrique et strabologique",
    "SM86": "ORL et chirurgie cervico-faciale option audiophonologie",
    "SM87": "Pédiatrie option néonatologie",
    "SM88": "Pédiatrie option neuropédiatrie",
    "SM89": "Pédiatrie option pneumopédiatrie",
    "SM90": "Pédiatrie option réanimation pédiatrique",
    "SM91": "Pneumologie option soins intensifs respiratoires",
    "SM92": "Psychiatrie option enfant et adolescent",
    "SM93": "Psychiatrie option psychiatrie personne âgée",
    "SM94": "Radiologie imagerie médicale option radiologie interventionnelle avancée",
    "SM95": "Santé publique option administration de la santé",
}
"""Physicians' specialties (R01)."""

OTHER_SPECIALTIES = {
    "21/A": "Pharmacien titulaire d'officine",
    "21/B": "Pharmacien d'entreprise - industrie",
    "21/C": "Pharmacien d'entreprise - distribution",
    "21/D": "Pharmacien adjoint, remplaçant ou gérant",
    "21/DA": "Pharmacien adjoint",
    "21/DM": "Pharmacien mutualiste ou minier",
    "21/E": "Pharmacien d'Outre-Mer",
    "21/G": "Pharmacien biologiste",
    "21/H": "Pharmacien d'établissement de santé",
    "40/SCD01": "Chirurgien-Dentiste - Orthopédie dento-faciale (SCD)",
    "40/SCD02": "Chirurgien-Dentiste - Chirurgie orale (SCD)",
    "40/SCD03": "Chirurgien-Dentiste - Médecine bucco-dentaire (SCD)",
    "60/SI01": "Infirmier - Exercice infirmier en pratique avancée pathologies chroniques stabilisées (SI)",
    "60/SI02": "Infirmier - Exercice infirmier en pratique avancée oncologie et hémato-oncologie (SI)",
    "60/SI03": "Infirmier - Exerc. infirmier pratique avancée maladie rénale chroniq.,dialyse,transp. rénale (SI)",
    "60/SI04": "Infirmier - Exercice infirmier en pratique avancée santé mentale (SI)",
    "60/SI05": "Infirmier - Exercice infirmier en pratique avancée urgences (SI)",
}
"""Qualifications of other professions, as ``profession/qualification``."""

ROLES = {
    "SECRETARIAT_MEDICAL": "Secrétariat médical",
    "AUTOMATE": "Automate",
}
"""Authors who are no health professionals."""

SECTORS = {
    "SA01": "Etablissement public de santé",
    "SA02": "Hôpital militaire du Service de santé des armées",
    "SA03": "Etablissement privé PSPH",
    "SA04": "Etablissement privé non PSPH",
    "SA05": "Centre de santé",
    "SA06": "Autre structure du Service de santé des armées",
    "SA07": "Cabinet individuel",
    "SA08": "Cabinet de groupe",
    "SA09": "Exercice en société",
    "SA10": "Transporteur sanitaire",
    "SA12": "Etablissement de soins et prévention",
    "SA13": "Prévention et soins en entreprise",
    "SA14": "Etablissements scolaires, universitaires et de formation hors champ FINESS",
    "SA15": "PMI et Planification familiale",
    "SA16": "Etablissement pour personnes handicapées",
    "SA17": "Etablissement pour personnes âgées",
    "SA18": "Etablissement aide à la famille",
    "SA19": "Etablissements FINESS de formation aux professions sanitaires et sociales",
    "SA20": "Etablissement pour la protection de l'enfance",
    "SA21": "Etablissement d'hébergement et de réadaptation",
    "SA22": "Recherche",
    "SA23": "Assurance privée",
    "SA24": "Organisme de sécurité sociale",
    "SA25": "Laboratoire de biologie médicale",
    "SA26": "Ministère ou Service déconcentré",
    "SA27": "Collectivité territoriale",
    "SA28": "Association ou organisme humanitaire",
    "SA29": "Laboratoire d'analyses et de biologie médicale",
    "SA30": "Autre établissement sanitaire",
    "SA31": "Répartition et Distribution de médicaments et dispositifs médicaux",
    "SA32": "Fabrication, Exploitation et Importation de médicaments et dispositifs médicaux",
    "SA33": "Pharmacie d'officine",
    "SA34": "Centre de dialyse",
    "SA35": "Para-pharmacie",
    "SA36": "Centre anti-cancer",
    "SA37": "Centre de transfusion sanguine",
    "SA38": "Pharmacie minière",
    "SA39": "Pharmacie mutualiste",
    "SA40": "Secteur privé, praticien hospitalier temps plein",
    "SA41": "Autre établissement du domaine social ou médico-social",
    "SA42": "Appareillage médical",
    "SA43": "Secteur non défini",
    "SA44": "Recrutement ou Gestion RH",
    "SA45": "Communication, Marketing, Consulting, Média",
    "SA46": "Fabrication, Exploitation, Importation, Répartition, Distribution médicaments et dispositifs médicaux",
    "SA47": "Incendie et secours",
    "SA48": "Entreprise industrielle et tertiaire hors industrie pharmaceutique",
    "SA49": "Entité Outre-Mer",
    "SA50": "Permanence des soins ambulatoires hors cabinet",
    "SA51": "Structure de coopération avec autorisation de soins",
    "SA52": "Maison de santé ou Pôle de santé",
    "SA53": "Siège administratif d'un établissement de santé",
    "SA54": "Centre de dépistage et de prévention",
    "SA55": "Laboratoire pharmaceutique préparant et délivrant des allergènes",
    "SA56": "Propharmacie",
    "SA57": "Structure de coopération avec mission de coordination de soins",
    "SA58": "Entreprise de taxis",
    "SA59": "Laboratoire de biologie médicale hors catégorie standard",
    "SA60": "Centres médicaux SNCF",
    "SA61": "Structure Dispensatrice à domicile d'Oxygène à usage médical",
    "SA63": "Communauté professionnelle territoriale de santé et équipe de soins spécialisés",
    "SA64": "Société de téléconsultation",
    "SA65": "Antenne de pharmacie",
    "SA66": "Services de Prévention et de Santé au Travail (SPST)",
    "SA67": "Maisons médicales de garde (MMG)",
    "SA68": "Services départementaux d'incendie et de secours",
    "SA69": "Maisons de naissance",
}
"""Facility types (R02)."""

MODALITIES = {
    "AR": "Autoréfraction",
    "BDUS": "Échodensitométrie osseuse",
    "BI": "Imagerie biomagnétique",
    "BMD": "Ostéodensitométrie",
    "CR": "Radiographie assistée par ordinateur",
    "CT": "Tomodensitométrie",
    "DG": "Diaphanographie",
    "DMS": "Dermoscopie",
    "DX": "Radiographie numérique",
    "ECG": "Électrocardiographie",
    "EEG": "Électroencéphalographie",
    "EMG": "Électromyographie",
    "EOG": "Électrooculographie",
    "EPS": "Électrophysiologie cardiaque",
    "ES": "Endoscopie",
    "GM": "Microscopie générale",
    "HD": "Onde hémodynamique",
    "IO": "Radiographie intrabuccale",
    "IVOCT": "Tomographie par cohérence optique intravasculaire",
    "IVUS": "Ultrasonore intravasculaire",
    "KER": "Kératométrie",
    "LEN": "Lensométrie",
    "LS": "Scan laser",
    "MG": "Mammographie",
    "MR": "Résonance magnétique",
    "NM": "Médecine nucléaire",
    "OAM": "Mesures axiales ophtalmiques",
    "OCT": "Tomographie à cohérence optique",
    "OP": "Photographique ophtalmique",
    "OPM": "Cartographie ophtalmique",
    "OPT": "Tomographie ophtalmique",
    "OPTBSV": "Tomographie ophtalmique B-scan analyse de volume",
    "OPTENF": "Tomographie ophtalmique en face",
    "OPV": "Champ visuel ophtalmique",
    "OSS": "Scanner optique de surface",
    "POS": "Détecteur de position",
    "PT": "TEP : Tomographie par émission de positons",
    "PX": "Panaromique X-Ray",
    "RESP": "Onde respiratoire",
    "RF": "Radio-fluoroscopie",
    "RG": "Imagerie radiographique",
    "RTIMAGE": "Image RT",
    "SM": "Microscopie à lames",
    "SRF": "Réfraction subjective",
    "TG": "Thermographie",
    "US": "Échographie",
    "VA": "Acuité visuelle",
    "XA": "Angiographie X-Ray",
    "XC": "Caméra de photographie externe",
}
"""Imaging modalities the DMP knows."""

AMBULATORY = Code("AMBULATOIRE", PRACTICE_SETTING_SYSTEM, "Ambulatoire")
HOSPITAL = Code("ETABLISSEMENT", PRACTICE_SETTING_SYSTEM, "Etablissement de santé")
SOCIAL_CARE = Code("ESSMS", PRACTICE_SETTING_SYSTEM, "Etablissement ou Service Social ou Médico-Social")

_HOSPITAL_SECTORS = frozenset({"SA01", "SA02", "SA03", "SA04", "SA06", "SA12", "SA30", "SA34", "SA36", "SA37", "SA40"})
_SOCIAL_SECTORS = frozenset({"SA16", "SA17", "SA18", "SA20", "SA21", "SA41"})


def author_specialty(who: Professional) -> Code:
    """JDV_J01 code and label of a professional, or of a role; the profession's label when the specialty has none."""
    code = who.author_specialty
    if who.future_profession:
        return Code(code, OID_AUTHOR_SPECIALTY, PROFESSIONS_IN_TRAINING.get(who.future_profession, code))
    if not who.profession:
        return Code(code, OID_NON_PS_ROLE, ROLES.get(code, code))
    profession = PROFESSIONS.get(who.profession, who.profession)
    if who.is_physician and who.specialty in PHYSICIAN_SPECIALTIES:
        return Code(code, OID_AUTHOR_SPECIALTY, f"{profession} - {PHYSICIAN_SPECIALTIES[who.specialty]} (SM)")
    return Code(code, OID_AUTHOR_SPECIALTY, OTHER_SPECIALTIES.get(f"{who.profession}/{who.specialty}", profession))


def facility_type(sector: str) -> Code:
    """JDV_J02 code of a structure's sector."""
    return Code(sector, OID_SECTOR_R02, SECTORS.get(sector, sector))


def practice_setting(sector: str) -> Code:
    """JDV_J04 code that goes with a sector: hospital, social care, else ambulatory (our reading; no public table)."""
    if sector in _HOSPITAL_SECTORS:
        return HOSPITAL
    return SOCIAL_CARE if sector in _SOCIAL_SECTORS else AMBULATORY


def content_type(sector: str, *, laboratory: bool = False) -> Code:
    """JDV_J59 code of a submission set: the kind of stay in a hospital, the sector itself outside."""
    if practice_setting(sector) is not HOSPITAL:
        return facility_type(sector)
    return _HOSPITAL_LABORATORY if laboratory else _HOSPITAL_CONSULTATION


def encounter_kind(sector: str) -> Code:
    """JDV_J142 code: a hospital's outpatient act, or ambulatory care outside a hospital."""
    if practice_setting(sector) is HOSPITAL:
        return Code("EXTERNE", "1.2.250.1.213.1.1.4.2.291", "Acte et consultation externe (établissement)")
    return Code("AMB", ACT_CODE_SYSTEM, "Ambulatoire (hors établissement)")


def modality(code: str) -> Code | None:
    """DICOM modality as the DMP codes it, None when the DMP has no such modality (SR, KO…)."""
    return Code(code, DICOM_SYSTEM, MODALITIES[code]) if code in MODALITIES else None
