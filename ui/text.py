"""How things are said on screen: dates, names, states. Pure functions, French, no Qt."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from praticien.documents.nomenclatures import PHYSICIAN_SPECIALTIES, PROFESSIONS, PROFESSIONS_IN_TRAINING, ROLES
from praticien.errors import InvalidInput
from praticien.identity import Sex, StrictTraits
from praticien.professional import CardKind, Professional

NBSP = "\u00a0"
_SEX = {Sex.FEMALE: "F", Sex.MALE: "M"}
_CARDS = {CardKind.CPS: "CPS", CardKind.CPF: "CPF", CardKind.CPE: "CPE", CardKind.CPA: "CPA"}


class InvalidDate(InvalidInput):
    """Not a date a person can be born on or an examination made on."""

    code = "date.invalid"


def date_text(compact: str) -> str:
    """``19870312`` as ``12/03/1987``; a date that is not eight digits unchanged."""
    return f"{compact[6:8]}/{compact[4:6]}/{compact[:4]}" if re.fullmatch(r"[0-9?]{8}", compact) else compact


def parse_date(typed: str, *, today: date, field: str) -> str:
    """``12031987``, ``12/03/1987``, ``1-2-1987`` as ``19870312``. Lunar dates (31 February…) are kept.

    Raises InvalidDate for anything else and for a day after ``today``.
    """
    parts = re.split(r"[\s/.\-]+", typed.strip())
    if len(parts) == 1 and re.fullmatch(r"[0-9]{8}", parts[0]):
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() for p in parts) or len(parts[2]) != 4:
        raise InvalidDate(field=field)
    day, month, year = (int(p) for p in parts)
    if day > 31 or month > 12 or not year >= 1850 or (year, month, day) > (today.year, today.month, today.day):
        raise InvalidDate(field=field)
    return f"{year:04d}{month:02d}{day:02d}"


def moment_text(moment: datetime | None) -> str:
    """An aware moment in local time: ``12/10/2026 14:05``."""
    return moment.astimezone().strftime("%d/%m/%Y %H:%M") if moment else ""


def day_text(moment: datetime | None) -> str:
    """The local day of an aware moment."""
    return moment.astimezone().strftime("%d/%m/%Y") if moment else ""


def clock_text(moment: datetime | None) -> str:
    """The local time of day: ``14 h 05``."""
    return moment.astimezone().strftime(f"%H{NBSP}h{NBSP}%M") if moment else ""


def local_today() -> date:
    """Today on this machine."""
    return datetime.now(UTC).astimezone().date()


def age_text(traits: StrictTraits, today: date) -> str:
    """``39 ans``, ``1 an``, ``8 mois``, ``12 jours``; nothing when the date gives no age."""
    years = traits.age_on(today)
    if years >= 2 or traits.is_lunar:
        return f"{years}{NBSP}ans" if years >= 0 else ""
    born = date(int(traits.birth_date[:4]), int(traits.birth_date[4:6]), int(traits.birth_date[6:]))
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months >= 1:
        return f"{months}{NBSP}mois"
    days = (today - born).days
    return f"{days}{NBSP}jour{'s' if days > 1 else ''}"


def sex_text(sex: Sex) -> str:
    """``F`` or ``M``, as on identity documents."""
    return _SEX[sex]


def patient_label(traits: StrictTraits) -> str:
    """Short name for a list: birth name, first birth name, birth date."""
    return f"{traits.birth_name} {traits.first_name}, {date_text(traits.birth_date)}"


def professional_name(who: Professional) -> str:
    """``Dr Jeanne TESTMED``; no title for those who are not physicians, the structure for a card that names nobody."""
    if not who.is_named:
        return f"{who.family_name} (carte sans nom)".replace("'", "’")
    title = "Dr " if who.is_physician else ""
    return f"{title}{who.given_name} {who.family_name}".strip()


def activity_text(who: Professional) -> str:
    """Specialty, else profession, else role, in words; the code itself when we have no words for it."""
    if who.specialty:
        words = PHYSICIAN_SPECIALTIES.get(who.specialty, who.specialty)
    else:
        training = PROFESSIONS_IN_TRAINING.get(who.future_profession, who.future_profession)
        words = PROFESSIONS.get(who.profession, who.profession) or training or ROLES.get(who.role, who.role)
    words = words.replace("'", "’")
    return words.lower() if words[1:2].islower() else words


def card_text(kind: CardKind) -> str:
    """``CPS``, ``CPE``…"""
    return _CARDS[kind]


def count(number: int, one: str, many: str) -> str:
    """``1 envoi``, ``3 envois``; French counts zero with the singular."""
    return f"{number}{NBSP}{many if number > 1 else one}"


def told(uri: str) -> str:
    """``tel:0100000000`` as ``0100000000``."""
    return uri.partition(":")[2] or uri
