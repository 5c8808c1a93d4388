"""Units as French laboratories write them, in UCUM. A unit that nobody knows here is never passed off as UCUM.

UCUM itself reads ``G/L`` as gauss a litre and ``T/L`` as tesla a litre: the habits come first. Source: the unit strings
of the public French LOINC value sets and UCUM 2.1 (case sensitive); the list is ours.
"""

from __future__ import annotations

import re

_LIST = """
    % /uL /mL /L /[HPF] 10*3/uL 10*6/uL 10*6/L 10*9/L 10*12/L 10*3/mL 10*6/mL 10*6 10*9
    g/L mg/L ug/L ng/L pg/L g/dL mg/dL ug/dL ng/dL g/mL mg/mL ug/mL ng/mL pg/mL mg/kg ug/g mg/g ng/mg mg/mmol g/mol
    mol/L mmol/L umol/L nmol/L pmol/L fmol/L mmol/mol umol/mol nmol/mol mmol/kg mosm/kg mosm/L meq/L mmol/(24.h)
    umol/(24.h) nmol/(24.h) mg/(24.h) g/(24.h) ug/(24.h) mL/(24.h) L/(24.h) mmol/d umol/d mg/d g/d L/d mL/d
    [IU]/L [IU]/mL m[IU]/L m[IU]/mL u[IU]/mL k[IU]/L [arb'U]/mL [arb'U]/L U/L U/mL kU/L mU/L U/g [CFU]/mL [CFU]/L
    kat/L ukat/L nkat/L fL pL uL mL L dL g mg ug ng pg kg fmol pmol nmol umol mmol mol mm cm um m mm/h
    mL/min mL/min/{1.73_m2} s min h d wk mo a [pH] mm[Hg] kPa Cel {INR} {ratio} 1 [ppm] [ppb] {copies}/mL {Log}
    {log_copies}/mL {titer} {cells}/uL {score} [degF] pg/{cell} fL/{cell} mV
"""
UCUM = frozenset(re.findall(r"\S+", _LIST))
"""UCUM units that may be sent as they are."""

