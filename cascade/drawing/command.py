"""The `dot` command of a Graphviz installed on this machine, where there is one."""

from __future__ import annotations

import shutil
import subprocess

from cascade.drawing.errors import EngineError, EngineTimeoutError


def lay_out(dot: str, timeout: float) -> bytes:
    """Give Graphviz' layout of the DOT text as json0; the timeout is in seconds.

    Raises EngineTimeoutError when stopped, EngineError when there is no `dot` or it fails.
    """
    program = shutil.which("dot")
    if program is None:
        raise EngineError("There is no Graphviz on this machine.")
    try:
        done = subprocess.run(
            [program, "-Tjson0"],
            input=dot.encode(),
            capture_output=True,
            timeout=timeout,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise EngineTimeoutError(f"Graphviz was stopped after {timeout:g} s.") from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise EngineError("Graphviz on this machine failed.") from error
    return done.stdout
