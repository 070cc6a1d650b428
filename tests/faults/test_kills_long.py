"""kill -9 at every statement, at the commit and around the file, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from cascade.verify import verify
from tests.faults import kills
from tests.worlds import Office

pytestmark = pytest.mark.slow
ACTS = [
    *(("issue", point) for point in kills.POINTS),
    *(("report", point) for point in (*kills.POINTS, *kills.FILE_POINTS)),
]


@pytest.mark.parametrize(("what", "point"), ACTS)
def test_a_killed_act_leaves_nothing_half_done(
    office: Office, tmp_path: Path, what: str, point: str
) -> None:
    kills.victim(office, tmp_path / "home").check(what, point)


@pytest.mark.parametrize("what", ["issue", "report"])
def test_killed_before_each_statement_in_turn(office: Office, tmp_path: Path, what: str) -> None:
    victim = kills.victim(office, tmp_path / "home")
    before = victim.seen()
    number = 1
    while victim.kill(what, f"statement {number}"):
        assert victim.seen() == before, number
        with office.db.read() as conn:
            assert verify(conn, victim.store) == [], number
        number += 1
    # The last attempt met no kill, so the act is done; it took more than a few statements.
    assert number > 4
    victim.again(what, done=True)
    assert victim.seen() != before
