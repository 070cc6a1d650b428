"""Whatever is thrown at it: a Source or a plain refusal, in time, in memory, and nothing left."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from cascade.errors import CascadeError
from cascade.intake.sources import Source, load_many
from cascade.intake.sources.limits import MEMORY_BYTES, SECONDS
from tests.cascade.intake.sources.hostilefiles import hostile

# Bombs that are only slow; the long form waits for them.
SLOW = {"bomb.pdf", "bomb-text.pdf", "bomb-elements.docx", "bomb-runs.docx"}
# What a killed child and its successor may take on a busy machine.
GRACE = 5.0


def children() -> set[str]:
    """The processes below this one, by id."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        found |= set((task / "children").read_text().split())
    return found


@pytest.fixture
def before() -> Iterator[None]:
    """Checks that no child, temporary file or descriptor outlives the test."""
    processes, files = children(), descriptors()
    yield
    assert children() <= processes
    assert descriptors() <= files + 2


def descriptors() -> int:
    """How many files this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def attack(folder: Path, *, slow: bool) -> list[str]:
    """Throw the files; the names of those that were read."""
    names: list[str] = []
    for number, (name, content) in enumerate(hostile()):
        if (name in SLOW) == slow:
            (folder / f"{number:03d}-{name}").write_bytes(content)
            names.append(name)
    assert len(set(names)) == len(names)
    assert slow or len(names) >= 150
    read: list[str] = []
    start = perf_counter()
    for path, result in load_many(sorted(folder.iterdir())):
        took = perf_counter() - start
        assert took < SECONDS + GRACE, path.name
        assert isinstance(result, Source | CascadeError), path.name
        if isinstance(result, Source):
            read.append(path.name[4:])
            assert result.text.strip()
            assert "root:" not in result.text, path.name
        else:
            assert path.name in str(result)
            assert len(str(result)) < 1_000
            assert result.what
            assert result.remedy
        start = perf_counter()
    return read


@pytest.mark.usefixtures("before")
def test_hostile_files(tmp_path: Path) -> None:
    read = attack(tmp_path, slow=False)
    assert {"twice.docx", "external.docx", "700-pages.pdf", "bomb.eml", "one-line.txt"} <= set(read)
    refused = ("bomb", "xxe", "laughs", "quadratic", "stranger", "zipped", "nul", "piled")
    assert [name for name in read if name.startswith(refused)] == ["bomb.eml"]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    # A child is counted with what its parent held until it became its own program.
    assert peak <= max(MEMORY_BYTES, own)


@pytest.mark.slow
@pytest.mark.usefixtures("before")
def test_hostile_files_that_take_their_time(tmp_path: Path) -> None:
    assert attack(tmp_path, slow=True) == []
