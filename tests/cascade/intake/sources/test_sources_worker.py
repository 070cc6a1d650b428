"""The child process: cheap to start, bound in all it may do, and gone when it is done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, sleep

import pytest

from cascade.errors import CascadeError, UnreadableLetterError
from cascade.intake.sources import Attachment, Source, frames, load, load_bytes, load_many, worker
from cascade.intake.sources.limits import FILES_PER_CHILD, INPUT_BYTES
from tests.cascade.intake.sources.hostilefiles import body, line, word

GOOD = word(body(line("Kính gửi: Sở Y tế")))
# A child that, instead of reading, does as it is told.
FAULTY = (
    "import sys; sys.path[:] = sys.argv[1:]; from cascade.intake.sources import child, formats\n"
    "def read(content, name, depth=0):\n    {}\n"
    "formats.read = read\nchild.main()"
)
FAULTS: dict[str, tuple[str, str]] = {
    "sleeps": ("import time; time.sleep(60)", "too slow"),
    "spins": ("while True: pass", "too slow"),
    "grows": ("x = [bytes(2**20) for _ in range(2**20)]", "more memory"),
    "hogs": ("x = bytearray(2**30)", "more memory"),
    "dies": ("import os; os.kill(os.getpid(), 11)", "ended over it"),
    "aborts": ("import os; os.abort()", "ended over it"),
    "leaves": ("import os; os._exit(0)", "ended over it"),
    "chatters": ("sys.stdout.buffer.write(b'z' * 100); import os; os._exit(0)", "ended over it"),
    "overflows": (
        "sys.stdout.buffer.write(b'\\xff' * 13); sys.stdout.flush(); sys.stdin.read()",
        "ended over it",
    ),
    # Python 3.13 may end over it before it can say so; either way the file is refused.
    "recurses": ("return read(content, name)", "nested deeper|ended over it"),
    "writes": ("open('/tmp/x', 'w')", "PermissionError"),
    "calls": ("import socket; socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
    "starts": ("import subprocess; subprocess.run(['/bin/true'])", "PermissionError"),
    "forks": ("import os; os.fork()", "PermissionError"),
    "stumbles": ("return 1 / 0", "ZeroDivisionError"),
}  # fmt: skip


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
def pids(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The children started, in order."""
    started: list[int] = []
    start: Callable[[], subprocess.Popen[bytes]] = worker._start

    def noted() -> subprocess.Popen[bytes]:
        process = start()
        started.append(process.pid)
        return process

    monkeypatch.setattr(worker, "_start", noted)
    return started


@pytest.mark.parametrize("fault", FAULTS)
def test_a_child_that_fails_is_named_and_replaced(
    fault: str, pids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    deed, told = FAULTS[fault]
    seconds = 0.7 if told == "too slow" else 8
    with worker.Worker(seconds) as one:
        with monkeypatch.context() as patch:
            patch.setattr(worker, "_BOOT", FAULTY.format(deed))
            start = perf_counter()
            with pytest.raises(UnreadableLetterError, match=told) as refused:
                one.read(GOOD, "a.docx")
            assert perf_counter() - start < seconds + 3
            assert refused.value.where == "a.docx"
        assert one.read(GOOD, "b.docx").text == "Kính gửi: Sở Y tế"
    assert len(pids) == 2
    assert not any(alive(pid) for pid in pids)


def test_one_child_serves_many_and_is_changed_in_time(
    tmp_path: Path, pids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "FILES_PER_CHILD", 10)
    files = []
    for number in range(25):
        files.append(tmp_path / f"{number:02d}.docx")
        files[-1].write_bytes(GOOD)
    assert [path for path, found in load_many(files) if isinstance(found, Source)] == files
    assert len(pids) == 3
    assert FILES_PER_CHILD > 10


def test_a_refusal_keeps_the_child_and_text_needs_none(tmp_path: Path, pids: list[int]) -> None:
    files = {"a.docx": word(body("")), "b.docx": GOOD, "c.txt": b"So Y te", "d.png": b"\x89PNG"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    found = [type(result) for _, result in load_many(sorted(tmp_path.iterdir()))]
    assert found == [UnreadableLetterError, Source, Source, UnreadableLetterError]
    assert len(pids) == 1
    assert load_bytes(b"So Y te", "c.txt").media == "txt"
    assert len(pids) == 1


def test_leaving_half_way_ends_the_child(tmp_path: Path, pids: list[int]) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(GOOD)
    results = load_many([file] * 5)
    next(results)
    assert alive(pids[0])
    results.close()  # type: ignore[attr-defined]
    assert not alive(pids[0])


def test_a_child_ends_with_its_parent() -> None:
    script = (
        "import os, sys\nfrom cascade.intake.sources import worker\n"
        "one = worker.Worker()\none.read(sys.stdin.buffer.read(), 'a')\n"
        "print(one._process.pid, flush=True)\nos._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=GOOD, capture_output=True)
    pid = int(done.stdout)
    for _ in range(100):
        if not alive(pid):
            return
        sleep(0.02)
    pytest.fail("the child outlived its parent")


def test_bulk_is_cheap(tmp_path: Path) -> None:
    files = []
    for number in range(100):
        files.append(tmp_path / f"{number:02d}.docx")
        files[-1].write_bytes(GOOD)
    start = perf_counter()
    assert sum(isinstance(found, Source) for _, found in load_many(files)) == 100
    assert perf_counter() - start < 5


def test_large_files_are_refused_unread(tmp_path: Path, pids: list[int]) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as stream:
        stream.write(b"%PDF-1.7")
        stream.truncate(INPUT_BYTES + 1)
    with pytest.raises(UnreadableLetterError, match="50 MB"):
        load(large)
    assert pids == []


def test_what_is_no_file_is_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    odd = [tmp_path, pipe, tmp_path / "none", Path("/dev/zero"), tmp_path / ("x" * 300)]
    odd.append(tmp_path / "a\x00b")
    for _, result in load_many(odd):
        assert isinstance(result, CascadeError)
        assert result.remedy


def test_a_source_goes_through_the_pipe_unchanged() -> None:
    source = Source(
        "Ủy ban\n\u2028\ud7ff\U0001f30a", "eml", (Attachment("a", b"\x00"), Attachment("b", b"")),
        ("một",), (0, 3),
    )  # fmt: skip
    assert frames.unpack(frames.pack(source), "x") == source
