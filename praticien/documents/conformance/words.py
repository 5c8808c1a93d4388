"""How attributes may be written: lexical forms of the HL7 v3 data types, and the closed lists of the CDA vocabulary.

Source: HL7 v3 data types R1 and the structural vocabulary of CDA R2 (2005). A form is a regular expression over the
value, whose blanks are collapsed beforehand except for the forms of ``PRESERVED``.
"""

from __future__ import annotations

import re
from functools import cache

_OID = r"[0-2](?:\.(?:0|[1-9][0-9]*))*"
_UUID = r"[0-9a-zA-Z]{8}(?:-[0-9a-zA-Z]{4}){3}-[0-9a-zA-Z]{12}"  # as wide as the schema: see values.is_ii
_HEX = r"%[0-9a-fA-F]{2}"
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_NAME = r"[^\W\d][\w.\-\u00b7]*"

FORMS = {
    "cs": r"\S+",
    "st": r"(?s:.+)",
    "any": r"(?s:.*)",
    "uid": rf"{_OID}|{_UUID}|[A-Za-z][A-Za-z0-9\-]*",
    "ts": r"[0-9]{1,8}|(?:[0-9]{9,14}|[0-9]{14}\.[0-9]+)(?:[+\-][0-9]{1,4})?",
    "real": rf"{_NUMBER}(?:[eE][+-]?[0-9]+)?|-?INF|NaN",
    "int": r"[+-]?[0-9]+",
    "bl": r"true|false",
    "url": rf"(?:[A-Za-z][\w+.\-]*:)?(?:[^%#\[\]:/?]|{_HEX})*(?:[/?](?:[^%#\[\]]|{_HEX})*)?(?:#(?:[^%#\[\]]|{_HEX})*)?",
    "base64": r"(?:[A-Za-z0-9+/]{4} ?)*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "id": _NAME,
    "idref": _NAME,
    "idrefs": rf"(?:{_NAME}(?: {_NAME})*)?",
    "nmtoken": r"[\w.:\-\u00b7]+",
    "nmtokens": r"[\w.:\-\u00b7]+(?: [\w.:\-\u00b7]+)*",
}
PRESERVED = frozenset({"st", "any", "uid", "ts"})

