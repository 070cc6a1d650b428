"""A worker as a process: killed at a point of a batch, it comes back and lays each step once.

The long form, on PostgreSQL too, is tests/faults/test_jobs_long.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cascade.jobs import issuing
from tests.faults import far
from tests.faults.far import Far
from tests.worlds import Office


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_worker_killed_in_a_batch_comes_back_and_lays_each_step_once(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "BATCH", 10)
    far.communes(office, 60)
    letter = Far(office, tmp_path, far.directive(office), 60)
    far.begin(office, letter.letter)
    letter.is_whole()
    assert letter.work("committed 2", batch=10)
    letter.is_whole()
    assert letter.laid() == 30
    assert not letter.work(batch=10)
    letter.is_done()
