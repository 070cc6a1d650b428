"""What went wrong, for programs: problem details of RFC 9457 in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, g, json
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from cascade.confirming import KnownAlreadyError
from cascade.errors import (
    BadInputError,
    CascadeError,
    CycleError,
    DuplicateLetterError,
    MovedOnError,
    MoveRefusedError,
)
from cascade.once import KeyTakenError
from models.scope import sees
from web import visitor
from web.refusals import said, tellable
from workflows.asks import MENDED_BY
from workflows.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: _l("This cannot be taken as it is"),
    401: _l("A token is needed"),
    403: _l("You may not do this"),
    404: _l("Not found"),
    405: _l("This address cannot be called that way"),
    409: _l("This cannot be done now"),
    412: _l("It has changed meanwhile"),
    413: _l("That is too large"),
    415: _l("This kind of content is not taken"),
    422: _l("Something in this is wrong"),
    428: _l("Say which version you have seen"),
    429: _l("Too many tries"),
    500: _l("Something went wrong"),
}


class UnfitError(CascadeError):
    """What a program sent cannot be used; each fault names its place."""

    def __init__(self, faults: Iterable[Mapping[str, str]]) -> None:
        self.faults = [dict(fault) for fault in faults]
        super().__init__()


class PreconditionError(CascadeError):
    """A header that an act needs is missing or does not fit."""

    def __init__(self, status: int, code: str, what: str) -> None:
        self.status = status
        self.code = code
        super().__init__(what)


def fault(pointer: str, text: object) -> dict[str, str]:
    """Something wrong in a body, at its place (RFC 6901)."""
    return {"pointer": pointer, "text": str(text)}


def of(error: CascadeError, status: int) -> Response:
    """One of our errors; `status` is what a page would answer."""
    match error:
        case UnfitError():
            return _problem(422, "invalid", errors=error.faults)
        case PreconditionError():
            return _problem(error.status, error.code, error.what)
        case KeyTakenError():
            text = _("This key was used for another request. Take a new one for each act.")
            return _problem(422, "idempotency_key_reused", text)
        case MovedOnError():
            return _problem(412, "moved_on", _("Look at it again, then decide again."))
        case MoveRefusedError():
            return _refused(error.refused.refusals)
        case DuplicateLetterError() | KnownAlreadyError():
            text = _("This letter is on file already.")
            return _problem(409, "on_file", text, letter=_if_seen(error.letter_id))
        case CycleError():
            text = _("The letters would run in a circle: %(path)s", path=" → ".join(error.path))
            return _problem(409, "cycle", text)
        case BadInputError() if status == 400:
            return _problem(422, "invalid", errors=[fault("", error.what)])
        case _:
            return of_status(status)


def of_http(error: HTTPException) -> Response:
    """An error of the framework: its status and headers, and the faults it found in what came."""
    status = error.code or 500
    headers = [(n, v) for n, v in error.get_headers() if n.lower() != "content-type"]
    messages = (getattr(error, "data", None) or {}).get("messages")
    if status == 422 and messages:
        found = [one for place, said in messages.items() for one in _faults(place, said, [])]
        return _problem(422, "invalid", errors=found)
    detail = error.description if status in (401, 403) and _is_ours(error) else ""
    answer = _problem(status, "", str(detail))
    answer.headers.extend(headers)
    return answer


def of_status(status: int) -> Response:
    """Nothing but a status."""
    return _problem(status, "")


def _is_ours(error: HTTPException) -> bool:
    return error.description != type(error).description


def _if_seen(letter_id: int) -> int | None:
    # Whoever enters a letter need not be allowed to see the one it doubles.
    with visitor.reading() as conn:
        return letter_id if sees(conn, "letter", letter_id) else None


def _refused(refusals: Iterable[Refusal]) -> Response:
    """Everything the rules have against a move; 403 where the posts forbid it."""
    told = tellable(refusals)
    status = 403 if any(one.code == "wrong_role" for one in told) else 409
    return _problem(status, "refused", refusals=[refusal(one) for one in told])


def refusal(one: Refusal) -> dict[str, str | None]:
    """One refusal: its code, its words, and the field that could mend it."""
    field = MENDED_BY.get(one.code)
    return {"code": one.code, "text": said(one), "field": None if field is None else str(field)}


def _problem(status: int, code: str, detail: str = "", **members: Any) -> Response:
    known = status if status in _TITLES else 500 if status >= 500 else 400
    kind = code or HTTPStatus(status).name.lower()
    told = {
        "type": f"urn:cascade:problem:{kind}",
        "title": str(_TITLES[known]),
        "status": status,
        "detail": detail or None,
        "instance": f"urn:cascade:request:{g.request_id}" if "request_id" in g else None,
        **members,
    }
    body = json.dumps({name: value for name, value in told.items() if value is not None})
    return Response(body, status, content_type=MEDIA_TYPE)


def _faults(place: str, said_of: object, path: list[str]) -> Iterable[dict[str, str]]:
    """The faults marshmallow found, nested by field, as a flat list."""
    if isinstance(said_of, Mapping):
        for name, inner in said_of.items():
            # What is wrong with an object as a whole is told at the object.
            deeper = path if name == "_schema" else [*path, str(name)]
            yield from _faults(place, inner, deeper)
        return
    texts = said_of if isinstance(said_of, list) else [said_of]
    for text in texts:
        if place == "query":
            yield {"parameter": path[0] if path else "", "text": str(text)}
        else:
            escaped = (part.replace("~", "~0").replace("/", "~1") for part in path)
            yield fault("".join(f"/{part}" for part in escaped), text)
