"""SpiffWorkflow as a peer: the same act in an environment of its own, away from Cascade's."""

import hashlib
import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.txt"
VENV = HERE.parent / ".venv-spiff"
STAMP = VENV / "installed"


class PeerError(Exception):
    """The peer could not be installed or measured; the message holds the end of what it said."""


def measure(n: int, repeats: int = 7) -> dict[str, Any]:
    """Complete tasks one by one among n open ones; return the medians complete_one.py prints.

    The first call downloads the peer (about 6 MB) into bench/.venv-spiff. Raises PeerError.
    """
    _install()
    script = HERE / "complete_one.py"
    printed = _run("Measuring SpiffWorkflow", "-I", script, str(n), str(repeats))
    result: dict[str, Any] = json.loads(printed)
    return result


def _install() -> None:
    # The stamp is written last, so that what is half made or of another lock is made again.
    wanted = f"{hashlib.sha256(LOCK.read_bytes()).hexdigest()} {sys.version_info[:2]} {VENV}"
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    venv.create(VENV, clear=True, with_pip=True)
    (VENV / ".gitignore").write_text("*\n")
    pip = ("-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    options = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", LOCK)
    _run("Installing SpiffWorkflow (a download)", *pip, *options)
    STAMP.write_text(wanted)


def _run(what: str, *arguments: str | Path) -> str:
    """Run the Python of the peer's environment; return what it printed."""
    python = VENV / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    command = [python, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        end = "\n".join((done.stderr or done.stdout).strip().splitlines()[-6:])
        raise PeerError(f"{what} failed:\n{end}")
    return done.stdout
