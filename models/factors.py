"""Writing second factors: what makes the codes, which were used, the codes for a lost one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, update

from models.tables import RecoveryCode, SecondFactor, table

_factor, _recovery = table(SecondFactor), table(RecoveryCode)


def propose(conn: Connection, user_id: int, sealed_secret: str, at: datetime) -> None:
    """A new factor that its person has yet to confirm; it takes the place of any before."""
    remove(conn, user_id)
    values = {"sealed_secret": sealed_secret, "made_at": at, "confirmed_at": None, "last_step": 0}
    conn.execute(insert(_factor).values(user_id=user_id, **values))


def confirm(conn: Connection, user_id: int, codes: Sequence[str], at: datetime) -> None:
    """The factor is asked for from now on; `codes` are the hashes of its recovery codes."""
    conn.execute(update(_factor).where(_factor.c.user_id == user_id).values(confirmed_at=at))
    conn.execute(
        insert(_recovery), [{"user_id": user_id, "code_sha256": hashed} for hashed in codes]
    )


def take_step(conn: Connection, user_id: int, step: int) -> bool:
    """Use up the code of a time-step; False if it, or a later one, was used already."""
    newer = update(_factor).where(_factor.c.user_id == user_id, _factor.c.last_step < step)
    return conn.execute(newer.values(last_step=step)).rowcount == 1


def take_recovery(conn: Connection, user_id: int, hashed: str) -> bool:
    """Use up a recovery code; False if it is none of the person's."""
    found = delete(_recovery).where(
        _recovery.c.user_id == user_id, _recovery.c.code_sha256 == hashed
    )
    return conn.execute(found).rowcount == 1


def remove(conn: Connection, user_id: int) -> None:
    """No second factor is asked for any more."""
    conn.execute(delete(_recovery).where(_recovery.c.user_id == user_id))
    conn.execute(delete(_factor).where(_factor.c.user_id == user_id))