_HABITS = {
    "": "",
    "g/l": "g/L",
    "mg/l": "mg/L",
    "µg/l": "ug/L",
    "ug/l": "ug/L",
    "µg/ml": "ug/mL",
    "ug/ml": "ug/mL",
    "µg/dl": "ug/dL",
    "µg/g": "ug/g",
    "ng/ml": "ng/mL",
    "ng/l": "ng/L",
    "ng/dl": "ng/dL",
    "pg/ml": "pg/mL",
    "pg/l": "pg/L",
    "mg/dl": "mg/dL",
    "g/dl": "g/dL",
    "g/100ml": "g/dL",
    "mg/ml": "mg/mL",
    "mmol/l": "mmol/L",
    "µmol/l": "umol/L",
    "umol/l": "umol/L",
    "nmol/l": "nmol/L",
    "pmol/l": "pmol/L",
    "mol/l": "mol/L",
    "meq/l": "meq/L",
    "mosm/kg": "mosm/kg",
    "mosmol/kg": "mosm/kg",
    "mosm/l": "mosm/L",
    "mg/mmol": "mg/mmol",
    "mg/g": "mg/g",
    "mg/24h": "mg/(24.h)",
    "g/24h": "g/(24.h)",
    "mmol/24h": "mmol/(24.h)",
    "µmol/24h": "umol/(24.h)",
    "ml/24h": "mL/(24.h)",
    "ui/l": "[IU]/L",
    "iu/l": "[IU]/L",
    "u/l": "U/L",
    "mui/l": "m[IU]/L",
    "miu/l": "m[IU]/L",
    "ui/ml": "[IU]/mL",
    "iu/ml": "[IU]/mL",
    "mui/ml": "m[IU]/mL",
    "miu/ml": "m[IU]/mL",
    "µui/ml": "u[IU]/mL",
    "µiu/ml": "u[IU]/mL",
    "kui/l": "k[IU]/L",
    "u/ml": "U/mL",
    "ua/ml": "[arb'U]/mL",
    "ufc/ml": "[CFU]/mL",
    "cfu/ml": "[CFU]/mL",
    "ufc/l": "[CFU]/L",
    "giga/l": "10*9/L",
    "10^9/l": "10*9/L",
    "10*9/l": "10*9/L",
    "10e9/l": "10*9/L",
    "10^3/mm3": "10*3/uL",
    "10^3/µl": "10*3/uL",
    "10*3/µl": "10*3/uL",
    "10^3/ul": "10*3/uL",
    "/mm3": "/uL",
    "/µl": "/uL",
    "/ul": "/uL",
    "tera/l": "10*12/L",
    "téra/l": "10*12/L",
    "10^12/l": "10*12/L",
    "10*12/l": "10*12/L",
    "10e12/l": "10*12/L",
    "10^6/mm3": "10*6/uL",
    "10^6/µl": "10*6/uL",
    "10^6/l": "10*6/L",
    "m/mm3": "10*6/uL",
    "/ml": "/mL",
    "/l": "/L",
    "/champ": "/[HPF]",
    "fl": "fL",
    "µ3": "fL",
    "µm3": "fL",
    "pg": "pg",
    "pg/cell": "pg",
    "ml": "mL",
    "l": "L",
    "mm": "mm",
    "cm": "cm",
    "sec": "s",
    "sec.": "s",
    "s": "s",
    "secondes": "s",
    "mn": "min",
    "min": "min",
    "h": "h",
    "%": "%",
    "mm/h": "mm/h",
    "mm hg": "mm[Hg]",
    "mmhg": "mm[Hg]",
    "kpa": "kPa",
    "°c": "Cel",
    "ml/min": "mL/min",
    "ml/mn": "mL/min",
    "ml/min/1.73m2": "mL/min/{1.73_m2}",
    "ml/min/1,73m2": "mL/min/{1.73_m2}",
    "ml/mn/1.73m2": "mL/min/{1.73_m2}",
    "ml/mn/1,73m2": "mL/min/{1.73_m2}",
    "unités ph": "[pH]",
    "ph": "[pH]",
    "inr": "{INR}",
    "ratio": "{ratio}",
    "copies/ml": "{copies}/mL",
    "log": "{Log}",
    "log/ml": "{log_copies}/mL",
    "log copies/ml": "{log_copies}/mL",
    "g": "g",
    "mg": "mg",
    "kg": "kg",
}
"""Compared without case or blanks: only spellings that mean one thing whatever the case."""

_CASED = {
    "G/L": "10*9/L",
    "G/l": "10*9/L",
    "T/L": "10*12/L",
    "T/l": "10*12/L",
    "M/mm3": "10*6/uL",
    "M/µL": "10*6/uL",
    "mU/L": "m[IU]/L",
    "mU/l": "m[IU]/L",
    "mUI/L": "m[IU]/L",
    "10(9)/L": "10*9/L",
    "10(12)/L": "10*12/L",
}
"""Where the case says what is meant: ``G/L`` counts thousands of millions, ``g/L`` weighs."""


def ucum(written: str, *, is_ucum: bool = False) -> str | None:
    """``written`` in UCUM; None when it is not known. ``is_ucum`` says that the sender called it UCUM.

    A unit of the list is taken as it is; in a message that does not say UCUM the French habits win (``G/L``).
    """
    plain = re.sub(r"\s+", "", written.strip().replace("μ", "µ"))
    if not is_ucum and plain in _CASED:
        return _CASED[plain]
    if plain in UCUM:
        return plain
    if is_ucum:
        return None
    spaced = re.sub(r"\s+", " ", written.strip().replace("μ", "µ")).lower()
    return _HABITS.get(spaced, _HABITS.get(plain.lower()))
