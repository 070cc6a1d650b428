"""What guards every request and answer: forged forms, sizes, headers, caches."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map

from cascade.store import LARGEST

# Only our own files are loaded and only scripts that carry this answer's nonce run.
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_FORMS = 4 * 1024 * 1024  # bytes of what is typed; files have their own bound


class RowNumber(IntegerConverter):
    """A number in an address; what no row can have is not found, and no database is asked."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=2**31 - 1)


def register(app: Flask) -> None:
    """Put the guards on an application."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST + _FORMS
    app.config["MAX_FORM_MEMORY_SIZE"] = _FORMS
    app.config["MAX_FORM_PARTS"] = 10_000
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"
    app.config["SESSION_COOKIE_NAME"] = "cascade"
    # A form may lie open on a desk all day: it is as good as the session it belongs to.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.url_map.converters["int"] = RowNumber
    CSRFProtect(app)
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY.format(nonce=g.nonce)
    for name, value in _HEADERS.items():
        response.headers[name] = value
    is_file_of_ours = request.endpoint == "static" and response.status_code < 400
    if is_file_of_ours and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
