"""A database of any earlier layout comes up to date at each start, all of it or nothing: Alembic, one file a change.

Versions go one way. Databases from before versions were kept are recognised by their tables (see ``r1``).
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection

from reference_server.errors import CannotStart
from reference_server.storage.seal import Seal

FOLDER = Path(__file__).parent / "migrations"
_ALEMBIC = threading.Lock()
"""Alembic keeps what it works on in module globals."""


def bring_up_to_date(connection: Connection, seal: Seal, *, seal_is_new: bool) -> None:
    """Within the connection's transaction. ``seal`` signs traces of the time before signatures, if it is new.

    Raises CannotStart: the database was made by a later version of the server, or its traces lost their signatures.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, seal=seal, seal_is_new=seal_is_new)
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_heads()
    if not {*current} <= {known.revision for known in script.walk_revisions()}:
        raise CannotStart("database of a later version", sentence=_TOO_NEW)
    if set(current) != set(script.get_heads()):
        with _ALEMBIC:
            command.upgrade(config, "head")


_TOO_NEW = (
    "La base de données a été faite par une version plus récente du serveur : "
    "lancez cette version-là, ou donnez un autre dossier (--data) ou une autre base (--database)."
)
