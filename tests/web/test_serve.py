"""`cascade serve` as a person starts it: a real process, a real socket, loopback only."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from cascade.cli import main; main()"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The sample world, served by a process of its own: (address, what it said)."""
    home = tmp_path_factory.mktemp("home")
    said = home / "said.txt"
    environment = {**os.environ, "CASCADE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    with said.open("w") as out:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0"], env=environment, stdout=out, stderr=out
        )
    try:
        yield _address(said, process), said.read_text()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def test_without_a_register_the_sample_world_is_served_and_says_so(
    served: tuple[str, str],
) -> None:
    address, said = served
    assert "sample world" in said
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(address + "?lang=en") as answer:
        page = answer.read().decode()
    assert "Sample data, as of 04/10/2024" in page
    assert "3158/UBND-NN" in page


def test_a_port_in_use_says_what_to_do(served: tuple[str, str], tmp_path: Path) -> None:
    port = served[0].rsplit(":", 1)[1].rstrip("/")
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
