"""Administrative data of dossiers. Before versions were kept, a start made missing tables: it may be there."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r2", "r1"


def upgrade() -> None:
    """The table, empty: nobody gave any data yet."""
    if sa.inspect(op.get_bind()).has_table("administrative"):
        return
    op.create_table(
        "administrative",
        sa.Column("matricule", sa.String, sa.ForeignKey("person.matricule"), primary_key=True),
        sa.Column("attached", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("used_name", "street", "postal_code", "city")),
        sa.Column("telecoms", sa.JSON, nullable=False),
    )
