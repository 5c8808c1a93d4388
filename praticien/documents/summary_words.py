"""The medical synthesis in words: one table a part, the same in the narrative, on paper and on screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from praticien.documents.prescription_posology import words
from praticien.documents.summary import (
    Condition,
    Habit,
    KnownAllergy,
    LongTreatment,
    MedicalSummary,
    day_words,
)

NOTHING = "aucun élément signalé"
NO_KNOWN_ALLERGY = "Aucune allergie connue"
VIGILANCE = "Points de vigilance"


@dataclass(frozen=True, slots=True, repr=False)
class Cell:
    """A cell; ``name`` is what coded entries call it, empty when none does."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """One part of the synthesis: heading, columns, a row a line. ``lines`` are the model's own, row for row."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[Any, ...]


def parts_of(summary: MedicalSummary) -> tuple[Part, ...]:
    """Every part but vigilance, which is words alone."""
    return (
        _part("problems", "Pathologies en cours", ("Depuis", "Pathologie"), summary.problems, _problem),
        _part("history", "Antécédents médicaux", ("Début", "Fin", "Antécédent"), summary.history, _past),
        _part(
            "interventions",
            "Antécédents chirurgicaux et actes",
            ("Date", "Acte"),
            summary.interventions,
            lambda one: (Cell(day_words(one.when)), Cell(one.words.strip(), "nom")),
        ),
        _allergies(summary),
        _part("habits", "Mode de vie", ("Type", "Observation"), summary.habits, _habit),
        _part("work", "Risques professionnels", ("Risque",), summary.work, lambda one: (Cell(one.strip()),)),
        _part(
            "family",
            "Antécédents familiaux",
            ("Lien de parenté", "Antécédent"),
            summary.family,
            lambda one: (Cell(one.relative.words, "lien"), Cell(one.words.strip(), "nom")),
        ),
        _part(
            "treatments",
            "Traitements au long cours",
            ("Depuis", "Médicament", "Posologie", "Motif"),
            summary.treatments,
            _treatment,
        ),
    )


def _part(name: str, title: str, header: tuple[str, ...], lines: tuple[Any, ...], row: Any) -> Part:
    return Part(name, title, header, tuple(row(line) for line in lines), lines)


def _problem(one: Condition) -> tuple[Cell, ...]:
    return Cell(day_words(one.since)), Cell(one.words.strip(), "nom")


def _past(one: Condition) -> tuple[Cell, ...]:
    return Cell(day_words(one.since)), Cell(day_words(one.until)), Cell(one.words.strip(), "nom")


def _allergies(summary: MedicalSummary) -> Part:
    """None known is a line of its own, told and coded as such."""
    header, title = ("Depuis", "Type", "Agent responsable", "Réaction"), "Allergies et hypersensibilités"
    if summary.no_known_allergy:
        row = (Cell("-"), Cell(NO_KNOWN_ALLERGY, "type"), Cell("-"), Cell("-"))
        return Part("allergies", title, header, (row,), (None,))
    return _part("allergies", title, header, summary.allergies, _allergy)


def _allergy(one: KnownAllergy) -> tuple[Cell, ...]:
    reaction = one.reaction.strip()
    return (
        Cell(day_words(one.since)),
        Cell(one.kind.value.display, "type"),
        Cell(one.agent.strip(), "agent"),
        Cell(reaction or "-", reaction and "reaction"),
    )


def _habit(one: Habit) -> tuple[Cell, ...]:
    return Cell(one.kind.value.display, "nom"), Cell(one.words.strip(), "valeur")


def _treatment(one: LongTreatment) -> tuple[Cell, ...]:
    reason = one.reason.strip()
    return (
        Cell(day_words(one.since)),
        Cell(one.name.strip(), "nom"),
        Cell(words(one.posology) or "-", "posologie"),
        Cell(reason or "-", reason and "motif"),
    )
