"""The rules of reminding as the administrator keeps them: changed and turned off, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.administration import AdminAct, By
from cascade.errors import BadInputError
from models import administration as writing
from models import reminding
from models.administration import Recorded
from models.database import Database
from models.queries import reminding as reading
from models.queries.reminding import PolicyRow
from workflows.reminding import MOST, Audience, Kind


class Rule(NamedTuple):
    """A rule as an administrator wants it."""

    kind: Kind
    days: int  # working days; weeks for IDLE
    audience: Audience
    is_on: bool


class BadRuleError(BadInputError):
    """A rule's number is out of bounds."""


def rules(db: Database) -> list[PolicyRow]:
    """All rules, in the order in which they were made."""
    with db.read() as conn:
        return reading.policies(conn)


def add(db: Database, wanted: Rule, by: By) -> None:
    """One more rule. Raises BadRuleError."""
    _check(wanted)

    def put(conn: Connection) -> None:
        policy_id = reminding.put_policy(conn, None, wanted._asdict())
        _record(conn, policy_id, wanted, by)

    db.run(put)


def change(db: Database, wanted: Sequence[tuple[int, Rule]], by: By) -> int:
    """Change rules; returns how many are not what they were. Raises BadRuleError.

    What a rule waits for stays: else what it has reminded of would mean something else.
    """
    for _, rule in wanted:
        _check(rule)

    def put(conn: Connection) -> int:
        before = {row.id: row for row in reading.policies(conn)}
        changed = 0
        for policy_id, rule in wanted:
            was = before.get(policy_id)
            if was is None or was.kind != rule.kind or was[1:] == tuple(rule):
                continue
            reminding.put_policy(conn, policy_id, rule._asdict())
            _record(conn, policy_id, rule, by)
            changed += 1
        return changed

    return db.run(put)


def bounds(kind: str) -> tuple[int, int]:
    """The least and the greatest number of a rule."""
    return (0, 0) if kind == Kind.ON else (1, MOST[Kind(kind)])


def _check(rule: Rule) -> None:
    least, most = bounds(rule.kind)
    if not least <= rule.days <= most:
        raise BadRuleError(f"{rule.days} is not from {least} to {most}")


def _record(conn: Connection, policy_id: int, rule: Rule, by: By) -> None:
    done = Recorded(AdminAct.CHANGE_REMINDER, data={"rule": policy_id, **rule._asdict()})
    writing.record(conn, by.actor_id, by.moment.at, done)
