"""Dossiers, the directory of structures, and authorisations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from praticien.access import Authorisation, DossierState
from praticien.identity import Ins
from praticien.professional import Structure
from reference_server import lifecycle
from reference_server.access import Dossier
from reference_server.ages import may_be_minor
from reference_server.storage.prepared import Prepared
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


class _Standing(NamedTuple):
    """What a dossier's state, its patient's choices and one professional's place in it say."""

    state: str
    notice_sent_on: str
    opposed_to_creation: bool
    birth_date: str
    opposed_to_break_glass: bool
    opposed_to_regulation: bool
    masked_visible_in_emergency: bool
    attached: bool | None
    treating: bool


class _Given(NamedTuple):
    """An authorisation, or a blocking."""

    forbidden: bool
    valid_until: str


_STRUCTURE = Prepared(
    select(StructureRow.national_id, StructureRow.name, StructureRow.sector).where(
        StructureRow.national_id == bindparam("structure")
    ),
    Structure,
)
_LINK = Prepared(
    select(LinkRow.structure).where(
        LinkRow.professional == bindparam("professional"), LinkRow.structure == bindparam("structure")
    ),
    str,
)
_PERSON = Prepared(select(PersonRow.matricule).where(PersonRow.matricule == bindparam("matricule")), str)
_AUTHORISATIONS = Prepared(
    select(AuthorisationRow.forbidden, AuthorisationRow.valid_until).where(
        AuthorisationRow.matricule == bindparam("matricule"), AuthorisationRow.holder == bindparam("holder")
    ),
    _Given,
)
_STANDING = Prepared(
    select(
        PersonRow.state,
        PersonRow.notice_sent_on,
        PersonRow.opposed_to_creation,
        PersonRow.birth_date,
        PersonRow.opposed_to_break_glass,
        PersonRow.opposed_to_regulation,
        PersonRow.masked_visible_in_emergency,
        AdministrativeRow.attached,
        exists()
        .where(TreatingRow.matricule == PersonRow.matricule, TreatingRow.professional == bindparam("professional"))
        .label("treating"),
    )
    .outerjoin(AdministrativeRow, AdministrativeRow.matricule == PersonRow.matricule)
    .where(PersonRow.matricule == bindparam("matricule"), PersonRow.oid == bindparam("oid")),
    _Standing,
)
"""A dossier of which nothing administrative is known is attached to Mon espace santé."""


def structure(session: Session, national_id: str) -> Structure | None:
    """A structure of the directory."""
    return _STRUCTURE.first(session, structure=national_id)


def is_linked(session: Session, professional: str, structure_id: str) -> bool:
    """Whether this professional practises in this structure."""
    return _LINK.first(session, professional=professional, structure=structure_id) is not None


def person(session: Session, ins: Ins) -> PersonRow | None:
    """The person with this matricule under this authority."""
    row = session.get(PersonRow, ins.matricule)
    return row if row and row.oid == ins.oid else None


def is_known(session: Session, matricule: str) -> bool:
    """Whether there is anybody of that matricule."""
    return _PERSON.first(session, matricule=matricule) is not None


def dossier_for(session: Session, ins: Ins, holders: tuple[str, ...], professional: str, now: datetime) -> Dossier:
    """The dossier as it stands now for someone acting under these authorisation ``holders``."""
    asked = {"matricule": ins.matricule, "oid": ins.oid, "professional": professional}
    standing = _STANDING.first(session, **asked)
    if standing is None:
        return Dossier(DossierState.ABSENT)
    if standing.state != DossierState.OPEN.value:  # in an open one nothing falls due
        lifecycle.catch_up(session, session.get_one(PersonRow, ins.matricule), now)
        standing = _STANDING.rows(session, **asked)[0]
    return Dossier(
        state=DossierState(standing.state),
        authorisation=_authorisation(session, ins, holders, now),
        treating=standing.treating,
        opposed_to_break_glass=standing.opposed_to_break_glass,
        opposed_to_regulation=standing.opposed_to_regulation,
        masked_visible_in_emergency=standing.masked_visible_in_emergency,
        attached=standing.attached is not False,
        creation=lifecycle.creation(standing.opposed_to_creation, standing.notice_sent_on),
        minor=may_be_minor(standing.birth_date, now.date()),
    )


def _authorisation(session: Session, ins: Ins, holders: tuple[str, ...], now: datetime) -> Authorisation:
    """Blocked by any name is blocked; else one valid name is enough."""
    rows = [row for holder in holders for row in _AUTHORISATIONS.rows(session, matricule=ins.matricule, holder=holder)]
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
