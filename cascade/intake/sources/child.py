"""The child process that parses files: it limits itself, then answers one file after another."""

from __future__ import annotations

import sys
from typing import Any

from cascade.errors import UnreadableLetterError
from cascade.intake.sources import formats, frames
from cascade.intake.sources.limits import (
    FILES_PER_CHILD,
    INPUT_BYTES,
    MEMORY_BYTES,
    OPEN_FILES,
    SECONDS,
)

# A letter's file has no business with any of these.
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "urllib.",
    "ftplib.",
    "http.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.mkdir",
)
LONGEST_NAME = 10_000
BROKEN = "Open it in its own program, save it again, and import that file."


def main() -> None:
    """Answer files from standard input until it ends, each limited in time and memory."""
    limit()
    sys.addaudithook(_refuse)
    come, go = sys.stdin.buffer, sys.stdout.buffer
    for _ in range(FILES_PER_CHILD):
        limit_cpu()
        try:
            asked = frames.receive(come, LONGEST_NAME, INPUT_BYTES)
        except frames.BrokenPipeLineError:
            return
        answer = _answer(asked.body, asked.head.decode())
        # Sent from here, where what the parser held has been let go.
        frames.send(go, answer)
        if answer.last:
            return


def _answer(content: bytes, name: str) -> frames.Frame:
    """The answer to a file; the last one when a parser failed in a way nobody foresaw."""
    try:
        return frames.pack(formats.read(content, name))
    except UnreadableLetterError as refused:
        return frames.pack_refusal(refused)
    except MemoryError:
        what = "it needs more memory than any letter"
    except (RecursionError, SystemError):  # Python 3.13 may tell too deep a recursion as either
        what = "it is nested deeper than any letter"
    except Exception as wrong:
        # Whatever a parser stumbles over, the file is at fault.
        what = f"the file is broken ({type(wrong).__name__})"
    # A parser that stumbled once is not trusted with the next file.
    return frames.pack_refusal(UnreadableLetterError(what, remedy=BROKEN), last=True)


def limit() -> None:
    """Bind this process: memory, no files written, no dumps, no further processes."""
    if sys.platform == "win32":
        return
    import resource

    bounds = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_DATA: MEMORY_BYTES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
    }
    for which, most in bounds.items():
        hard = resource.getrlimit(which)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (bound, bound))


def limit_cpu() -> None:
    """Give the next file its seconds; the parent's clock ends it too, this holds if that died."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + SECONDS) + 2
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    if hard == resource.RLIM_INFINITY or soft <= hard:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        raise PermissionError("a letter's file would write")
