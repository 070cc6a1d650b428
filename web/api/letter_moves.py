"""A move on a letter as a program sends it, made at the one door."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask_babel import gettext as _
from sqlalchemy import Connection

from cascade import act as door_to_state
from cascade import issue
from cascade.acts import Act, Ref
from cascade.errors import MovedOnError
from cascade.once import Answer
from models.queries import acting
from models.queries.acting import ActorRow
from models.scope import sees
from web import visitor
from web.api import door
from web.api.problems import UnfitError, fault
from web.present.letters import head
from workflows.facts import Fate
from workflows.letter import LetterState


def make(letter_id: int, given: dict[str, Any]) -> Response:
    """Make the move, or answer what it was answered before."""
    asked = door.asked(given)
    if (kept := door.before(asked)) is not None:
        return kept
    act, actor = _read(letter_id, given), visitor.asking().actor
    fire = _issue if act.trigger == "issue" else _fire
    return door.make(asked, lambda conn: fire(conn, letter_id, act, actor))


def _read(letter_id: int, given: dict[str, Any]) -> Act:
    """The act; UnfitError where it names a letter that is not there."""
    with visitor.reading() as conn:
        seen = door.seen_version(head(conn, letter_id).version)
        replacement = given.get("replacement")
        if replacement is not None and not sees(conn, "letter", replacement):
            raise UnfitError([fault("/replacement", _("There is none such."))])
    return Act(
        trigger=given["trigger"],
        note=given.get("note", ""),
        until=given.get("until"),
        fate=Fate(given["fate"]) if "fate" in given else None,
        replacement=replacement if given["trigger"] == "supersede" else None,
        series=tuple(given.get("series", ())),
        seen_version=seen,
    )


def _fire(conn: Connection, letter_id: int, act: Act, actor: ActorRow) -> Answer:
    fired = door_to_state.fire_in(conn, Ref("letter", letter_id), act, actor, g.moment)
    return _told(conn, letter_id, fired.seq, fired.source, fired.target, fired.followed)


def _issue(conn: Connection, letter_id: int, act: Act, actor: ActorRow) -> Answer:
    row = acting.letters(conn, [letter_id])[0]
    if act.seen_version not in (None, row.version):
        raise MovedOnError(where=f"letter {letter_id}")
    done = issue.issue_in(conn, [letter_id], actor, g.moment, act.note)
    return _told(conn, letter_id, None, row.state, LetterState.ISSUED, done.steps + done.answered)


def _told(
    conn: Connection, letter_id: int, seq: int | None, source: str, target: str, followed: int
) -> Answer:
    version = acting.letters(conn, [letter_id])[0].version
    members = {"kind": "letter", "id": letter_id, "event": seq, "source": source}
    return door.told({**members, "target": target, "followed": followed}, version=version)
