"""Help is complete, and quick because it loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from cascade.cli import COMMANDS, cli
from tests.cli.console import ROOT, Console

HEAVY = {"sqlalchemy", "transitions", "rich", "alembic", "networkx", "flask", "cascade.intake"}


def commands() -> list[tuple[str, ...]]:
    """Every command and sub-command that can be loaded."""
    found: list[tuple[str, ...]] = []
    for name in COMMANDS:
        if COMMANDS[name][0].startswith("web.") and not (ROOT / "web" / "serve.py").exists():
            continue
        command = cli.get_command(click.Context(cli), name)
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, sub) for sub in command.commands]
    return found


def test_help_lists_every_command_with_its_line(bare: Console) -> None:
    told = bare.cold("--help")
    assert (told.code, told.err) == (0, "")
    flat = " ".join(told.out.split())
    assert [name for name, (_, line) in COMMANDS.items() if f"{name} {line}" not in flat] == []


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["-h"]], ids=" ".join)
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    look = (
        f"import sys; sys.argv = ['cascade', *{args}]\n"
        "from cascade.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('HEAVY', sorted({HEAVY} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "HEAVY []", done.stdout


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_each_command_says_what_it_does_and_what_each_option_means(
    bare: Console, command: tuple[str, ...]
) -> None:
    told = bare.ok(*command, "--help")
    assert told.out.startswith(f"Usage: cascade {' '.join(command)} ")
    found: click.Command | None = cli
    for name in command:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name)
    assert found is not None
    assert found.help
    # A number's option shows its default, which says enough.
    mute = [
        p.name
        for p in found.params
        if isinstance(p, click.Option) and not p.help and not p.show_default
    ]
    assert mute == []


def test_a_command_that_stops_half_way_through_its_pipe_says_nothing(console: Console) -> None:
    from tests.cli.console import COMMAND

    shell = [*COMMAND, "trace", "L1", "--json"]
    with subprocess.Popen(
        shell,
        env=console.environment(),
        cwd=console.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()  # as `| head` does
        said = process.stderr.read()
        code = process.wait(20)
    assert (code, b"Traceback" in said) == (1, False)
