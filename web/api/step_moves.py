"""A move on a step as a program sends it: read as the page's form is, made at the one door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from cascade import act as door_to_state
from cascade.acts import Act, Ref, StoredFile
from cascade.errors import EmptyFileError, LargeFileError, NotFoundError
from cascade.once import Answer
from cascade.store import Stream
from cascade.uploads import plain_name
from models.queries import acting, api_units
from models.queries.acting import ActorRow
from web import moves, visitor
from web.api import door
from web.api.problems import UnfitError, fault
from web.forms import Form
from workflows.asks import Ask

_MOST_FILES = 20
# The fields of the page's form, and the members that stand for them.
_MEMBERS = {"answer_typed": "answer", "unit_code": "units"}
# The same members as fields of a form, for whoever has files to show.
AS_FORM = {
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["trigger"],
                "properties": {
                    "trigger": {"type": "string"},
                    "note": {"type": "string"},
                    "done_on": {"type": "string", "format": "date"},
                    "until": {"type": "string", "format": "date"},
                    "answer": {"type": "integer"},
                    "letters": {"type": "array", "items": {"type": "integer"}},
                    "units": {"type": "array", "items": {"type": "string"}},
                    "fate": {"type": "string"},
                    "evidence": {
                        "type": "array",
                        "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                    },
                },
            }
        }
    }
}


def make(step_id: int, given: dict[str, Any]) -> Response:
    """Make the move, or answer what it was answered before."""
    sent = [file for file in request.files.getlist("evidence") if file.filename]
    if len(sent) > _MOST_FILES:
        raise UnfitError([fault("/evidence", _("These are too many."))])
    streams = [Stream(plain_name(file.filename or ""), file.stream) for file in sent]
    try:
        with g.store.staging(streams) as files:
            return _make(step_id, given, files)
    except EmptyFileError as error:
        said = _("“%(name)s” is empty. Choose another.", name=error.name)
    except LargeFileError as error:
        said = _(
            "“%(name)s” is larger than %(most)s MB. Give the signed pages, not the whole folder.",
            name=error.name,
            most=error.most,
        )
    raise UnfitError([fault("/evidence", said)])


def _make(step_id: int, given: dict[str, Any], files: Sequence[StoredFile]) -> Response:
    asked = door.asked(given, files)
    if (kept := door.before(asked)) is not None:
        return kept
    act, actor = _read(step_id, given, files), visitor.asking().actor
    return door.make(asked, lambda conn: _fire(conn, step_id, act, actor))


def _read(step_id: int, given: dict[str, Any], files: Sequence[StoredFile]) -> Act:
    """The act, read by the same words as the page's form; UnfitError names what names nothing."""
    with visitor.reading() as conn:
        row = acting.step(conn, step_id)
        if row is None:
            raise NotFoundError
        seen = door.seen_version(row.version)
        units = _units(conn, given.get("units", []))
        form = Form(_typed(given, units))
        act = moves.read(conn, form, row, given["trigger"])
    if form.problems:
        raise UnfitError(
            fault(f"/{_MEMBERS.get(name, name)}", said) for name, said in form.problems.items()
        )
    shown = tuple(files) if Ask.EVIDENCE in moves.wanted_by(row, given["trigger"]) else ()
    return replace(act, files=shown, seen_version=seen)


def _units(conn: Connection, codes: Sequence[str]) -> dict[str, int]:
    found = api_units.coded(conn, codes) if codes else {}
    unknown = [(place, code) for place, code in enumerate(codes) if code not in found]
    if unknown:
        raise UnfitError(
            fault(f"/units/{place}", _("No unit has the code %(code)s.", code=code))
            for place, code in unknown
        )
    return found


def _typed(given: dict[str, Any], units: Mapping[str, int]) -> MultiDict[str, str]:
    """The act as the page's form would have sent it."""
    typed: MultiDict[str, str] = MultiDict()
    for name in ("note", "done_on", "until", "answer", "fate"):
        if given.get(name) is not None:
            typed[name] = str(given[name])
    typed["letters"] = "\n".join(f"L{one}" for one in given.get("letters", []))
    typed.setlist("units", [str(units[code]) for code in given.get("units", [])])
    if given["trigger"] == "transfer" and len(units) == 1:
        typed["unit_code"] = next(iter(units))
    return typed


def _fire(conn: Connection, step_id: int, act: Act, actor: ActorRow) -> Answer:
    fired = door_to_state.fire_in(conn, Ref("step", step_id), act, actor, g.moment)
    row = acting.step(conn, step_id)
    assert row is not None  # it was just moved
    members = {"kind": "step", "id": step_id, "event": fired.seq, "source": fired.source}
    more = {"target": fired.target, "followed": fired.followed}
    return door.told({**members, **more}, version=row.version)
