"""Quick entry of a posology and its reading: ``1 matin 1 soir 5 j``, ``1 à 2 cp 3/j si douleur``, ``1-0-1``.

``parse`` understands all of what is typed or nothing of it: what it does not know stays free text. What ``words``
writes, ``parse`` reads back as the same posology.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from praticien.documents.prescription import (
    COUNT,
    Dose,
    DoseUnit,
    Duration,
    DurationUnit,
    Moment,
    Posology,
    Take,
)

UNITS: dict[DoseUnit, str] = {
    DoseUnit("{tablet}", "comprimé", "comprimés"): r"comprim[ée]s?|cpr?s?",
    DoseUnit("{capsule}", "gélule", "gélules"): r"g[ée]lules?|g[ée]l",
    DoseUnit("{sachet}", "sachet", "sachets"): r"sachets?|sach",
    DoseUnit("[drp]", "goutte", "gouttes"): r"gouttes?|gttes?",
    DoseUnit("{puff}", "bouffée", "bouffées"): r"bouff[ée]es?|bouff",
    DoseUnit("{spray}", "pulvérisation", "pulvérisations"): r"pulv[ée]risations?|pulv",
    DoseUnit("{application}", "application", "applications"): r"applications?|appl?",
    DoseUnit("{suppository}", "suppositoire", "suppositoires"): r"suppositoires?|suppos?",
    DoseUnit("{ampule}", "ampoule", "ampoules"): r"ampoules?|amp",
    DoseUnit("{unidose}", "dosette", "dosettes"): r"dosettes?",
    DoseUnit("{patch}", "patch", "patchs"): r"patchs?|patches",
    DoseUnit("{ovule}", "ovule", "ovules"): r"ovules?",
    DoseUnit("{injection}", "injection", "injections"): r"injections?|inj",
    DoseUnit("{teaspoon}", "cuillère à café", "cuillères à café"): r"cuill[èe]res? [àa] caf[ée]|c[àa]c",
    DoseUnit("{dose}", "dose", "doses"): r"doses?",
    DoseUnit("mL", "mL", "mL"): r"ml",
    DoseUnit("mg", "mg", "mg"): r"mg",
    DoseUnit("ug", "µg", "µg"): r"[µμ]g|mcg",
    DoseUnit("g", "g", "g"): r"g",
    DoseUnit("[iU]", "UI", "UI"): r"ui",
}
"""Units of dose, with what may be typed for each."""

_MOMENTS = {
    Moment.MORNING: (r"matins?", "le matin"),
    Moment.NOON: (r"midis?", "à midi"),
    Moment.EVENING: (r"soirs?", "le soir"),
    Moment.BEDTIME: (r"coucher", "au coucher"),
}
_DURATIONS = {
    DurationUnit.DAY: (r"j|jrs?|jours?", "jour", "jours"),
    DurationUnit.WEEK: (r"sem|semaines?", "semaine", "semaines"),
    DurationUnit.MONTH: (r"mois", "mois", "mois"),
}
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "1/2": "0.5", "1/4": "0.25", "3/4": "0.75"}

_NUMBER = r"(?:1/2|1/4|3/4|\d{1,5}(?:[.,]\d{1,3})?|[½¼¾])"
_UNIT = "|".join(UNITS.values())
_MOMENT = "|".join(pattern for pattern, _ in _MOMENTS.values())
_DAILY = r"(?:/\s?|par\s)(?:j|jour|24\s?h)\b"


def _named(prefix: str) -> str:
    """A dose: ``1``, ``1 à 2 cp``, ``½ comprimé``."""
    low, high = rf"(?P<{prefix}low>{_NUMBER})", rf"(?:\s?(?:à|a|ou)\s?(?P<{prefix}high>{_NUMBER}))?"
    return rf"{low}{high}(?:\s?(?P<{prefix}unit>{_UNIT})\b)?"


_TAKE = re.compile(
    rf"{_named('')}\s?(?P<moments>(?:(?:,|et|/|le|la|à|a|au|chaque)?\s?(?:{_MOMENT})\b\s?)+)(?:,|;|\+|et\b|puis\b)?\s?",
    re.I,
)
_DASHES = re.compile(rf"(?P<doses>{_NUMBER}(?:\s?-\s?{_NUMBER}){{2,3}})(?:\s(?P<unit>{_UNIT}))?", re.I)
_PER_DAY = re.compile(rf"{_named('')},?\s?(?:x\s?)?(?P<times>\d{{1,2}})\s?(?:x|fois)?\s?{_DAILY}", re.I)
_ONCE = re.compile(rf"{_named('')}\s?{_DAILY}", re.I)
_BARE = re.compile(rf"{_named('')}(?:\s?{_DAILY})?", re.I)
_THEN = re.compile(r",?\s?\bpuis\b\s?", re.I)
_EVERY = re.compile(rf"{_named('')},?\s?(?:toutes\sles|ttes\sles|/)\s?(?P<hours>\d{{1,3}})\s?(?:h|heures?)", re.I)
_DURATION = re.compile(
    r"(?P<how>^|,\s?|,?\s?\b(?:pendant|durant|pdt)\s|\s)(?P<value>\d{1,3})\s?(?P<unit>"
    + "|".join(pattern for pattern, *_ in _DURATIONS.values())
    + r")$",
    re.I,
)
_MAXIMUM = re.compile(
    rf",?\s?\b(?:max(?:imum)?\.?|au\splus|sans\sd[ée]passer)\s?(?P<value>{_NUMBER})(?:\s?(?P<unit>{_UNIT}))?\s?{_DAILY}$",
    re.I,
)
_CONDITION = re.compile(r",?\s?\bsi\s(?P<condition>[^0-9]+)$", re.I)


@dataclass(slots=True)
class _Tail:
    """What may follow dose and rhythm."""

    duration: Duration | None = None
    maximum: tuple[Decimal, DoseUnit | None] | None = None
    condition: str = ""


def parse(typed: str, default_unit: DoseUnit = COUNT) -> Posology:
    """What was typed, understood; free text (``text``) when any part of it is not. Never raises.

    ``default_unit`` is the drug's own, used where no unit is typed.
    """
    plain = re.sub(r"\s+", " ", typed).strip()
    head, tail = _without_tail(plain)
    core = _takes(head, default_unit) or _rhythm(head, default_unit)
    if core is None:
        return _tapered(plain, default_unit) or _free(plain)
    unit = core.doses[0].unit
    if tail.maximum and tail.maximum[1] not in (None, unit):
        return _free(plain)
    most = tail.maximum[0] if tail.maximum else None
    return replace(core, condition=tail.condition, max_per_day=most, duration=tail.duration)


def _tapered(plain: str, default: DoseUnit) -> Posology | None:
    """``2 cp 3 j puis 1 cp 4 j``: a dose without rhythm is taken once a day, a unit goes for what follows it."""
    parts = [part.strip(" ,") for part in _THEN.split(plain)]
    stages: list[Posology] = []
    for part in parts if len(parts) > 1 else ():
        stage = _stage(part, stages[-1].doses[-1].unit if stages else default)
        if stage is None:
            return None
        stages.append(stage)
    is_whole = stages and all(stage.duration for stage in stages[:-1])
    return Posology(stages=tuple(stages)) if is_whole else None


def _stage(part: str, default: DoseUnit) -> Posology | None:
    head, tail = _without_tail(part)
    bare = _BARE.fullmatch(head)
    core = _takes(head, default) or _rhythm(head, default) or (bare and _with_dose(bare, default, times_per_day=1))
    return replace(core, duration=tail.duration) if core and not tail.condition and tail.maximum is None else None


def parse_quantity(typed: str) -> tuple[int, Duration | None] | None:
    """Of a device: ``2``, ``1 boîte 30 j``, ``1 pendant 3 mois`` as quantity and duration; None when not understood."""
    plain = re.sub(r"\s+", " ", typed).strip()
    head, duration = _duration(plain)
    if not head:
        return (1, duration) if duration else None
    found = re.fullmatch(r"(\d{1,4})(?:\s?(?:x|bo[îi]tes?|unit[ée]s?|paires?))?", head, re.I)
    return (int(found[1]), duration) if found and int(found[1]) else None


def _free(plain: str) -> Posology:
    """Free text keeps every word, but a duration that ends it is known too."""
    duration = _duration(plain)[1] if not re.search(r"(?i)\bsi\b", plain) else None
    return Posology(text=plain, duration=duration)


def _without_tail(plain: str) -> tuple[str, _Tail]:
    """Duration, maximum and condition taken off the end, in any order, each once."""
    tail, before = _Tail(), None
    while before != plain:
        before = plain
        if tail.duration is None:
            plain, tail.duration = _duration(plain)
        found = _MAXIMUM.search(plain)
        if found and tail.maximum is None:
            tail.maximum = _number(found["value"]), _unit(found["unit"])
            plain = plain[: found.start()]
        found = _CONDITION.search(plain)
        if found and not tail.condition:
            tail.condition, plain = found["condition"].strip(" ,"), plain[: found.start()]
    return plain.strip(" ,"), tail


def _duration(plain: str) -> tuple[str, Duration | None]:
    """The text without the duration that ends it. After "si", only a duration introduced by a word or a comma."""
    found = _DURATION.search(plain)
    if not found or not int(found["value"]):
        return plain, None
    introduced = found["how"].strip() or not re.search(r"(?i)\bsi\b", plain)
    unit = next(unit for unit, (pattern, *_) in _DURATIONS.items() if re.fullmatch(pattern, found["unit"], re.I))
    return (plain[: found.start()], Duration(int(found["value"]), unit)) if introduced else (plain, None)


def _takes(head: str, default: DoseUnit) -> Posology | None:
    takes = _dashed(head, default) or _listed(head, default)
    moments = [take.moment for take in takes]
    if not takes or len(set(moments)) < len(moments):
        return None
    return Posology(takes=tuple(sorted(takes, key=lambda take: list(Moment).index(take.moment))))


def _dashed(head: str, default: DoseUnit) -> list[Take]:
    """``1-0-1``: morning, noon, evening, and bedtime when there are four."""
    found = _DASHES.fullmatch(head)
    if not found:
        return []
    unit = _unit(found["unit"]) or default
    amounts = [_number(part) for part in re.split(r"\s?-\s?", found["doses"])]
    return [Take(m, Dose(n, n, unit)) for m, n in zip(Moment, amounts, strict=False) if n]


def _listed(head: str, unit: DoseUnit) -> list[Take]:
    takes: list[Take] = []
    place = 0
    if re.search(r"(?i)soir\s(?:au|à)\scoucher", head):  # one take or two?
        return []
    while place < len(head):
        found = _TAKE.match(head, place)
        if not found:
            return []
        dose = _dose(found, unit)
        if dose is None:
            return []
        unit, place = dose.unit, found.end()
        takes += [Take(moment, dose) for moment in _moments(found["moments"])]
    return takes


def _moments(text: str) -> list[Moment]:
    words = re.findall(_MOMENT, text, re.I)
    return [next(m for m, (pattern, _) in _MOMENTS.items() if re.fullmatch(pattern, word, re.I)) for word in words]


def _rhythm(head: str, default: DoseUnit) -> Posology | None:
    found = _PER_DAY.fullmatch(head)
    if found:
        return _with_dose(found, default, times_per_day=int(found["times"]))
    found = _EVERY.fullmatch(head)
    if found:
        return _with_dose(found, default, every_hours=int(found["hours"]))
    found = _ONCE.fullmatch(head)
    once = _with_dose(found, default, times_per_day=1) if found else None
    return once if once and once.dose and _cannot_be_shared_out(once.dose) else None


def _cannot_be_shared_out(dose: Dose) -> bool:
    """Neither "3 comprimés par jour" nor "1 g par jour" says whether at once: left to the reader."""
    return dose.high <= 1 and (dose.unit is COUNT or dose.unit.code.startswith("{"))


def _with_dose(found: re.Match[str], default: DoseUnit, **rhythm: int) -> Posology | None:
    dose = _dose(found, default)
    possible = 0 < rhythm.get("times_per_day", 1) <= 24 and 0 < rhythm.get("every_hours", 1) <= 720
    return Posology(dose=dose, **rhythm) if dose and possible else None  # type: ignore[arg-type]


def _dose(found: re.Match[str], default: DoseUnit) -> Dose | None:
    low = _number(found["low"])
    high = _number(found["high"]) if found["high"] else low
    return Dose(low, high, _unit(found["unit"]) or default) if 0 < low <= high else None


def _number(text: str) -> Decimal:
    return Decimal(_FRACTIONS.get(text, text).replace(",", "."))


def _unit(text: str | None) -> DoseUnit | None:
    return next((u for u, pattern in UNITS.items() if re.fullmatch(pattern, text, re.I)), None) if text else None


# -- words -----------------------------------------------------------------------------------------------------------


def words(posology: Posology) -> str:
    """How it is read back to the prescriber, printed and put in the narrative. Free text as it was typed."""
    if not posology.is_structured:
        return posology.text
    if posology.stages:
        return ", puis ".join(words(stage) for stage in posology.stages)
    parts = [rhythm_words(posology)]
    if posology.condition:
        parts.append(f"si {posology.condition}")
    if posology.max_per_day is not None:
        parts.append(f"au plus {_amount(posology.max_per_day, posology.max_per_day, posology.doses[0].unit)} par jour")
    if posology.duration:
        parts.append(f"pendant {duration_words(posology.duration)}")
    return ", ".join(parts)


def rhythm_words(posology: Posology) -> str:
    """Dose and rhythm alone."""
    if posology.takes:
        return ", ".join(f"{dose_words(take.dose)} {_MOMENTS[take.moment][1]}" for take in posology.takes)
    dose = dose_words(posology.dose) if posology.dose else ""
    if posology.every_hours:
        return f"{dose} toutes les {posology.every_hours} heures"
    return f"{dose} {posology.times_per_day} fois par jour"


def dose_words(dose: Dose) -> str:
    """``1 à 2 comprimés``."""
    return _amount(dose.low, dose.high, dose.unit)


def duration_words(duration: Duration) -> str:
    """``5 jours``."""
    _, singular, plural = _DURATIONS[duration.unit]
    return f"{duration.value} {singular if duration.value == 1 else plural}"


def _amount(low: Decimal, high: Decimal, unit: DoseUnit) -> str:
    numbers = decimal_words(low) if low == high else f"{decimal_words(low)} à {decimal_words(high)}"
    return f"{numbers} {unit.plural if high >= 2 else unit.singular}".strip()


def decimal_words(value: Decimal) -> str:
    """``0,5``; no zero without meaning."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
