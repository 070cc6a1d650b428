"""Commands that look: trace, overdue, graph."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from cascade import graph as graphs
from cascade import history, picture, words
from cascade.cli.common import (
    json_option,
    moment,
    open_register,
    print_json,
    print_table,
    read_as_option,
    reading,
    ref,
    today_option,
    working,
)
from cascade.cli.tree import print_tree, tree_json
from cascade.drawing.render import draw_to_file
from cascade.errors import BadInputError, UnknownUnitError
from models.queries import lists
from models.queries import units as units_query
from models.queries.lists import OverdueRow
from workflows.labels import Lang
from workflows.lateness import days_late
from workflows.reference import reference


@click.command()
@click.argument("what", metavar="LETTER|STEP")
@click.option("--up", is_flag=True, help="From here to its sources, instead of down.")
@read_as_option
@today_option
@json_option
def trace(what: str, up: bool, login: str | None, today: datetime | None, as_json: bool) -> None:
    """Follow a cascade: down from a letter (L3), up from a step (S12) or letter to its sources."""
    opened, at = open_register(), moment(today)
    day = at.today
    on = ref(what, "letter")
    with reading(opened, login, at) as conn:
        if up or on.kind == "step":
            cascade = graphs.up(conn, on, day)
        else:
            cascade = graphs.down(conn, on.id, day)
    if as_json:
        print_json(tree_json(cascade))
    else:
        print_tree(cascade, opened.settings.lang)


@click.command()
@click.option("--unit", metavar="CODE", help="Only this unit and everything below it.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--after", metavar="DATE:STEP", help="Continue after this row.")
@read_as_option
@today_option
@json_option
def overdue(
    unit: str | None,
    limit: int,
    after: str | None,
    login: str | None,
    today: datetime | None,
    as_json: bool,
) -> None:
    """What is not done though its due date has passed, longest first, and whose move it is."""
    opened, at = open_register(), moment(today)
    day = at.today
    with reading(opened, login, at) as conn:
        unit_id = units_query.by_code(conn, unit) if unit else None
        if unit and unit_id is None:
            raise UnknownUnitError(
                f"no unit has the code {unit!r}",
                where="--unit",
                remedy="List units with: cascade units list",
            )
        rows = lists.overdue(conn, day, unit_id=unit_id, after=_key(after), limit=limit)
        total = lists.count_overdue(conn, day, unit_id=unit_id)
    if as_json:
        print_json([{**row._asdict(), "days_late": days_late(row.due, day)} for row in rows])
        return
    print_overdue(rows, day, opened.settings.lang)
    more = f"more than {lists.MOST}" if total > lists.MOST else str(total)
    if rows and len(rows) < total:
        last = rows[-1]
        click.echo(f"{len(rows)} of {more}. More: --after {last.due.isoformat()}:S{last.id}")


@click.command()
@click.argument("letter")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help=".svg .png .pdf .dot"
)
@click.option("--limit", type=click.IntRange(1), help="Fold what is beyond this many nodes.")
@click.option("--lang", type=click.Choice(["vi", "en"]), help="Of the words in the picture.")
@read_as_option
@today_option
def graph(
    letter: str,
    output: Path,
    limit: int | None,
    lang: Lang | None,
    login: str | None,
    today: datetime | None,
) -> None:
    """Draw the cascade of LETTER into a file."""
    opened, at = open_register(), moment(today)
    day = at.today
    with reading(opened, login, at) as conn:
        cascade = graphs.down(conn, ref(letter, "letter").id, day)
    code = history.newest_code(opened.settings.checkpoints)
    drawn = picture.draw(cascade, lang=lang or opened.settings.lang, limit=limit, code=code)
    with working(f"Drawing {len(drawn.nodes)} nodes"):
        draw_to_file(drawn, output)
    click.echo(f"{output} ({len(drawn.nodes)} nodes)")


def print_overdue(rows: list[OverdueRow], day: date, lang: Lang) -> None:
    """Overdue steps as a table: since when, who must act, what for."""
    print_table(
        ("step", "due", "days late", "who must act", "letter and point", "how it stands"),
        (
            (
                f"S{row.id}",
                row.due,
                days_late(row.due, day),
                words.who_acts(row.turn, row.unit, row.issuer, lang),
                f"{reference(row.number, row.symbol)} {_point(row)}".strip(),
                words.standing(row.kind, row.state, row.turn, row.unit, row.issuer, lang),
            )
            for row in rows
        ),
        empty=f"Nothing is overdue on {day:%d/%m/%Y}.",
    )


def _point(row: OverdueRow) -> str:
    return f"({row.point})" if row.point else ""


def _key(after: str | None) -> tuple[date, int] | None:
    if after is None:
        return None
    day, _, step = after.partition(":")
    try:
        return date.fromisoformat(day), ref(step, "step").id
    except ValueError:
        raise BadInputError(
            f"{after!r} is no place in the list",
            where="--after",
            remedy="Take it from the last line of the page before, such as 2026-09-02:S12.",
        ) from None
