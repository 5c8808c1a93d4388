"""Documents hidden from the patient are found at once in a dossier of any size: each call looks for them."""

from alembic import op

revision, down_revision = "r10", "r9"


def upgrade() -> None:
    """One index takes the place of another, which it begins like."""
    op.create_index("ix_document_dossier", "document", ["matricule", "invisible_to_patient"])
    op.drop_index("ix_document_matricule", "document")
