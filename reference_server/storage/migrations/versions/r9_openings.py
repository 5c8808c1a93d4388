"""Legal representatives, contacts, consents to opening (TD1.1, TD1.2, TD1.3), and searches to be continued (TD0.5)."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r9", "r8"
_EMPTY = {"representatives": "[]", "contacts": "[]", "consents": "{}"}


def upgrade() -> None:
    """Nobody gave any."""
    for name, empty in _EMPTY.items():
        op.add_column("administrative", sa.Column(name, sa.JSON, nullable=False, server_default=empty))
    op.create_table(
        "continuation",
        sa.Column("query", sa.String, primary_key=True),
        sa.Column("caller", sa.String, primary_key=True),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("until", sa.String, nullable=False),
    )
