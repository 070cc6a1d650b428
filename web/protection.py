"""What guards every request and answer: forged forms, sizes, headers, caches."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
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
# Once seen over HTTPS, a browser asks for nothing over plain HTTP any more.
_HTTPS_ONLY = "max-age=31536000; includeSubDomains"
_FORMS = 4 * 1024 * 1024  # bytes of what is typed beside files, which have their own bound
_TYPED = 2 * 1024 * 1024  # bytes of a form without files; a million fields cost a second


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
    app.config["SESSION_COOKIE_NAME"] = cookie_name(app, "cascade")
    # A form may lie open on a desk all day: it is as good as the session it belongs to.
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.url_map.converters["int"] = RowNumber
    app.before_request(_bound)  # before the form is read for its token
    CSRFProtect(app)
    app.after_request(_protect)


def cookie_name(app: Flask, name: str, prefix: str = "__Host-") -> str:
    """A cookie's name; over HTTPS with the prefix that lets no other host or plain page set it."""
    return f"{prefix}{name}" if app.config["SESSION_COOKIE_SECURE"] else name


def _bound() -> None:
    """What is read at once and whole may be no more than anybody types."""
    if request.mimetype in ("application/x-www-form-urlencoded", "application/json"):
        request.max_content_length = _TYPED


def _protect(response: Response) -> Response:
    policy = _POLICY.format(nonce=g.nonce)
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        # Somebody's file: wherever a browser shows it after all, it is of no site and runs nothing.
        policy = f"{policy}; sandbox"
    response.headers["Content-Security-Policy"] = policy
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = _HTTPS_ONLY
    for name, value in _HEADERS.items():
        response.headers[name] = value
    is_file_of_ours = request.endpoint == "static" and response.status_code < 400
    if is_file_of_ours and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
