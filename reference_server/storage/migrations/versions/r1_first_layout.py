"""The very first layout, as it was written before versions were kept. A database of that time has it already."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "r1", None
_INDEXED = ("document", "trace", "notification")


def _text(name: str, **options: bool) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False, **options)  # type: ignore[arg-type]


def _reference(name: str, target: str, **options: bool) -> sa.Column[str]:
    return sa.Column(name, sa.String, sa.ForeignKey(target), nullable=False, **options)  # type: ignore[arg-type]


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON, nullable=False)


def _octets(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def upgrade() -> None:
    """Everything, unless it is there."""
    if sa.inspect(op.get_bind()).has_table("person"):
        return
    _create_directory()
    _create_dossiers()
    _create_documents()
    _create_log()
    for table in _INDEXED:
        op.create_index(f"ix_{table}_matricule", table, ["matricule"])


def _create_directory() -> None:
    op.create_table("structure", _text("national_id", primary_key=True), _text("name"), _text("sector"))
    structure = _reference("structure", "structure.national_id", primary_key=True)
    op.create_table("link", _text("professional", primary_key=True), structure)


def _create_dossiers() -> None:
    op.create_table(
        "person",
        _text("matricule", primary_key=True),
        *map(_text, ("oid", "birth_name")),
        _json("first_names"),
        *map(_text, ("birth_date", "sex", "birth_place")),
        sa.Column("birth_rank", sa.Integer, nullable=False),
        *map(_text, ("state", "closed_on", "treating")),
        *map(_flag, ("opposed_to_break_glass", "opposed_to_regulation", "masked_visible_in_emergency")),
    )
    op.create_table(
        "authorisation",
        _reference("matricule", "person.matricule", primary_key=True),
        _text("holder", primary_key=True),
        _flag("forbidden"),
        _text("valid_until"),
    )


def _create_documents() -> None:
    op.create_table("content", _text("sha256", primary_key=True), _octets("octets"))
    op.create_table(
        "submission",
        _text("unique_id", primary_key=True),
        _text("entry_uuid", unique=True),
        _reference("matricule", "person.matricule"),
        *map(_text, ("received_at", "depositor", "structure")),
        _octets("xml"),
    )
    op.create_table(
        "document",
        _text("entry_uuid", primary_key=True),
        _text("unique_id", unique=True),
        _reference("matricule", "person.matricule"),
        _reference("submission", "submission.unique_id"),
        _reference("content", "content.sha256"),
        *map(_text, ("status", "mime_type", "title")),
        *map(_flag, ("masked", "invisible_to_patient")),
        *map(_json, ("author_ids", "facets")),
        _octets("xml"),
    )
    op.create_table(
        "association",
        _text("entry_uuid", primary_key=True),
        _reference("submission", "submission.unique_id"),
        *map(_text, ("type", "source", "target")),
        _octets("xml"),
        sa.UniqueConstraint("type", "source", "target"),
    )


def _create_log() -> None:
    said = ("at", "actor", "actor_name", "structure", "structure_name", "auth_mode", "access_mode", "reason")
    op.create_table(
        "trace",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        *map(_text, (*said, "transaction", "matricule")),
        _json("documents"),
        *map(_text, ("outcome", "rule", "message_id", "previous", "digest")),
    )
    op.create_table(
        "notification",
        sa.Column("number", sa.Integer, primary_key=True),
        _text("at"),
        _reference("matricule", "person.matricule"),
        *map(_text, ("recipient", "text")),
        sa.Column("trace", sa.Integer, sa.ForeignKey("trace.number"), nullable=False),
    )
