"""Dossiers being created (day of the notice, opposition), and attempts made in a minor's secret connection."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r7", "r6"


def upgrade() -> None:
    """Nobody had a notice, no old attempt is known to be secret."""
    op.add_column("person", sa.Column("notice_sent_on", sa.String, nullable=False, server_default=""))
    for table, name in (("person", "opposed_to_creation"), ("trace", "secret")):
        op.add_column(table, sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))
