"""Do the codes of an entry say what the narrative says? Where the words can be compared and differ, a ``Conflict``.

Only what is plainly comparable is compared: numbers in the cell of the result or of the dose, positive against
negative, absent against present. Silence of the narrative is no conflict. The rules are ours: no standard gives any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from praticien import ucum
from praticien.documents.coded.facts import Conflict, Step
from praticien.documents.coded.model import Concept, Entry, Interval, Quantity, Ratio, Value
from praticien.documents.coded.wording import (
    Written,
    agreement_cells,
    coded_polarity,
    is_denial,
    per_day,
    polarity,
    strengths,
    total_per_day,
    written_numbers,
)

_RESULT = ("result", "valeur", "mesure", "observ")
_NOT_RESULT = ("référ", "refer", "norm", "antéri", "anteri", "précéd", "preced", "unit", "date", "méthod")
_DOSE = ("dose", "posolog", "quantité", "traitement")
_FREQUENCY = ("fréqu", "posolog", "rythme", "dose")
_NOT_DOSE = ("durée", "date", "début", "fin", "renouv", "condition")


# -- results and other findings ------------------------------------------------------------------------------------


def result_conflicts(entry: Entry) -> tuple[Conflict, ...]:
    """A laboratory result: value, unit, positive or negative, and whether its flag suits its own range.

    A result that is negated (negationInd) says what was not found, which no table of values can hold.
    """
    flag = [Conflict.FLAG] if _flag_is_wrong(entry) else []
    negation = [Conflict.NEGATION] if entry.negated else []
    return (*finding_conflicts(entry), *flag, *negation)


def finding_conflicts(entry: Entry) -> tuple[Conflict, ...]:
    """Any observation whose value stands in the narrative."""
    cells = agreement_cells(entry.source, _RESULT, _NOT_RESULT)
    if not cells:
        return ()
    return tuple(dict.fromkeys(conflict for value in entry.values for conflict in _compare(value, entry, cells)))


def _compare(value: Value, entry: Entry, cells: tuple[str, ...]) -> Iterator[Conflict]:
    written = [number for cell in cells for number in written_numbers(cell)]
    if isinstance(value, Concept | str):
        said, coded = polarity(" ".join(cells)), coded_polarity(value, entry.interpretations)
        if said is not None and coded is not None and said is not coded:
            yield Conflict.POLARITY
    elif written:
        for quantity in _quantities(value):
            conflict = _number_conflict(quantity, written)
            if conflict:
                yield conflict
        if isinstance(value, Interval) and _comparator_differs(value, written):
            yield Conflict.VALUE


def _quantities(value: Value) -> tuple[Quantity, ...]:
    if isinstance(value, Quantity):
        return (value,)
    if isinstance(value, Interval):
        return tuple(end for end in (value.low, value.high) if end)
    return (value.numerator, value.denominator) if isinstance(value, Ratio) else ()


def _number_conflict(coded: Quantity, written: Iterable[Written]) -> Conflict | None:
    """None as soon as one number of the narrative is the coded one, in its own unit or converted."""
    wrong_unit = False
    for number in written:
        same_number = number.is_about(coded.value)
        unit = ucum.from_field(number.unit)
        if same_number and (not unit or unit == coded.unit or not ucum.is_ucum(unit)):
            return None
        factor = ucum.factor(coded.unit, unit) if unit else None
        if factor and number.is_about(coded.value * factor):
            return None
        wrong_unit = wrong_unit or (same_number and factor is not None)
    return Conflict.UNIT if wrong_unit else Conflict.VALUE


def _comparator_differs(value: Interval, written: Iterable[Written]) -> bool:
    if value.low and value.high:
        return False
    expected = "<" if value.high else ">"
    signs = {number.sign for number in written if number.sign}
    return bool(signs) and expected not in signs


def _flag_is_wrong(entry: Entry) -> bool:
    """``H`` on a value that its own range holds, ``N`` on one that it does not."""
    value = entry.values[0] if len(entry.values) == 1 else None
    bounds = entry.ranges[0].interval if len(entry.ranges) == 1 else None
    flags = {flag.code for flag in entry.interpretations}
    if not isinstance(value, Quantity) or bounds is None:
        return False
    low, high = (_in_unit(end, value.unit) for end in (bounds.low, bounds.high))
    is_low, is_high = low is not None and value.value < low, high is not None and value.value > high
    if flags & {"H", "HH"}:
        return high is not None and not is_high
    if flags & {"L", "LL"}:
        return low is not None and not is_low
    return "N" in flags and (is_low or is_high)


def _in_unit(end: Quantity | None, unit: str) -> Decimal | None:
    factor = ucum.factor(end.unit, unit) if end else None
    return end.value * factor if end and factor else None


# -- treatments ------------------------------------------------------------------------------------------------------


def treatment_conflicts(entry: Entry, steps: tuple[Step, ...]) -> tuple[Conflict, ...]:
    """A drug line: dose, frequency, and the strength in the product's name."""
    found = [
        Conflict.DOSE if _doses_differ(entry, steps) else None,
        Conflict.FREQUENCY if _rhythms_differ(entry, steps) else None,
        Conflict.PRODUCT if _strengths_differ(entry) else None,
    ]
    return tuple(conflict for conflict in found if conflict)


