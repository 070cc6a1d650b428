"""What is owed goes out once, from its own transaction to a real server, and never in silence."""

from __future__ import annotations

import email.header
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade import clock
from cascade.clock import Moment
from cascade.errors import BadInputError
from cascade.jobs import mail, outbox, outgoing
from cascade.jobs.mail import NoSuchRecipientError
from cascade.jobs.outgoing import Outgoing, Smtp
from models import outbox as kept
from models.database import Database
from models.outbox import Taken
from models.queries import outbox as query
from tests.cascade.jobs.mailbox import Inbox, mailbox

NOW = clock.on(date(2026, 9, 15))
MINUTE = timedelta(minutes=1)


def later(minutes: float) -> Moment:
    """So many minutes later."""
    at = NOW.at + minutes * MINUTE
    return Moment(at, at.astimezone(clock.OFFICE).date())


def owe(db: Database, *names: str, at: Moment = NOW) -> list[bool]:
    """Mail to people of these names."""
    return db.run(
        lambda conn: [
            mail.owe(conn, name, f"{name}@office.example", subject=name, text="Đến hạn.", at=at.at)
            for name in names
        ]
    )


def states(db: Database) -> dict[str, str]:
    """What became of each message."""
    with db.read() as conn:
        rows = conn.execute(text("SELECT dedupe, state FROM outbox ORDER BY id"))
        return {row.dedupe.partition(":")[2]: row.state for row in rows}


@dataclass
class Line:
    """A server that may be down, or refuse somebody for good; whom it has served."""

    is_down: bool = False
    unknown: str = ""
    served: Counter[str] = field(default_factory=Counter)

    def send(self, taken: Taken) -> None:
        """Take a message, or not."""
        if self.is_down:
            raise ConnectionRefusedError("nobody is there")
        if self.unknown and taken.recipient.startswith(self.unknown):
            raise NoSuchRecipientError("550 unknown")
        self.served[taken.recipient.partition("@")[0]] += 1


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_message_is_owed_once_for_its_cause(db: Database) -> None:
    assert owe(db, "an", "binh") == [True, True]
    assert owe(db, "an") == [False]
    line = Line()
    assert outbox.send_due(db, "mail", line.send, NOW) == (2, 0, 0)
    assert owe(db, "an") == [False]
    assert outbox.send_due(db, "mail", line.send, later(99)) == (0, 0, 0)
    assert line.served == {"an": 1, "binh": 1}


def test_after_an_hour_without_a_server_all_have_it_and_nobody_twice(db: Database) -> None:
    names = [f"p{number}" for number in range(12)]
    owe(db, *names)
    line = Line(is_down=True)
    for minute in range(0, 60, 3):
        while any(outbox.send_due(db, "mail", line.send, later(minute))):
            pass
    with db.read() as conn:
        assert query.unsent(conn) == [("mail", "waiting", 12, NOW.at)]
    line.is_down = False
    for minute in range(60, 125, 3):
        while any(outbox.send_due(db, "mail", line.send, later(minute))):
            pass
    assert line.served == dict.fromkeys(names, 1)
    assert set(states(db).values()) == {"sent"}


def test_tries_grow_rarer_but_never_rarer_than_every_hour() -> None:
    pauses = [outbox.pause(tries) / MINUTE for tries in range(1, 100)]
    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert set(pauses[6:]) == {60}


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_who_is_unknown_is_given_up_at_once_and_the_others_are_served(db: Database) -> None:
    owe(db, "an", "nobody", "binh")
    line = Line(unknown="nobody")
    assert outbox.send_due(db, "mail", line.send, NOW) == (2, 0, 1)
    assert states(db) == {"an": "sent", "nobody": "failed", "binh": "sent"}
    with db.read() as conn:
        (failed,) = query.failed(conn)
    assert (failed.recipient, failed.tries) == ("nobody@office.example", 1)
    assert failed.problem == "550 unknown"
    line.unknown = ""
    assert db.run(lambda conn: kept.try_again(conn, NOW.at)) == 1
    assert outbox.send_due(db, "mail", line.send, NOW) == (1, 0, 0)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_could_not_be_sent_for_a_week_is_given_up_where_it_is_seen(db: Database) -> None:
    owe(db, "an")
    line = Line(is_down=True)
    hour = 0
    while states(db)["an"] == "waiting":
        outbox.send_due(db, "mail", line.send, later(hour * 60))
        hour += 6
    assert hour == 7 * 24 + 6
    with db.read() as conn:
        assert query.unsent(conn) == [("mail", "failed", 1, NOW.at)]


def test_what_a_sender_took_is_nobody_else_s_until_it_is_given_up_for_dead(db: Database) -> None:
    owe(db, "an")
    lease = NOW.at + outbox.LEASE
    assert len(db.run(lambda conn: kept.take(conn, "mail", NOW.at, lease, 10))) == 1
    line = Line()
    for minute, sent in ((0, 0), (9, 0), (10, 1), (11, 0)):
        assert outbox.send_due(db, "mail", line.send, later(minute)).sent == sent


