"""The hourly checkpoint: once an hour, of what is new alone, never over a changed past."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade import history
from cascade.clock import Moment
from cascade.history import ContradictedError
from cascade.jobs import checkpoint
from cascade.jobs.kinds import work
from cascade.jobs.port import Place
from models.queries import jobs
from tests.tampering import seal_anew, unguard
from tests.worlds import Office


@pytest.fixture
def place(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The office at home."""
    monkeypatch.delenv("CASCADE_CHECKPOINTS", raising=False)
    office.letter("P", owe=["A"])
    return Place(office.db, tmp_path / "home")


def hour(place: Place, moment: Moment) -> int:
    """One hour's checkpoint, asked for by two workers; how many were asked for."""
    asked = checkpoint.ask(place.db, moment) + checkpoint.ask(place.db, moment)
    key = f"checkpoint-{moment.at:%Y-%m-%dT%H}"
    while work(place, key, moment):
        pass
    return asked


def later(moment: Moment, hours: int) -> Moment:
    """Some hours on."""
    return moment._replace(at=moment.at + timedelta(hours=hours))


def test_it_is_taken_once_an_hour_and_only_of_what_is_new(office: Office, place: Place) -> None:
    folder = place.home / "checkpoints"
    counts = []
    for number, has_news in enumerate([True, False, True]):
        if number and has_news:
            office.letter("P", owe=["B"])
        assert hour(place, later(office.moment, number)) == 1
        counts.append(len(list(folder.glob(f"*{history.SUFFIX}"))))
    assert counts == [1, 1, 2]


def test_a_changed_past_is_not_signed_and_somebody_is_told(office: Office, place: Place) -> None:
    hour(place, office.moment)
    with office.db.engine.begin() as conn:
        unguard(conn)
        conn.execute(text("UPDATE event SET note = 'something else'"))
        seal_anew(conn)
    office.letter("P", owe=["B"])
    with pytest.raises(ContradictedError):
        hour(place, later(office.moment, 1))
    with office.db.read() as conn:
        row = jobs.find(conn, f"checkpoint-{later(office.moment, 1).at:%Y-%m-%dT%H}")
    assert row is not None
    assert row.is_open  # the engine tries again, then gives it up for the doctor to tell
