"""Errors as pages: one table from our errors to HTTP."""

from __future__ import annotations

import logging

from flask import Flask, g, render_template
from werkzeug.exceptions import HTTPException, SecurityError

from cascade.errors import BadInputError, CascadeError, NotFoundError, RefusedError
from web.words import WORDS

_log = logging.getLogger(__name__)

# The most particular first.
STATUS: tuple[tuple[type[CascadeError], int], ...] = (
    (NotFoundError, 404),
    (BadInputError, 400),
    (RefusedError, 409),
    (CascadeError, 500),
)


def register(app: Flask) -> None:
    """Every error ends as a page in the reader's language."""
    app.register_error_handler(CascadeError, _ours)
    app.register_error_handler(SecurityError, _stranger)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: CascadeError) -> tuple[str, int]:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    return _page(status, detail="" if status == 404 else error.what)


def _stranger(_error: SecurityError) -> tuple[str, int, dict[str, str]]:
    # No page: links cannot be made for a host that is not ours.
    return "This host name is not served here.\n", 400, {"Content-Type": "text/plain"}


def _http(error: HTTPException) -> tuple[str, int]:
    return _page(error.code or 500, detail="" if error.code == 404 else error.name)


def _unforeseen(error: Exception) -> tuple[str, int]:
    _log.exception("request %s failed", g.get("request_id"), exc_info=error)
    return _page(500, detail="")


def _page(status: int, detail: str) -> tuple[str, int]:
    words = WORDS[g.lang]
    title = words["not_found"] if status == 404 else words["fault"]
    why = words["not_found_why"] if status == 404 else detail
    if status == 500:
        why = f"{words['fault_why']} {g.get('request_id', '–')}"
    return render_template("error.html", title=title, why=why), status
