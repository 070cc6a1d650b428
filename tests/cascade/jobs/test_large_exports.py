"""A large export holds what its reader may see, each letter once, whoever dies while writing it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cascade.clock import on
from cascade.jobs import exporting, kinds, port
from cascade.jobs.port import Place, Progress
from models.database import Database
from models.queries.listing import Wanted
from tests.worlds import Office


@pytest.fixture
def place(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Five letters that the district A sees, in pages of two; and what it does not see."""
    monkeypatch.setattr(exporting, "PAGE", 2)
    for number in range(4):
        office.letter("A", tasks=[("1", "A1")], subject=f"=Việc {number}")
    office.letter("P", owe=["A"], subject="From above")
    office.letter("Q", owe=["QA"], subject="Elsewhere")
    office.draft("B", subject="A draft of others")
    return Place(office.db, tmp_path)


def subjects(path: Path | None) -> list[str]:
    """The subjects in a file, after its headings."""
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads[4] in ("Trích yếu", "Subject")
    assert "\ufeff" not in path.read_text("utf-8-sig")
    return [row[4] for row in rows]


def progress(db: Database, key: str) -> Progress:
    """How far it is."""
    with db.read() as conn:
        found = port.progress(conn, key)
    assert found is not None
    return found


EXPECTED = ["From above", *(f"'=Việc {number}" for number in (3, 2, 1, 0))]


def test_it_grows_page_by_page_and_is_its_asker_s_alone(place: Place, office: Office) -> None:
    me = office.who("a.head").id
    key = exporting.ask(place, me, "vi", office.moment)
    seen = [progress(place.db, key)[:3]]
    while kinds.work(place, key, office.moment):
        assert exporting.ready(place, key, me, office.moment) is None
        seen.append(progress(place.db, key)[:3])
    seen.append(progress(place.db, key)[:3])
    assert seen == [
        ("waiting", 0, 5),
        ("running", 2, 5),
        ("running", 4, 5),
        ("done", 5, 5),
    ]
    assert subjects(exporting.ready(place, key, me, office.moment)) == EXPECTED
    assert exporting.ready(place, key, office.who("b.head").id, office.moment) is None
    assert exporting.ready(place, "export-1-nothing", me, office.moment) is None


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_page_written_and_not_kept_is_written_over(place: Place, office: Office) -> None:
    me = office.who("a.head").id
    key = exporting.ask(place, me, "en", office.moment)
    exporting.piece(place, key, office.moment)
    with (place.home / "exports" / f"{key}.csv").open("ab") as file:
        file.write(b"half a pa")
    while exporting.piece(place, key, office.moment):
        pass
    assert subjects(exporting.ready(place, key, me, office.moment)) == EXPECTED


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [1, 4, 5, 6])
def test_it_ends_wherever_the_last_page_does(
    place: Place, office: Office, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(exporting, "PAGE", size)
    me = office.who("a.head").id
    key = exporting.ask(place, me, "en", office.moment)
    while exporting.piece(place, key, office.moment):
        pass
    assert progress(place.db, key)[:3] == ("done", 5, 5)
    assert subjects(exporting.ready(place, key, me, office.moment)) == EXPECTED


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wanted", "here"),
    [
        (Wanted(), True),
        (Wanted(kind="công văn"), True),
        (Wanted(kind="kế hoạch"), False),
        (Wanted(issuer_id=4), True),
        (Wanted(issuer_id=8), False),
        (Wanted(state="issued"), True),
        (Wanted(until=date(2020, 1, 1)), False),
        (Wanted(since=date(2020, 1, 1), until=date(2030, 1, 1)), True),
    ],
    ids=str,
)
def test_it_holds_what_fits_the_filters_and_ends_with_its_foot(
    place: Place, office: Office, wanted: Wanted, here: bool
) -> None:
    assert office.units["A"] == 4
    me = office.who("a.head").id
    key = exporting.ask(place, me, "en", office.moment, wanted, "History: ab12")
    while exporting.piece(place, key, office.moment):
        pass
    path = exporting.ready(place, key, me, office.moment)
    assert path is not None
    *lines, foot = path.read_text("utf-8-sig").splitlines()
    assert foot == "History: ab12"
    expected = [one for one in EXPECTED if here and not (wanted.issuer_id and one[0] == "F")]
    assert [row[4] for row in csv.reader(lines)][1:] == expected
    assert progress(place.db, key)[1:3] == (len(expected), len(expected))


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_what_is_only_cited_is_exported_with_and_without_a_date(
    place: Place, office: Office
) -> None:
    for number, day in (("901", None), ("902", date(2026, 1, 2)), ("903", None)):
        office.letter("A", tasks=[("1", "A1")], cites=[("Q", number)], cited_day=day)
    me = office.who("a.head").id
    key = exporting.ask(place, me, "en", office.moment, Wanted(state="cited"))
    while exporting.piece(place, key, office.moment):
        pass
    path = exporting.ready(place, key, me, office.moment)
    assert path is not None
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))[1:]
    assert [(row[0], row[1]) for row in rows] == [
        ("903/UBND-Q", ""),
        ("902/UBND-Q", "2026-01-02"),
        ("901/UBND-Q", ""),
    ]


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_it_is_given_out_only_while_its_asker_reads_for_the_same_units(
    place: Place, office: Office
) -> None:
    me = office.who("a.head").id
    key = exporting.ask(place, me, "en", office.moment)
    while exporting.piece(place, key, office.moment):
        pass
    assert exporting.ready(place, key, me, office.moment) is not None
    later = on(office.today + timedelta(days=1))
    with office.db.write() as conn:
        ended = "UPDATE appointment SET valid_to = :day WHERE user_id = :me"
        conn.execute(text(ended).bindparams(day=office.today, me=me))
    assert exporting.ready(place, key, me, office.moment) is not None
    assert exporting.ready(place, key, me, later) is None
