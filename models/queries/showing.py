"""What was shown for a step: evidence of reports, letters that answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, select

from models.tables import Answer, Event, Evidence, Letter, User, table

_letter, _answer, _user = table(Letter), table(Answer), table(User)
_evidence, _event = table(Evidence), table(Event)

PAGE = 50


class EvidenceRow(NamedTuple):
    """A file or a letter that a report has shown."""

    id: int
    event_seq: int
    at: datetime
    by: str
    file_name: str | None
    sha256: str | None
    size: int | None
    letter_id: int | None
    letter_kind: str | None
    number: str | None
    symbol: str | None
    dated: date | None


class AnswerRow(NamedTuple):
    """A letter that answers an obligation."""

    id: int
    kind: str
    number: str | None
    symbol: str | None
    dated: date | None
    subject: str
    state: str
    open_steps: int


def evidence(conn: Connection, step_id: int) -> list[EvidenceRow]:
    """What reports have shown, the newest first; fifty are enough to look at."""
    return [EvidenceRow._make(row) for row in conn.execute(_EVIDENCE, {"the_id": step_id})]


def file(conn: Connection, step_id: int, evidence_id: int) -> tuple[str, str] | None:
    """(SHA-256, name) of a file shown by a report on this step, for its download."""
    row = conn.execute(_SHOWN, {"the_id": step_id, "evidence": evidence_id}).first()
    return None if row is None else (row[0], row[1] or "")


def answers(conn: Connection, step_id: int) -> list[AnswerRow]:
    """The letters that answer an obligation, the newest first."""
    return [AnswerRow._make(row) for row in conn.execute(_ANSWERS, {"the_id": step_id})]


_ID = bindparam("the_id", type_=Integer)
_EVIDENCE = (
    select(
        _evidence.c.id,
        _evidence.c.event_seq,
        _event.c.at,
        _user.c.name,
        _evidence.c.file_name,
        _evidence.c.sha256,
        _evidence.c.size,
        _evidence.c.letter_id,
        _letter.c.kind,
        _letter.c.number,
        _letter.c.symbol,
        _letter.c.dated,
    )
    .join_from(_evidence, _event, _event.c.seq == _evidence.c.event_seq)
    .join(_user, _user.c.id == _event.c.actor_id)
    .outerjoin(_letter, _letter.c.id == _evidence.c.letter_id)
    .where(_evidence.c.step_id == _ID)
    .order_by(_evidence.c.id.desc())
    .limit(PAGE)
)
_SHOWN = select(_evidence.c.sha256, _evidence.c.file_name).where(
    _evidence.c.step_id == _ID,
    _evidence.c.id == bindparam("evidence", type_=Integer),
    _evidence.c.sha256.is_not(None),
)

_ANSWERS = (
    select(*[_letter.c[name] for name in AnswerRow._fields])
    .join_from(_answer, _letter, _letter.c.id == _answer.c.letter_id)
    .where(_answer.c.step_id == _ID)
    .order_by(_letter.c.id.desc())
    .limit(PAGE)
)
