"""Who calls: the verified VIHF confronted with the directory."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from praticien.access import AccessMode
from praticien.identity import Ins
from praticien.professional import OID_PROFESSION_G15, OID_PROFESSION_G16, CardKind, Structure
from reference_server.access import Actor, AuthMode
from reference_server.errors import Fault, IdentityMismatch
from reference_server.storage import dossiers
from reference_server.vihf_content import Vihf

_SPECIALTY_REQUIRED = {"10": "1.2.250.1.71.4.2.5", "21": ""}
"""Professions whose role needs a second value, and its code system (R01); any system for the pharmacist's section."""
_OCCUPATIONAL_SPECIALTY, _OCCUPATIONAL_SECTOR = "SM25", "SA66"


@dataclass(frozen=True, slots=True, repr=False)
class Caller:
    """A caller that the directory knows. ``identifier`` is NameID; ``display`` what the patient reads."""

    identifier: str
    display: str
    structure: Structure
    actor: Actor
    reason: str
    patient: Ins | None

    @property
    def mode(self) -> AccessMode:
        """How they enter."""
        return self.actor.mode

    @property
    def secret(self) -> bool:
        """In a minor's secret connection."""
        return self.actor.secret

    @property
    def is_staff(self) -> bool:
        """No health professional: acts for the structure."""
        return self.actor.auth_mode is AuthMode.INDIRECT or not self.actor.profession

    @property
    def holders(self) -> tuple[str, ...]:
        """Names under which an authorisation may stand: one's own for a professional, and the structure's."""
        return (self.structure.national_id,) if self.is_staff else (self.identifier, self.structure.national_id)


def admit(session: Session, vihf: Vihf) -> Caller:
    """Raises Fault: structure unknown or not linked, specialty missing, role against the card."""
    profession = _profession(vihf)
    structure = dossiers.structure(session, vihf.structure_id)
    if structure is None:
        raise Fault("DMPStructureUnknown", "La structure est inconnue ou inactive.", rule="structure.unknown")
    if _needs_link(vihf, profession) and not dossiers.is_linked(session, vihf.name_id, vihf.structure_id):
        sentence = "Le professionnel n'exerce pas dans cette structure."
        raise Fault("DMPStructureNotLinked", sentence, rule="structure.not_linked")
    actor = Actor(
        auth_mode=vihf.auth_mode,
        card=vihf.subject.card_kind,
        profession=profession,
        mode=vihf.access_mode,
        occupational=_is_occupational(vihf, structure),
        reason_given=bool(vihf.reason),
        secret=vihf.secret,
        training=_training(vihf),
    )
    return Caller(vihf.name_id, _display(vihf, profession), structure, actor, vihf.reason, vihf.patient)


def _needs_link(vihf: Vihf, profession: str) -> bool:
    """Card holders and identified professionals; an automat or an employee is its structure's own business."""
    return vihf.auth_mode is AuthMode.DIRECT or (vihf.auth_mode is AuthMode.REINFORCED and bool(profession))


def _profession(vihf: Vihf) -> str:
    """G15 code of the role, empty for staff; a card's own profession must agree with it."""
    first = vihf.roles[0]
    profession = first.code if first.system == OID_PROFESSION_G15 else ""
    if vihf.auth_mode is AuthMode.DIRECT and not _is_on_card(profession, vihf):
        raise IdentityMismatch("le rôle du VIHF n'est pas la profession inscrite dans la carte")
    if profession in _SPECIALTY_REQUIRED and not _has_specialty(vihf, _SPECIALTY_REQUIRED[profession]):
        raise Fault("DMPSpecialtyMissing", "La spécialité du professionnel manque dans le VIHF.", rule="vihf.specialty")
    return profession


def _is_on_card(profession: str, vihf: Vihf) -> bool:
    """On a card in training (CPF) without profession, the future one that it carries."""
    subject = vihf.subject
    if subject.card_kind is CardKind.CPF and not subject.profession:
        return not profession and _training(vihf) in (subject.training, "")
    return profession == subject.profession


def _training(vihf: Vihf) -> str:
    """G16 code of the role, on a card in training; empty otherwise."""
    first = vihf.roles[0]
    is_training = first.system == OID_PROFESSION_G16 and vihf.subject.card_kind is CardKind.CPF
    return first.code if is_training else ""


def _has_specialty(vihf: Vihf, system: str) -> bool:
    return len(vihf.roles) == 2 and (not system or vihf.roles[1].system == system)


def _is_occupational(vihf: Vihf, structure: Structure) -> bool:
    """By what the VIHF says, or by the directory, which leaving the sector out of the VIHF does not change."""
    specialty = vihf.roles[1].code if len(vihf.roles) == 2 else ""
    return specialty == _OCCUPATIONAL_SPECIALTY or _OCCUPATIONAL_SECTOR in (vihf.sector, structure.sector)


def _display(vihf: Vihf, profession: str) -> str:
    subject = vihf.subject
    name = f"{subject.given_name} {subject.family_name}".strip() if subject.is_person else vihf.subject_name
    name = name or vihf.subject_name or vihf.name_id
    return f"Dr {name}" if profession == "10" else name
