"""What an act of a program must bring: a key that makes it once, the version that was seen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, g, json, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from cascade import clock, once
from cascade.acts import StoredFile
from cascade.errors import NotFoundError
from cascade.once import Answer, Asked
from models.scope import sees
from web import visitor
from web.api.problems import PreconditionError

V = TypeVar("V", bound=Callable[..., Any])
_KEY = re.compile(r"[\x21-\x7e]{8,128}")
_LONGEST = 8 * 1024 * 1024  # bytes of JSON
_TAKEN = ("application/json", "multipart/form-data")


def act(about: str | None = None, *, has_files: bool = False) -> Callable[[V], V]:
    """Mark a route that acts: what it is about is seen, then come key, version and content type.

    In this order, so that what is not there answers alike whatever else was sent.
    """

    def mark(view: V) -> V:
        @wraps(view)
        def asked(**found: Any) -> Any:
            if about is not None:
                with visitor.reading() as conn:
                    if not sees(conn, about, found[f"{about}_id"]):
                        raise NotFoundError
            _key()
            if about is not None and not _has_version():
                raise PreconditionError(
                    428, "if_match_missing", _("Send If-Match with the ETag of what you have seen.")
                )
            if request.mimetype not in _TAKEN[: 2 if has_files else 1]:
                raise PreconditionError(415, "content_type", _("Send application/json."))
            if request.mimetype == _TAKEN[0]:
                request.max_content_length = _LONGEST  # files come as a form
            return view(**found)

        return cast(V, asked)

    return mark


def asked(given: dict[str, Any], files: Sequence[StoredFile] = ()) -> Asked:
    """The act as asked for: the same again has the same hash, whatever its parts are parted by."""
    parts = [request.method, request.path, given, [(one.name, one.sha256) for one in files]]
    said = json.dumps(parts, sort_keys=True, default=str).encode()
    return Asked(visitor.asking().actor.id, _key(), hashlib.sha256(said).hexdigest())


def before(act: Asked) -> Response | None:
    """What was answered when the same was asked for before, if it was."""
    kept = once.again(g.db, act, clock.now().at)
    return None if kept is None else _answer(kept, is_again=True)


def make(act: Asked, work: Callable[[Connection], Answer]) -> Response:
    """Do it once and answer."""
    return _answer(once.make(g.db, act, clock.now().at, work), is_again=False)


def seen_version(version: int) -> int | None:
    """The version that was seen, if it is the present one; None if any will do; else 412."""
    if request.if_match.star_tag:
        return None
    if not request.if_match.contains(str(version)):
        raise PreconditionError(412, "moved_on", _("Look at it again, then decide again."))
    return version


def told(members: dict[str, Any], status: int = 200, *, version: int, location: str = "") -> Answer:
    """What an act answers, with the version it left behind."""
    body = json.dumps({**members, "version": version})
    return Answer(status, body, location or None, f'"{version}"')


def etag(version: int) -> dict[str, str]:
    """The header that tells a version."""
    return {"ETag": f'"{version}"'}


def _has_version() -> bool:
    return bool(request.if_match.star_tag or request.if_match)


def _key() -> str:
    found = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(found):
        text = _(
            "Send an Idempotency-Key of 8 to 128 printable characters: a new one for each act, the "
            "same when you ask again."
        )
        raise PreconditionError(400, "idempotency_key_missing", text)
    return found


def _answer(kept: Answer, *, is_again: bool) -> Response:
    answer = Response(kept.body, kept.status, content_type="application/json")
    if kept.location:
        answer.headers["Location"] = kept.location
    if kept.etag:
        answer.headers["ETag"] = kept.etag
    if is_again:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer
