"""The GP before the server's desk."""

from __future__ import annotations

import pytest


@pytest.fixture
def client(desk, gp):
    return desk.client(gp)
