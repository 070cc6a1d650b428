"""A calendar feed is its owner's sight of due dates, by an address that can be ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from re import search

import pytest
from icalendar import Calendar
from sqlalchemy import text

from cascade import administration, clock, feed
from cascade.administration import By
from models import scope
from models.queries.feeds import DueRow
from models.scope import Reader
from tests.lending import close, end_post, lend
from tests.web.conftest import Browser
from tests.worlds import TODAY, Office
from workflows.roles import Role

Enter = Callable[[str], Browser]
DUE = TODAY + timedelta(days=10)
PAGE = "/account/calendar-feed"


def address(browser: Browser) -> str:
    """The address of a feed just made, as the page shows it."""
    answer = browser.post(PAGE, form=PAGE)
    assert answer.status_code == 200
    found = search(r"http://localhost(/calendar/[\w-]+\.ics)", unescape(answer.text))
    assert found, answer.text
    return found[1]


def events(browser: Browser, url: str) -> list[str]:
    """What stands in a feed, read as a calendar program reads it."""
    answer = browser.client.get(url, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/calendar", "no-store")
    read = Calendar.from_ical(answer.data)
    return [f"{event.decoded('dtstart')} {event['summary']}" for event in read.walk("VEVENT")]


@pytest.fixture
def steps(office: Office) -> dict[str, int]:
    """Tasks of A1, one of them reported; and of others (noise)."""
    tasks = [("1", "A1"), ("2", "A1"), ("3", "A2")]
    letter = office.letter("A", tasks=tasks, due=DUE, number="7", subject="Sluice; gates, \n x")
    office.letter("B", tasks=[("1", "B1")], due=DUE)
    found = {no: office.step(letter, unit, no) for no, unit in tasks}
    office.report(found["2"], "A1")
    return found


@pytest.mark.usefixtures("steps")
def test_a_feed_is_made_read_made_anew_and_ended(
    office: Office, browser_of: Enter, stranger: Browser
) -> None:
    browser = browser_of("a1.staff")
    first = address(browser)
    said = ["2026-09-25 A1: point 1, 7/UBND-A"]
    assert events(stranger, first) == said
    assert "Sluice" not in stranger.client.get(first).text
    second = address(browser)
    stranger.get(first, status=404)
    assert events(stranger, second) == said
    with office.db.read() as conn:
        kept = str(conn.execute(text("SELECT * FROM calendar_feed")).all())
        kept += str(conn.execute(text("SELECT * FROM admin_event")).all())
    assert second.split("/")[2].removesuffix(".ics") not in kept
    assert "made a calendar feed" not in browser.get(PAGE)
    assert browser.post(f"{PAGE}/end", form=PAGE).status_code == 303
    assert browser.post(f"{PAGE}/end", form=PAGE).status_code == 404
    stranger.get(second, status=404)
    for url in ("/calendar/x.ics", f"/calendar/{'x' * 43}.ics"):
        stranger.get(url, status=404)


def test_it_shows_what_its_owner_sees_now(
    office: Office, steps: dict[str, int], browser_of: Enter, stranger: Browser
) -> None:
    urls = {login: address(browser_of(login)) for login in ("a1.staff", "a2.head", "b.staff")}
    lend(office, "a2.head", "a1.staff", ("A2", Role.HEAD))
    assert len(events(stranger, urls["a1.staff"])) == 2  # also what is held for another
    assert events(stranger, urls["b.staff"]) == []
    reader = Reader(office.who("a1.staff").id, TODAY, office.moment.at)
    with scope.read_as(office.db, reader) as conn:
        assert scope.sees(conn, "step", steps["1"])
    end_post(office, "a1.staff", TODAY - timedelta(days=1))
    assert events(stranger, urls["a1.staff"]) == ["2026-09-25 A2: point 3, 7/UBND-A"]
    office.fire(steps["3"], "suspend", "a.sec", note="Rain.")
    assert events(stranger, urls["a2.head"]) == []


@pytest.mark.usefixtures("steps")
def test_it_is_dead_with_the_account_and_stays_so(
    office: Office, browser_of: Enter, stranger: Browser
) -> None:
    url = address(browser_of("a1.staff"))
    other = address(browser_of("a1.head"))
    user, by = office.who("a1.staff").id, By(office.who("p.head").id, clock.now())
    with office.db.write() as conn:  # another administrator is always left
        conn.execute(
            text(
                "UPDATE appointment SET role = 'administrator' WHERE role = 'head' AND user_id = "
                "(SELECT id FROM user_account WHERE login = 'p.head')"
            )
        )
    by = By(by.actor_id, office.moment._replace(at=clock.now().at))
    administration.deactivate_user(office.db, user, by)
    stranger.get(url, status=404)
    administration.activate_user(office.db, user, by)
    stranger.get(url, status=404)
    assert len(events(stranger, other)) == 1
    close(office, "a1.head")
    stranger.get(other, status=404)


def test_an_event_keeps_its_uid_and_nothing_in_it_breaks_the_file() -> None:
    odd = "A;1, “x”\r\nBEGIN:VEVENT"
    at = clock.on(TODAY).at
    rows = [DueRow(5, date(2028, 2, 29), n, odd, "1\\2", "7", None, at) for n in (1, 4)]
    before, after = (
        Calendar.from_ical(feed.compose([row], lambda n: f"https://x/steps/{n}", "vi"))
        for row in rows
    )
    one, two = (read.walk("VEVENT")[0] for read in (before, after))
    assert len(before.walk("VEVENT")) == 1
    assert one["uid"] == two["uid"] == "step-5@cascade"
    assert (one["sequence"], two["sequence"]) == (0, 3)
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(days=1)
    assert one.decoded("dtstart") == date(2028, 2, 29)
    assert one.decoded("last-modified") == at
    assert str(one["summary"]).startswith("A;1, “x”")
    assert one["url"] == "https://x/steps/5"


def test_one_says_oneself_where_reminders_go(office: Office, browser_of: Enter) -> None:
    browser = browser_of("a1.staff")
    bad = browser.post(f"{PAGE}/mail", {"email": "nowhere", "lang": "xx"}, form=PAGE)
    assert bad.status_code == 400
    assert "This is no mail address" in bad.text
    for given, kept in (
        ({"email": " a@b.vn ", "lang": "vi"}, ("a@b.vn", "vi")),
        ({"email": "", "lang": "xx"}, (None, None)),
    ):
        assert browser.post(f"{PAGE}/mail", given, form=PAGE).status_code == 303
        with office.db.read() as conn:
            asked = text("SELECT email, lang FROM user_account WHERE login = 'a1.staff'")
            assert tuple(conn.execute(asked).one()) == kept
            others = text("SELECT count(*) FROM user_account WHERE email IS NOT NULL")
            assert conn.execute(others).scalar_one() == (kept[0] is not None)
            # That it was changed is on record, and not to what.
            record = str(conn.execute(text("SELECT act, data FROM admin_event")).all())
        assert "change_mail" in record
        assert "a@b.vn" not in record
