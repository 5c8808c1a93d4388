"""What comes due by itself, in every dossier: at start, each day, and when the operator moves the clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from reference_server import lifecycle
from reference_server.metadata import announcements
from reference_server.storage.database import Database

log = logging.getLogger(__name__)
DAY = 86_400.0


class Clockwork:
    """Several server processes may turn it on one database: what is done is no longer due."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def turn(self) -> None:
        """Open, erase, reveal and remind of what is due, all or nothing; a failure waits for the next turn."""
        try:
            with self._database.transaction() as session:
                now = self._clock()
                lifecycle.catch_up_all(session, now)
                announcements.follow_up_all(session, now)
        except (OSError, SQLAlchemyError) as error:
            log.error("clockwork stopped: %s", type(error).__name__)

    @asynccontextmanager
    async def daily(self, pool: ThreadPoolExecutor) -> AsyncIterator[None]:
        """Turn it once a day for as long as the context lasts."""
        task = asyncio.create_task(self._every_day(pool))
        try:
            yield
        finally:
            task.cancel()

    async def _every_day(self, pool: ThreadPoolExecutor) -> None:
        while True:
            await asyncio.sleep(DAY)
            await asyncio.get_running_loop().run_in_executor(pool, self.turn)
