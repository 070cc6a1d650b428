"""./run sets itself up once, says what is wrong, and never leaves a half-made .venv as if whole.

Nothing is downloaded: a stand-in for Python answers for venv and pip, and hands the rest on.
"""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

CHECKOUT = Path(__file__).resolve().parent.parent
COMMANDS = ["demo", "serve", "cascade", "test", "check", "faults", "authz", "bench", "lock", "help"]
TOOLS = ["cascade", "ruff", "mypy", "lint-imports", "pytest"]

STAND_IN = f"""#!/bin/sh
case "$*" in
*sys.executable*) echo "$0" ;;
*"-m venv "*)
    echo venv >>"$CALLS"
    for folder; do :; done
    mkdir -p "$folder/bin" && cp "$0" "$folder/bin/python" ;;
*"-m pip "*)
    echo pip >>"$CALLS"
    sleep "${{PIP_SECONDS:-0}}"
    echo "Collecting rich==15.0.0 (from -r somewhere)"
    if [ -n "${{PIP_FAILS:-}}" ]; then echo "ERROR: connection refused"; exit 1; fi
    for tool in {" ".join(TOOLS)}; do cp "$TOOL" "$(dirname "$0")/$tool"; done ;;
*) exec "{sys.executable}" "$@" ;;
esac
"""

# Says how it was called, and fails when told to.
TOOL = """#!/bin/sh
echo "$(basename "$0") $* in $(pwd)${PYTHONPATH:+ with $PYTHONPATH}"
case " $FAILING " in *" $(basename "$0") "*) exit 1 ;; esac
"""


