"""Many provinces' letters from those of one, by SQL alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, text

from models.tables import Answer, Base, Citation, Duty, Event, Letter, LetterLine, Step, table

# In what order rows of a province are laid anew, and which of their columns name which rows.
_MOVED: dict[type[Base], dict[str, type[Base]]] = {
    Letter: {"id": Letter},
    Duty: {"id": Duty, "letter_id": Letter},
    Citation: {"id": Citation, "citing_id": Letter, "cited_id": Letter},
    LetterLine: {"above_id": Letter, "below_id": Letter},
    Step: {"id": Step, "letter_id": Letter},
    Answer: {"step_id": Step, "letter_id": Letter},
    Event: {"seq": Event, "letter_id": Letter, "step_id": Step, "cause_seq": Event},
}


def repeat(conn: Connection, provinces: int) -> None:
    """The same letters, steps and events again and again with ids shifted, set by set."""
    nth = select(literal(1).label("n")).cte("nth", recursive=True)
    nth = nth.union_all(select(nth.c.n + 1).where(nth.c.n < provinces - 1))
    keys = {mapped: next(iter(table(mapped).primary_key)) for mapped in _MOVED}
    size = {m: conn.execute(select(func.max(keys[m]))).scalar_one() for m in _MOVED}
    for mapped, moved in _MOVED.items():
        rows = table(mapped)
        columns: list[Any] = [
            column + nth.c.n * size[moved[column.name]] if column.name in moved else column
            for column in rows.c
        ]
        if mapped is Letter:
            place = [column.name for column in rows.c].index("number")
            columns[place] = rows.c.number + "-" + nth.c.n.cast(rows.c.number.type)
        again = select(*columns).join_from(rows, nth, literal(1) == 1)
        conn.execute(insert(rows).from_select(list(rows.c), again, include_defaults=False))
    if conn.dialect.name == "postgresql":
        for mapped in (Letter, Duty, Citation, Step, Event):
            _go_on(conn, table(mapped).name, keys[mapped].name)


def _go_on(conn: Connection, name: str, key: str) -> None:
    """The next id comes after those given here; SQLite sees to that by itself."""
    sequence = f"pg_get_serial_sequence('{name}', '{key}')"
    conn.execute(text(f"SELECT setval({sequence}, max({key})) FROM {name}"))
