"""Errors as pages: one table from our errors to HTTP; what was typed stays on the page."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, SecurityError

from cascade.accounts import TooManyTriesError
from cascade.errors import (
    BadInputError,
    CascadeError,
    DuplicateLetterError,
    MoveRefusedError,
    NotFoundError,
    RefusedError,
)
from web import bearer
from web.api import problems

_log = logging.getLogger(__name__)

Answer = Response | tuple[str, int]
# The most particular first.
STATUS: tuple[tuple[type[CascadeError], int], ...] = (
    (NotFoundError, 404),
    (DuplicateLetterError, 409),
    (TooManyTriesError, 429),
    (BadInputError, 400),
    (RefusedError, 409),
    (CascadeError, 500),
)
_TITLES = {
    400: _l("This cannot be taken as it is"),
    403: _l("You may not do this"),
    404: _l("Not found"),
    405: _l("This page cannot be called that way"),
    409: _l("This cannot be done now"),
    413: _l("That is too large"),
    429: _l("Too many tries"),
    500: _l("Something went wrong"),
}
_WHYS = {
    400: _l("Go back, open the page anew and try once more."),
    403: _l("Your posts do not allow it. Ask the administrator if they should."),
    404: _l("There is nothing at this address that you may see. The link may be old."),
    405: _l("Open the page it belongs to and use the button there."),
    409: _l("It has changed while you were looking at it. Look at it again, then decide again."),
    413: _l("A file may have up to 50 MB. Give the signed pages, not the whole folder."),
    429: _l("Wait a quarter of an hour, or ask the administrator for a new password."),
    500: _l("The fault is ours and is noted. When you report it, give this code:"),
}
_NEVER_SHOWN = ("password", "csrf_token", "code")
_PASSWORDS = ("present", "new")  # whole names of fields, on the page for another password


def register(app: Flask) -> None:
    """Every error ends as a page in the reader's language."""
    app.register_error_handler(CascadeError, _ours)
    app.register_error_handler(SecurityError, _stranger)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def status_of(error: CascadeError) -> int:
    """The HTTP status of one of our errors."""
    return next(status for kind, status in STATUS if isinstance(error, kind))


def told(error: CascadeError) -> CascadeError:
    """The error in the reader's language, where it has one."""
    return error.told(g.lang) if isinstance(error, MoveRefusedError) else error


def _ours(error: CascadeError) -> Answer:
    status = status_of(error)
    problem = problems.of(error, status) if bearer.is_program(request) else None
    if (status if problem is None else problem.status_code) == 500:
        _log.error("request %s failed: %s", g.get("request_id"), error)
    if problem is not None:
        return problem
    return _page(status, detail="" if status == 404 else told(error).what)


def _stranger(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    # No page: links cannot be made for a host that is not ours.
    return "This host name is not served here.\n", 400, {"Content-Type": "text/plain"}


def _http(error: HTTPException) -> Answer:
    if bearer.is_program(request):
        return problems.of_http(error)
    return _page(error.code or 500, detail="")


def _unforeseen(error: Exception) -> Answer:
    _log.exception("request %s failed", g.get("request_id"), exc_info=error)
    if bearer.is_program(request):
        return problems.of_status(500)
    return _page(500, detail="")


def _page(status: int, detail: str) -> tuple[str, int]:
    known = status if status in _TITLES else 500 if status >= 500 else 400
    return render_template(
        "error.html",
        status=status,
        title=_TITLES[known],
        detail=detail,
        why=_WHYS[known],
        code=g.get("request_id", "–") if known == 500 else "",
        typed=_typed() if status != 413 else [],
    ), status


def _typed() -> list[str]:
    """Every text the person had typed: it must not be lost with the page."""
    if request.method != "POST":
        return []
    try:
        typed = list(request.form.items(multi=True))
    except HTTPException:  # it was cut off or too large: what came of it cannot be read
        return []
    return [
        text
        for name, text in typed
        if len(text.strip()) > 12
        and name not in _PASSWORDS
        and not any(hidden in name for hidden in _NEVER_SHOWN)
    ]
