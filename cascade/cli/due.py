"""The command that turns a deadline phrase into a date and says why."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from cascade import calendar, clock
from cascade.cli.common import json_option, open_register, print_json
from cascade.config import from_environment
from cascade.errors import BadInputError, UnknownUnitError
from cascade.intake.text import fold, squeeze, without_piles
from models.errors import SchemaError
from models.queries import units
from workflows import phrases
from workflows.calendar import WorkingDays
from workflows.labels import Lang, Words
from workflows.phrases import Due, Said
from workflows.phrases.reasons import REASONS

_DATE = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
_NAMES = {
    "due": Words("hạn", "due"),
    "named": Words("ngày được nêu", "named"),
    "why": Words("vì", "why"),
    "calendar": Words("lịch", "calendar"),
    "none": Words("không có ngày", "no date"),
    "out": Words("không tính ngày này", "itself too late"),
    "until": Words("đến {hour}", "until {hour}"),
}


@click.command()
@click.argument("phrase")
@click.option("--signed", type=_DATE, metavar="DATE", help="The day the letter was signed.")
@click.option("--received", type=_DATE, metavar="DATE", help="The day the unit received it.")
@click.option("--unit", metavar="CODE", help="On this unit's calendar; else on everyone's.")
@json_option
def due(
    phrase: str,
    signed: datetime | None,
    received: datetime | None,
    unit: str | None,
    as_json: bool,
) -> None:
    """When PHRASE, as a letter writes it, falls due: the day it names, the last day in time, why.

    Such as "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này".
    """
    phrase = unicodedata.normalize("NFC", without_piles(phrase))
    signed_on, received_on = _day(signed), _day(received)
    said = phrases.read(fold(phrase), signed_on or received_on)
    if said is None:
        raise BadInputError(
            f"{phrase!r} is no deadline that can be read",
            remedy='Write it as letters do, such as "trước ngày 15/12/2026".',
        )
    days = _calendar(unit, signed_on or received_on)
    made = phrases.reckon(
        said, days, signed=signed_on, received=received_on, customs=calendar.customs()
    )
    lang = from_environment().lang
    text = squeeze(phrase[said.start : said.end])
    if as_json:
        print_json(_told(text, said, made, lang) | {"phrase": phrase, "unit": unit})
        return
    click.echo(text)
    for name, value in _lines(made, lang):
        click.echo(f"{name:>14}  {value}")


def _calendar(unit: str | None, on: date | None) -> WorkingDays:
    try:
        opened = open_register()
    except SchemaError:
        if unit is not None:
            raise
        return calendar.of_country()  # without a register there are no days of its own
    with opened.db.read() as conn:
        unit_id = units.by_code(conn, unit) if unit else None
        if unit and unit_id is None:
            raise UnknownUnitError(
                f"no unit has the code {unit!r}",
                where="--unit",
                remedy="List units with: cascade units list",
            )
        return calendar.of_unit(conn, unit_id, on or clock.now().today)


def _told(text: str, said: Said, made: Due, lang: Lang) -> dict[str, Any]:
    every = said.every
    return {
        "text": text,
        "named": made.named,
        "inclusive": made.inclusive,
        "due": made.due,
        "hour": made.hour and f"{made.hour:%H:%M}",
        "count": said.count,
        "counted_in": said.unit,
        "anchor": said.anchor,
        "recurring": None if every is None else asdict(every),
        "reasons": list(made.reasons),
        "why": [REASONS[reason].say(lang) for reason in made.reasons],
        "calendar": made.calendar,
    }


def _lines(made: Due, lang: Lang) -> list[tuple[str, str]]:
    word = {name: words.say(lang) for name, words in _NAMES.items()}
    until = ", " + word["until"].format(hour=f"{made.hour:%H:%M}") if made.hour else ""
    out = "" if made.inclusive else f" ({word['out']})"
    return [
        (word["due"], f"{made.due:%d/%m/%Y}{until}" if made.due else word["none"]),
        *([(word["named"], f"{made.named:%d/%m/%Y}{out}")] if made.named else []),
        *(
            (word["why"] if place == 0 else "", REASONS[reason].say(lang))
            for place, reason in enumerate(made.reasons)
        ),
        (word["calendar"], made.calendar),
    ]


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
