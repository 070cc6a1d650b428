"""The console command, run as users run it: in a process of its own, in a register of its own.

Loading the program takes a second, so most tests run it in a fork of a process that has loaded it
already; arguments, environment, output and exit are those of the real command. `cold` loads anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from cascade.cli import main; main()"]
# Loads everything, then answers each line with the exit code of the command run in a fork.
WARM = """
import gc, json, os, sys, traceback
import alembic.command, rich.console, rich.markup, rich.table, rich.text, rich.tree
import sqlalchemy.dialects.sqlite.pysqlite
import cascade.cli, cascade.cli.faults, cascade.cli.letters, cascade.cli.setup, cascade.cli.steps
import cascade.cli.views, cascade.house
gc.freeze()
answers = os.fdopen(os.dup(1), "w")
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        for number, name in enumerate(["/dev/null", asked["out"], asked["err"]]):
            os.dup2(os.open(name, os.O_RDWR), number)
        os.environ.clear()
        os.environ.update(asked["env"])
        os.chdir(asked["cwd"])
        sys.stdin = open(0)
        sys.argv = ["cascade", *asked["args"]]
        code = 0
        try:
            cascade.cli.main()
        except SystemExit as leaving:
            code = leaving.code or 0
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        os._exit(code)  # tearing down all that is loaded would take longer than the command
    answers.write(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])) + "\\n")
    answers.flush()
"""


class Ran(NamedTuple):
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document it printed."""
        return json.loads(self.out)


class WarmCommand:
    """A process that has loaded the program and runs it in forks."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WARM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )

    def run(self, args: list[str], env: Mapping[str, str], cwd: Path) -> Ran:
        """Run one command."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            asked = {"args": args, "env": dict(env), "cwd": str(cwd)}
            stdin.write(json.dumps({**asked, "out": out.name, "err": err.name}) + "\n")
            stdin.flush()
            code = int(stdout.readline())
            return Ran(code, out.read().decode(), err.read().decode())

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout
        self._process.stdout.close()


@dataclass
class Console:
    """A folder to work in, with a register (or none yet) in it."""

    warm: WarmCommand
    home: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *args: object, **env: str) -> Ran:
        """Run `cascade ARGS`; keywords are environment variables."""
        return self.warm.run([str(arg) for arg in args], self.environment(**env), self.home.parent)

    def ok(self, *args: object, **env: str) -> Ran:
        """Run a command that must succeed and complain of nothing."""
        ran = self(*args, **env)
        assert (ran.code, ran.err) == (0, ""), ran
        return ran

    def cold(self, *args: object, **env: str) -> Ran:
        """The same in a process that loads the program anew."""
        done = subprocess.run(
            [*COMMAND, *map(str, args)],
            env=self.environment(**env),
            cwd=self.home.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def environment(self, **env: str) -> dict[str, str]:
        """The environment of a command."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "CASCADE_HOME": str(self.home),
            "LANG": "C.UTF-8",
            **self.env,
            **env,
        }

    def write(self, name: str, content: str | bytes) -> Path:
        """A file in the folder worked in."""
        path = self.home.parent / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path
