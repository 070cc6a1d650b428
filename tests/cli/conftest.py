"""Fixtures of the console's tests: a folder without a register, and one with a sample register."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.console import Console, WarmCommand
from tests.cli.letters import DIRECTIVE, SHEETS


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmCommand]:
    """The program, loaded once."""
    command = WarmCommand()
    yield command
    command.stop()


@pytest.fixture(scope="session")
def sample_home(warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with the three-level organisation and its main directive issued."""
    console = Console(warm, tmp_path_factory.mktemp("sample") / "home")
    console.ok("init")
    console.ok("units", "import", *SHEETS)
    console.ok("letter", "import", DIRECTIVE, "--yes", "--issue", "--as", "hang.nt")
    return console.home


@pytest.fixture
def bare(warm: WarmCommand, tmp_path: Path) -> Console:
    """A folder without a register."""
    return Console(warm, tmp_path / "home")


@pytest.fixture
def console(warm: WarmCommand, tmp_path: Path, sample_home: Path) -> Console:
    """A copy of the sample register, in which hang.nt of the province's secretariat acts."""
    shutil.copytree(sample_home, tmp_path / "home")
    return Console(warm, tmp_path / "home", {"CASCADE_USER": "hang.nt"})
