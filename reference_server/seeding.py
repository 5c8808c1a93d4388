"""How the database starts: the directory, the dossiers, the documents already in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from praticien.administrative import Representative
from praticien.metadata import Submission
from reference_server.metadata import registration, writer
from reference_server.metadata.submission import Received
from reference_server.metadata.views import AssociationView, Entry, SubmissionSetView
from reference_server.seeds import Directory, DossierSeed
from reference_server.storage import dossiers
from reference_server.storage.database import Database, is_empty
from reference_server.storage.tables import AdministrativeRow, LinkRow, PersonRow, ProfessionalRow, StructureRow


def seed(
    database: Database, directory: Directory, seeds: Sequence[DossierSeed], submissions: Iterable[Submission] = ()
) -> bool:
    """Fill an empty database, in one transaction; a database with anything in it is left alone (False)."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        if not is_empty(session):
            return False
        for structure in directory.structures:
            row = StructureRow(national_id=structure.national_id, name=structure.name, sector=structure.sector)
            session.add(row)
        session.flush()
        session.add_all(LinkRow(professional=ps, structure=place) for ps, place in dict.fromkeys(directory.links))
        session.add_all(
            ProfessionalRow(
                national_id=one.national_id,
                family_name=one.family_name,
                given_name=one.given_name,
                profession=one.profession,
                specialty=one.specialty,
            )
            for one in directory.professionals
        )
        for one in seeds:
            add_dossier(session, one, now)
        for submission in submissions:
            _add_submission(session, submission)
    return True


def add_dossier(session: Session, one: DossierSeed, now: datetime) -> None:
    """A person of the directory of patients, with their dossier as far as they have one."""
    session.add(
        PersonRow(
            matricule=one.ins.matricule,
            oid=one.ins.oid,
            birth_name=one.traits.birth_name,
            first_names=list(one.traits.birth_first_names),
            birth_date=one.traits.birth_date,
            sex=one.traits.sex.value,
            birth_place=one.traits.birth_place,
            birth_rank=one.birth_rank,
            state=one.state.value,
            closed_on=one.closed_on,
            opposed_to_break_glass=one.opposed_to_break_glass,
            opposed_to_regulation=one.opposed_to_regulation,
            masked_visible_in_emergency=one.masked_visible_in_emergency,
            notice_sent_on=_notice_day(one, now),
            opposed_to_creation=one.opposed_to_creation,
        )
    )
    session.flush()
    session.add(
        AdministrativeRow(
            matricule=one.ins.matricule,
            attached=one.attached,
            used_name=one.used_name,
            street="",
            postal_code=one.postal_code,
            city=one.city,
            telecoms=[],
            representatives=[_representative(each) for each in one.representatives],
        )
    )
    if one.treating:
        dossiers.add_treating(session, one.ins, one.treating)
    for holder, status in one.authorisations.items():
        dossiers.put_authorisation(session, one.ins, holder, status, now)


def _representative(one: Representative) -> dict[str, Any]:
    """As TD1.3 leaves them in the database."""
    return {
        "code": one.relation,
        "address": [(one.street, one.postal_code, one.city)],
        "telecoms": list(one.telecoms),
        "family": one.family_name,
        "given": list(one.given_names),
    }


def _notice_day(one: DossierSeed, now: datetime) -> str:
    if one.notice_days_ago is None:
        return ""
    return (now - timedelta(days=one.notice_days_ago)).strftime("%Y%m%d")


def _add_submission(session: Session, submission: Submission) -> None:
    """Registered as a deposit would be; no lot signature, since nobody signed."""
    listed = writer.registry_objects(submission)
    author = submission.submission_set.author
    received = Received(
        SubmissionSetView(listed.package),
        tuple(Entry(element) for element in listed.entries),
        tuple(AssociationView(element) for element in listed.associations),
        {one.entry.entry_uuid: one.content for one in submission.documents},
    )
    place = author.institution.identifier if author.institution else ""
    filed = registration.filing(received)
    registration.register(session, filed, author.person.identifier, place, submission.submission_set.submission_time)
