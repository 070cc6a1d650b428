"""The form in which events are sealed: canonical text, salted commitments, one chain by hash.

Form 1 is frozen: what was sealed in it must be verified in it for as long as the register lives.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any
from unicodedata import is_normalized, normalize

FORM = 1
EVENT, ADMIN = "event", "admin"
SALT = 16  # bytes: too many to guess what was committed to, even where it has few possible values
GENESIS = bytes(32)  # what the first seal follows

# What is sealed, in the order in which it is read; the body may lawfully be erased, the head never.
EVENT_HEAD = (
    "seq",
    "at",
    "actor_id",
    "role",
    "unit_id",
    "on_behalf_of_id",
    "letter_id",
    "step_id",
    "trigger",
    "source",
    "target",
    "until",
    "cause_seq",
)
EVENT_BODY = ("note", "data")
ADMIN_HEAD = ("id", "at", "actor_id", "act", "user_id", "unit_id", "day")
ADMIN_BODY = ("data",)

_HEAD, _BODY, _SEAL = b"cascade head 1\n", b"cascade body 1\n", b"cascade seal 1\n"
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode


def canonical(value: Any) -> str:
    """JSON with sorted keys and without spaces, every text in it NFC."""
    text = _encode(value)
    return text if is_normalized("NFC", text) else _encode(_composed(value))


def moment(at: object) -> str:
    """A moment as the database gives it (SQLite: its text) as UTC to the microsecond."""
    if isinstance(at, datetime):
        if at.utcoffset():  # PostgreSQL answers in the session's zone
            at = at.astimezone(UTC)
        return f"{at.isoformat(timespec='microseconds')[:26]}Z"
    text = str(at)
    return f"{text[:10]}T{text[11:]}{'' if len(text) > 19 else '.000000'}Z"


def event_head(values: Mapping[str, Any]) -> dict[str, object]:
    """An event's head as an object, for whoever shows or exports it."""
    given = {name: values[name] for name in EVENT_HEAD}
    return {"kind": EVENT, **given, "at": moment(given["at"]), "until": _day(given["until"])}


def admin_head(values: Mapping[str, Any]) -> dict[str, object]:
    """The same of an act of administration."""
    given = {name: values[name] for name in ADMIN_HEAD}
    return {"kind": ADMIN, **given, "at": moment(given["at"]), "day": _day(given["day"])}


def event_texts(row: tuple[Any, ...]) -> tuple[str, str]:
    """The canonical head and body of an event: its columns, head then body, as they were read.

    Written out, as this runs once for every event there is: `canonical(event_head(…))` says the
    same, and a test holds them together.
    """
    seq, at, actor, role, unit, behalf, letter, step, trigger, source, target = row[:11]
    until, cause, note, data = row[11:]
    head = (
        f'{{"actor_id":{_number(actor)},"at":"{moment(at)}","cause_seq":{_number(cause)},'
        f'"kind":"event","letter_id":{_number(letter)},"on_behalf_of_id":{_number(behalf)},'
        f'"role":{_text(role)},"seq":{seq},"source":{_text(source)},"step_id":{_number(step)},'
        f'"target":{_text(target)},"trigger":{_text(trigger)},"unit_id":{_number(unit)},'
        f'"until":{_text(_day(until))}}}'
    )
    if note == "" and data is None:
        return head, EMPTY[EVENT]
    return head, canonical({"data": None if data is None else json.loads(data), "note": note})


def admin_texts(row: tuple[Any, ...]) -> tuple[str, str]:
    """The canonical head and body of an act of administration, likewise."""
    data = row[-1]
    head = admin_head(dict(zip(ADMIN_HEAD, row, strict=False)))
    return canonical(head), canonical({"data": None if data is None else json.loads(data)})


TEXTS = {EVENT: event_texts, ADMIN: admin_texts}
EMPTY = {EVENT: '{"data":null,"note":""}', ADMIN: '{"data":null}'}  # a body once erased


def commit_head(salt: bytes, text: str) -> bytes:
    """What binds a head without telling it."""
    return sha256(_HEAD + salt + text.encode()).digest()


def commit_body(salt: bytes, text: str) -> bytes:
    """What binds a body; once the salt is gone, nobody can find the body from it."""
    return sha256(_BODY + salt + text.encode()).digest()


def link(before: bytes, seq: int, head: bytes, body: bytes) -> bytes:
    """The hash of seal `seq`, which follows the seal with the hash `before`."""
    return sha256(_SEAL + before + seq.to_bytes(8) + head + body).digest()


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, dict):
        return {normalize("NFC", key): _composed(item) for key, item in value.items()}
    return [_composed(item) for item in value] if isinstance(value, list) else value


def _number(value: int | None) -> object:
    return "null" if value is None else value


def _text(value: str | None) -> str:
    if value is None:
        return "null"
    return encode_basestring(value if value.isascii() else normalize("NFC", value))


def _day(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