def test_senders_side_by_side_take_each_message_once(db: Database) -> None:
    names = [f"p{number}" for number in range(40)]
    owe(db, *names)
    line = Line()

    def send(_: int) -> int:
        sent = 0
        while done := outbox.send_due(db, "mail", line.send, NOW, most=5).sent:
            sent += done
        return sent

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send, range(4))) == 40
    assert line.served == dict.fromkeys(names, 1)


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_was_taken_while_the_clock_was_ahead_goes_out_after_it_was_set_right(
    db: Database,
) -> None:
    owe(db, "an", at=later(25 * 60))
    line = Line()
    assert outbox.send_due(db, "mail", line.send, NOW).sent == 1


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_was_said_is_forgotten_that_it_was_sent_is_not(db: Database) -> None:
    owe(db, "an", "binh")
    outbox.send_due(db, "mail", Line(unknown="binh").send, NOW)
    assert db.run(lambda conn: kept.empty(conn, NOW.at)) == 0
    assert db.run(lambda conn: kept.empty(conn, later(1).at)) == 1
    assert owe(db, "an") == [False]
    assert states(db) == {"an": "sent", "binh": "failed"}


@pytest.fixture
def server() -> Iterator[tuple[Inbox, Smtp]]:
    """A real mail server on this machine."""
    with mailbox() as found:
        yield found


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_real_server_gets_it_in_vietnamese_with_a_name_of_its_own(
    db: Database, server: tuple[Inbox, Smtp]
) -> None:
    inbox, smtp = server
    db.run(
        lambda conn: mail.owe(
            conn,
            "S1 2026-09-18",
            "thoa.pb@office.example",
            subject="Sắp đến hạn\r\nBcc: everybody@example.org",
            text="Việc 12 đến hạn ngày 18/09/2026.",
            at=NOW.at,
        )
    )
    owe(db, "nobody", "full")
    assert outbox.round_of_all(db, Outgoing(smtp), later(5)) == (1, 1, 1)
    ((recipient, got),) = inbox.got
    assert recipient == "thoa.pb@office.example"
    assert got["Bcc"] is None
    assert str(email.header.make_header(email.header.decode_header(got["Subject"]))) == (
        "Sắp đến hạn Bcc: everybody@example.org"
    )
    assert got["Message-ID"] == mail.message_id(smtp, "mail:S1 2026-09-18")
    assert got["Message-ID"].endswith("@office.example>")
    assert got["Date"] == "Tue, 15 Sep 2026 09:00:00 +0700"
    assert got["Auto-Submitted"] == "auto-generated"
    assert "18/09/2026" in got.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert states(db) == {"S1 2026-09-18": "sent", "nobody": "failed", "full": "waiting"}


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_server_that_was_to_speak_in_secret_and_cannot_gets_nothing(
    db: Database, server: tuple[Inbox, Smtp]
) -> None:
    inbox, smtp = server
    owe(db, "an")
    done = outbox.round_of_all(db, Outgoing(Smtp(smtp.host, smtp.sender, smtp.port)), NOW)
    assert (done, inbox.got) == ((0, 1, 0), [])


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_without_a_server_set_up_nothing_leaves_and_nothing_is_lost(db: Database) -> None:
    owe(db, "an")
    assert outbox.round_of_all(db, Outgoing(), NOW) == (0, 0, 0)
    assert states(db) == {"an": "waiting"}


SMTP = {"CASCADE_SMTP_HOST": "mail.example", "CASCADE_SMTP_FROM": "a@example"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        (SMTP, Smtp("mail.example", "a@example")),
        (
            {**SMTP, "CASCADE_SMTP_TLS": "implicit"},
            Smtp("mail.example", "a@example", 465, tls="implicit"),
        ),
        ({**SMTP, "CASCADE_SMTP_TLS": "none"}, Smtp("mail.example", "a@example", 25, tls="none")),
        (
            {**SMTP, "CASCADE_SMTP_PORT": "2525", "CASCADE_SMTP_USER": "u"},
            Smtp("mail.example", "a@example", 2525, "u"),
        ),
        ({"CASCADE_SMTP_HOST": "mail.example"}, "CASCADE_SMTP_FROM"),
        ({**SMTP, "CASCADE_SMTP_TLS": "yes"}, "CASCADE_SMTP_TLS"),
        ({**SMTP, "CASCADE_SMTP_PORT": "smtp"}, "CASCADE_SMTP_PORT"),
        ({**SMTP, "CASCADE_SMTP_PASSWORD_FILE": "/nowhere"}, "/nowhere"),
    ],
)
def test_how_mail_goes_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], expected: Smtp | str | None
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    if isinstance(expected, str):
        with pytest.raises(BadInputError, match=expected):
            outgoing.from_environment()
    else:
        assert outgoing.from_environment().smtp == expected


def test_a_password_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in SMTP.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CASCADE_SMTP_PASSWORD", "plain")
    smtp = outgoing.from_environment().smtp
    assert smtp is not None
    assert smtp.password == "plain"
    (tmp_path / "password").write_text("from the file\n")
    monkeypatch.setenv("CASCADE_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    smtp = outgoing.from_environment().smtp
    assert smtp is not None
    assert smtp.password == "from the file"
