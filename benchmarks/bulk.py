"""A database filled directly, as so many deposits would have left it: dossiers, documents, their submissions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from benchmarks.presigned import again
from demonstration.people import CARDS
from praticien.access import Authorisation, DossierState
from praticien.deposit import new_oid
from praticien.identity import Ins, InsOid, Sex, StrictTraits, nir_key
from praticien.metadata import Submission
from reference_server.metadata import registration, writer
from reference_server.metadata.registration import Filing
from reference_server.metadata.submission import Received
from reference_server.metadata.views import AssociationView, Entry, SubmissionSetView
from reference_server.seeding import add_dossier
from reference_server.seeds import DossierSeed
from reference_server.storage.database import Database
from reference_server.storage.tables import AssociationRow, ContentRow, DocumentRow, SubmissionRow, insert_into

_TOGETHER = 2000
"""Documents written by one transaction."""
Values = dict[str, Any]


def patient(number: int) -> Ins:
    """A matricule of nobody, under the test authority; ``number`` below 100,000."""
    thirteen = f"284069{number // 1000:02}99{number % 1000:03}"
    return Ins(thirteen + nir_key(thirteen), InsOid.TEST)


def add_dossiers(database: Database, patients: list[Ins]) -> None:
    """Open dossiers that the general practitioner may read."""
    traits = StrictTraits("TESTMESURE", ("NUMERO",), "19840621", Sex.FEMALE, "99999")
    holder = {CARDS["cps-medecin"].professional.national_id: Authorisation.VALID}
    with database.transaction() as session:
        for ins in patients:
            seed = DossierSeed(ins, traits, state=DossierState.OPEN, authorisations=holder)
            add_dossier(session, seed, datetime.now(UTC))


def fill(database: Database, model: Submission, ins: Ins, count: int) -> None:
    """So many documents like ``model`` in a dossier; each has octets of its own, few: nobody reads them here."""
    base = _filed(again(model))
    for start in range(0, count, _TOGETHER):
        made = [_copy(base, ins) for _ in range(min(_TOGETHER, count - start))]
        with database.transaction() as session:
            session.execute(insert_into(SubmissionRow), [one["submission"] for one in made])
            session.execute(insert_into(ContentRow), [one["content"] for one in made])
            session.execute(insert_into(DocumentRow), [one["document"] for one in made])
            session.execute(insert_into(AssociationRow), [one["association"] for one in made])


def _filed(submission: Submission) -> Filing:
    listed = writer.registry_objects(submission)
    received = Received(
        SubmissionSetView(listed.package),
        tuple(Entry(element) for element in listed.entries),
        tuple(AssociationView(element) for element in listed.associations),
        {one.entry.entry_uuid: one.content for one in submission.documents},
    )
    return registration.filing(received)


def _copy(base: Filing, ins: Ins) -> dict[str, Values]:
    (document,), (association,) = base.documents, base.associations
    new = {
        base.submission["entry_uuid"]: f"urn:uuid:{uuid4()}",
        base.submission["unique_id"]: new_oid(),
        document["entry_uuid"]: f"urn:uuid:{uuid4()}",
        document["unique_id"]: new_oid(),
        association["entry_uuid"]: f"urn:uuid:{uuid4()}",
    }
    content = f"TEST {new[document['unique_id']]}".encode()
    digest = hashlib.sha256(content).hexdigest()
    now = datetime.now(UTC).isoformat()
    depositor = {"received_at": now, "depositor": "BENCH", "structure": "BENCH", "matricule": ins.matricule}
    return {
        "submission": _row(base.submission, new) | depositor,
        "content": {"sha256": digest, "octets": content},
        "document": _row(document, new) | {"matricule": ins.matricule, "content": digest},
        "association": _row(association, new),
    }


def _row(values: Values, new: dict[str, str]) -> Values:
    return {name: _renamed(value, new) if name == "xml" else _one(value, new) for name, value in values.items()}


def _one(value: Any, new: dict[str, str]) -> Any:
    return new.get(value, value) if isinstance(value, str) else value


def _renamed(octets: bytes, new: dict[str, str]) -> bytes:
    for old, name in new.items():
        octets = octets.replace(old.encode(), name.encode())
    return octets


def spread(database: Database, model: Submission, patients: list[Ins], documents: int) -> None:
    """So many documents over these dossiers, evenly."""
    for ins, count in zip(patients, _shares(documents, len(patients)), strict=True):
        fill(database, model, ins, count)


def _shares(total: int, among: int) -> Iterator[int]:
    for index in range(among):
        yield total * (index + 1) // among - total * index // among
