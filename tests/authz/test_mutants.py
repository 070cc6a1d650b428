"""Whatever clause is taken away, something sees it; the list is printed at the end of the run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.authz.conftest import AskingOf
from tests.authz.judging import put_away
from tests.authz.mutating import ROOT, every, exchanged

_PARTS = 4


def test_every_clause_is_where_the_list_of_mutants_has_it() -> None:
    for mutant in every():
        source = (ROOT / mutant.file).read_text(encoding="utf-8")
        changed = exchanged(source, mutant)
        assert changed != source
        compile(changed, mutant.file, "exec")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(_PARTS))
def test_every_mutant_is_caught(
    asking_of: AskingOf,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    part: int,
) -> None:
    asking = asking_of("sqlite", is_long=True)
    put_away(asking, tmp_path)
    (tmp_path / "files").symlink_to(Path(str(asking.db.url.database)).parent / "files")
    command = [sys.executable, "-m", "tests.authz.mutating", tmp_path, part, _PARTS]
    done = subprocess.run(
        [str(one) for one in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    judged = dict(json.loads(line) for line in done.stdout.splitlines())
    survived = [name for name, caught in judged.items() if not caught or caught.startswith("!")]
    for name in judged:
        record_property("mutant", f"{'caught' if name not in survived else 'SURVIVED'}: {name}")
    record_property("mutants", len(judged))
    record_property("mutants caught", len(judged) - len(survived))
    assert judged
    assert not survived, "\n".join(f"{name} {judged[name]}" for name in survived)
