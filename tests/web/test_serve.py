"""`cascade serve` as a person starts it: a real process, a real socket, loopback only."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models import schema
from models.database import Database

COMMAND = [sys.executable, "-c", "from cascade.cli import main; main()"]


Served = tuple[str, str]


def serve(home: Path, *options: str) -> Iterator[Served]:
    """The pages served by a process of its own: (address, what it said)."""
    said = home / "said.txt"
    environment = {**os.environ, "CASCADE_HOME": str(home / "var"), "PYTHONUNBUFFERED": "1"}
    with said.open("w") as out:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *options], env=environment, stdout=out, stderr=out
        )
    try:
        yield _address(said, process), said.read_text()
    finally:
        # Not SIGINT: whoever runs the tests in the background has it ignored.
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The sample world, served at once."""
    yield from serve(tmp_path_factory.mktemp("sample"), "--demo")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """A folder in which there was no register yet."""
    yield from serve(tmp_path)


def read(address: str) -> str:
    """A page as a stranger's browser gets it, in English."""
    asked = urllib.request.Request(address, headers={"Accept-Language": "en"})
    with urllib.request.urlopen(asked) as answer:
        page: str = answer.read().decode()
    return page


def test_with_demo_the_sample_world_is_served_and_says_so(sample: Served) -> None:
    address, said = sample
    assert "sample world" in said
    assert address.startswith("http://127.0.0.1:")
    page = read(address)
    assert "Sample data, as of 04/10/2024" in page
    assert "hang.nt" in page


def test_without_a_register_an_empty_one_is_made_and_offers_its_first_start(
    fresh: Served, tmp_path: Path
) -> None:
    address, said = fresh
    assert "an empty one is made" in said
    assert (tmp_path / "var" / "cascade.db").exists()
    code = re.search(r"/setup\?code=([\w-]{16,})$", address)
    assert code
    page = read(address)
    assert "First start" in page
    assert f'value="{code.group(1)}"' in page
    assert "Look at the sample world" in page


def test_the_sample_world_is_built_while_its_progress_is_told(fresh: Served) -> None:
    address, _said = fresh
    base, code = address.split("/setup?code=")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    browser.addheaders = [("Accept-Language", "en")]
    with browser.open(address) as answer:
        token = re.search(r'name="csrf_token" value="([^"]+)"', answer.read().decode())
    assert token
    form = urllib.parse.urlencode({"csrf_token": token.group(1), "code": code}).encode()
    with browser.open(base + "/setup/sample", form) as answer:
        first = answer.read1().decode()  # what has come before the end is there
        rest = answer.read().decode()
    assert "It is ready" not in first
    assert "It is ready" in rest
    assert (first + rest).count("acts of the story") > 5
    with browser.open(base + "/sign-in") as answer:
        assert "Sample data" in answer.read().decode()


def test_an_old_register_is_left_for_its_owner_to_bring_up_to_date(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'cascade.db'}")
    schema.upgrade(db)
    with db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    db.dispose()
    done = subprocess.run(
        [*COMMAND, "serve", "--port", "0"],
        env={**os.environ, "CASCADE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "cascade migrate" in done.stderr


def test_a_port_in_use_says_what_to_do(sample: Served, tmp_path: Path) -> None:
    port = sample[0].rsplit(":", 1)[1].rstrip("/")
    environment = {**os.environ, "CASCADE_HOME": str(tmp_path)}
    done = subprocess.run(
        [*COMMAND, "serve", "--port", port, "--world", "two_levels"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"port {port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def _address(said: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://\S+", said.read_text())
        if found:
            return found[0]
        time.sleep(0.1)
    pytest.fail(f"the page did not start: {said.read_text()}")
