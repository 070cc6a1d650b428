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
from models.durable import Job, Outgoing, Told
from models.events import Event
from models.feeds import CalendarFeed
from models.identities import Identity
from models.letters import Citation, Duty, Letter, LetterLine, LetterUnit, Point, PointUnit
from models.people import Appointment, Delegation, OpenedGlass, User
from models.programs import ApiAnswer, ApiToken
from models.recognitions import Fingerprint, Recognition, SheetMapping
from models.reminders import Reminder, ReminderFor, ReminderPolicy, ReminderTold
from models.seals import EventErasure, EventSeal
from models.series import Series
from models.steps import Answer, Evidence, Extension, Step, StepUnit
from models.terms import Term
from models.units import Level, Unit, UnitAlias, UnitChange, UnitChangePart, UnitGroup, UnitPeriod

__all__ = [
    "FOREVER",
    "AdminEvent",
    "Answer",
    "ApiAnswer",
    "ApiToken",
    "Appointment",
    "Base",
    "CalendarFeed",
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
    "Identity",
    "Job",
    "Letter",
    "LetterLine",
    "LetterUnit",
    "Level",
    "OpenedGlass",
    "Outgoing",
    "Password",
    "Point",
    "PointUnit",
    "Recognition",
    "RecoveryCode",
    "Reminder",
    "ReminderFor",
    "ReminderPolicy",
    "ReminderTold",
    "ResetLink",
    "SecondFactor",
    "Series",
    "SheetMapping",
    "SignInFailure",
    "Step",
    "StepUnit",
    "Term",
    "Told",
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
