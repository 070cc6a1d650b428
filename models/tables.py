"""Every table in one place: the ORM classes for forms, `table(X)` for set-based SQL."""

from __future__ import annotations

from sqlalchemy import Table

from models.accounts import (
    HalfSession,
    Password,
    RecoveryCode,
    ResetLink,
    SecondFactor,
    SignInFailure,
    WebSession,
)
from models.admin_events import AdminEvent
from models.base import FOREVER, Base
from models.calendar import CalendarOverride
from models.events import Event
from models.letters import Citation, Duty, Letter, LetterLine, LetterUnit, Point, PointUnit
from models.people import Appointment, Delegation, OpenedGlass, User
from models.recognitions import Fingerprint, Recognition, SheetMapping
from models.seals import EventErasure, EventSeal
from models.steps import Answer, Evidence, Extension, Step, StepUnit
from models.terms import Term
from models.units import Level, Unit, UnitAlias, UnitChange, UnitChangePart, UnitGroup, UnitPeriod

__all__ = [
    "FOREVER",
    "AdminEvent",
    "Answer",
    "Appointment",
    "Base",
    "CalendarOverride",
    "Citation",
    "Delegation",
    "Duty",
    "Event",
    "EventErasure",
    "EventSeal",
    "Evidence",
    "Extension",
    "Fingerprint",
    "HalfSession",
    "Letter",
    "LetterLine",
    "LetterUnit",
    "Level",
    "OpenedGlass",
    "Password",
    "Point",
    "PointUnit",
    "Recognition",
    "RecoveryCode",
    "ResetLink",
    "SecondFactor",
    "SheetMapping",
    "SignInFailure",
    "Step",
    "StepUnit",
    "Term",
    "Unit",
    "UnitAlias",
    "UnitChange",
    "UnitChangePart",
    "UnitGroup",
    "UnitPeriod",
    "User",
    "WebSession",
    "metadata",
    "table",
]

metadata = Base.metadata


def table(mapped: type[Base]) -> Table:
    """The Core table of an ORM class, typed as one."""
    found = mapped.__table__
    assert isinstance(found, Table)
    return found
