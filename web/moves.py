"""A move on a step as a person typed it: read, tried at the one door, problems at their fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from flask import g
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import FileStorage

from cascade import act as door
from cascade.acts import Act, Fired, Ref, StoredFile
from cascade.errors import (
    BadInputError,
    CycleError,
    EmptyFileError,
    LargeFileError,
    MovedOnError,
    MoveRefusedError,
    NotFoundError,
)
from cascade.store import Stream
from cascade.uploads import plain_name
from models.queries import acting, moving, register, units
from models.queries.acting import ActorRow, StepRow
from models.queries.moving import StepEventRow
from web import visitor
from web.forms import Form
from web.refusals import at_fields
from workflows.asks import Ask, asks
from workflows.facts import Fate
from workflows.kinds import MACHINES
from workflows.letter import LetterState
from workflows.rollup import ANSWERING

_REFERENCE = re.compile(r"(\w{1,12})\s*[/-]\s*(\S.*)")
_ID = re.compile(r"[Ll]?(\d{1,9})")
_MOST_LETTERS = 20
# What is mistyped here is told as mistyped, and there not as missing.
_INSTEAD = {"letters": "evidence", "answer_typed": "answer", "unit_code": "units"}


class Attempt(NamedTuple):
    """What came of a move: it was made, or was made before by the same person, or why not."""

    fired: Fired | None = None
    already: StepEventRow | None = None
    status: int = 200
    problems: dict[str, str] = {}  # noqa: RUF012 - never changed
    meanwhile: Sequence[StepEventRow] = ()  # what others did since the form was opened
    lost_files: bool = False  # a browser does not keep the files that were chosen


def attempt(
    step_id: int, trigger: str, form: Form, uploads: Sequence[FileStorage], actor: ActorRow
) -> Attempt:
    """Make a move as typed; what was typed stays in `form`, and nothing is half done."""
    done = _attempt(step_id, trigger, form, uploads, actor)
    return done._replace(lost_files=any(file.filename for file in uploads))


def _attempt(
    step_id: int, trigger: str, form: Form, uploads: Sequence[FileStorage], actor: ActorRow
) -> Attempt:
    with visitor.reading() as conn:
        row = acting.step(conn, step_id)
        if row is None:
            raise NotFoundError
        act = read(conn, form, row, trigger)
    wants_files = Ask.EVIDENCE in wanted_by(row, trigger)
    # A file that was not chosen comes as one without a name.
    chosen = [file for file in uploads if wants_files and file.filename]
    streams = [Stream(plain_name(file.filename or ""), file.stream) for file in chosen]
    try:
        with g.store.staging(streams) as files:
            if not form.problems:
                act = replace(act, files=files)
                return Attempt(door.fire(g.db, Ref("step", step_id), act, actor, g.moment))
    except MovedOnError:
        return _moved_on(row, act, form, actor)
    except MoveRefusedError as refused:
        return Attempt(status=409, problems=at_fields(refused.refused.refusals))
    except EmptyFileError as error:
        form.problems["evidence"] = _("“%(name)s” is empty. Choose another.", name=error.name)
    except LargeFileError as error:
        form.problems["evidence"] = _(
            "“%(name)s” is larger than %(most)s MB. Give the signed pages, not the whole folder.",
            name=error.name,
            most=error.most,
        )
    except CycleError as error:
        form.problems["answer"] = _(
            "The letters would run in a circle: %(path)s", path=" → ".join(error.path)
        )
    except BadInputError as error:
        form.problems[""] = error.what  # only when it changed since it was read
    given = tuple(StoredFile("", stream.name, 1) for stream in streams)
    act = replace(act, files=given)
    more = door.options_of(g.db, Ref("step", step_id), actor, g.moment, act).get(trigger, [])
    missing = at_fields(more)
    for name, also in _INSTEAD.items():
        if name in form.problems:
            missing.pop(also, None)
    return Attempt(status=400, problems=missing | form.problems)


def wanted_by(row: StepRow, trigger: str) -> tuple[Ask, ...]:
    """What a move from here asks for; nothing where there is none."""
    move = MACHINES[row.kind].find(trigger, row.state)
    return asks(move) if move else ()


def read(conn: Connection, form: Form, row: StepRow, trigger: str) -> Act:
    """The act as typed, without its files; what cannot be understood is told at its field."""
    wanted = wanted_by(row, trigger)
    fate = form.text("fate")
    return Act(
        trigger=trigger,
        note=form.text("note"),
        done_on=form.day("done_on") if Ask.DONE_ON in wanted else None,
        evidence_letters=_letters(conn, form) if Ask.EVIDENCE in wanted else (),
        answer=_answer(conn, form, row) if Ask.ANSWER in wanted else None,
        units=_units(conn, form, row, trigger) if Ask.UNITS in wanted else (),
        until=form.day("until") if Ask.UNTIL in wanted else None,
        fate=Fate(fate) if Ask.FATE in wanted and fate in list(Fate) else None,
        # Without it nobody knows what the person was looking at.
        seen_version=form.number("seen_version") or 0,
    )


def _moved_on(seen: StepRow, act: Act, form: Form, actor: ActorRow) -> Attempt:
    """What moved since the form was opened; if that is this very move, it is done already."""
    with visitor.reading() as conn:
        row = acting.step(conn, seen.id) or seen
        # Every move raises the version by one and leaves one event.
        missed = min(max(row.version - (act.seen_version or 0), 1), moving.PAGE)
        meanwhile = moving.history(conn, seen.id, limit=missed)
    first = meanwhile[-1]
    mine = (actor.id, act.trigger, act.note)
    same = (first.actor_id, first.trigger, first.note) == mine
    done_on = (first.data or {}).get("done_on")
    before = {"until": first.until, "done_on": date.fromisoformat(done_on) if done_on else None}
    same = same and all(form.day(name) in (None, day) for name, day in before.items())
    if act.seen_version and same:
        return Attempt(already=first)
    return Attempt(status=409, meanwhile=meanwhile)


def _letters(conn: Connection, form: Form) -> tuple[int, ...]:
    """Letters on file, a line each: by number and symbol, or as L12."""
    lines = [line.strip() for line in form.text("letters").splitlines() if line.strip()]
    if len(lines) > _MOST_LETTERS:
        form.problems["letters"] = _("At most %(most)s letters.", most=_MOST_LETTERS)
        return ()
    found = [_letter(conn, form, "letters", line) for line in lines]
    return tuple(dict.fromkeys(letter_id for letter_id in found if letter_id is not None))


def _letter(conn: Connection, form: Form, name: str, typed: str) -> int | None:
    """The one letter on file that this names; a problem where there is none, or several."""
    if bare := _ID.fullmatch(typed):
        rows = acting.letters(conn, [int(bare[1])])
        fits = [(row.id, row.issuer_name) for row in rows if row.state != LetterState.CITED]
    else:
        parts = _REFERENCE.fullmatch(typed)
        like = register.like(conn, parts[1], parts[2]) if parts else []
        fits = [(row.id, row.issuer_name) for row in like if row.state != LetterState.CITED]
    if len(fits) == 1:
        return fits[0][0]
    if fits:
        which = ", ".join(f"L{letter_id} ({issuer})" for letter_id, issuer in fits)
        form.problems[name] = _(
            "Several letters are numbered %(typed)s. Write which: %(which)s",
            typed=typed,
            which=which,
        )
    else:
        form.problems[name] = _("No letter on file is numbered %(typed)s.", typed=typed)
    return None


def _answer(conn: Connection, form: Form, row: StepRow) -> int | None:
    """The answering letter: chosen from the list, or typed."""
    typed = form.text("answer_typed")
    chosen = _letter(conn, form, "answer_typed", typed) if typed else form.number("answer")
    rows = acting.letters(conn, [chosen]) if chosen is not None and chosen < 2**31 else []
    for letter in rows:
        if letter.issuer_id == row.unit_id and letter.state in ANSWERING:
            return letter.id
    if chosen is not None:
        form.problems["answer_typed" if typed else "answer"] = _(
            "Only a letter that the unit itself has issued can answer this."
        )
    return None


def _units(conn: Connection, form: Form, row: StepRow, trigger: str) -> tuple[int, ...]:
    if trigger == "transfer":
        return _receiver(conn, form, row)
    typed = [int(text) for text in form.typed.getlist("units") if text.isascii() and text.isdigit()]
    parts = units.children(conn, row.unit_id, g.today)
    if not set(typed) <= parts:
        form.problems["units"] = _("Choose among the units below. The list has changed.")
    return tuple(dict.fromkeys(unit for unit in typed if unit in parts))


def _receiver(conn: Connection, form: Form, row: StepRow) -> tuple[int, ...]:
    """The unit that takes a step over: chosen from the list, or by its code."""
    code = form.text("unit_code")
    if not code:
        chosen = form.number("units")
        near = [unit.id for unit in moving.units_under(conn, [row.issuer_id], g.today)]
        return (chosen,) if chosen in near and chosen != row.unit_id else ()
    unit_id = units.by_code(conn, code)
    if unit_id is None:
        form.problems["unit_code"] = _("No unit has the code %(code)s.", code=code)
    elif unit_id == row.unit_id:
        form.problems["unit_code"] = _("This unit owes it already.")
    else:
        return (unit_id,)
    return ()