class Sandbox:
    """A checkout of only what ./run needs, under a path with a space."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout"
        self.root.mkdir()
        for name in ("run", "setup.cfg", "pyproject.toml"):
            shutil.copy(CHECKOUT / name, self.root)
        shutil.copytree(CHECKOUT / "requirements", self.root / "requirements")
        self.stamp = self.root / ".venv" / "installed"
        self.calls = folder / "calls"
        self.python = self.script(folder / "python", STAND_IN)
        self.environment = os.environ | {
            "PYTHON": str(self.python),
            "CALLS": str(self.calls),
            "CHROMIUM": sys.executable,  # any program: no test here opens a browser
            "TOOL": str(self.script(folder / "tool", TOOL)),
            "FAILING": "",
        }

    def script(self, path: Path, text: str) -> Path:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "run", *arguments],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=self.environment | environment,
            cwd=self.root.parent,
        )

    def calls_made(self) -> list[str]:
        made = self.calls.read_text().split() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return made


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path)


@pytest.mark.parametrize("arguments", [[], ["help"], ["--help"]])
def test_help_lists_every_command_and_sets_nothing_up(
    sandbox: Sandbox, arguments: list[str]
) -> None:
    done = sandbox.run(*arguments)
    assert done.returncode == 0
    assert re.findall(r"^  (\w+)  ", done.stdout, re.MULTILINE) == COMMANDS
    assert not sandbox.calls_made()


def test_an_unknown_command_is_refused_in_one_line(sandbox: Sandbox) -> None:
    done = sandbox.run("sreve")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no command 'sreve'" in done.stderr
    assert "./run help" in done.stderr


@pytest.mark.parametrize(
    ("name", "script", "told"),
    [
        (None, "", "Seen: none"),
        ("python3.12", "echo 'version 3.12 is not installed' >&2; exit 127", "not installed"),
        ("python3", "echo 'is 3.9.2, older than 3.11' >&2; exit 1", "python3: is 3.9.2, older"),
    ],
)
def test_without_a_fit_python_it_says_what_it_saw_and_what_to_do(
    sandbox: Sandbox, tmp_path: Path, name: str | None, script: str, told: str
) -> None:
    path = tmp_path / "bin"
    path.mkdir()
    for command in ("sh", "dirname", "readlink", "sed", "head", "tail"):
        (path / command).symlink_to(str(shutil.which(command)))
    if name:
        sandbox.script(path / name, f"#!/bin/sh\n{script}\n")
    done = sandbox.run("serve", PATH=str(path), PYTHON="")
    assert done.returncode == 1
    assert told in done.stderr
    assert "needs Python 3.11 or later" in done.stderr
    assert "apt install python3" in done.stderr
    assert not (sandbox.root / ".venv").exists()


def test_a_python_asked_for_by_name_is_not_replaced_by_another(sandbox: Sandbox) -> None:
    done = sandbox.run("serve", PYTHON="/nowhere/python")
    assert done.returncode == 1
    assert "/nowhere/python" in done.stderr
    assert not sandbox.calls_made()


def test_a_failed_download_tells_the_package_and_leaves_no_stamp(sandbox: Sandbox) -> None:
    done = sandbox.run("serve", PIP_FAILS="yes")
    assert done.returncode == 1
    assert re.search(r"Failed: Installing \d+ packages, once, at rich==15.0.0", done.stderr)
    assert "ERROR: connection refused" in done.stderr
    assert "proxy" in done.stderr
    assert "Traceback" not in done.stderr
    assert not sandbox.stamp.exists()

    sandbox.calls_made()
    assert sandbox.run("serve").returncode == 0
    assert sandbox.calls_made() == ["venv", "pip", "pip"], "what failed is made anew"


def test_it_sets_up_once_and_again_only_when_something_changed(sandbox: Sandbox) -> None:
    first = sandbox.run("serve", "--port", "1", PYTHONPATH="/elsewhere")
    assert sandbox.calls_made() == ["venv", "pip", "pip"]
    here = sandbox.root.parent
    assert first.stdout.splitlines()[-1] == f"cascade serve --port 1 in {here}"

    again = sandbox.run("cascade", "trace", "a b")
    assert again.stdout == f"cascade trace a b in {here}\n"
    assert not sandbox.calls_made()

    assert sandbox.run("bench").returncode != 0, "there is no bench in this sandbox"
    assert sandbox.calls_made() == ["pip", "pip"], "the development packages come on top"
    sandbox.run("demo")
    assert not sandbox.calls_made()

    with (sandbox.root / "requirements" / "runtime.txt").open("a") as lock:
        lock.write("# changed\n")
    sandbox.run("demo")
    assert sandbox.calls_made() == ["pip", "pip"]
    assert sandbox.stamp.read_text().startswith("dev\n"), "nothing is taken away"

    sandbox.stamp.unlink()
    sandbox.run("demo")
    assert sandbox.calls_made() == ["venv", "pip", "pip"], "without a stamp nothing is trusted"


def test_a_moved_checkout_is_set_up_anew(sandbox: Sandbox) -> None:
    sandbox.run("demo")
    sandbox.calls_made()
    sandbox.root = sandbox.root.rename(sandbox.root.with_name("moved"))
    assert sandbox.run("demo").returncode == 0
    assert sandbox.calls_made() == ["venv", "pip", "pip"]


def test_two_at_once_set_up_once(sandbox: Sandbox) -> None:
    environment = sandbox.environment | {"PIP_SECONDS": "0.3"}
    both = [
        subprocess.Popen(
            [sandbox.root / "run", "demo"], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sandbox.calls_made() == ["venv", "pip", "pip"]
    assert sum("Waiting for another ./run" in text for text in said) == 1


def test_every_part_of_the_test_is_told_and_pytest_comes_last(sandbox: Sandbox) -> None:
    done = sandbox.run("test", "tests/cascade", "-x")
    assert done.returncode == 0
    said = done.stdout.splitlines()
    assert said[-1] == f"pytest -n 2 tests/cascade -x in {sandbox.root}"

    done = sandbox.run("test", FAILING="ruff mypy")
    assert done.returncode == 1
    assert f"pytest -n 2 in {sandbox.root}" in done.stdout
    assert done.stderr.strip() == "Failed: ruff check, ruff format, mypy"

    done = sandbox.run("check", FAILING="pytest")
    assert done.returncode == 0


def test_continuous_integration_runs_the_same_menu() -> None:
    assert "./run test" in (CHECKOUT / ".ci" / "run").read_text()


LOCKS = [
    *sorted((CHECKOUT / "requirements").glob("*.txt")),
    CHECKOUT / "bench/spiff/requirements.txt",
]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_lock_has_hashes_and_tells_no_host_and_no_path(lock: Path) -> None:
    _, *lines = lock.read_text().splitlines()
    pins = [line for line in lines if not line.startswith("    --hash=sha256:")]
    assert pins
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( ; [^/]+)? \\", pin) for pin in pins)


@pytest.mark.parametrize(("level", "extra"), [("runtime", False), ("dev", True)])
def test_the_locks_hold_what_setup_cfg_asks_for(level: str, extra: bool) -> None:
    setup = configparser.ConfigParser()
    setup.read(CHECKOUT / "setup.cfg")
    asked = setup["options"]["install_requires"] + "\nsetuptools >=77"
    asked += setup["options.extras_require"]["dev"] if extra else ""
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([\w.-]+)==([\w.]+)", (CHECKOUT / f"requirements/{level}.txt").read_text(), re.MULTILINE
    ):
        pins.setdefault(name, []).append(version)
    for requirement in map(Requirement, filter(None, asked.splitlines())):
        name = requirement.name.lower().replace("_", "-")
        assert name in pins, f"{requirement}: run ./run lock"
        assert all(map(requirement.specifier.contains, pins[name])), f"{requirement}: ./run lock"
