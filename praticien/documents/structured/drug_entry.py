"""One prescribed drug: FR-Traitement-prescrit (1.2.250.1.213.1.1.3.83), with its doses when they are structured.

The same dose at each moment is one administration (normal mode); different doses are subordinate administrations, of
one day (split doses) or of successive stretches of time (tapered doses). Free text is coded as the drug and its
duration alone, the posology being in the narrative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from praticien.documents.cda_elements import Element, add, stable_id, templates, typed
from praticien.documents.model import NewDocument
from praticien.documents.prescription import (
    CIP,
    CIS,
    UCD,
    Dose,
    Moment,
    Posology,
    PrescriptionLine,
    ProductCode,
    Substitution,
)
from praticien.documents.structured.flags import add_flags
from praticien.documents.structured.sections import add_reference

_TREATMENT = (
    "2.16.840.1.113883.10.20.1.24",
    "1.3.6.1.4.1.19376.1.5.3.1.4.7",
    "1.3.6.1.4.1.19376.1.9.1.3.2",
    "1.2.250.1.213.1.1.3.83",
)
_STRUCTURED = "1.3.6.1.4.1.19376.1.9.1.3.6"
_NORMAL = "1.3.6.1.4.1.19376.1.5.3.1.4.7.1"
_TAPERED = "1.3.6.1.4.1.19376.1.5.3.1.4.8"
_SPLIT = "1.3.6.1.4.1.19376.1.5.3.1.4.9"
_SYSTEM_NAMES = {CIS: "CIS", CIP: "CIP", UCD: "UCD"}
_HOURS_A_DAY = Decimal(24)


def add_drug(entry: Element, document: NewDocument, line: PrescriptionLine, id_: str) -> None:
    """The substanceAdministration of ``line``; ``id_`` names its row in the narrative."""
    posology = line.posology
    parts = _parts(posology, document.service_start.date())
    drug = add(entry, "substanceAdministration", classCode="SBADM", moodCode="INT")
    structured = (_STRUCTURED,) if posology.is_structured else ()
    mode = _TAPERED if posology.stages else _SPLIT if parts else _NORMAL
    templates(drug, *_TREATMENT, *structured, mode)
    add(drug, "id", root=stable_id(document.unique_id, id_))
    add(drug, "code", code="DRUG", displayName="Médicament", codeSystem="2.16.840.1.113883.5.4")
    add_reference(drug, "text", id_)
    add(drug, "statusCode", code="completed")
    first = document.service_start.date()
    _period(drug, first, posology.last_day(first))
    if not parts:
        add_frequency(drug, posology, f"{id_}-posologie")
    add(drug, "repeatNumber", value=str(line.renewals))
    if posology.is_structured and not parts:
        add_dose(drug, posology.doses[0])
    add_maximum(drug, posology)
    add_product(drug, line.name.strip(), line.code, f"{id_}-nom")
    for number, part in enumerate(parts, 1):
        _subordinate(drug, document, part, id_, number)
    _substitution(drug, line, id_)
    add_flags(drug, document, line, id_)
    if posology.condition:
        add_reference(add(add(drug, "precondition"), "criterion"), "text", f"{id_}-posologie")


@dataclass(frozen=True, slots=True)
class _Part:
    """One subordinate administration: one dose at its moments; ``dates`` (last day None: not said) in a taper."""

    posology: Posology
    dates: tuple[date, date | None] | None = None


def _parts(posology: Posology, first: date) -> list[_Part]:
    """None for one dose throughout; else a part a dose, in the order they are taken."""
    if not posology.stages:
        return [_Part(one) for one in _by_dose(posology)] if len(set(posology.doses)) > 1 else []
    found: list[_Part] = []
    for stage in posology.stages:
        last = stage.last_day(first)
        found += [_Part(one, (first, last)) for one in _by_dose(stage)]
        first = last + timedelta(days=1) if last else first
    return found


def _by_dose(posology: Posology) -> list[Posology]:
    if len(set(posology.doses)) == 1:
        return [posology]
    return [Posology(takes=(take,)) for take in posology.takes]


def _period(drug: Element, first: date, last: date | None) -> None:
    """The treatment's time, which must come before its frequency even when nobody said how long it lasts."""
    period = typed(drug, "effectiveTime", "IVL_TS")
    add(period, "low", value=f"{first:%Y%m%d}")
    if last is None:
        add(period, "high", nullFlavor="UNK")
    elif last > first:
        add(period, "high", value=f"{last:%Y%m%d}")
    else:  # equal bounds are refused
        add(period, "width", value="1", unit="d")


