"""Pages about times: clocks, due dates as they moved, duties that come again, dates in stages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from models.database import Database
from models.queries import series
from tests.cascade.test_series import CALLED, MONTHLY, drafted, issued, make, step_ids, steps
from tests.web.conftest import Browser
from tests.web.letter_texts import letter, named
from tests.web.test_imports import opened, registered, send
from tests.worlds import EVIDENCE, TODAY, Office

BrowserOf = Callable[[str], Browser]
FRIDAY = TODAY + timedelta(days=3)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request: pytest.FixtureRequest) -> Database:
    """SQLite each day; tests/models/test_times_queries.py asks the queries of both."""
    kind = "sqlite_db" if request.param == "sqlite" else "postgres_db"
    found: Database = request.getfixturevalue(kind)
    return found


def test_a_suspension_shows_what_it_gave_back(office: Office, browser_of: BrowserOf) -> None:
    letter = office.letter("P", tasks=[("1", "S"), ("2", "S2")], due=FRIDAY)
    step, other = office.step(letter, "S", "1"), office.step(letter, "S2", "2")
    office.today -= timedelta(days=7)
    office.fire(step, "suspend", "p.sec", note="The storm.")
    office.today += timedelta(days=7)
    form = browser_of("p.sec").get(f"/steps/{step}/resume")
    assert "Working days given back: 5. It is then due on 25/09/2026." in form
    office.fire(step, "resume", "p.sec", note="It goes <on>.")
    page = browser_of("s.staff").get(f"/steps/{step}")
    table = page.split("Due dates it has had</caption>")[1].split("</table>")[0]
    assert table.index("18/09/2026") < table.index("25/09/2026")
    assert "working days given back: 5" in table
    assert "It goes &lt;on&gt;." in table
    page = browser_of("s2.staff").get(f"/steps/{other}")
    assert "Due dates it has had" not in page
    assert "nothing to report" not in page  # it comes once, so that is no news


def test_the_clocks_say_which_of_them_is_late(office: Office, browser_of: BrowserOf) -> None:
    with office.db.write() as conn:
        conn.execute(text("UPDATE level SET acknowledge_days = 2 WHERE code = 'district'"))
    letter = office.letter("P", owe=["A", "B"], due=TODAY + timedelta(days=30))
    step = office.step(letter, "A")
    office.today += timedelta(days=3)
    office.fire(step, "acknowledge", "a.staff")
    office.fire(office.step(letter, "B"), "acknowledge", "b.staff")
    page = browser_of("a.staff").get(f"/steps/{step}")
    clocks = page.split("What is asked by when</caption>")[1].split("</table>")[0]
    assert "17/09/2026" in clocks  # two working days
    assert "taken in hand late" in clocks
    assert clocks.count("not yet") == 2


def test_a_time_of_a_series_shows_the_others_and_takes_a_nil_return(
    office: Office, browser_of: BrowserOf
) -> None:
    _, (one,) = issued(office, MONTHLY)
    make(office, date(2026, 9, 21))
    office.today = TODAY  # the pages' day
    first, second = step_ids(office, one)
    office.fire(first, "report", "s.staff", files=(EVIDENCE,))
    staff = browser_of("s.staff")
    page = staff.get(f"/steps/{second}")
    times = page.split("It comes again</h2>")[1].split("</ul>")[0]
    assert "every month" in page.lower()
    assert f'href="/steps/{first}"' in times
    assert "20/10/2026</strong>" in times
    form = staff.get(f"/steps/{second}/return_nil")
    version = form.split('name="seen_version" value="')[1].split('"')[0]
    done = staff.post(f"/steps/{second}/return_nil", {"note": "None.", "seen_version": version})
    assert done.status_code == 303
    assert [row[2] for row in steps(office, one)] == ["reported", "nil_returned"]


def test_a_letter_shows_what_comes_again_and_ends_it(office: Office, browser_of: BrowserOf) -> None:
    draft, _ = drafted(office, CALLED)
    letter, (one, other) = issued(office, MONTHLY, "S", "S2")
    head = browser_of("p.sec")
    assert "Duties that come again and begin with it: 1." in head.get(f"/letters/{draft}/issue")
    assert "begins when the letter is issued" in head.get(f"/letters/{draft}")
    assert "End a recurring duty" not in head.get(f"/letters/{draft}")
    page = head.get(f"/letters/{letter}")
    table = page.split("What comes again</caption>")[1].split("</table>")[0]
    assert table.count("every month") == 2
    assert table.count("19/09/2026") == 2
    url = f"/letters/{letter}/end_series"
    form = head.get(url)
    assert form.count('name="series"') == 3
    assert "All of them: 2" in form
    version = form.split('name="seen_version" value="')[1].split('"')[0]
    wrong = head.post(url, {"seen_version": version})
    assert wrong.status_code == 400
    assert "Say which recurring duty" in wrong.text
    given = {
        "seen_version": version,
        "series": str(one),
        "note": "No storms now.",
        "fate": "cancel",
    }
    assert head.post(url, given).status_code == 303
    assert [row[2] for row in steps(office, one)] == ["cancelled"]
    assert [row[2] for row in steps(office, other)] == ["open"]
    assert "No storms now." in head.get(f"/letters/{letter}")
    url = f"/letters/{letter}/call_up"
    form = head.get(url)
    assert form.count('name="series"') == 1
    version = form.split('name="seen_version" value="')[1].split('"')[0]
    given = {"seen_version": version, "series": str(other), "note": "Now.", "until": "20/9/2026"}
    taken = head.post(url, given)
    assert taken.status_code == 400
    assert "none is due already" in taken.text
    assert head.post(url, {**given, "until": "18/9/2026"}).status_code == 303
    assert len(steps(office, other)) == 2
    many, ids = issued(office, MONTHLY, "S", "S2")
    given = {"series": "all", "note": "Enough.", "fate": "keep"}
    assert head.post(f"/letters/{many}/end_series", given).status_code == 303
    with office.db.read() as conn:
        assert [row.ended_on for row in series.of_letter(conn, many, TODAY)] == [TODAY] * len(ids)


def test_dates_that_come_too_late_are_warned_of_and_issued_with_a_reason(
    office: Office, browser_of: BrowserOf
) -> None:
    directive = office.letter("P", owe=["A"], due=FRIDAY)
    late = FRIDAY + timedelta(days=1)
    letter = office.draft("A", implements=[directive], tasks=[("1", "A1")], due=late)
    fine = office.draft("A", implements=[directive], tasks=[("1", "A1")], due=FRIDAY)
    browser = browser_of("a.sec")
    assert 'name="note"' not in browser.get(f"/letters/{fine}/issue")
    form = browser.get(f"/letters/{letter}/issue")
    assert "Due after 2026-09-18" in form
    assert 'name="note"' in form
    version = form.split('name="seen_version" value="')[1].split('"')[0]
    url = f"/letters/{letter}/issue"
    assert browser.post(url, {"seen_version": version}).status_code == 400
    assert office.letter_state(letter) == "draft"
    assert browser.post(url, {"seen_version": version, "note": "Agreed."}).status_code == 303
    assert "“Agreed.”" in browser.get(f"/letters/{letter}")


def test_a_point_that_comes_again_becomes_a_series_once_it_is_ticked(
    office: Office, browser_of: BrowserOf
) -> None:
    named(office)
    registrar = browser_of("p.reg")
    again = (
        "3. Sở Y tế, UBND huyện An Hòa định kỳ hằng tháng (trước ngày 20) báo cáo kết quả về "
        "Ủy ban nhân dân tỉnh."
    )
    text_of = letter().replace("\n\nNơi nhận:", f"\n\n{again}\n\nNơi nhận:")
    url = opened(registrar, text_of)
    page = registrar.get(url)
    offered = page.split('id="again"')[1].split("</form>")[0]
    assert "every month" in offered
    assert "(S; A)" in offered.replace("(A; S)", "(S; A)")
    assert " checked" not in offered
    checked = send(registrar, url, "check", **{"again-2": "1"})
    assert " checked" in checked.text.split('id="again"')[1].split("</form>")[0]
    letter_id = registered(send(registrar, url, "issue", **{"again-2": "1"}))
    with office.db.read() as conn:
        rows = series.of_letter(conn, letter_id, office.today)
        owed = conn.execute(text("SELECT series_id FROM step ORDER BY id")).scalars().all()
    assert sorted((row.unit, row.point, row.occurrences) for row in rows) == [
        ("A", "3", 1),
        ("S", "3", 1),
    ]
    assert sorted(one is not None for one in owed) == [False] * 3 + [True] * 2


FIVE_DAYS = "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản này"


def test_what_counts_from_receipt_is_dated_by_the_unit_that_takes_it_in_hand(
    office: Office, browser_of: BrowserOf
) -> None:
    named(office)
    registrar = browser_of("p.reg")
    since_receipt = letter().replace("hoàn thành\ntrước ngày 26/9/2026", FIVE_DAYS)
    url = opened(registrar, since_receipt)
    confirming = registrar.get(url)
    left_empty = "left empty, it is set on the day the unit takes it in hand"
    assert confirming.count(left_empty) == 2  # A and B; S has a date
    letter_id = registered(send(registrar, url, "issue"))
    shown = registrar.get(f"/letters/{letter_id}")
    assert shown.count("set when each unit takes it in hand") == 1
    step = office.step(letter_id, "A")
    staff = browser_of("a.staff")
    awaiting = "set on the day the unit takes it in hand"
    before = staff.get(f"/steps/{step}")
    assert FIVE_DAYS in before
    assert awaiting in before
    assert "Its due date is set when it is taken in hand" in before
    assert "due date counts from taking it in hand" in staff.get("/inbox")
    form = staff.get(f"/steps/{step}/acknowledge")
    version = form.split('name="seen_version" value="')[1].split('"')[0]
    assert staff.post(f"/steps/{step}/acknowledge", {"seen_version": version}).status_code == 303
    after = staff.get(f"/steps/{step}")
    table = after.split("Due dates it has had</caption>")[1].split("</table>")[0]
    assert table.count("22/09/2026") == 1
    assert awaiting not in after


def test_a_letter_whose_dates_are_late_is_issued_from_its_confirmation_with_a_reason(
    office: Office, browser_of: BrowserOf
) -> None:
    named(office)
    above = office.letter("Q", owe=["P"], number="77", due=TODAY + timedelta(days=2))
    citing = "Thực hiện Công văn số 77/UBND-Q ngày 14/9/2026 của Ủy ban Q, "
    registrar = browser_of("p.reg")
    url = opened(registrar, letter(citing=citing))
    assert 'name="note"' not in registrar.get(url)
    refused = send(registrar, url, "issue")
    assert refused.status_code == 409
    assert "Reason for issuing it all the same" in refused.text
    assert 'id="note-error"' in refused.text
    assert office.count("letter") == 1
    letter_id = registered(send(registrar, url, "issue", note="Nothing sooner can be done."))
    assert office.letter_state(letter_id) == "issued"
    assert "Nothing sooner can be done." in registrar.get(f"/letters/{letter_id}")
    assert above
