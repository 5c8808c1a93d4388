"""Dossiers, the directory of structures, and authorisations."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from praticien.access import Authorisation, DossierState
from praticien.identity import Ins
from praticien.professional import Structure
from reference_server import lifecycle
from reference_server.access import Dossier
from reference_server.ages import may_be_minor
from reference_server.storage.tables import (
    AdministrativeRow,
    AuthorisationRow,
    LinkRow,
    PersonRow,
    StructureRow,
    TreatingRow,
)

AUTHORISATION_LIFETIME = timedelta(days=365)
"""One year: the only public figure is old (facts 4.3)."""


# Asked with each call: written once, so that only values change.
_STRUCTURE = select(StructureRow.national_id, StructureRow.name, StructureRow.sector).where(
    StructureRow.national_id == bindparam("structure")
)
_LINK = select(LinkRow.structure).where(
    LinkRow.professional == bindparam("professional"), LinkRow.structure == bindparam("structure")
)
_PERSON = select(PersonRow.matricule).where(PersonRow.matricule == bindparam("matricule"))
_AUTHORISATIONS = select(AuthorisationRow.forbidden, AuthorisationRow.valid_until).where(
    AuthorisationRow.matricule == bindparam("matricule"),
    AuthorisationRow.holder.in_(bindparam("holders", expanding=True)),
)
_STANDING = (
    select(
        PersonRow,
        AdministrativeRow.attached,
        exists()
        .where(TreatingRow.matricule == PersonRow.matricule, TreatingRow.professional == bindparam("professional"))
        .label("treating"),
    )
    .outerjoin(AdministrativeRow, AdministrativeRow.matricule == PersonRow.matricule)
    .where(PersonRow.matricule == bindparam("matricule"), PersonRow.oid == bindparam("oid"))
)
"""A dossier of which nothing administrative is known is attached to Mon espace santé."""


def structure(session: Session, national_id: str) -> Structure | None:
    """A structure of the directory."""
    row = session.execute(_STRUCTURE, {"structure": national_id}).first()
    return Structure(row.national_id, row.name, row.sector) if row else None


def is_linked(session: Session, professional: str, structure_id: str) -> bool:
    """Whether this professional practises in this structure."""
    return session.execute(_LINK, {"professional": professional, "structure": structure_id}).first() is not None


def person(session: Session, ins: Ins) -> PersonRow | None:
    """The person with this matricule under this authority."""
    row = session.get(PersonRow, ins.matricule)
    return row if row and row.oid == ins.oid else None


def is_known(session: Session, matricule: str) -> bool:
    """Whether there is anybody of that matricule."""
    return session.execute(_PERSON, {"matricule": matricule}).first() is not None


def dossier_for(session: Session, ins: Ins, holders: tuple[str, ...], professional: str, now: datetime) -> Dossier:
    """The dossier as it stands now for someone acting under these authorisation ``holders``."""
    standing = {"matricule": ins.matricule, "oid": ins.oid, "professional": professional}
    row, attached, treating = session.execute(_STANDING, standing).first() or (None, None, False)
    if row is None:
        return Dossier(DossierState.ABSENT)
    lifecycle.catch_up(session, row, now)
    return Dossier(
        state=DossierState(row.state),
        authorisation=_authorisation(session, ins, holders, now),
        treating=treating,
        opposed_to_break_glass=row.opposed_to_break_glass,
        opposed_to_regulation=row.opposed_to_regulation,
        masked_visible_in_emergency=row.masked_visible_in_emergency,
        attached=attached is not False,
        creation=lifecycle.creation_of(row),
        minor=may_be_minor(row.birth_date, now.date()),
    )


def _authorisation(session: Session, ins: Ins, holders: tuple[str, ...], now: datetime) -> Authorisation:
    """Blocked by any name is blocked; else one valid name is enough."""
    rows = session.execute(_AUTHORISATIONS, {"matricule": ins.matricule, "holders": holders}).all()
    if any(row.forbidden for row in rows):
        return Authorisation.FORBIDDEN
    if any(row.valid_until > now.isoformat() for row in rows):
        return Authorisation.VALID
    return Authorisation.EXPIRED if rows else Authorisation.NONE


def authorise(session: Session, ins: Ins, holder: str, now: datetime) -> None:
    """Open or renew an authorisation."""
    until = (now + AUTHORISATION_LIFETIME).isoformat()
    session.merge(AuthorisationRow(matricule=ins.matricule, holder=holder, forbidden=False, valid_until=until))


def put_authorisation(session: Session, ins: Ins, holder: str, status: Authorisation, now: datetime) -> None:
    """An authorisation in a given state, for seeding."""
    if status is Authorisation.NONE:
        return
    days = AUTHORISATION_LIFETIME if status is Authorisation.VALID else timedelta(days=-1)
    session.merge(
        AuthorisationRow(
            matricule=ins.matricule,
            holder=holder,
            forbidden=status is Authorisation.FORBIDDEN,
            valid_until=(now + days).isoformat(),
        )
    )


def withdraw(session: Session, ins: Ins, holder: str) -> None:
    """End an authorisation."""
    session.execute(
        delete(AuthorisationRow).where(AuthorisationRow.matricule == ins.matricule, AuthorisationRow.holder == holder)
    )


def treating_physicians(session: Session, matricule: str) -> list[str]:
    """The médecins traitants of a dossier, by PS_IdNat."""
    query = select(TreatingRow.professional).where(TreatingRow.matricule == matricule)
    return list(session.scalars(query.order_by(TreatingRow.professional)))


def add_treating(session: Session, ins: Ins, professional: str) -> None:
    """Name one more médecin traitant."""
    session.merge(TreatingRow(matricule=ins.matricule, professional=professional))


def remove_treating(session: Session, ins: Ins, professional: str) -> None:
    """They are médecin traitant no longer; others stay."""
    session.execute(
        delete(TreatingRow).where(TreatingRow.matricule == ins.matricule, TreatingRow.professional == professional)
    )
