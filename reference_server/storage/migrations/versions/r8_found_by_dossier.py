"""Submissions and associations are found by their dossier, whatever the size of the database.

Lot signatures say that they are invisible to the patient, and are nothing that anybody announces: no longer counted.
"""

import sqlalchemy as sa
from alembic import op

from reference_server.metadata.views import SIGNATURE_TYPE

revision, down_revision = "r8", "r7"
_DOCUMENT = sa.table(
    "document",
    sa.column("entry_uuid", sa.String),
    sa.column("invisible_to_patient", sa.Boolean),
    sa.column("facets", sa.JSON),
)


def upgrade() -> None:
    """Two indexes, and one column of the lot signatures."""
    op.create_index("ix_submission_matricule", "submission", ["matricule"])
    op.create_index("ix_association_submission", "association", ["submission"])
    connection = op.get_bind()
    hidden = sa.select(_DOCUMENT.c.entry_uuid, _DOCUMENT.c.facets).where(_DOCUMENT.c.invisible_to_patient)
    for row in connection.execute(hidden).all():
        if f"{SIGNATURE_TYPE}^^ASTM" in row.facets["type"]:
            this = _DOCUMENT.c.entry_uuid == row.entry_uuid
            connection.execute(sa.update(_DOCUMENT).where(this).values(invisible_to_patient=False))
