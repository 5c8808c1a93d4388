"""The functional rights matrix of the DMP, whole, as data: which function is open to whom, in which mode.

Sources: published matrix, direct and indirect (facts: protocol 4.1), reinforced indirect (4.2).
"""

from __future__ import annotations

from enum import Enum


class Function(Enum):
    """What is asked: a row of the matrix."""

    STATUS = "TD0.2"
    DECLARE = "TD0.3 ajout"
    WITHDRAW = "TD0.3 suppression"
    STOP_TREATING = "TD0.3 fin de médecin traitant"
    DEPOSIT = "TD2.1"
    DEPOSIT_BY_STAFF = "TD2.2"
    LIST = "TD3.1"
    TECHNICAL_ID = "TD3.1b"
    READ = "TD3.2"
    DOSSIERS = "TD0.4"
    SEARCH = "TD0.5"
    WEB = "TD0.9, TD0.10"
    IDENTITY = "TD1.3a"
    CREATE = "TD1.1"
    REACTIVATE = "TD1.2"
    MODIFY = "TD1.3b"
    CLOSE = "TD1.4"
    PROFESSIONALS = "TD1.6"
    MASK = "TD3.3a masquage"
    UNMASK = "TD3.3a démasquage"
    MAKE_VISIBLE = "TD3.3b"
    DELETE = "TD3.3c"
    ARCHIVE = "TD3.3d"


class Column(Enum):
    """Who asks: a column of the matrix."""

    PN = "professionnel non médecin"
    MD = "médecin"
    MW = "médecin du travail"
    MT = "médecin traitant"
    CPE = "porteur de CPE"
    ES = "structure"
    PE = "employé d'une structure"


MATRIX: dict[Function, dict[Column, str]] = {
    Function.STATUS: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.DECLARE: {Column.PN: "n", Column.MD: "n", Column.MT: "n", Column.CPE: "n", Column.PE: "n"},
    Function.WITHDRAW: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.STOP_TREATING: {Column.MT: "n"},
    Function.DEPOSIT: {Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.ES: "nr"},
    Function.DEPOSIT_BY_STAFF: {Column.CPE: "n"},
    Function.LIST: {Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb"},
    Function.TECHNICAL_ID: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.READ: {Column.PN: "nrb", Column.MD: "nrb", Column.MT: "nb"},
    Function.DOSSIERS: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "n",
        Column.PE: "n",
    },
    Function.SEARCH: {Column.PN: "r", Column.MD: "r", Column.ES: "r"},
    Function.WEB: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.PE: "n",
    },
    Function.IDENTITY: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.CREATE: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.REACTIVATE: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.MODIFY: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.CLOSE: {Column.PN: "n", Column.MD: "n", Column.MT: "n"},
    Function.PROFESSIONALS: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.MASK: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.UNMASK: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.MAKE_VISIBLE: {Column.PN: "n", Column.MD: "n", Column.MW: "n", Column.MT: "n"},
    Function.DELETE: {
        Column.PN: "nrb", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb", Column.CPE: "n", Column.ES: "nr",
        Column.PE: "n",
    },
    Function.ARCHIVE: {Column.PN: "n", Column.MD: "nrb", Column.MW: "n", Column.MT: "nb"},
}  # fmt: skip
"""Allowed modes: n normal, r regulation, b break-glass. TD1.1, 1.2, 1.3b, 1.4 left the published matrix: ours."""

NOT_SERVED = frozenset({Function.WEB})
"""Rows without a service here: the DMP's own web pages."""
UNPUBLISHED = frozenset({Function.CREATE, Function.REACTIVATE, Function.MODIFY, Function.CLOSE})
"""Rows that are ours."""

NOT_REINFORCED = frozenset({Function.DEPOSIT, Function.DEPOSIT_BY_STAFF, Function.STOP_TREATING})
"""Rows that a user of a structure's software (AIR) never has."""

CONSULTATIONS = frozenset({Function.LIST, Function.READ})
NEEDS_CONSENT = CONSULTATIONS | {
    Function.PROFESSIONALS, Function.MASK, Function.UNMASK, Function.MAKE_VISIBLE, Function.ARCHIVE
}  # fmt: skip
"""An authorisation (or an emergency) is needed. Not for feeding, nor for deleting what one fed (facts 2.1, TD3.3)."""
