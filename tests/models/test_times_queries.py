"""What is asked about times, of both databases: series, due dates, clocks, dates in stages."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text

from cascade import recurring
from cascade.verify import verify
from models import occurrences
from models.queries import clocks, dues, series, staging
from models.scope import Reader, read_as
from tests.worlds import TODAY, Office
from workflows.facts import Fate
from workflows.phrases import Every
from workflows.series import Rule

WEEKLY = Rule(Every(days=7, weekday=4))
LATER = date(2026, 9, 19)


def begun(office: Office) -> tuple[int, list[int]]:
    """A letter of the province with a weekly duty of three units; noise in another province."""
    for issuer, units in (("Q", ["QA1"]), ("P", ["S", "A1", "C"])):
        letter = office.draft(issuer)
        rows = [
            {
                "unit_id": office.units[unit],
                "phrase": "thứ Sáu hằng tuần",
                "until": None,
                **recurring.kept(WEEKLY)._asdict(),
            }
            for unit in units
        ]
        with office.db.write() as conn:
            occurrences.file(conn, letter, rows)
            assert series.drafted(conn, letter) == len(units)
        office.issue(letter)
    with office.db.read() as conn:
        return letter, series.running(conn, letter)


def test_series_are_asked_for_made_once_and_ended(office: Office) -> None:
    letter, (one, two, three) = begun(office)
    with office.db.read() as conn:
        assert series.wanted(conn, TODAY) == []
        assert [row.id for row in series.wanted(conn, LATER, after=one)] == [two, three]
    office.today = LATER
    with office.db.write() as conn:
        first = recurring.page(conn, office.moment)
        second = recurring.page(conn, office.moment)
    assert (first.steps, second.steps) == (4, 0)
    with office.db.read() as conn:
        assert len(series.ahead(conn, [one, two], LATER)) == 2
        assert series.taken(conn, [three], LATER) == {(three, date(2026, 9, 25))}
        found = series.one(conn, two, LATER)
    assert found is not None
    assert (found.unit, found.occurrences, found.open, found.upcoming) == (
        "A1",
        2,
        2,
        date(2026, 9, 18),
    )
    end = {"series": (one, two), "fate": Fate.CANCEL, "note": "Enough."}
    office.fire_letter(letter, "end_series", "p.sec", **end)
    with office.db.read() as conn:
        assert series.running(conn, letter) == [three]
        states = [row.state for row in series.occurrences(conn, one)]
        assert verify(conn) == []
    assert states == ["cancelled", "open"]


def test_a_series_is_seen_by_those_whom_it_concerns(office: Office) -> None:
    letter, (one, two, three) = begun(office)
    seen = {}
    for login in ("p.sec", "a1.staff", "a.sec", "s.staff", "b.sec", "q.sec"):
        reader = Reader(office.who(login).id, office.today, office.moment.at)
        with read_as(office.db, reader) as conn:
            seen[login] = [row.id for row in series.of_letter(conn, letter, office.today)]
    assert seen == {
        "p.sec": [one, two, three],
        "a1.staff": [two],
        "a.sec": [two],
        "s.staff": [one],
        "b.sec": [],
        "q.sec": [],
    }


def test_due_dates_clocks_and_stages_are_asked_for(office: Office) -> None:
    with office.db.write() as conn:
        conn.execute(
            text(
                "UPDATE level SET slack_days = 2, acknowledge_days = 3, answer_days = 5 "
                "WHERE code = 'district'"
            )
        )
    due = TODAY + timedelta(days=9)
    directive = office.letter("P", owe=["A"], tasks=[("1", "S")], due=due)
    draft = office.draft("A", implements=[directive], tasks=[("1", "A1")], due=due)
    with office.db.read() as conn:
        (served,) = staging.served(conn, [draft], TODAY)
        late = staging.later_than(conn, {draft: due - timedelta(days=1)})
        assert staging.later_than(conn, {draft: due}) == []
    # The only point is led by another unit.
    assert (served.due, served.finish_due, served.slack_days) == (due, None, 2)
    assert [(row.point, row.unit_id, row.due) for row in late] == [("1", office.units["A1"], due)]
    owed, task = office.step(directive, "A"), office.step(directive, "S", "1")
    office.fire(owed, "acknowledge", "a.staff")
    office.fire(task, "suspend", "p.sec", note="Rain.")
    office.today += timedelta(days=1)
    office.fire(task, "resume", "p.sec")
    with office.db.read() as conn:
        course, other = clocks.course(conn, owed, TODAY), clocks.course(conn, task, TODAY)
        (given,) = dues.history(conn, task)
        assert dues.stopped_at(conn, owed) is None
    assert course is not None
    assert other is not None
    assert (course.acknowledge_days, course.answer_days, course.finish_due) == (3, 5, None)
    assert course.taken_at == office.moment.at - timedelta(days=1)
    assert (other.taken_at, other.finish_due, other.acknowledge_days) == (None, due, None)
    assert given.until == due + timedelta(days=1)
