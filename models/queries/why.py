"""Why somebody sees a letter or a step: by which rule, and by which of the units read for.

Asked on a scoped connection; the ways are those of models.lens, told one by one.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, select, text

from models import lens
from models.queries import authority, scopes, units
from models.tables import Delegation, User, table
from workflows.roles import READING, Role, Span


class Way(StrEnum):
    """How a letter or step comes to be seen; the rules are those of docs/security.md."""

    ISSUED = "issued"  # R1: a unit read for issued it
    OWES = "owes"  # R1, R2: a unit read for leads a step of it
    RECEIVED = "received"  # R2: it was sent to a unit read for
    HELPS = "helps"  # R5: a unit read for coordinates
    BELOW = "below"  # R4: it implements a letter of a unit read for
    SHOWN = "shown"  # R4: it is shown as evidence on a step that is seen
    CITED = "cited"  # R3: a letter that may be read cites it


class Cause(NamedTuple):
    """One way, with a unit read for that it holds by; `others` more units give it too."""

    way: Way
    unit_id: int | None
    others: int
    letter_id: int | None  # the letter above, or the one that cites


class Ground(NamedTuple):
    """A post, own or stood in for, or an opened glass, by which somebody reads for units."""

    unit_id: int
    unit: str
    role: str | None  # None: a broken glass
    sees_below: bool
    on_behalf_of: str | None
    last_day: date | None  # of standing in
    closes_at: datetime | None  # the glass


def of_letter(conn: Connection, letter_id: int, posts_in: list[int]) -> list[Cause]:
    """Why a letter is seen, for its reader; units in which posts are held are named first."""
    found = _causes(conn, _OF_LETTER, letter_id, posts_in)
    return found or _causes(conn, _CITED, letter_id, posts_in)


def of_step(conn: Connection, step_id: int, posts_in: list[int]) -> list[Cause]:
    """Why a step is seen, for its reader; units in which posts are held are named first."""
    return _causes(conn, _OF_STEP, step_id, posts_in)


def grounds(conn: Connection, user_id: int, day: date, at: datetime) -> list[Ground]:
    """All by which somebody reads for units on a day, for the page that says why."""
    powers = authority.powers(conn, user_id, day)
    held = [power for power in powers if Role(power.role) in READING]
    glasses = authority.glasses(conn, user_id, at)
    ids = {power.unit_id for power in held} | {glass.unit_id for glass in glasses}
    names = units.names(conn, sorted(ids), day)
    lent = {power.delegation_id for power in held if power.delegation_id is not None}
    givers = {row.id: row for row in conn.execute(_LENT, {"ids": sorted(lent)})}
    posts = []
    for power in held:
        giver = givers.get(power.delegation_id)
        posts.append(
            Ground(
                power.unit_id,
                names[power.unit_id],
                power.role,
                power.scope == Span.SUBTREE,
                giver and giver.name,
                giver and giver.valid_to,
                None,
            )
        )
    opened = [
        Ground(one.unit_id, names[one.unit_id], None, True, None, None, one.until)
        for one in glasses
    ]
    return posts + opened


def _causes(conn: Connection, query: str, the_id: int, posts_in: list[int]) -> list[Cause]:
    said = text(lens.in_words(query, is_sqlite=scopes.is_lite(conn))).bindparams(_POSTS)
    rows = conn.execute(said, {"the_id": the_id, "posts": posts_in})
    return [
        Cause(Way(row.way), row.unit_id, row.units - 1 if row.unit_id else 0, row.letter_id)
        for row in rows
    ]


_NONE = "CAST(NULL AS integer)"
_POSTS = bindparam("posts", expanding=True, type_=Integer)
_delegation, _user = table(Delegation), table(User)
_LENT = (
    select(_delegation.c.id, _user.c.name, _delegation.c.valid_to)
    .join_from(_delegation, _user, _user.c.id == _delegation.c.giver_id)
    .where(_delegation.c.id.in_(bindparam("ids", expanding=True, type_=Integer)))
)


def _way(way: Way, unit: str, letter: str, source: str) -> str:
    """One way as a row, or none: how many units give it, and one of them that is known best."""
    return (
        f"SELECT '{way}' AS way, count(DISTINCT {unit}) AS units, coalesce("
        f"min(CASE WHEN {unit} IN :posts THEN {unit} END), min({unit})) AS unit_id, "
        f"{letter} AS letter_id FROM {source} HAVING count(*) > 0"
    )


_OURS = "IN (SELECT unit_id FROM seen_unit)"
# A row only where the reader sees the letter: all other tables here are the ones of the register.
_SEEN = "JOIN letter AS l ON l.id = :the_id AND l.state <> 'cited'"
_LAID = f"main.step AS o {_SEEN} AND o.letter_id = l.id"
_SENT = f"main.letter_unit AS u {_SEEN} AND l.state <> 'draft' AND u.letter_id = l.id"
_CITES = "citation AS n JOIN letter AS l ON l.id = n.cited_id AND l.state = 'cited'"


def _above(letter: str) -> str:
    """The letters of units read for that a letter implements, directly or not."""
    return (
        f"JOIN main.letter_line AS x ON x.below_id = {letter} AND x.above_id <> {letter} "
        f"JOIN main.letter AS up ON up.id = x.above_id AND up.issuer_id {_OURS}"
    )


_OF_LETTER = " UNION ALL ".join(
    (
        _way(Way.ISSUED, "l.issuer_id", _NONE, f"main.unit AS i {_SEEN} AND i.id = l.issuer_id "
             f"WHERE i.id {_OURS}"),
        _way(Way.OWES, "o.unit_id", _NONE, f"{_LAID} WHERE o.unit_id {_OURS}"),
        _way(Way.RECEIVED, "u.unit_id", _NONE, f"{_SENT} WHERE u.unit_id {_OURS}"),
        _way(Way.HELPS, "c.unit_id", _NONE, f"{_LAID} JOIN main.step_unit AS c "
             f"ON c.step_id = o.id WHERE c.unit_id {_OURS}"),
        _way(Way.BELOW, "up.issuer_id", "min(up.id)", f"letter AS l {_above('l.id')} "
             "WHERE l.id = :the_id AND l.state NOT IN ('draft', 'cited')"),
        _way(Way.SHOWN, _NONE, _NONE, f"evidence AS e {_SEEN} AND e.letter_id = l.id "
             "WHERE l.state <> 'draft'"),
    )
)  # fmt: skip
_CITED = _way(Way.CITED, _NONE, "min(n.citing_id)", f"{_CITES} WHERE l.id = :the_id")
_OF_STEP = " UNION ALL ".join(
    (
        _way(Way.OWES, "s.unit_id", _NONE, f"step AS s WHERE s.id = :the_id AND s.unit_id {_OURS}"),
        _way(Way.ISSUED, "s.issuer_id", _NONE, "step AS s WHERE s.id = :the_id "
             f"AND s.issuer_id {_OURS}"),
        _way(Way.BELOW, "up.issuer_id", "min(up.id)", f"step AS s {_above('s.letter_id')} "
             "WHERE s.id = :the_id"),
        _way(Way.HELPS, "c.unit_id", _NONE, "main.step_unit AS c WHERE c.step_id = :the_id "
             f"AND c.unit_id {_OURS}"),
    )
)  # fmt: skip
