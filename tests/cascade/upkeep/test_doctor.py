"""The doctor finds what is planted, says what to do, and is content with a sound installation."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from cascade.drawing.errors import EngineError
from cascade.upkeep import doctor
from cascade.upkeep.doctor import Finding, State, examine
from models import copying, health, jobs
from tests.cascade.upkeep.conftest import NOW, ON_POSTGRES, ON_SQLITE, Installation


def by_name(found: list[Finding]) -> dict[str, Finding]:
    """Findings by what was looked at."""
    return {one.what: one for one in found}


@ON_SQLITE
def test_a_sound_installation_has_nothing_broken(at_work: Installation) -> None:
    found = examine(at_work.settings)
    assert [one for one in found if one.state is State.BROKEN] == []
    # Where both lie on one disk, somebody should know.
    assert by_name(found)["checkpoints' place"].state is State.WEAK
    apart = replace(at_work.settings, checkpoints_at=at_work.settings.home.parent / "apart")
    assert "there is none" in by_name(examine(apart))["checkpoints"].said


def old_schema(place: Installation, _patch: pytest.MonkeyPatch) -> None:
    with place.db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0003'"))


def newer_schema(place: Installation, _patch: pytest.MonkeyPatch) -> None:
    with place.db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def open_key(place: Installation, _patch: pytest.MonkeyPatch) -> None:
    (place.settings.home / "secret.key").chmod(0o644)


def no_engine(_place: Installation, patch: pytest.MonkeyPatch) -> None:
    def fail(_dot: str, _seconds: float) -> bytes:
        raise EngineError("wasmtime is not installed.")

    patch.setattr(doctor, "wasm_engine", fail)


def no_log(_place: Installation, patch: pytest.MonkeyPatch) -> None:
    true = health.sqlite
    patch.setattr(
        health, "sqlite", lambda db: (true(db)[0], true(db)[1] | {"journal_mode": "delete"})
    )


def old_sqlite(_place: Installation, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(health, "sqlite", lambda _db: ((3, 51, 2), health.WANTED))


def given_up(place: Installation, _patch: pytest.MonkeyPatch) -> None:
    with place.db.write() as conn:
        jobs.ask(conn, "lost", "checkpoint", {}, NOW)
        jobs.end(conn, "lost", NOW, problem="no room")


def no_mail_server(_place: Installation, patch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:  # nobody is there afterwards
        port = probe.getsockname()[1]
    patch.setenv("CASCADE_SMTP_HOST", "127.0.0.1")
    patch.setenv("CASCADE_SMTP_PORT", str(port))
    patch.setenv("CASCADE_SMTP_TLS", "none")
    patch.setenv("CASCADE_SMTP_FROM", "cascade@example.vn")


PLANTED: dict[str, tuple[Callable[[Installation, pytest.MonkeyPatch], None], State, str]] = {
    "register": (old_schema, State.BROKEN, "cascade migrate"),
    "secret.key": (open_key, State.WEAK, "chmod 600"),
    "drawing": (no_engine, State.BROKEN, ""),
    "SQLite settings": (no_log, State.BROKEN, "local disk"),
    "SQLite": (old_sqlite, State.WEAK, "newer SQLite"),
    "work given up": (given_up, State.WEAK, "--retry"),
    "mail": (no_mail_server, State.BROKEN, ""),
}


@ON_SQLITE
@pytest.mark.parametrize("what", PLANTED)
def test_what_is_planted_is_found(
    at_work: Installation, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, state, remedy = PLANTED[what]
    plant(at_work, monkeypatch)
    found = by_name(examine(at_work.settings))[what]
    assert found.state is state
    assert remedy in found.remedy


@ON_SQLITE
def test_a_register_newer_than_the_program_is_not_to_be_migrated(
    at_work: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer_schema(at_work, monkeypatch)
    found = by_name(examine(at_work.settings))["register"]
    assert (found.state, found.remedy) == (State.BROKEN, "Use the newer program.")


@ON_SQLITE
def test_without_a_register_everything_else_is_still_looked_at(at_work: Installation) -> None:
    bare = replace(
        at_work.settings, home=at_work.settings.home.parent / "bare", database="sqlite:////no/x.db"
    )
    found = by_name(examine(bare))
    assert found["register"].state is State.BROKEN
    assert found["drawing"].state is State.WELL


@ON_POSTGRES
def test_postgresql_that_may_lose_what_was_confirmed_is_found(at_work: Installation) -> None:
    found = by_name(examine(at_work.settings))
    assert "fsync" in found["PostgreSQL settings"].said  # as the tests' server is set
    assert found["register"].state is State.WELL


@ON_POSTGRES
def test_programs_older_than_the_server_are_found(
    at_work: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "pg_dump" not in by_name(examine(at_work.settings))
    monkeypatch.setattr(copying, "tool_version", lambda name: 9 if name == "pg_dump" else None)
    found = by_name(examine(at_work.settings))
    assert "is 9, older than the server" in found["pg_dump"].said
    assert "is not on the PATH" in found["pg_restore"].said