_ACTS = (
    "ACT ACCM ACCT ACSN ACTN ADJUD AEXPOS ALRT BATTERY CACT CASE CATEGORY CDALVLONE CLNTRL CLUSTER CNOD CNTRCT "
    "COMPOSITION CONC COND CONS CONTAINER CONTREG COV CTTEVENT DETPOL DGIMG DIET DISPACT DOC DOCBODY DOCCLIN DOCSECT "
    "EHR ENC EXP EXPOS EXTRACT FCNTRCT FOLDER GEN GROUPER INC INFO INFRM INVE INVSTG JURISPOL LIST LLD LOC MPROT "
    "OBS OBSCOR OBSSER ORGPOL OUTB PCPR PHN POL POLICY POS POSACC POSCOORD PRN PROC REG REV RLD ROIBND ROIOVL RTRD "
    "SBADM SBEXT SCOPOL SEQ SEQVAR SFWL SIT SPCOBS SPCTRT SPECCOLLECT SPLY STC STDPOL STN STORE SUBST SUP TEXPOS "
    "TOPIC TRD TRFR TRNS VERIF XACT"
)
_LINKS = (
    "AFFL AGNT ASSIGNED COMPAR SGNOFF CON ECON NOK GUARD CIT COVPTY CLAIM NAMED DEPEN INDIV SUBSCR PROG CRINV CRSPNSR "
    "EMP MIL GUAR INVSBJ CASEBJ RESBJ LIC NOT PROV PAT PAYEE PAYOR POLHOLD QUAL SPNSR STD UNDWRT CAREGIVER PRS"
)
_ASSOCIATIONS = (
    f"{_LINKS} ACCESS ADJY CONC BOND CONY ADMM BIRTHPL DEATHPLC DST RET EXPR HLD HLTHCHRT IDENT MANU THER MNT OWN RGPR "
    "SDLOC DSDLOC ISDLOC TERR USED WRTE"
)
WORDS = {
    "null": "ASKU DER INV MSK NA NASK NAV NI NINF OTH PINF QS TRC UNC UNK",
    "acts": _ACTS,
    "observations": "OBS ROIBND ROIOVL LLD PRN RLD SFWL SIT STN SUP RTRD TRD ALRT BATTERY CLNTRL CNOD CONC COND CASE "
    "OUTB DGIMG GEN DETPOL EXP LOC PHN POL SEQ SEQVAR INVSTG OBSSER OBSCOR POS POSACC POSCOORD SPCOBS VERIF",
    "entry-acts": "ACCM ACSN ACT AEXPOS CONS CONTREG CTTEVENT DISPACT EXPOS INC INFRM LIST MPROT PCPR REG REV SPCTRT "
    "STORE TEXPOS TRFR TRNS",
    "organizers": "BATTERY CLUSTER",
    "supplies": "SPLY DIET",
    "moods": "APT ARQ CRT DEF EVN EVN.CRT EXPEC GOL INT OPT PERM PERMRQ PRMS PRP RMD RQO RSK SLOT",
    "act-moods": "APT ARQ DEF EVN INT PRMS PRP RQO RSK",
    "observation-moods": "APT ARQ DEF EVN GOL INT PRMS PRP RQO RSK",
    "procedure-moods": "APT ARQ DEF EVN INT PRMS PRP RQO",
    "substance-moods": "DEF EVN INT PRMS PRP RQO",
    "entries": "COMP DRIV",
    "relationships": "CAUS COMP GEVL MFST REFR RSON SAS SPRT SUBJ XCRPT",
    "externals": "ELNK REFR RPLC SPRT SUBJ XCRPT",
    "documents": "APND RPLC XFRM",
    "act-documents": "DOC DOCCLIN CDALVLONE",
    "participations": "ADM ALY ATND AUT AUTHEN BBY BEN CAGNT CALLBCK CAT CON COV CSM CST DEV DIR DIS DIST DON DST ELOC "
    "ENT ESC EXPAGNT EXPART EXPTRGT EXSRC GUAR HLD IND INF IRCP LA LOC NOT NRD ORG PART PPRF PRCP PRD PRF RCT RCV RDV "
    "REF REFB REFT RESP RML SBJ SPC SPRF TRANS TRC VIA VRF WIT",
    "event-performers": "PRF SPRF",
    "performers": "PRF DIST PPRF SPRF",
    "locations": "LOC DST ELOC ORG RML VIA",
    "facilities": "SDLOC DSDLOC ISDLOC",
    "specimens": "SPEC ALQT ISLT",
    "devices": "DEV CER MODDV",
    "links": _LINKS,
    "associations": _ASSOCIATIONS,
    "roles": f"ROL {_ASSOCIATIONS} EQUIV SAME SUBY GEN GRIC INST SUBS CONT EXPAGTCAR EXPVECTOR FOMITE INGR ACTI ACTIB "
    "ACTIM ACTIR ADJV ADTV BASE IACT COLR FLVR PRSV STBL MECH LOCE STOR MBR PART ACTM SPEC ALQT ISLT",
    "entities": "ENT HCE LIV NLIV ANM MIC PLNT PSN MAT CHEM FOOD MMAT CONT HOLD DEV CER MODDV ORG PUB STATE NAT PLC "
    "CITY COUNTRY COUNTY PROVINCE RGRP",
    "subjects": "PAT PRS",
    "encodings": "B64 TXT",
    "compressions": "DF GZ Z ZL",
    "checksums": "SHA-1 SHA-256",
    "operators": "A E H I P",
    "cycles": "CD CH CM CN CS CW CY D DM DW DY H HD J M MY N NH S SN W WY Y",
    "timings": "AC ACD ACM ACV C CD CM CV HS IC ICD ICM ICV PC PCD PCM PCV WAKE",
    "lab-statuses": "active completed",
    "list-types": "ordered unordered",
    "revisions": "insert delete",
    "alignments": "left center right justify char",
    "heights": "top middle bottom baseline",
    "scopes": "row col rowgroup colgroup",
    "frames": "void above below hsides lhs rhs vsides box border",
    "lines": "none groups rows cols all",
}
LISTS = {
    "telecom-uses": "AS BAD CONF DIR EC H HP HV MC PG PUB TMP WP",
    "address-uses": "BAD CONF DIR H HP HV PHYS PST PUB TMP WP",
    "name-uses": "A ABC ASGN C I IDE L OR P PHON R SNDX SRCH SYL",
    "qualifiers": "AC AD BR CL CON DEV FRM IN INV LS NB PR SCI SP STR TITLE TMK USE VV",
}
"""Attributes that hold several words."""


@cache
def form(kind: str) -> re.Pattern[str]:
    """The compiled form of ``kind``: a name of the tables above, or ``=`` and the only value."""
    if kind.startswith("="):
        return re.compile(re.escape(kind[1:]))
    if kind in FORMS:
        return re.compile(FORMS[kind])
    several = kind in LISTS
    word = "(?:" + "|".join(map(re.escape, (LISTS if several else WORDS)[kind].split())) + ")"
    return re.compile(f"(?:{word}(?: {word})*)?" if several else word)


def is_written(kind: str, value: str) -> bool:
    """Whether ``value`` has the form ``kind``."""
    if kind not in PRESERVED:
        value = " ".join(value.split())
    return form(kind).fullmatch(value) is not None
