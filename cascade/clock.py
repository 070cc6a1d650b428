"""The clock: asked once per request or command, then passed on."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

from models.base import OFFICE as OFFICE


class Moment(NamedTuple):
    """The moment of a request: `at` for the record, `today` for what is late."""

    at: datetime
    today: date


def now() -> Moment:
    """This moment."""
    at = datetime.now(UTC)
    return Moment(at, at.astimezone(OFFICE).date())


def on(day: date) -> Moment:
    """Nine in the morning of another day, for samples and for questions about that day."""
    return Moment(datetime.combine(day, time(9), OFFICE), day)
