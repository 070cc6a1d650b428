"""Runs mutants: each in a process of its own, in which one clause of one module is another.

    python -m tests.authz.mutating FOLDER FIRST STEP

prints a line of JSON for each mutant: its name and what caught it, empty where nothing did.
FOLDER holds a world that tests/authz/conftest.py has made.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.authz.mutant import VIEWS, Mutant
from tests.authz.mutants import MUTANTS

ROOT = Path(__file__).parents[2]
ROOMS = ("tests", "web", "cascade", "models", "workflows")  # who stands on whom
_LONGEST = 60  # seconds of work for one mutant
_UNSCOPED = "visitor.reading()"


def every() -> list[Mutant]:
    """The written ones, and each reading of a page that is not scoped."""
    found = [*MUTANTS]
    for path in sorted([*ROOT.glob("web/pages/*.py"), *ROOT.glob("web/api/*.py")]):
        file, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        found += [Mutant(file, old, new, by) for old, new, by in _readings(file, text)]
    return found


def _readings(file: str, text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each reading of a page on a connection that shows everything."""
    parts = text.split(_UNSCOPED)
    for number in range(1, len(parts)):
        # Enough of what stands around it to be found once.
        before = _UNSCOPED.join(parts[:number])
        names = re.findall(r"^def (\w+)", before, re.M)
        at = before.rindex(f"def {names[-1]}(")
        old = before[at:] + _UNSCOPED
        yield old, before[at:] + "g.db.read()", (f"{_blueprint(text)}.*", *_ALSO.get(file, ()))


# Readings that only a form filled in with care comes to.
_ALSO: dict[str, tuple[str, ...]] = {
    "web/pages/imports.py": ("tests/web/test_imports.py",),
    "web/pages/letters.py": ("tests/web/test_letters.py",),
    "web/pages/board.py": ("tests/web/test_sight.py",),
}


def _blueprint(text: str) -> str:
    named = re.search(r'(?:Blueprint|Noun)\("(\w+)"', text)
    name = named.group(1) if named else ""
    return f"admin.{name}" if name in ("calendar", "glass", "sheets", "users") else name


class StaleError(Exception):
    """The clause is not there any more, or not once: the list of mutants is old."""


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self.mutant = mutant

    def get_code(self, _fullname: str) -> Any:
        """The module's code with the clause exchanged; no compiled one is used or kept."""
        source = Path(self.path).read_text(encoding="utf-8")
        return compile(exchanged(source, self.mutant), self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.module = mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """The module that is to be changed; all others are found as ever."""
        if name != self.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self.mutant)
        return spec


def exchanged(source: str, mutant: Mutant) -> str:
    """A module without the clause; it must be there, and once."""
    if source.count(mutant.old) != 1:
        raise StaleError(f"{mutant.file} holds {source.count(mutant.old)} times: {mutant.old}")
    return source.replace(mutant.old, mutant.new)


def _judge(mutant: Mutant, folder: Path) -> str:
    """What catches a mutant, in a process that forgets what stands on the changed module."""
    exchanged((ROOT / mutant.file).read_text(encoding="utf-8"), mutant)
    above = ROOMS[: ROOMS.index(mutant.file.partition("/")[0]) + 1]
    for name in [name for name in sys.modules if name.partition(".")[0] in above]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder(mutant))
    tests = [name for name in mutant.by if name.startswith("tests/")]
    asked = [name for name in mutant.by if name not in (VIEWS, *tests)]
    caught = ""
    try:
        if VIEWS in mutant.by and (found := _module("views").judge(folder)):
            caught = f"tables: {found[:60]}"
        if asked and not caught:
            caught = str(_module("judging").judge(folder, asked))
    except Exception as error:  # a program that no longer runs is seen by everybody
        return f"does not run: {type(error).__name__}"
    for name in tests if not caught else []:
        # In a process of its own: pytest remembers what it has imported.
        command = [
            sys.executable,
            "-m",
            "tests.authz.mutating",
            "--test",
            str(every().index(mutant)),
            name,
        ]
        if subprocess.run(command, cwd=ROOT, check=False).returncode == 1:
            return name
    return caught


def test(mutant: Mutant, name: str) -> int:
    """Run tests on a program without the clause; what pytest's process ends with."""
    for module in [one for one in sys.modules if one.partition(".")[0] in ROOMS[1:]]:
        del sys.modules[module]
    sys.meta_path.insert(0, _Finder(mutant))
    options = ["-q", "-x", "-n0", "-p", "no:cacheprovider", "-k", "not postgresql", "--no-header"]
    return int(importlib.import_module("pytest").main([*options, name]))


def _module(name: str) -> Any:
    return importlib.import_module(f"tests.authz.{name}")


def run(mutant: Mutant, folder: Path) -> str:
    """Judge a mutant in a child; what caught it."""
    told = tempfile.NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115 - the child's too
    child = os.fork()
    if child == 0:
        signal.setitimer(signal.ITIMER_PROF, _LONGEST)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        copy = Path(tempfile.mkdtemp(dir=folder))
        try:
            shutil.copy(folder / "kept.db", copy / "cascade.db")
            for name in ("kept.pickle", "known.pickle", "files"):
                (copy / name).symlink_to(folder / name)
            said = _judge(mutant, copy)
        except BaseException as error:
            said = f"!{type(error).__name__}: {error}"
        told.write(said.encode())
        told.flush()
        shutil.rmtree(copy, ignore_errors=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    said = Path(told.name).read_text(encoding="utf-8")
    told.close()
    Path(told.name).unlink()
    return said if status == 0 else f"!ended by {status}"


def main(folder: Path, first: int, step: int, only: Sequence[str]) -> None:
    """Judge every so many-th mutant."""
    # All is imported once; a child forgets what its mutant changes.
    judging = _module("judging")
    importlib.import_module("pytest")
    chosen = [one for one in every() if not only or any(word in one.name for word in only)]
    for mutant in chosen[first::step]:
        print(json.dumps([mutant.name, run(mutant, folder)]), flush=True)
    if first == 0 and not only:
        shutil.copy(folder / "kept.db", folder / "cascade.db")
        for name, caught in judging.judge_policies(folder):
            print(json.dumps([name, caught]), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--test":
        sys.exit(test(every()[int(sys.argv[2])], sys.argv[3]))
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
