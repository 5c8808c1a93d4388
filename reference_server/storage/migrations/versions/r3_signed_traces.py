"""Traces are signed. Old ones are linked and signed when the key is made, and never later: else who dropped the
signatures could have altered rows signed anew.
"""

import sqlalchemy as sa
from alembic import context, op

from reference_server.errors import CannotStart
from reference_server.storage import traces
from reference_server.trace_file import GENESIS

revision, down_revision = "r3", "r2"
_WORDS = ("at", "actor", "actor_name", "structure", "structure_name", "auth_mode", "access_mode", "reason",
          "transaction", "matricule", "outcome", "rule", "message_id", "previous", "digest", "signature")  # fmt: skip
_TRACE = sa.table(
    "trace",
    sa.column("number", sa.Integer),
    sa.column("documents", sa.JSON),
    *(sa.column(name, sa.String) for name in _WORDS),
)


def upgrade() -> None:
    """The column, and the signatures. Raises CannotStart."""
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("trace")}
    if "signature" in columns:
        return
    op.add_column("trace", sa.Column("signature", sa.String, nullable=False, server_default=""))
    rows = op.get_bind().execute(sa.select(_TRACE).order_by(_TRACE.c.number)).mappings().all()
    if rows and not context.config.attributes["seal_is_new"]:
        raise CannotStart("traces without signatures")
    previous = GENESIS
    for row in rows:
        values = {str(name): value for name, value in row.items()}
        digest, signature = traces.sealed(row["number"], previous, values, context.config.attributes["seal"])
        changed = {"previous": previous, "digest": digest, "signature": signature}
        op.get_bind().execute(sa.update(_TRACE).where(_TRACE.c.number == row["number"]).values(changed))
        previous = digest
