"""Administrative data of dossiers (TD1.3, TD1.4) and the search by traits (TD0.5)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from praticien.access import DossierState
from praticien.identity import Ins
from reference_server.storage.tables import AdministrativeRow, PersonRow


def stored(session: Session, matricule: str) -> AdministrativeRow | None:
    """What is stored of a dossier, if anything."""
    return session.get(AdministrativeRow, matricule)


def of(session: Session, ins: Ins) -> AdministrativeRow:
    """The administrative data, an empty row of a dossier attached to Mon espace santé when nobody gave any."""
    row = stored(session, ins.matricule)
    if row is None:
        row = AdministrativeRow(
            matricule=ins.matricule,
            attached=True,
            used_name="",
            street="",
            postal_code="",
            city="",
            telecoms=[],
            representatives=[],
            contacts=[],
            consents={},
        )
        session.add(row)
    return row


def with_dossier(session: Session) -> list[tuple[PersonRow, AdministrativeRow | None]]:
    """Everybody whose dossier is open, with their administrative data."""
    query = select(PersonRow, AdministrativeRow).outerjoin(
        AdministrativeRow, AdministrativeRow.matricule == PersonRow.matricule
    )
    query = query.where(PersonRow.state == DossierState.OPEN.value)
    return [(person, data) for person, data in session.execute(query.order_by(PersonRow.matricule))]