def _doses_differ(entry: Entry, steps: tuple[Step, ...]) -> bool:
    bounds = [end for step in steps if step.dose for end in (step.dose.low, step.dose.high) if end]
    linked = [end for end in bounds if end.words]
    if linked:  # the document says which words belong to which bound
        return any(not _is_dose(end, end.words, entry) for end in linked)
    cells = agreement_cells(entry.source, _DOSE, _NOT_DOSE)
    text = " ".join(cells)
    return bool(written_numbers(text)) and any(not _is_dose(end, text, entry) for end in bounds)


def _is_dose(dose: Quantity, text: str, entry: Entry) -> bool:
    """The number of units, or the mass it makes with the product's strength."""
    written = list(written_numbers(text))
    masses = [dose.value * one.numerator.value for one in entry.product.strengths] if entry.product else []
    return not written or any(number.is_about(amount) for number in written for amount in (dose.value, *masses))


def _rhythms_differ(entry: Entry, steps: tuple[Step, ...]) -> bool:
    linked = [(step, time.every.words) for step in steps for time in step.rhythms if time.every and time.every.words]
    if linked:
        return any(_differ(_coded_per_day(step), per_day(words)) for step, words in linked)
    text = " ".join(agreement_cells(entry.source, _FREQUENCY, _NOT_DOSE))
    if len(steps) != 1:
        return False
    return _differ(_coded_per_day(steps[0]), per_day(text)) or _total_differs(steps[0], total_per_day(text))


def _total_differs(step: Step, written: Decimal | None) -> bool:
    """« 1 cp/j » against one tablet every six hours; a dose from one to two has no single total."""
    dose, times = step.dose, _coded_per_day(step)
    if dose is None or times is None or not dose.low or not dose.high or dose.low.value != dose.high.value:
        return False
    return _differ(dose.low.value * times, written)


def _differ(coded: Decimal | None, written: Decimal | None) -> bool:
    return coded is not None and written is not None and abs(coded - written) > Decimal("0.05") * written


def _coded_per_day(step: Step) -> Decimal | None:
    """How many times a day; None when the codes do not say."""
    events = [time for time in step.rhythms if time.event]
    if events:
        return Decimal(len(events)) if len(events) == len(step.rhythms) else None
    every = next((time.every for time in step.rhythms if time.every), None)
    days = ucum.factor(every.unit, "d") if every else None
    return 1 / (every.value * days) if every and days and every.value else None


def _strengths_differ(entry: Entry) -> bool:
    if entry.product is None:
        return False
    coded, written = strengths(entry.product.code.label), strengths(entry.source.words)
    return bool(coded and written) and not coded & written


# -- negation --------------------------------------------------------------------------------------------------------


def negation_conflicts(entry: Entry) -> tuple[Conflict, ...]:
    """Coded as present where the words deny it, or the reverse."""
    words = entry.source.words if is_denial(entry.source.words) else entry.source.narrative
    if not words:
        return ()
    return (Conflict.NEGATION,) if is_denial(words) != entry.negated and not _codes_an_absence(entry) else ()


def _codes_an_absence(entry: Entry) -> bool:
    """A code that is itself a negation ("no known allergy") agrees with words of denial."""
    return any(is_denial(found.label) for found in (entry.code, *entry.values) if isinstance(found, Concept))
