"""The tests' own PostgreSQL starts, copies a database from a template, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests import postgres
from tests.postgres import PostgresServer, PostgresStartError, PostgresUnavailable


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    try:
        with PostgresServer() as started:
            yield started
    except PostgresUnavailable as reason:
        pytest.skip(str(reason))


def ask(server: PostgresServer, database: str, query: str) -> list[object]:
    engine = create_engine(server.url(database))
    try:
        with engine.begin() as connection:
            result = connection.execute(text(query))
            return [row[0] for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def test_a_database_is_copied_from_a_template_and_dropped(server: PostgresServer) -> None:
    server.create("pattern")
    ask(server, "pattern", "CREATE TABLE unit AS SELECT 'Ủy ban nhân dân' AS name")
    server.create("copy", template="pattern")
    assert ask(server, "copy", "SELECT lower(name) FROM unit") == ["ủy ban nhân dân"]

    left_open = create_engine(server.url("copy")).connect()
    server.drop("copy")
    server.drop("copy")
    left_open.invalidate()
    with pytest.raises(OperationalError, match="does not exist"):
        ask(server, "copy", "SELECT 1")


def test_only_what_the_tests_need_differs_from_the_defaults(server: PostgresServer) -> None:
    query = "SELECT name FROM pg_settings WHERE source = 'command line' ORDER BY name"
    ours = ["fsync", "listen_addresses", "port", "unix_socket_directories"]
    assert ask(server, "postgres", query) == ours
    assert ask(server, "postgres", "SHOW synchronous_commit") == ["on"]


@pytest.mark.usefixtures("server")
def test_a_killed_test_run_leaves_neither_server_nor_folder() -> None:
    script = (
        "from tests.postgres import PostgresServer; server = PostgresServer(); server.start();"
        "print(server.url(''), flush=True); input()"
    )
    run = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(postgres.__file__).parent.parent,
    )
    assert run.stdout
    folder = Path(run.stdout.readline().split("host=")[1].split("&")[0])
    process = int((folder / "data" / "postmaster.pid").read_text().split()[0])

    run.send_signal(signal.SIGKILL)
    run.communicate()
    give_up = time.monotonic() + postgres.STOP_SECONDS
    while folder.exists() and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.usefixtures("server")
def test_a_server_that_does_not_start_is_a_fault_told_with_its_log(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "KEEPER", 'echo "out of luck"; exit 1')
    with pytest.raises(PostgresStartError, match="out of luck"):
        PostgresServer().start()


def test_a_machine_without_postgresql_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "PACKAGE", "no_such_package")
    monkeypatch.setattr(postgres, "SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresUnavailable, match="no PostgreSQL server"):
        PostgresServer()
