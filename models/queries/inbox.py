"""The inbox of units: what they owe and what waits for them, in order of urgency, page by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    union_all,
)

from models.queries.lists import MOST
from models.queries.units import latest
from models.tables import Extension, Letter, Point, Step, Unit, UnitPeriod, table
from workflows.lateness import SOON

_step, _letter, _point, _extension = table(Step), table(Letter), table(Point), table(Extension)
_unit, _period = table(Unit), table(UnitPeriod)
_issuer, _issuer_period = _unit.alias("issuer"), _period.alias("issuer_period")

PAGE = 40
# Nobody reads further into a text in a list; the step's page has it whole.
_SHOWN = 160


class Key(NamedTuple):
    """Where a page ends: the branch, and the row in it."""

    branch: int
    due: date | None
    id: int


class InboxRow(NamedTuple):
    """A step in an inbox, by the branch that brought it there."""

    branch: int
    id: int
    kind: str
    state: str
    turn: str
    due: date | None
    reported_on: date | None
    open_children: int
    unit_id: int
    unit: str
    issuer_id: int
    issuer: str
    point: str
    text: str | None
    number: str | None
    symbol: str | None
    subject: str


def page(
    conn: Connection,
    today: date,
    *,
    works_in: Sequence[int],
    follows_for: Sequence[int],
    groups: Iterable[str] = (),
    after: Key | None = None,
    limit: int = PAGE,
) -> list[InboxRow]:
    """A page of what these units owe and of what waits for their decision, after a key.

    All groups in order of urgency, unless some are named.
    """
    wanted = frozenset(groups) or frozenset(GROUPS)
    branches = tuple(
        n for n, b in enumerate(BRANCHES) if b.group in wanted and n >= (after or _START).branch
    )
    if not branches:
        return []
    values = _values(today, works_in, follows_for) | {"most": limit}
    for number in branches:
        key = after if after is not None and after.branch == number else _START
        values |= {f"due_{number}": key.due or date.min, f"id_{number}": key.id}
    return [InboxRow._make(row) for row in conn.execute(_page(branches), values)]


def counts(
    conn: Connection, today: date, *, works_in: Sequence[int], follows_for: Sequence[int]
) -> dict[str, int]:
    """How many steps each group of an inbox holds, each counted no further than MOST + 1."""
    found = dict.fromkeys(GROUPS, 0)
    for number, many in conn.execute(_COUNTS, _values(today, works_in, follows_for)):
        group = BRANCHES[number].group
        found[group] = min(found[group] + many, MOST + 1)
    return found


def key_of(row: InboxRow) -> Key:
    """The key after which the next page begins."""
    return Key(row.branch, row.due, row.id)


def _values(today: date, works_in: Sequence[int], follows_for: Sequence[int]) -> dict[str, Any]:
    ours = {"works_in": list(works_in), "follows_for": list(follows_for)}
    return {**ours, "day": today, "soon": today + timedelta(days=SOON)}


class Branch(NamedTuple):
    """Steps of one group that one index gives in order; steps without due date come last."""

    group: str
    query: Select[Any]
    dated: bool


_START = Key(0, None, 0)
_DAY = bindparam("day", type_=_step.c.due.type)
_SOON = bindparam("soon", type_=_step.c.due.type)
_WORKS = bindparam("works_in", expanding=True, type_=Integer)
_FOLLOWS = bindparam("follows_for", expanding=True, type_=Integer)
# Conditions of partial indexes are written out, not bound: the planner must recognise them.
_OURS = select(_step.c.id, _step.c.due).where(
    _step.c.unit_id.in_(_WORKS), text("step.turn <> 'nobody'")
)
_OWED = _OURS.where(_step.c.turn == "lead")
_FRESH = _OWED.where(_step.c.state != "returned")
_AWAY = _OURS.where(_step.c.turn != "lead")
_REFUSED = select(_step.c.id, _step.c.due).where(
    _step.c.acting_id.in_(_FOLLOWS), text("step.turn IN ('lead', 'issuer')"), _step.c.turn != "lead"
)
_ASKED = (
    select(_step.c.id, _step.c.due)
    .join_from(_extension, _step, _step.c.id == _extension.c.step_id)
    .where(
        _extension.c.decider_id.in_(_FOLLOWS),
        text("extension.state = 'asked'"),
        _step.c.turn == "lead",
    )
)
# What still has something open below cannot be accepted yet: it waits for that, not for us.
_REPORTED = select(_step.c.id, _step.c.due).where(
    _step.c.issuer_id.in_(_FOLLOWS), text("step.turn = 'accepter'"), _step.c.open_children == 0
)
_NOT_YET = _step.c.due >= _DAY

BRANCHES = (
    Branch("overdue", _OWED.where(_step.c.due < _DAY), dated=True),
    Branch("returned", _OWED.where(_step.c.state == "returned", _NOT_YET), dated=True),
    Branch("returned", _OWED.where(_step.c.state == "returned"), dated=False),
    Branch("soon", _FRESH.where(_NOT_YET, _step.c.due <= _SOON), dated=True),
    *(
        Branch("decide", query, dated)
        for query in (_REFUSED, _ASKED, _REPORTED)
        for dated in (True, False)
    ),
    Branch("later", _FRESH.where(_step.c.due > _SOON), dated=True),
    Branch("later", _FRESH, dated=False),
    Branch("away", _AWAY, dated=True),
    Branch("away", _AWAY, dated=False),
)
GROUPS = tuple(dict.fromkeys(branch.group for branch in BRANCHES))
# Which of the branches hold steps whose lead unit asks for a later date.
EXTENSIONS = frozenset(n for n, branch in enumerate(BRANCHES) if branch.query is _ASKED)


def _numbered(number: int) -> Select[Any]:
    """A branch as rows (branch, id, due), with dates or without."""
    branch = BRANCHES[number]
    has_date = _step.c.due.is_not(None) if branch.dated else _step.c.due.is_(None)
    return branch.query.add_columns(literal_column(str(number)).label("branch")).where(has_date)


def _keys(number: int) -> Select[Any]:
    """The first ids of a branch after its key."""
    due = bindparam(f"due_{number}", type_=_step.c.due.type)
    later = _step.c.id > bindparam(f"id_{number}", type_=Integer)
    if BRANCHES[number].dated:
        # The first condition is said for the planner: it begins at the key.
        later = and_(_step.c.due >= due, or_(_step.c.due > due, and_(_step.c.due == due, later)))
    keys = _numbered(number).where(later).order_by(_step.c.due, _step.c.id).limit(_MOST).subquery()
    return select(keys.c.branch, keys.c.id, keys.c.due)


_MOST = bindparam("most", type_=Integer, literal_execute=True)
_COUNTS: CompoundSelect[Any] = union_all(
    *(
        select(literal_column(str(number)), func.count()).select_from(
            _numbered(number).limit(MOST + 1).subquery()
        )
        for number in range(len(BRANCHES))
    )
)


@cache
def _page(branches: tuple[int, ...]) -> Select[Any]:
    """The page's ids first, from the indexes; names only for the rows shown."""
    found = union_all(*(_keys(number) for number in branches)).subquery("found")
    # A branch holds only steps with a date, or only steps without.
    order = (found.c.branch, found.c.due, found.c.id)
    # A branch holds only steps with a date, or only steps without.
    order = (found.c.branch, found.c.due, found.c.id)
    keys = select(found.c.branch, found.c.id).order_by(*order).limit(_MOST).subquery("page")
    return (
        select(
            keys.c.branch,
            _step.c.id,
            _step.c.kind,
            _step.c.state,
            _step.c.turn,
            _step.c.due,
            _step.c.reported_on,
            _step.c.open_children,
            _step.c.unit_id,
            func.coalesce(_period.c.short_name, _unit.c.code),
            _step.c.issuer_id,
            func.coalesce(_issuer_period.c.short_name, _issuer.c.code),
            func.coalesce(_point.c.no, ""),
            func.substr(_point.c.text, 1, _SHOWN),
            _letter.c.number,
            _letter.c.symbol,
            func.substr(_letter.c.subject, 1, _SHOWN),
        )
        .join_from(keys, _step, _step.c.id == keys.c.id)
        .join(_letter, _letter.c.id == _step.c.letter_id)
        .join(_unit, _unit.c.id == _step.c.unit_id)
        .join(_issuer, _issuer.c.id == _step.c.issuer_id)
        .outerjoin(_point, _point.c.id == _step.c.point_id)
        .outerjoin(
            _period,
            (_period.c.unit_id == _step.c.unit_id)
            & (_period.c.valid_from == latest(_step.c.unit_id, _DAY)),
        )
        .outerjoin(
            _issuer_period,
            (_issuer_period.c.unit_id == _step.c.issuer_id)
            & (_issuer_period.c.valid_from == latest(_step.c.issuer_id, _DAY)),
        )
        .order_by(keys.c.branch, _step.c.due, _step.c.id)
    )
