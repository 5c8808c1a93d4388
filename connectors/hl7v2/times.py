"""HL7 DTM in laboratory messages: aware datetimes; a time without zone is this machine's own."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_DTM = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)?(\d\d)?(?:\.\d{1,4})?)?([+-]\d{4})?")


def read_moment(text: str) -> datetime | None:
    """``20261122``, ``202611220930``, ``20261122093000+0100``; None for anything else (years and months alone too)."""
    match = _DTM.fullmatch(text.strip())
    if match is None:
        return None
    numbers = [int(part or 0) for part in match.groups()[:6]]
    try:
        moment = datetime(*numbers)  # type: ignore[arg-type]
        return moment.replace(tzinfo=_zone(match[7])) if match[7] else moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _zone(text: str) -> timezone:
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:])))


def read_day(text: str) -> str:
    """The day of a birth date, AAAAMMJJ, as it is written (lunar dates too); empty when there is none."""
    match = re.fullmatch(r"(\d{8})(?:\d{2,6})?(?:[+-]\d{4})?", text.strip())
    return match[1] if match else ""
