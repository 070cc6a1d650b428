"""The four rooms are ours, stay small, and import openly."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from cascade import house
from cascade.house import ROOMS

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
# Where an import inside a function keeps help quick or Alembic out of every command.
LAZY = (
    "cascade/cli/",
    "cascade/drawing/",
    "models/schema.py",
    "cascade/intake/sources/formats.py",  # a child loads only what its file needs
)
LONGEST = 300


def run(*before: Path) -> subprocess.CompletedProcess[str]:
    """`cascade letter list` with other folders before ours on the path."""
    path = [str(folder) for folder in (*before, ROOT)]
    start = f"import sys; sys.path[:0] = {path}; from cascade.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", start, "letter", "list"],
        cwd="/",
        env={"CASCADE_HOME": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("room", ["web", "models", "workflows"])
def test_the_start_up_check_names_a_package_that_shadows_a_room(tmp_path: Path, room: str) -> None:
    (tmp_path / room).mkdir()
    (tmp_path / room / "__init__.py").write_text("")
    done = run(tmp_path)
    assert done.returncode == 1, done
    assert f"error: {room} comes from {tmp_path}" in done.stderr
    assert "an environment of its own" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_start_up_check_is_content_with_our_own_rooms() -> None:
    house.check()
    assert "no register here yet" in run().stderr


def locked() -> set[str]:
    """Every distribution the locks install."""
    text = "".join(path.read_text("utf-8") for path in (ROOT / "requirements").glob("*.txt"))
    return set(re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==", text, re.MULTILINE))


def test_no_locked_distribution_installs_a_package_named_like_a_room() -> None:
    assert len(locked()) > 30
    looked, taken = 0, {}
    for name in sorted(locked()):
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue  # for another system or Python
        looked += 1
        tops = {file.parts[0].removesuffix(".py") for file in files}
        if tops & set(ROOMS):
            taken[name] = sorted(tops & set(ROOMS))
    assert looked > 30
    assert taken == {}


def test_no_module_grows_beyond_what_is_read_at_once() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in MODULES
    }
    grown = {
        str(path): lines
        for path, lines in lengths.items()
        if lines > LONGEST and "migrations/versions" not in path.as_posix()
    }
    assert len(lengths) > 50
    assert grown == {}


def hidden_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, module) of every import of our own that stands inside a function."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or "" if node.level == 0 else ROOMS[0]]
            for name in names:
                if isinstance(node, ast.stmt) and name.split(".")[0] in ROOMS:
                    yield node.lineno, name


def test_no_import_of_our_own_hides_in_a_function() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in MODULES
        if not path.relative_to(ROOT).as_posix().startswith(LAZY)
        for line, name in hidden_imports(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from models import journal", []),
        ("def f():\n    from models import journal", [(2, "models")]),
        ("class A:\n    def f(self):\n        import cascade.act", [(3, "cascade.act")]),
        ("def f():\n    import json", []),
        ("def f():\n    from . import x", [(2, "workflows")]),
    ],
    ids=["at the top", "in a function", "in a method", "not ours", "relative"],
)
def test_a_hidden_import_is_seen(source: str, found: list[tuple[int, str]]) -> None:
    assert list(hidden_imports(ast.parse(source))) == found
