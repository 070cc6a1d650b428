"""Evidence and extensions: the rows an act leaves beside its event."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, insert, update

from models.tables import Evidence, Extension, table

_evidence, _extension = table(Evidence), table(Extension)


def attach_file(
    conn: Connection, step_id: int, seq: int, *, sha256: str, name: str, size: int
) -> None:
    """A file shown by the report recorded as event `seq`."""
    values = {"sha256": sha256, "file_name": name, "size": size, "letter_id": None}
    conn.execute(_ATTACH, {"step_id": step_id, "event_seq": seq, **values})


def attach_letter(conn: Connection, step_id: int, seq: int, letter_id: int) -> None:
    """A letter on file shown by the report recorded as event `seq`."""
    values = {"sha256": None, "file_name": None, "size": None, "letter_id": letter_id}
    conn.execute(_ATTACH, {"step_id": step_id, "event_seq": seq, **values})


def ask_extension(
    conn: Connection,
    step_id: int,
    seq: int,
    *,
    decider_id: int,
    due: date | None,
    until: date,
    reason: str,
) -> None:
    """A later due date is asked for; the step's issuer decides."""
    conn.execute(
        insert(_extension),
        {
            "step_id": step_id,
            "decider_id": decider_id,
            "state": "asked",
            "due_before": due,
            "until": until,
            "reason": reason,
            "asked_seq": seq,
        },
    )


def decide_extension(conn: Connection, step_id: int, seq: int, *, state: str, until: date) -> None:
    """The extension asked for is granted until a day, or refused."""
    conn.execute(_DECIDE, {"step": step_id, "seq": seq, "decided": state, "day": until})


_ATTACH = insert(_evidence)
_DECIDE = (
    update(_extension)
    .where(_extension.c.step_id == bindparam("step"), _extension.c.state == "asked")
    .values(state=bindparam("decided"), decided_seq=bindparam("seq"), until=bindparam("day"))
)
