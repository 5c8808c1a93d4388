"""Documents are found by what they refer to: the facet of those registered before that."""

import sqlalchemy as sa
from alembic import op

from reference_server import xml
from reference_server.metadata.registration import REFERENCE_IDS
from reference_server.metadata.views import Entry

revision, down_revision = "r6", "r5"
_DOCUMENT = sa.table(
    "document", sa.column("entry_uuid", sa.String), sa.column("facets", sa.JSON), sa.column("xml", sa.LargeBinary)
)


def upgrade() -> None:
    """Read from the stored metadata."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_DOCUMENT)).all():
        if "reference" not in row.facets:
            facets = {**row.facets, "reference": Entry(xml.parse(row.xml)).slot(REFERENCE_IDS)}
            connection.execute(
                sa.update(_DOCUMENT).where(_DOCUMENT.c.entry_uuid == row.entry_uuid).values(facets=facets)
            )
