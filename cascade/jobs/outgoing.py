"""What may leave this machine, and how: settings of mail and webhooks, both off unless set."""

from __future__ import annotations

import base64
import binascii
import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cascade.errors import BadInputError, UnreadableFileError


@dataclass(frozen=True)
class Smtp:
    """The mail server that takes our mail, and in whose name it goes."""

    host: str
    sender: str
    port: int = 587
    user: str | None = None
    password: str | None = None
    tls: str = "starttls"  # or "implicit", or "none" to a server on this machine


@dataclass(frozen=True)
class Endpoint:
    """A program elsewhere that is told what happened; `secret` signs what it is told."""

    name: str
    url: str
    secret: bytes


@dataclass(frozen=True)
class Outgoing:
    """All that may go out."""

    smtp: Smtp | None = None
    endpoints: tuple[Endpoint, ...] = ()


def from_environment() -> Outgoing:
    """CASCADE_SMTP_HOST, _PORT, _USER, _PASSWORD or _PASSWORD_FILE, _FROM, _TLS; CASCADE_WEBHOOKS.

    The last is a JSON file of {name: {url, secret}}; a secret is `whsec_` and base64.
    """
    at = os.environ.get("CASCADE_WEBHOOKS")
    return Outgoing(_smtp(), endpoints(Path(at)) if at else ())


def endpoints(path: Path) -> tuple[Endpoint, ...]:
    """The endpoints named in a file; BadInputError tells what is wrong in it."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableFileError.of(error, path) from error
    except ValueError as error:
        raise _wrong(f"this is no JSON: {error}", path) from error
    if not isinstance(given, dict):
        raise _wrong("names and what belongs to them are expected: {name: {url, secret}}", path)
    return tuple(_endpoint(name, one, path) for name, one in given.items())


def _endpoint(name: str, given: object, path: Path) -> Endpoint:
    url = given.get("url") if isinstance(given, dict) else None
    secret = given.get("secret") if isinstance(given, dict) else None
    if not isinstance(url, str) or not isinstance(secret, str):
        raise _wrong(f"{name}: a url and a secret are needed", path)
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.fragment:
        raise _wrong(f"{name}: only a plain https address is told anything", path)
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < 24:
        raise _wrong(f"{name}: the secret is no base64 of at least 24 bytes", path)
    return Endpoint(name, url, key)


def _smtp() -> Smtp | None:
    host = os.environ.get("CASCADE_SMTP_HOST")
    if not host:
        return None
    sender = os.environ.get("CASCADE_SMTP_FROM")
    if not sender or "@" not in sender:
        raise BadInputError(
            "mail needs an address in whose name it goes",
            where="CASCADE_SMTP_FROM",
            remedy="Set it to an address such as cascade@example.gov.vn.",
        )
    tls = os.environ.get("CASCADE_SMTP_TLS") or "starttls"
    if tls not in ("starttls", "implicit", "none"):
        raise BadInputError(
            f"there is no way to send called {tls!r}",
            where="CASCADE_SMTP_TLS",
            remedy="Set it to starttls, implicit or none.",
        )
    port = os.environ.get("CASCADE_SMTP_PORT") or {"starttls": 587, "implicit": 465}.get(tls, 25)
    if not str(port).isdigit():
        raise BadInputError(f"{port!r} is no port", where="CASCADE_SMTP_PORT")
    user = os.environ.get("CASCADE_SMTP_USER") or None
    return Smtp(host, sender, int(port), user, _password(), tls)


def _password() -> str | None:
    at = os.environ.get("CASCADE_SMTP_PASSWORD_FILE")
    if not at:
        return os.environ.get("CASCADE_SMTP_PASSWORD") or None
    try:
        return Path(at).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise UnreadableFileError.of(error, at) from error


def _wrong(what: str, path: Path) -> BadInputError:
    return BadInputError(what, where=f"CASCADE_WEBHOOKS ({path})")
