"""The tabs beside the tree: coverage and its gaps, history, documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest

from cascade.acts import StoredFile
from tests.web.conftest import Browser
from tests.worlds import TODAY, Office

BrowserOf = Callable[[str], Browser]
LATE = TODAY - timedelta(days=3)


@pytest.fixture
def secretary(browser_of: BrowserOf) -> Browser:
    """The secretary of the province."""
    return browser_of("p.sec")


def table(page: str, caption: str) -> list[list[str]]:
    """The rows of a table as words, its head first."""
    found = re.search(rf"<caption[^>]*>{caption}</caption>(.*?)</table>", page, re.DOTALL)
    assert found, page
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", found[1], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[_words(cell) for cell in row] for row in cells]


def _words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).replace(" ,", ",").split())


def coverage(browser: Browser, letter: int) -> str:
    return browser.get(f"/letters/{letter}/cascade?tab=coverage")


POINTS = "Which unit answers for which point, and how its duty stands"


def test_each_point_shows_who_answers_for_it_and_how_that_stands(
    office: Office, secretary: Browser
) -> None:
    top = office.letter(
        "P", owe=["A"], tasks=[("1", "S"), ("2", "C")], with_units={"1": ["S2", "B"]}
    )
    office.finish(office.step(top, "S", "1"), "S", "P")
    head, *rows = table(coverage(secretary, top), POINTS)
    assert head == ["Point", "A", "S", "C", "Coordinating"]
    due = (TODAY + timedelta(days=10)).strftime("%d/%m/%Y")
    assert rows == [
        ["The letter as a whole", f"obligation sent, due {due}", "–", "–", ""],
        ["Point 1 Point 1", "–", f"task accepted, due {due}", "–", "S2; B"],
        ["Point 2 Point 2", "–", "–", f"task open, due {due}", ""],
    ]


def test_with_many_units_a_point_has_counts_and_its_most_urgent_units(
    office: Office, secretary: Browser
) -> None:
    units = ["S", "S2", "A1", "A2", "AW1", "B1", "QA1", "A", "B", "C"]
    top = office.letter("P", tasks=[("1", unit) for unit in units])
    late = office.step(top, "B1", "1")
    with office.db.write() as conn:
        conn.exec_driver_sql(f"UPDATE step SET due = '{LATE}' WHERE id = {late}")
        point = "(SELECT min(point_id) FROM step)"
        conn.exec_driver_sql(f"UPDATE step SET point_id = {point} WHERE letter_id = {top}")
    office.finish(office.step(top, "S", "1"), "S", "P")
    head, *rows = table(coverage(secretary, top), POINTS)
    assert head == ["Point", "Units", "Ended", "Overdue", "Most urgent", "Coordinating"]
    first, *_ = rows
    assert first[1:4] == ["10", "1", "1"]
    assert first[4].startswith("B1 3 days late, open")


def test_a_duty_of_the_whole_letter_covers_the_points_that_name_its_unit(
    office: Office, secretary: Browser
) -> None:
    top = office.letter("P", owe=["A"], tasks=[("1", "S")])
    with office.db.write() as conn:
        conn.exec_driver_sql(
            "INSERT INTO point (letter_id, position, no, text)"
            f" VALUES ({top}, 7, '2', 'The districts do it')"
        )
        conn.exec_driver_sql(
            "INSERT INTO point_unit (point_id, unit_id, role)"
            f" SELECT id, {office.units['A']}, 'lead' FROM point WHERE position = 7"
        )
    page = coverage(secretary, top)
    _, *rows = table(page, POINTS)
    assert "obligation sent" in rows[-1][1]
    assert "(by the whole letter)" in rows[-1][1]
    assert "Points that lay a duty on nobody" not in page


def gaps(page: str) -> dict[str, str]:
    """Each kind of gap and what is said of it."""
    if "No gaps:" in page:
        return {}
    return {row[0]: row[1] for row in table(page, "Gaps")[1:]}


def test_what_falls_through_is_told_and_nothing_else(office: Office, secretary: Browser) -> None:
    top = office.letter("P", owe=["A", "B"], tasks=[("1", "S"), ("2", "S2"), ("3", "C")])
    office.letter("A", tasks=[("1", "A1")], implements=[top])
    idle = office.letter("B", implements=[top])
    with office.db.write() as conn:
        for at, no in ((7, "4"), (8, "5"), (9, "5.a")):
            conn.exec_driver_sql(
                "INSERT INTO point (letter_id, position, no, text)"
                f" VALUES ({top}, {at}, '{no}', 'Text of {no}')"
            )
        conn.exec_driver_sql(
            "UPDATE step SET point_id = (SELECT id FROM point WHERE no = '5.a' AND"
            f" letter_id = {top}) WHERE id = {office.step(top, 'C', '3')}"
        )
        conn.exec_driver_sql(
            "INSERT INTO letter_unit (letter_id, role, as_printed, unit_id)"
            f" VALUES ({top}, 'act', 'Body AW', {office.units['AW']}),"
            f" ({top}, 'act', 'The whole world', NULL), ({top}, 'know', 'Body Q', NULL)"
        )
    office.fire(office.step(top, "S2", "2"), "cancel", "p.sec", note="Not needed.")
    found = gaps(coverage(secretary, top))
    assert found == {
        # A dropped duty covers nothing; point 5 is a heading, as 5.a lays its duty.
        "Points that lay a duty on nobody": "Point 2 Point 2 Point 3 Point 3 Point 4 Text of 4",
        "Addressed to act, but without a duty": "Body AW The whole world (not a unit we know)",
        "Named by a point to lead, but without a duty": "C point 3",
        "Answering letters that lay no duty on anybody": (
            f"công văn {_number(office, idle)} Body B"
        ),
    }


def test_an_obligation_without_a_letter_is_a_gap_until_the_letter_comes(
    office: Office, secretary: Browser
) -> None:
    top = office.letter("P", owe=["A"], due=LATE, dated=LATE)
    found = gaps(coverage(secretary, top))
    assert list(found) == ["Obligations without a letter yet"]
    assert found["Obligations without a letter yet"].startswith("A 3 days late, sent")
    office.letter("A", tasks=[("1", "A1")], implements=[top])
    assert gaps(coverage(secretary, top)) == {}


def test_history_has_every_event_of_the_cascade_once_the_newest_first(
    office: Office, secretary: Browser
) -> None:
    top = office.letter("P", owe=["A"], tasks=[("1", "S")])
    office.letter("Q", owe=["QA"])  # of another cascade
    answer = office.letter("A", tasks=[(str(n), "A1") for n in range(60)], implements=[top])
    office.finish(office.step(answer, "A1", "5"), "A1", "A")
    with office.db.read() as conn:
        wanted = conn.exec_driver_sql(
            f"SELECT seq FROM event WHERE letter_id IN ({top}, {answer}) ORDER BY seq DESC"
        ).scalars()
        seqs = list(wanted)
    assert len(seqs) > 60
    met: list[int] = []
    url = f"/letters/{top}/cascade?tab=history"
    while True:
        page = secretary.get(url)
        found = [int(n) for n in re.findall(r'id="event-(\d+)"', page)]
        assert len(found) <= 50
        met += found
        more = re.search(r'rel="next" href="([^"]+)"', page)
        if more is None:
            break
        url = f"/letters/{top}/cascade" + unescape(more[1])
    assert met == seqs
    assert "Back to the newest" in page


def test_history_says_who_did_what_on_what_and_why(office: Office, secretary: Browser) -> None:
    top = office.letter("P", tasks=[("1", "S")])
    step = office.step(top, "S", "1")
    office.report(step, "S")
    office.fire(step, "return", "p.sec", note="The list is missing.")
    page = secretary.get(f"/letters/{top}/cascade?tab=history")
    _, first, *_ = table(page, "What happened in this cascade, the newest first")
    letter = f"công văn {_number(office, top)}"
    assert first == [
        "15/09/2026 09:00",
        "p.sec secretariat",
        "return",
        f"S {letter}",
        "returned",
        "The list is missing.",
    ]
    assert f'href="/steps/{step}"' in page


def test_documents_has_every_letter_and_every_evidence_of_the_cascade_once(
    office: Office, secretary: Browser
) -> None:
    top = office.letter("P", owe=["A", "B"], tasks=[("9", "S")])
    below = [office.letter("A", tasks=[("1", "A1")], implements=[top]) for _ in range(53)]
    stranger = office.letter("Q", tasks=[("1", "QA1")])
    office.report(office.step(stranger, "QA1", "1"), "QA1")
    files = tuple(StoredFile(f"{n:064x}", f"report {n}.txt", 3) for n in range(52))
    step = office.step(below[0], "A1", "1")
    office.fire(step, "report", "a1.staff", files=files, evidence_letters=(below[1],))
    letters = pages(secretary, top, 0, r'<th scope="row"><a href="/letters/(\d+)">')
    shown = pages(secretary, top, 1, r'id="evidence-(\d+)"')
    assert letters == sorted([top, *below], reverse=True)
    assert len(shown) == len(set(shown)) == 53
    assert stranger not in letters
    page = secretary.get(f"/letters/{top}/cascade?tab=documents")
    assert f'href="/steps/{step}/evidence/{shown[5]}"' in page
    assert f'<th scope="row"><a href="/letters/{below[1]}">' in page.split("Evidence</caption>")[1]


def pages(browser: Browser, top: int, part: int, of: str) -> list[int]:
    """The ids in one of the two tables of the documents, page by page."""
    met: list[int] = []
    url = f"/letters/{top}/cascade?tab=documents"
    while True:
        table = browser.get(url).split("<caption>Evidence</caption>")[part]
        found = [int(number) for number in re.findall(of, table)]
        assert len(found) <= 50
        met += found
        more = re.search(r'rel="next" href="([^"]+)"', table)
        if more is None:
            return met
        url = f"/letters/{top}/cascade" + unescape(more[1])


def test_a_cascade_without_evidence_says_so(office: Office, secretary: Browser) -> None:
    top = office.letter("P", owe=["A"])
    page = secretary.get(f"/letters/{top}/cascade?tab=documents")
    assert "No evidence has been shown yet." in page


def _number(office: Office, letter: int) -> str:
    with office.db.read() as conn:
        row = conn.exec_driver_sql(
            f"SELECT number, symbol, dated FROM letter WHERE id = {letter}"
        ).one()
    year, month, day = str(row[2]).split("-")
    return f"{row[0]}/{row[1]} ({day}/{month}/{year})"
