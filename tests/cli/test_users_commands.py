"""`cascade users`: the way in for whoever cannot sign in."""

from __future__ import annotations

import os
import pty
import subprocess
import time
from pathlib import Path

import pyotp
import pytest

from cascade import accounts, clock, resets, second_factor
from models.database import Database
from models.queries import administration
from tests.cli.console import COMMAND, Console

WORDS = "three plain words"


def give(console: Console, login: str, typed: str) -> subprocess.CompletedProcess[str]:
    """`cascade users password LOGIN --stdin` with a password on standard input."""
    return subprocess.run(
        [*COMMAND, "users", "password", login, "--stdin"],
        env=console.environment(),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )


def database(console: Console) -> Database:
    """The console's register."""
    return Database(f"sqlite:///{console.home / 'cascade.db'}")


def signs_in(console: Console, login: str, password: str) -> bool:
    """Whether the person can sign in so."""
    try:
        accounts.sign_in(database(console), login, password, "here", clock.now())
    except accounts.WrongPasswordError:
        return False
    return True


def test_a_password_is_given_and_is_on_record_as_done_on_the_console(console: Console) -> None:
    assert not signs_in(console, "hang.nt", WORDS)
    done = give(console, "hang.nt", WORDS + "\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Nguyễn Thu Hằng (hang.nt) can sign in" in done.stdout
    assert WORDS not in done.stdout
    assert signs_in(console, "hang.nt", WORDS)
    with database(console).read() as conn:
        newest = administration.record(conn)[0]
    assert (newest.act, newest.actor, newest.login) == ("give_password", None, "hang.nt")
    assert WORDS not in str(newest)


def test_another_password_ends_the_sessions_of_the_old_one(console: Console) -> None:
    give(console, "hang.nt", WORDS)
    db = database(console)
    token = accounts.sign_in(db, "hang.nt", WORDS, "here", clock.now())
    assert accounts.signed_in(db, token, clock.now())
    assert give(console, "hang.nt", "three other words").returncode == 0
    assert accounts.signed_in(db, token, clock.now()) is None
    assert not signs_in(console, "hang.nt", WORDS)


@pytest.mark.parametrize(
    ("login", "typed", "told"),
    [
        ("nobody.here", WORDS, "there is no user 'nobody.here'"),
        ("hang.nt", "short", "a password has 12 to 256 characters"),
        ("hang.nt", "", "a password has 12 to 256 characters"),
        ("hang.nt", "password1234", "this password is easily guessed"),
        ("hang.nt", "Nguyễn Thu Hằng", "this password is easily guessed"),
    ],
)
def test_what_cannot_be_done_is_told(console: Console, login: str, typed: str, told: str) -> None:
    done = give(console, login, typed)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not signs_in(console, "hang.nt", WORDS)


def test_a_closed_account_gets_no_password(console: Console) -> None:
    with database(console).write() as conn:
        conn.exec_driver_sql("UPDATE user_account SET is_active = 0 WHERE login = 'hang.nt'")
    done = give(console, "hang.nt", WORDS)
    assert done.returncode == 1
    assert "account is closed" in done.stderr


def test_without_a_terminal_and_without_stdin_it_says_how(console: Console) -> None:
    done = console("users", "password", "hang.nt")
    assert done.code == 2
    assert "--stdin" in done.err


def test_a_password_typed_on_a_terminal_is_not_shown(console: Console, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "users", "password", "hang.nt"],
        env=console.environment(),
        cwd=tmp_path,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    for asked in (b"New password", b"Repeat"):
        until = time.monotonic() + 60
        while asked not in shown and time.monotonic() < until:
            shown += os.read(ours, 1000)
        os.write(ours, WORDS.encode() + b"\n")
    process.wait(60)
    os.close(ours)
    assert process.returncode == 0
    assert WORDS.encode() not in shown
    assert signs_in(console, "hang.nt", WORDS)


def test_a_link_sets_a_password_that_the_console_never_learns(console: Console) -> None:
    done = console("users", "reset", "hang.nt")
    assert (done.code, done.err) == (0, "")
    assert "Nguyễn Thu Hằng (hang.nt) sets a password" in done.out
    path = done.out.split()[-1]
    assert path.startswith("/reset/")
    resets.use(database(console), path.removeprefix("/reset/"), WORDS, "here", clock.now())
    assert signs_in(console, "hang.nt", WORDS)
    with database(console).read() as conn:
        used, made = administration.record(conn)[:2]
    assert (made.act, made.actor, made.login) == ("make_reset_link", None, "hang.nt")
    assert used.act == "use_reset_link"


def test_a_lost_second_factor_is_removed_on_record(console: Console) -> None:
    give(console, "hang.nt", WORDS)
    db, key = database(console), "a key"
    session = accounts.signed_in(
        db, accounts.sign_in(db, "hang.nt", WORDS, "here", clock.now()), clock.now()
    )
    assert session is not None
    moment = clock.now()
    second_factor.propose(db, session.user_id, key, moment)
    secret = second_factor.state(db, session.user_id, key, moment).secret
    second_factor.confirm(db, session, pyotp.TOTP(secret).at(moment.at), key, moment)
    with pytest.raises(accounts.CodeNeededError):
        accounts.sign_in(db, "hang.nt", WORDS, "here", clock.now())
    assert console("users", "remove-second-factor", "hang.nt").code == 0
    assert signs_in(console, "hang.nt", WORDS)
    with db.read() as conn:
        newest = administration.record(conn)[0]
    assert (newest.act, newest.actor) == ("remove_second_factor", None)


@pytest.mark.parametrize("command", ["reset", "remove-second-factor"])
def test_nobody_is_told_to_be_nobody(console: Console, command: str) -> None:
    done = console("users", command, "nobody.here")
    assert done.code == 2
    assert "there is no user 'nobody.here'" in done.err
