"""The parent's side: starts the child that parses, feeds it, and ends it when it takes too long."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

import cascade
from cascade.errors import UnreadableLetterError
from cascade.intake.sources import frames
from cascade.intake.sources.limits import FILES_PER_CHILD, SECONDS
from cascade.intake.sources.source import Source

# Isolated and without site: it starts in a fraction of the time and runs no start-up hooks.
# Without bytecode written: it may write no file, and would leave an empty one for each module.
_BOOT = (
    "import sys; sys.path[:] = sys.argv[1:]; from cascade.intake.sources.child import main; main()"
)
SIMPLER = "Open it in its own program, save it as a new DOCX or PDF, and import that file."


class Worker:
    """One child for many files, started when first needed and anew after any failure."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._left = 0

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, content: bytes, name: str) -> Source:
        """Have the child read a file; UnreadableLetterError also when it dies over it."""
        process = self._ready()
        late = threading.Event()

        def end() -> None:
            late.set()
            _kill(process)

        timer = threading.Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        try:
            answer = _exchange(process, content, name)
        except (OSError, frames.BrokenPipeLineError) as wrong:
            # Let a dying child die, so that its status tells what of.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)
            timer.cancel()
            code = process.returncode
            self.close()
            raise self._failure(name, late.is_set(), code) from wrong
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
            timer.join()
        self._left -= 1
        if self._left <= 0 or late.is_set() or answer.last:
            self.close()
        return frames.unpack(answer, name)

    def close(self) -> None:
        """End the child, if there is one, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = _start()
            self._left = FILES_PER_CHILD
        return self._process

    def _failure(self, name: str, late: bool, code: int | None) -> UnreadableLetterError:
        if late or (sys.platform != "win32" and code == -signal.SIGXCPU):
            what = f"reading it is too slow: it was stopped after {self._seconds:g} seconds"
        else:
            what = "the file is broken: the program that reads it ended over it"
        return UnreadableLetterError(what, where=name, remedy=SIMPLER)


def _start() -> subprocess.Popen[bytes]:
    # The child finds what this process finds, however the two were installed.
    root = str(Path(cascade.__file__).parent.parent)
    paths = [str(Path(path).absolute()) for path in sys.path if path]
    try:
        return subprocess.Popen(
            [sys.executable, "-ISB", "-X", "utf8", "-c", _BOOT, *paths, *({root} - set(paths))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
            cwd=Path(sys.executable).anchor,
            close_fds=True,
            start_new_session=True,
        )
    except OSError as wrong:
        raise UnreadableLetterError(
            f"the program that reads files could not be started ({wrong.strerror})",
            remedy="Close other programs or free memory, then import the file again.",
        ) from wrong


def _exchange(process: subprocess.Popen[bytes], content: bytes, name: str) -> frames.Frame:
    if process.stdin is None or process.stdout is None:
        raise frames.BrokenPipeLineError("no pipes")
    frames.send(process.stdin, frames.Frame(name.encode("utf-8", "replace"), content))
    return frames.receive(process.stdout, frames.LONGEST_ANSWER, frames.longest_body())


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        elif process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
