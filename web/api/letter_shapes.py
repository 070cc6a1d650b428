"""A letter, a step and a trace as programs are shown them."""

from __future__ import annotations

from marshmallow import Schema, fields

from web.api.shapes import (
    EventLine,
    LetterLine,
    LetterRef,
    MovedEvent,
    MoveOption,
    StepLine,
    UnitRef,
    day,
    many,
    maybe,
    number,
    said,
)


class NamedUnit(Schema):
    """A name as printed on a letter."""

    role = said("act or know")
    as_printed = said()
    units = number(metadata={"description": "for how many units it stands"})
    code = maybe("of the unit, where it is one")


class PointShown(Schema):
    """A point of a letter."""

    no = said()
    text = said()
    due = day()
    due_text = maybe("the due date as written")


class CitationShown(LetterRef):
    """A letter at the other end of a citation."""

    issuer = said()
    state = said()
    role = said("implements, basis, continues, amends, supersedes, withdraws, reminds, mentions")


class LetterShown(LetterLine):
    """A letter with its points and citations, the first fifty of each."""

    version = number()
    issuer_code = maybe()
    place = maybe()
    urgency = maybe()
    signer = maybe()
    signer_capacity = maybe()
    superseded_by = number(allow_none=True)
    text = maybe("its first 60,000 characters")
    length = number(allow_none=True, metadata={"description": "of the text"})
    units = many(NamedUnit)
    points = many(PointShown)
    cites = many(CitationShown)
    cited_by = many(CitationShown)
    answers = many(fields.Integer(metadata={"description": "a step it answers"}))
    history = many(EventLine)


class ExtensionShown(Schema):
    """A later date asked for."""

    state = said("asked, granted, refused")
    asked_until = day()
    until = day()
    reason = said()


class EvidenceShown(Schema):
    """A file or letter that a report has shown."""

    id = number()
    at = fields.AwareDateTime(required=True)
    by = said()
    file_name = maybe()
    sha256 = maybe()
    size = number(allow_none=True)
    letter_id = number(allow_none=True)


class StepShown(StepLine):
    """A step with its moves."""

    original_due = day()
    due_text = maybe("the due date as written")
    reporter = maybe()
    open_children = number()
    coordinating = many(fields.String(metadata={"description": "a unit's code"}))
    extensions = many(ExtensionShown)
    evidence = many(EvidenceShown)
    answers = many(LetterRef)
    parts = many(fields.Integer(metadata={"description": "a step that is a part of it"}))
    history = many(MovedEvent)
    moves = many(MoveOption)


class TracedStep(Schema):
    """A step in a trace."""

    id = number()
    kind = said()
    state = said()
    turn = said()
    lateness = said()
    letter_id = number()
    parent = number(allow_none=True)
    point = said()
    unit = fields.Nested(UnitRef, required=True)
    due = day()
    reported_on = day()


class Edge(Schema):
    """What leads from one to another, such as letter 3 to step 12."""

    source = said("letter/3 or step/12")
    target = said("letter/3 or step/12")
    kind = said("sets, splits, answers, implements")


class Traced(Schema):
    """All in one direction, without circles."""

    letters = many(LetterLine)
    steps = many(TracedStep)
    edges = many(Edge)


class Trace(Schema):
    """A letter's cascade: all below it, and what it comes from; null for what was not asked for."""

    down = fields.Nested(Traced, required=True, allow_none=True)
    up = fields.Nested(Traced, required=True, allow_none=True)