def add_frequency(drug: Element, posology: Posology, words: str) -> None:
    """How often, or at which moments; ``words`` is the ID of the narrative's own, empty when it has more to say."""
    if posology.times_per_day or posology.every_hours:
        time = typed(drug, "effectiveTime", "PIVL_TS", operator="A")
        _period_of(time, posology, words)
    elif len(posology.takes) == 1:
        _at(typed(drug, "effectiveTime", "EIVL_TS", operator="A"), posology.takes[0].moment)
    elif posology.takes:
        time = typed(drug, "effectiveTime", "SXPR_TS", operator="A")
        for take in posology.takes:
            _at(typed(time, "comp", "EIVL_TS", operator="I"), take.moment)


def _period_of(time: Element, posology: Posology, words: str) -> None:
    """ "Three times a day" leaves the hours open (institutionSpecified); "every eight hours" does not."""
    hours = Decimal(posology.every_hours)
    if posology.times_per_day:
        time.set("institutionSpecified", "true")
        hours = (_HOURS_A_DAY / posology.times_per_day).quantize(Decimal("0.001")).normalize()
    period = add(time, "period", value=f"{hours:f}", unit="h")
    if words:
        add_reference(add(period, "translation"), "originalText", words)


def _at(time: Element, moment: Moment) -> None:
    add(time, "event", code=moment.value)


def add_dose(parent: Element, dose: Dose) -> None:
    """doseQuantity: the rules want both its bounds."""
    quantity = add(parent, "doseQuantity")
    for tag, value in (("low", dose.low), ("high", dose.high)):
        _amount(quantity, tag, value, dose.unit.code)


def _amount(parent: Element, tag: str, value: Decimal, unit: str) -> None:
    element = add(parent, tag, value=f"{value.normalize():f}")
    if unit:
        element.set("unit", unit)


def add_maximum(drug: Element, posology: Posology) -> None:
    """maxDoseQuantity, when a day has one."""
    if posology.max_per_day is None:
        return
    most = add(drug, "maxDoseQuantity")
    _amount(most, "numerator", posology.max_per_day, posology.doses[0].unit.code)
    add(most, "denominator", value="1", unit="d")


def add_product(drug: Element, name: str, known: ProductCode | None = None, words: str = "") -> None:
    """The product, named in the narrative at ``words``; without a name (a subordinate administration): not repeated."""
    product = add(add(drug, "consumable", typeCode="CSM"), "manufacturedProduct", classCode="MANU")
    templates(product, "2.16.840.1.113883.10.20.1.53", "1.3.6.1.4.1.19376.1.5.3.1.4.7.2", "1.2.250.1.213.1.1.3.43")
    material = add(product, "manufacturedMaterial", classCode="MMAT", determinerCode="KIND")
    templates(material, "1.3.6.1.4.1.19376.1.9.1.3.1")
    if not name:
        add(material, "code", nullFlavor="NA")
        add(material, "name", nullFlavor="NA")
        return
    _product_code(material, known, name, words)
    add(material, "name", name)


def _product_code(material: Element, known: ProductCode | None, name: str, words: str) -> None:
    """CIS as the code; CIP and UCD as translations of a code that the rules want in CIS or absent."""
    attributes = {"nullFlavor": "NA"}
    if known:
        said = {"code": known.code, "displayName": name, "codeSystem": known.system}
        said |= {"codeSystemName": _SYSTEM_NAMES[known.system]} if known.system in _SYSTEM_NAMES else {}
    if known and known.system == CIS:
        attributes = said
    code = add(material, "code", **attributes)
    add_reference(code, "originalText", words)
    if known and known.system != CIS:
        add(code, "translation", **said)


def _subordinate(drug: Element, document: NewDocument, part: _Part, id_: str, number: int) -> None:
    relation = add(drug, "entryRelationship", typeCode="COMP")
    add(relation, "sequenceNumber", value=str(number))
    dose = add(relation, "substanceAdministration", classCode="SBADM", moodCode="INT")
    templates(dose, "1.2.250.1.213.1.1.3.83.1")
    add(dose, "id", root=stable_id(document.unique_id, f"{id_}/{number}"))
    add_reference(dose, "text", f"{id_}-posologie")
    add(dose, "statusCode", code="completed")
    if part.dates:
        _period(dose, *part.dates)
    add_frequency(dose, part.posology, "")
    add_dose(dose, part.posology.doses[0])
    add_product(dose, "")


def _substitution(drug: Element, line: PrescriptionLine, id_: str) -> None:
    act = add(add(drug, "entryRelationship", typeCode="COMP"), "act", classCode="ACT", moodCode="DEF")
    templates(act, "1.3.6.1.4.1.19376.1.9.1.3.9.1", "1.2.250.1.213.1.1.3.87")
    allowed = line.substitution is Substitution.ALLOWED
    label = "Substitution par un générique permise" if allowed else "Aucune substitution permise"
    code = add(act, "code", code="G" if allowed else "N", displayName=label, codeSystem="2.16.840.1.113883.5.1070")
    if not allowed:
        add_reference(code, "originalText", f"{id_}-substitution")
    add(act, "statusCode", code="completed")
