"""Who is of age on which day: the client and the server each work it out, from the same table of what is right."""

from datetime import date

import pytest

of_age = pytest.mark.parametrize(
    "born,on,minor",
    [
        ("20081123", date(2026, 11, 22), True),
        ("20081122", date(2026, 11, 22), False),
        ("20080229", date(2026, 2, 28), True),
        ("20080229", date(2026, 3, 1), False),
        ("20120229", date(2030, 2, 28), True),
        ("20120229", date(2030, 3, 1), False),
        ("20081200", date(2026, 12, 30), True),
        ("20081200", date(2026, 12, 31), False),
        ("20080000", date(2026, 12, 30), True),
        ("20080000", date(2026, 12, 31), False),
        ("20081100", date(2026, 11, 30), True),
        ("20081100", date(2026, 12, 1), False),
        ("20083012", date(2026, 12, 30), True),
        ("19710000", date(2026, 1, 1), False),
    ],
)
