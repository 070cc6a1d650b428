"""What programs may narrow lists down by, and what they send with a move or a letter."""

from __future__ import annotations

from marshmallow import Schema

from web.api.fields import Day, Given, Many, Number, OneOf, Part, Text, YesNo
from web.api.paging import PageQuery
from web.present import letter_moves, moving
from workflows.facts import Fate
from workflows.kinds import MACHINES, CitationRole, StepKind
from workflows.letter import LetterState

_STATES = sorted({state for machine in MACHINES.values() for state in machine.states})
_CODE, _NOTE = 40, 20_000
_LETTER = {"description": "a letter on file, by its number here"}


class LettersQuery(PageQuery):
    """Which letters, newest first; those that are only cited by state=cited."""

    state = OneOf(LetterState)
    kind = Text(100)
    issuer = Text(_CODE, metadata={"description": "the code of the unit"})
    since = Day()
    until = Day()


class StepsQuery(PageQuery):
    """Which steps, the first laid first."""

    letter = Number(metadata=_LETTER)
    unit = Text(_CODE, metadata={"description": "the code of the unit that owes them"})
    kind = OneOf(StepKind)
    state = OneOf(_STATES)
    is_open = YesNo(data_key="open")


class OverdueQuery(PageQuery):
    """Whose overdue steps."""

    unit = Text(_CODE, metadata={"description": "the code of a unit: its own and all below it"})


class UnitsQuery(PageQuery):
    """Units as of which day; today unless told."""

    on = Day()


class UnitQuery(Schema):
    """A unit as of which day; today unless told."""

    on = Day()


class TraceQuery(Schema):
    """Which way to trace; both unless told."""

    direction = OneOf(("down", "up"))


class StepMove(Given):
    """A move on a step; `wants` of its moves tells what each needs."""

    trigger = OneOf(moving.TITLES, required=True)
    note = Text(_NOTE)
    done_on = Day()
    until = Day()
    answer = Number(metadata=_LETTER)
    letters = Many(Number(), 20, metadata={"description": "letters on file shown as evidence"})
    units = Many(Text(_CODE), 1_000, metadata={"description": "codes of receiving units"})
    fate = OneOf((Fate.KEEP, Fate.CANCEL))


class LetterMove(Given):
    """A move on a letter; `wants` of its moves tells what each needs."""

    trigger = OneOf(letter_moves.TITLES, required=True)
    note = Text(_NOTE)
    until = Day()
    replacement = Number(metadata=_LETTER)
    series = Many(Number(), 1_000, metadata={"description": "recurring duties of the letter"})
    fate = OneOf(Fate)


class PointGiven(Given):
    """A numbered point; with `lead` or `due` it is a duty."""

    no = Text(20, required=True)
    text = Text(_NOTE, required=True, least=1)
    due = Day()
    due_text = Text(500, metadata={"description": "the due date as written"})
    lead = Many(Text(_CODE), 1_000, metadata={"description": "codes of units that owe it"})
    coordinating = Many(Text(_CODE), 1_000)


class DutyGiven(Given):
    """A duty: who owes it, by which point (none: the letter as a whole), until when."""

    unit = Text(_CODE, required=True, least=1)
    point = Text(20)
    due = Day()


class CitationGiven(Given):
    """Another letter this one names: by `letter`, or by number and symbol as printed."""

    role = OneOf(CitationRole, required=True)
    letter = Number(metadata=_LETTER)
    number = Text(40, least=1)
    symbol = Text(80, least=1)
    date = Day()
    issuer = Text(_CODE, metadata={"description": "the code of the unit"})


class LetterGiven(Given):
    """A letter to register as a draft; issuing it is a move of its own."""

    issuer = Text(_CODE, required=True, least=1, metadata={"description": "the code of the unit"})
    kind = Text(100, required=True, least=1)
    number = Text(40, required=True, least=1)
    symbol = Text(80, required=True, least=1)
    date = Day(required=True)
    subject = Text(2_000, required=True, least=1)
    place = Text(200)
    urgency = Text(100)
    signer = Text(200)
    signer_capacity = Text(200)
    text = Text(1_000_000)
    to_act = Many(Text(_CODE), 5_000, metadata={"description": "codes of units addressed"})
    to_know = Many(Text(_CODE), 5_000, metadata={"description": "codes of units told"})
    points = Many(Part(PointGiven), 500)
    duties = Many(
        Part(DutyGiven),
        5_000,
        metadata={"description": "all its duties, where points and addressees do not say them"},
    )
    citations = Many(Part(CitationGiven), 200)
    replaces = Many(
        Number(), 50, metadata={"description": "cited letters not on file that this one is"}
    )
