"""A dossier may have several médecins traitants. The table may be there already, made by a start, and hold some."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r5", "r4"
_PERSON = sa.table("person", sa.column("matricule", sa.String), sa.column("treating", sa.String))


def upgrade() -> None:
    """The one of each dossier becomes the first of several."""
    inspector = sa.inspect(op.get_bind())
    treating = sa.table("treating", sa.column("matricule", sa.String), sa.column("professional", sa.String))
    if not inspector.has_table("treating"):
        op.create_table(
            "treating",
            sa.Column("matricule", sa.String, sa.ForeignKey("person.matricule"), primary_key=True),
            sa.Column("professional", sa.String, primary_key=True),
        )
    if "treating" not in {column["name"] for column in inspector.get_columns("person")}:
        return
    known = sa.select(treating.c.matricule, treating.c.professional)
    old = sa.select(_PERSON).where(_PERSON.c.treating != "")
    op.get_bind().execute(sa.insert(treating).from_select(["matricule", "professional"], old.except_(known)))
    op.drop_column("person", "treating")
