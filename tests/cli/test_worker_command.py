"""`cascade worker`: what there is to do is done, what was given up is shown and tried again."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime

from tests.cli.console import Console

# Nobody listens there.
DEAD = {
    "CASCADE_SMTP_HOST": "127.0.0.1",
    "CASCADE_SMTP_PORT": "1",
    "CASCADE_SMTP_TLS": "none",
    "CASCADE_SMTP_FROM": "cascade@office.example",
}
OWED = (
    "INSERT INTO outbox (dedupe, kind, recipient, payload, state, tries, made_at, next_at, problem)"
    ' VALUES (?, \'mail\', ?, \'{"subject": "Due", "text": "Soon"}\', ?, 0, ?, ?, ?)'
)


def test_what_there_is_to_do_is_done_and_the_rest_is_shown(console: Console) -> None:
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    with sqlite3.connect(console.home / "cascade.db") as conn:
        conn.execute(OWED, ("a", "an@office.example", "waiting", now, now, None))
        conn.execute(OWED, ("b", "binh@office.example", "failed", now, now, "550 unknown"))
    conn.close()
    told = console.ok("worker", "--until-done").out
    # Three sweeps and the hour's checkpoint; before six in the morning nobody is reminded.
    assert re.fullmatch(r"Jobs: [345]\. Sent: 0; later: 0; given up: 0\n", told)
    told = console.ok("worker", "--until-done", **DEAD).out
    assert told == "Jobs: 0. Sent: 0; later: 1; given up: 0\n"
    shown = console.ok("worker", "--status").out
    assert "given up: mail 2: 550 unknown" in shown
    assert "waiting" in shown
    assert console.ok("worker", "--retry").out == "To be tried again: 1.\n"
    told = console.ok("worker", "--until-done", **DEAD).out
    assert told == "Jobs: 0. Sent: 0; later: 1; given up: 0\n"


def test_settings_that_cannot_be_are_told(console: Console) -> None:
    told = console("worker", "--until-done", CASCADE_SMTP_HOST="mail.example")
    assert told.code == 2
    assert "CASCADE_SMTP_FROM: mail needs an address" in told.err
