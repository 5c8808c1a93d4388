"""What others are told of a professional. Before versions were kept, a start made missing tables: it may be there."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r4", "r3"


def upgrade() -> None:
    """The table, empty: the directory had no names."""
    if sa.inspect(op.get_bind()).has_table("professional"):
        return
    names = ("family_name", "given_name", "profession", "specialty")
    op.create_table(
        "professional",
        sa.Column("national_id", sa.String, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in names),
    )
