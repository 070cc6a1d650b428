"""Two web hosts and two workers on one PostgreSQL, each a process with an address of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from cascade.sample import world
from cascade.store import FileStore
from models.database import Database
from tests.faults.hosts.balancer import Balancer
from tests.journeys.conftest import WORLD, Site, browser, desk
from tests.postgres import PostgresServer

__all__ = ["browser", "desk"]
WEB = ("127.0.0.2", "127.0.0.3")
WORKERS = ("127.0.0.4", "127.0.0.5")
PATIENCE = 30  # seconds


@pytest.fixture(scope="session")
def world_in_postgres(
    postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """The name of a database with the sample world, to be cloned, and the folder of its files."""
    files = tmp_path_factory.mktemp("hosts") / "files"
    postgres.create("template_world", template="template_cascade")
    db = Database(postgres.url("template_world"))
    world.build(db, FileStore(files), WORLD)
    db.dispose()
    return "template_world", files


@pytest.fixture
def site(
    postgres: PostgresServer, world_in_postgres: tuple[str, Path], tmp_path: Path
) -> Iterator[Site]:
    """The sample world behind two hosts, with two workers beside."""
    template, files = world_in_postgres
    shutil.copytree(files, tmp_path / "files")
    name = f"t_{uuid.uuid4().hex}"
    postgres.create(name, template=template)
    url = postgres.url(name)
    environment = {
        **os.environ,
        "HOSTS_DATABASE": url,
        "HOSTS_FILES": str(tmp_path / "files"),
        "CASCADE_DATABASE": url,
        "CASCADE_HOME": str(tmp_path),
    }
    hosts = [(address, _free_port(address)) for address in WEB]
    processes = [_web(host, environment, tmp_path) for host in hosts]
    processes += [_worker(number, environment, tmp_path) for number in range(len(WORKERS))]
    db = Database(url)
    try:
        for host, process in zip(hosts, processes, strict=False):
            _await(host, process)
        balancer = Balancer(hosts)
        yield Site(f"http://127.0.0.1:{balancer.port}", db)
        balancer.close()
        assert all(balancer.served.values()), balancer.served
        assert [process.poll() for process in processes] == [None] * len(processes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=PATIENCE)
        db.dispose()
        postgres.drop(name)


def _web(
    host: tuple[str, int], environment: dict[str, str], folder: Path
) -> subprocess.Popen[bytes]:
    command = ["-m", "gunicorn", "--bind", f"{host[0]}:{host[1]}", "--workers", "1"]
    command += ["--threads", "4", "--no-control-socket", "tests.faults.hosts.pages:make()"]
    return _start(command, environment, folder / f"{host[0]}.log")


def _worker(number: int, environment: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    name = f"worker-{number + 1}"
    said = "from cascade.cli import main; main()"
    return _start(["-c", said, "worker", "--name", name], environment, folder / f"{name}.log")


def _start(command: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, *command], env=environment, stdout=file, stderr=file
        )


def _free_port(address: str) -> int:
    with socket.create_server((address, 0)) as probe:
        return int(probe.getsockname()[1])


def _await(host: tuple[str, int], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, "it has stopped: see its log"
        try:
            socket.create_connection(host, timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
