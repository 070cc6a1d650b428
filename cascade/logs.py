"""Logs: one line for each thing that happened, for a person or for a program that collects them."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

Form = Literal["text", "lines"]
# The request a line belongs to; the same code stands on the page that told of a fault.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# What every record of the logging module has: all else was given by whoever logged.
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def begin(form: Form, level: int = logging.INFO) -> None:
    """Log to standard error from now on: as text, or as one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines() if form == "lines" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


class _Lines(logging.Formatter):
    """A record as one JSON object, with everything that was given beside the words."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "said": record.getMessage(),
        }
        if code := request_id.get():
            told["request"] = code
        told |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    """The same for a person at a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        code = request_id.get()
        given = {name: value for name, value in vars(record).items() if name not in _OWN}
        said = " ".join(f"{name}={value}" for name, value in given.items())
        # A line break in what somebody sent must not look like a line of ours.
        head = super().format(record).split("\n", 1)
        first = " ".join(filter(None, (head[0], said, f"[{code}]" if code else "")))
        return "\n".join([first, *head[1:]])
