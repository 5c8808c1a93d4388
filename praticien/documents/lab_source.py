"""The source of a laboratory report: is its patient the chosen one, and under whose authority are its numbers?"""

from __future__ import annotations

from dataclasses import replace

from praticien.documents.lab_report import (
    Analysis,
    Battery,
    Chapter,
    Identifier,
    Isolate,
    LabReport,
    SourcePatient,
    Specimen,
)
from praticien.identity import Patient
from praticien.matching import fold, same_person
from praticien.metadata import Code

NOT_ENOUGH = "identity"


def lab_differences(source: SourcePatient, patient: Patient) -> list[tuple[str, str]]:
    """Traits that differ, each with what the file says: names as in ``Discrepancy``.

    A file that names neither an INS nor a name with a birth date speaks of nobody: one difference, NOT_ENOUGH.
    """
    said = {
        "birth_name": source.family_name or source.used_name,
        "first_name": source.given_names,
        "birth_date": source.birth_date,
        "sex": source.sex.value if source.sex else "",
    }
    differing = same_person(
        patient.traits,
        birth_name="" if _is_used_name(source, patient) else said["birth_name"],
        first_name="" if _is_used_first_name(source, patient) else source.given_names,
        birth_date=source.birth_date,
        sex=source.sex,
    )
    found = [(trait, said[trait]) for trait in differing]
    if source.ins and patient.ins and source.ins.matricule != patient.ins.matricule:
        found.insert(0, ("ins", source.ins.matricule))
    return found if names_somebody(source) else [*found, (NOT_ENOUGH, "")]


def names_somebody(source: SourcePatient) -> bool:
    """An INS, or a name and a birth date: with less, nothing tells two patients apart."""
    return bool(source.ins or (fold(source.family_name or source.used_name) and source.birth_date))


def _is_used_name(source: SourcePatient, patient: Patient) -> bool:
    """A name of which the file does not say that it is the birth name may be the used one: laboratories often do so."""
    return not source.family_name and bool(patient.used_name) and fold(source.used_name) == fold(patient.used_name)


def _is_used_first_name(source: SourcePatient, patient: Patient) -> bool:
    return bool(patient.used_first_name) and fold(source.given_names) == fold(patient.used_first_name)


# -- authorities -----------------------------------------------------------------------------------------------------


def with_authority(report: LabReport, oid: str) -> LabReport:
    """The report with ``oid`` wherever the laboratory gave a number or a code without saying whose it is."""
    who = report.prescriber
    return replace(
        report,
        prescriber=replace(who, identifier=_number(who.identifier, oid)) if who else None,
        order=_number(report.order, oid),
        request=_number(report.request, oid),
        chapters=tuple(_chapter(chapter, oid) for chapter in report.chapters),
    )


def _number(number: Identifier | None, oid: str) -> Identifier | None:
    return replace(number, authority=oid) if number and not number.authority else number


def _chapter(chapter: Chapter, oid: str) -> Chapter:
    return replace(
        chapter,
        batteries=tuple(_battery(battery, oid) for battery in chapter.batteries),
        isolates=tuple(_isolate(isolate, oid) for isolate in chapter.isolates),
        specimens=tuple(_specimen(specimen, oid) for specimen in chapter.specimens),
    )


def _battery(battery: Battery, oid: str) -> Battery:
    return replace(battery, analyses=_analyses(battery.analyses, oid))


def _isolate(isolate: Isolate, oid: str) -> Isolate:
    return replace(isolate, analyses=_analyses(isolate.analyses, oid), antibiogram=_analyses(isolate.antibiogram, oid))


def _specimen(specimen: Specimen, oid: str) -> Specimen:
    return replace(specimen, identifier=_number(specimen.identifier, oid))


def _analyses(analyses: tuple[Analysis, ...], oid: str) -> tuple[Analysis, ...]:
    return tuple(replace(analysis, local_code=_code(analysis.local_code, oid)) for analysis in analyses)


def _code(code: Code | None, oid: str) -> Code | None:
    return replace(code, system=oid) if code and not code.system else code
