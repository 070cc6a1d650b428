"""Who may read what: on a scoped connection every table holds only what the reader may see.

`read_as` gives a connection on which `letter`, `step` and all that hangs on them are temporary
views, which stand before the tables of the same name; no query can forget the filter, as none has
it. The rules R1 to R8 are told in docs/security.md, why it is done so in docs/adr/0014-scope.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, text

from models import lens
from models.database import Database
from models.queries import authority, scopes
from workflows.roles import READING, WRITING, Role, Span

# Steps owed or letters issued; with more the list of letters takes longer than the tests.
MANY = 2_000


class Reader(NamedTuple):
    """Who reads, and when: rights are asked anew each time."""

    user_id: int
    day: date
    at: datetime


class Extent(NamedTuple):
    """Units whose things somebody may see: alone or with all below; of some the drafts too."""

    own: Sequence[int]
    alone: Sequence[int]
    below: Sequence[int]


@contextmanager
def read_as(db: Database, reader: Reader) -> Iterator[Connection]:
    """A connection for reading what somebody may see, and nothing else."""
    with db.read(lens.LISTED) as conn:
        extent = extent_of(conn, reader)
        open_to(conn, extent, reader.day)
        kind = fitting(conn)
        if kind == lens.LISTED:
            list_all(conn)
            yield conn
            return
    with db.read(kind) as conn:
        if kind == lens.WHOLE:
            _open_whole(conn, extent)
        else:
            open_to(conn, extent, reader.day)
            conn.execute(text(lens.in_words(_SHOWN_TESTED, is_sqlite=scopes.is_lite(conn))))
        yield conn


def extent_of(conn: Connection, reader: Reader) -> Extent:
    """The units somebody reads for: by posts, by those held for others, by broken glass."""
    powers = authority.powers(conn, reader.user_id, reader.day)
    reading = [power for power in powers if Role(power.role) in READING]
    below = {power.unit_id for power in reading if power.scope == Span.SUBTREE}
    below |= {glass.unit_id for glass in authority.glasses(conn, reader.user_id, reader.at)}
    return Extent(
        sorted({power.unit_id for power in reading if Role(power.role) in WRITING}),
        sorted({power.unit_id for power in reading} - below),
        sorted(below),
    )


def open_to(conn: Connection, extent: Extent, day: date) -> None:
    """Set the units whose things may be seen on a scoped connection."""
    if extent.below:
        scopes.put_below(conn, extent.below, day)
    if extent.alone:
        conn.execute(_ALONE, {"units": list(extent.alone)})
    if extent.own:
        conn.execute(_OWN, {"units": list(extent.own)})


def _open_whole(conn: Connection, extent: Extent) -> None:
    """The same for whoever reads for every unit, without climbing down to each again."""
    conn.execute(text("INSERT INTO seen_unit (unit_id, is_own) SELECT id, 0 FROM unit"))
    if extent.own:
        conn.execute(_OWN, {"units": list(extent.own)})


def fitting(conn: Connection) -> str:
    """The set of views that is quickest for the reader a connection was opened to."""
    statement = lens.in_words(_WEIGHED, is_sqlite=scopes.is_lite(conn))
    ours, every, owed, issued = conn.execute(text(statement), {"most": MANY + 1}).one()
    if ours == every:
        return lens.WHOLE
    return lens.TESTED if max(owed, issued) > MANY else lens.LISTED


def list_all(conn: Connection) -> None:
    """Draw up the list of the letters that may be seen, for the set LISTED, after `open_to`."""
    for statement in _FILL:
        conn.execute(text(lens.in_words(statement, is_sqlite=scopes.is_lite(conn))))


def sight(conn: Connection) -> str:
    """A seal of the units a connection was opened to: another one where rights have changed."""
    seen = conn.execute(text("SELECT unit_id, is_own FROM seen_unit ORDER BY unit_id")).all()
    return sha256(repr([tuple(row) for row in seen]).encode()).hexdigest()


def sees(conn: Connection, kind: str, the_id: int) -> bool:
    """Whether a letter or step is there for whoever a connection was opened to."""
    return conn.execute(_SEES[kind], {"the_id": the_id}).first() is not None


_SEES = {kind: text(f"SELECT 1 FROM {kind} WHERE id = :the_id") for kind in ("letter", "step")}
_ALONE = text(
    "INSERT INTO seen_unit (unit_id, is_own) SELECT id, 0 FROM unit WHERE id IN :units "
    "AND id NOT IN (SELECT unit_id FROM seen_unit)"
).bindparams(bindparam("units", expanding=True, type_=Integer))
_OWN = text("UPDATE seen_unit SET is_own = 1 WHERE unit_id IN :units").bindparams(
    bindparam("units", expanding=True, type_=Integer)
)
_WEIGHED = """SELECT (SELECT count(*) FROM seen_unit), (SELECT count(*) FROM unit),
    (SELECT count(*) FROM (SELECT 1 FROM main.step AS o WHERE o.unit_id BEGUN AT OURS
     LIMIT :most) AS owed),
    (SELECT count(*) FROM (SELECT 1 FROM main.letter AS l WHERE l.issuer_id BEGUN AT OURS
     LIMIT :most) AS issued)"""
# Letters shown as evidence, which are few, as most evidence is files. The step's own row is tested:
# asked of the view, PostgreSQL would draw up every step that is seen.
_SHOWN = f"""INSERT INTO seen_letter (id) SELECT DISTINCT m.id FROM main.evidence AS v
    JOIN main.step AS o ON o.id = v.step_id JOIN main.letter AS m ON m.id = v.letter_id
    WHERE v.letter_id IS NOT NULL AND m.state NOT IN ('draft', 'cited')
    AND m.id NOT IN (SELECT id FROM seen_letter) AND {{also}} ({lens.is_ours("o")})"""
# The set TESTED has no list but this.
_SHOWN_TESTED = _SHOWN.format(also="1 = 1 AND")
# The list of LISTED, found from the units as the tests of TESTED find them.
_FILL = (
    """INSERT INTO seen_letter (id) SELECT m.id FROM main.letter AS m WHERE m.id BEGUN AT [
        SELECT l.id FROM main.letter AS l WHERE l.issuer_id BEGUN AT OURS
        UNION SELECT u.letter_id FROM main.letter_unit AS u WHERE u.unit_id BEGUN AT OURS
        UNION SELECT o.letter_id FROM main.step AS o WHERE o.unit_id BEGUN AT OURS
        UNION SELECT o.letter_id FROM main.step_unit AS c JOIN main.step AS o ON o.id = c.step_id
        WHERE c.unit_id BEGUN AT OURS
        UNION SELECT x.below_id FROM main.letter AS up
        JOIN main.letter_line AS x ON x.above_id = up.id WHERE up.issuer_id BEGUN AT OURS
    ] AND (m.state NOT IN ('draft', 'cited')
    OR m.state = 'draft' AND m.issuer_id IN (SELECT unit_id FROM seen_unit WHERE is_own = 1))""",
    # Whoever sees a step whole sees its letter: cheap to ask first, and with a plus, so that no
    # planner begins at every step of every letter that is seen.
    _SHOWN.format(also="+o.letter_id IN (SELECT id FROM seen_letter) AND"),
    """INSERT INTO seen_letter (id) SELECT DISTINCT m.id FROM seen_letter AS l
    JOIN main.citation AS n ON n.citing_id = l.id JOIN main.letter AS m ON m.id = n.cited_id
    WHERE m.state = 'cited'""",
)
