"""What programs are shown of letters, steps, units and events, as schemas of the document."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from web.api.paging import Page


def said(about: str = "", **given: Any) -> fields.String:
    """A text that is always there."""
    return fields.String(required=True, metadata={"description": about} if about else {}, **given)


def number(**given: Any) -> fields.Integer:
    """A number that is always there."""
    return fields.Integer(required=True, **given)


def day(**given: Any) -> fields.Date:
    """A day that is always there, perhaps as null."""
    return fields.Date(required=True, allow_none=True, **given)


def maybe(about: str = "") -> fields.String:
    """A text that may be null."""
    return said(about, allow_none=True)


def many(of: Any) -> fields.List[Any]:
    """A list that is always there."""
    inner = fields.Nested(of) if isinstance(of, type) else of
    return fields.List(inner, required=True)


class UnitRef(Schema):
    """A unit by number, code and short name."""

    id = number()
    code = said()
    name = said()


class LetterRef(Schema):
    """A letter by what names it; `id` is null where it may not be read."""

    id = number(allow_none=True)
    kind = said()
    number = maybe()
    symbol = maybe()
    date = day()


class LetterLine(LetterRef):
    """A letter in a list."""

    issuer = said("as printed on it")
    subject = said()
    state = said("a code")
    open_steps = number()


class Entered(LetterLine):
    """A letter as it was entered."""

    version = number()


class Letters(Page):
    """A page of the register."""

    items = many(LetterLine)


class Refused(Schema):
    """One thing the rules have against a move."""

    code = said()
    text = said("in the language of Accept-Language")
    field = maybe("the member that could mend it")


class MoveOption(Schema):
    """A move from here."""

    trigger = said()
    title = said()
    is_possible = fields.Boolean(required=True)
    wants = many(fields.String())
    refusals = many(Refused)


class Moves(Schema):
    """The moves of a letter or step for whoever asks, with what stands against each."""

    version = number()
    items = many(MoveOption)


class Moved(Schema):
    """A move as made."""

    kind = said("letter or step")
    id = number()
    event = number(allow_none=True, metadata={"description": "its seq; null for issuing"})
    source = said("the state before")
    target = said("the state now")
    followed = number(metadata={"description": "moves that followed by themselves"})
    version = number()


class StepLine(Schema):
    """A step in a list."""

    id = number()
    version = number()
    kind = said("obligation or task")
    state = said("a code")
    turn = said("whose move it is: lead, issuer, accepter, paused, nobody")
    lateness = said("in_time, due_soon, overdue, done_in_time, done_late, no_date")
    letter = fields.Nested(LetterRef, required=True)
    point = said("the number of the letter's point; empty for the letter as a whole")
    text = said("its first 300 characters in lists")
    unit = fields.Nested(UnitRef, required=True)
    issuer = fields.Nested(UnitRef, required=True)
    parent = number(allow_none=True, metadata={"description": "the step this is a part of"})
    laid_on = day()
    due = day()
    reported_on = day()


class Steps(Page):
    """A page of steps."""

    items = many(StepLine)


class OverdueLine(Schema):
    """A step that is not done though its due date has passed."""

    id = number()
    kind = said()
    state = said()
    turn = said()
    due = day()
    days_late = number()
    unit = fields.Nested(UnitRef, required=True)
    issuer = said("its code")
    letter = fields.Nested(LetterRef, required=True)
    point = said()


class Overdue(Page):
    """A page of what is overdue, the longest first."""

    items = many(OverdueLine)


class UnitLine(Schema):
    """A unit as of a day."""

    id = number()
    code = said()
    name = said()
    short_name = said()
    name_en = said()
    level = said("a code")
    duty = said("what a letter lays on it: obligation or task")
    parent_id = number(allow_none=True)
    parent_code = maybe()
    valid_from = day()
    valid_to = day()


class Units(Page):
    """A page of the units there are on a day."""

    items = many(UnitLine)


class EventLine(Schema):
    """One event of a letter or step."""

    seq = number()
    at = fields.AwareDateTime(required=True)
    actor = said()
    role = said("of the post used; itself for what follows by itself")
    on_behalf_of = maybe()
    trigger = said()
    target = said()
    note = said()
    until = day()


class MovedEvent(EventLine):
    """One event with what was before it."""

    source = maybe("the state before; null: it came into being")


class FollowedEvent(MovedEvent):
    """One event of the record."""

    letter_id = number()
    step_id = number(allow_none=True)
    unit_code = maybe("of the post used")


class Events(Page):
    """A part of the record; `next` is null at its end, where `seen_to` is to be asked from."""

    items = many(FollowedEvent)
    seen_to = said("the place up to which the record was looked at, for `after`")
