"""Alembic runs this file; ``reference_server.storage.upgrade`` hands it the connection and its open transaction."""

from alembic import context

from reference_server.storage.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
