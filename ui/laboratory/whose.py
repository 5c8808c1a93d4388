"""Whose report is it? The open patient beside what the laboratory's file says, and in words what disagrees."""

from __future__ import annotations

from praticien.documents.lab_report import SourcePatient
from praticien.documents.lab_source import NOT_ENOUGH, lab_differences
from praticien.identity import IdentityStatus, Patient
from ui.comparison_table import ComparedTrait, Comparison, compared_words
from ui.text import date_text, sex_text


def verdict_words(source: SourcePatient, patient: Patient | None) -> str:
    """One sentence: the same person, another one, or nobody to compare with."""
    if patient is None:
        return "Patient à identifier : F2 reprend les traits du fichier."
    found = {trait for trait, _said in lab_differences(source, patient)}
    if NOT_ENOUGH in found:
        return "Le fichier ne dit pas assez de qui il parle : il ne peut pas être rattaché."
    if found:
        return "Le fichier parle d’une autre personne : vérifiez le patient et le fichier."
    if patient.status is not IdentityStatus.QUALIFIED:
        return "Le fichier et le patient concordent ; son identité reste à contrôler (Ctrl+I)."
    return "Le fichier et le patient concordent."


def lab_comparison(source: SourcePatient | None, patient: Patient | None) -> Comparison | None:
    """The traits of the file beside the patient's; None without a file."""
    if source is None:
        return None
    differing = {trait for trait, _said in lab_differences(source, patient)} if patient else set()
    known = patient is not None
    traits = (
        ComparedTrait(caption, mine, theirs, compared_words(theirs, differs=trait in differing, known=known))
        for caption, trait, mine, theirs in _lines(source, patient)
    )
    return Comparison(verdict_words(source, patient), tuple(traits))


def _lines(source: SourcePatient, patient: Patient | None) -> tuple[tuple[str, str, str, str], ...]:
    """Caption, name of the trait, the patient's, the file's."""
    traits = patient.traits if patient else None
    kind = "" if source.family_name or not source.used_name else " (sans préciser de naissance)"
    name = (source.family_name or source.used_name) + kind
    first_names = " ".join(traits.birth_first_names) if traits else ""
    born = date_text(traits.birth_date) if traits else ""
    sex = sex_text(source.sex) if source.sex else ""
    number = patient.ins.matricule if patient and patient.ins else ""
    return (
        ("Nom de naissance", "birth_name", traits.birth_name if traits else "", name),
        ("Prénom(s)", "first_name", first_names, source.given_names),
        ("Né(e) le", "birth_date", born, date_text(source.birth_date)),
        ("Sexe", "sex", sex_text(traits.sex) if traits else "", sex),
        ("Matricule INS", "ins", number, source.ins.matricule if source.ins else ""),
    )
