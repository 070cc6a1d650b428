"""Administration: who may, what it does, that it is on record, that an administrator is left."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from cascade import accounts, clock
from models import organisation
from models.base import FOREVER
from models.queries import administration
from tests.web.conftest import PASSWORD, Browser, statements, token_of
from tests.worlds import SINCE, TODAY, Office

BrowserOf = Callable[[str], Browser]
PAGES = (
    "/admin",
    "/admin/begin",
    "/admin/record",
    "/admin/users/new",
    "/admin/users/1",
    "/admin/posts/1",
    "/admin/calendar",
    "/admin/import",
    "/admin/organisation.xlsx",
)


@pytest.fixture
def admin(office: Office, site: Flask, browser_of: BrowserOf) -> Browser:
    """The browser of the one administrator, in P."""
    assert site
    make_administrator(office, "p.admin")
    return browser_of("p.admin")


def make_administrator(office: Office, login: str) -> int:
    """A person with an administrator's post and a password."""
    with office.db.session() as session:
        user = organisation.user_id(session, login, f"The {login}")
        organisation.put_appointment(
            session, user, office.units["P"], "administrator", SINCE, FOREVER
        )
    accounts.give_all(office.db, PASSWORD, clock.now())
    return user


def id_of(office: Office, login: str) -> int:
    """A person's number."""
    with office.db.read() as conn:
        found = administration.user_by_login(conn, login)
    assert found is not None
    return found.id


def post_of(office: Office, login: str) -> int:
    """The number of a person's one post."""
    with office.db.read() as conn:
        (found,) = administration.posts(conn, id_of(office, login), TODAY)
    return found.id


def link_for(admin: Browser, user: int) -> str:
    """The token of a link the administrator makes for a person."""
    told = admin.post(f"/admin/users/{user}/reset")
    assert told.status_code == 200
    found = re.search(r"once: <strong>http://localhost/reset/([\w-]{43})<", told.text)
    assert found, told.text
    return found.group(1)


def recorded(office: Office) -> list[tuple[str, str | None, str | None]]:
    """(act, actor, about whom) of all that is on record, the oldest first."""
    with office.db.read() as conn:
        return [(r.act, r.actor, r.login) for r in reversed(administration.record(conn))]


# -- who may -------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["a.staff", "p.head", "p.sec", "p.reg"])
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_only_administrators_may(site: Flask, browser_of: BrowserOf, login: str) -> None:
    browser = browser_of(login)
    for url in PAGES:
        assert "Your posts do not allow it" in browser.get(url, status=403)
    for rule in site.url_map.iter_rules():
        if rule.rule.startswith("/admin") and "POST" in (rule.methods or set()):
            answer = browser.post(re.sub("<[^>]+>", "1", rule.rule))
            assert answer.status_code == 403, rule.rule


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_who_is_not_signed_in_is_asked_to(stranger: Browser, url: str) -> None:
    answer = stranger.client.get(url)
    assert (answer.status_code, answer.headers["Location"][:8]) == (302, "/sign-in")


def test_every_page_opens_for_the_administrator_in_both_languages(admin: Browser) -> None:
    for url in PAGES[:-1]:
        english = admin.get(url)
        assert english.count("<h1") == 1
        vietnamese = admin.client.get(url, headers={"Accept-Language": "vi"}).text
        assert '<html lang="vi"' in vietnamese
        (title,) = re.findall(r"<h1[^>]*>([^<]+)", vietnamese)
        assert title not in english or title.startswith(("a.", "p."))


# -- people --------------------------------------------------------------------------------


def test_a_person_is_added_given_a_post_and_a_password_and_can_sign_in(
    office: Office, admin: Browser, stranger: Browser
) -> None:
    made = admin.post("/admin/users/new", {"login": "new.one", "name": "Nguyễn Thị Mới"})
    user = id_of(office, "new.one")
    assert (made.status_code, made.headers["Location"]) == (303, f"/admin/users/{user}")
    given = admin.post(f"/admin/users/{user}/posts", {"unit": "A1", "role": "staff"})
    assert given.status_code == 303
    token = link_for(admin, user)
    assert token not in admin.get(f"/admin/users/{user}")
    assert stranger.client.get(f"/reset/{token}").status_code == 303
    word = "words nobody else knows"
    assert stranger.post("/reset", {"password": word}, form="/reset").status_code == 303
    signed = stranger.post("/sign-in", {"login": "new.one", "password": word}, form="/sign-in")
    assert signed.status_code == 303
    assert "Nguyễn Thị Mới" in stranger.get("/units/A1")
    assert recorded(office) == [
        ("add_user", "The p.admin", "new.one"),
        ("appoint", "The p.admin", "new.one"),
        ("make_reset_link", "The p.admin", "new.one"),
        ("use_reset_link", "Nguyễn Thị Mới", "new.one"),
    ]
    page = admin.get("/admin/record")
    assert token not in page
    assert page.index("made a link for a new password") < page.index("added the person")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"login": "", "name": "Somebody"}, "Type a user name."),
        ({"login": "x y", "name": "Somebody"}, "2 to 60 letters"),
        ({"login": "some.body", "name": " "}, "Type the name."),
        ({"login": "a.staff", "name": "Somebody"}, "Somebody has this user name already."),
    ],
)
def test_a_person_that_cannot_be_added_is_told_why(
    office: Office, admin: Browser, data: dict[str, object], told: str
) -> None:
    answer = admin.post("/admin/users/new", data)
    assert answer.status_code == 400
    assert answer.text.count(told) == 2
    assert recorded(office) == []


def test_people_are_found_by_words_without_accents_and_paged_by_login(
    office: Office, admin: Browser
) -> None:
    with office.db.session() as session:
        organisation.user_id(session, "hang.nt", "Nguyễn Thu Hằng")
        organisation.user_id(session, "duc.dv", "Đỗ Văn Đức")
        for number in range(60):
            organisation.user_id(session, f"z{number:02}", f"Person {number}")
    wanted = {"hằng": "hang.nt", "hang": "hang.nt", "do duc": "duc.dv", "Đỗ": "duc.dv"}
    for asked, login in wanted.items():
        page = admin.client.get("/admin", query_string={"q": asked}).text
        assert re.findall(r'href="/admin/users/\d+">([^<]+)', page) == [login]
    assert "Nobody fits." in admin.get("/admin?q=nowhere")
    url: str | None = "/admin?q=person"
    logins: list[str] = []
    while url:
        assert len(logins) < 100, url
        page = admin.get(url)
        logins += re.findall(r'href="/admin/users/\d+">([^<]+)', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        url = found.group(1).replace("&amp;", "&") if found else None
    assert logins == [f"z{number:02}" for number in range(60)]


def test_a_renamed_person_is_found_by_the_new_name_alone(office: Office, admin: Browser) -> None:
    user = id_of(office, "a.staff")
    assert admin.post(f"/admin/users/{user}/name", {"name": "Vũ Khoa"}).status_code == 303
    assert "Vũ Khoa" in admin.get("/admin?q=khoa")
    assert "a.staff → Vũ Khoa" in admin.get("/admin/record")


def test_closing_an_account_ends_the_session_that_is_open_at_its_next_click(
    office: Office, admin: Browser, browser_of: BrowserOf
) -> None:
    user, other = id_of(office, "a.staff"), browser_of("a.staff")
    assert other.client.get("/units").status_code == 200
    assert admin.post(f"/admin/users/{user}/deactivate").status_code == 303
    assert other.client.get("/units").status_code == 302
    again = other.post("/sign-in", {"login": "a.staff", "password": PASSWORD}, form="/sign-in")
    assert again.status_code == 401
    assert admin.post(f"/admin/users/{user}/reset").status_code == 400  # open it first
    assert admin.post(f"/admin/users/{user}/activate").status_code == 303
    assert other.client.get("/units").status_code == 302  # the old session stays ended
    assert browser_of("a.staff").client.get("/units").status_code == 200


def test_signing_a_person_out_everywhere_ends_every_session(
    office: Office, admin: Browser, browser_of: BrowserOf
) -> None:
    first, second = browser_of("a.staff"), browser_of("a.staff")
    user = id_of(office, "a.staff")
    assert "signed in in 2 browsers" in admin.get(f"/admin/users/{user}")
    assert admin.post(f"/admin/users/{user}/sign-out").status_code == 303
    assert [each.client.get("/units").status_code for each in (first, second)] == [302, 302]


# -- posts ---------------------------------------------------------------------------------


def test_an_ended_post_works_at_once(office: Office, admin: Browser, browser_of: BrowserOf) -> None:
    other = browser_of("a.staff")
    assert "/inbox" in other.get("/units")
    ended = admin.post(f"/admin/posts/{post_of(office, 'a.staff')}", {"when": "now"})
    assert ended.status_code == 303
    assert 'href="/inbox"' not in other.get("/units")
    assert ("end_post", "The p.admin", "a.staff") in recorded(office)


def test_a_post_with_a_last_day_works_to_its_end(
    office: Office, admin: Browser, browser_of: BrowserOf, site: Flask
) -> None:
    post = post_of(office, "a.staff")
    assert (
        admin.post(f"/admin/posts/{post}", {"when": "on", "last": "20/9/2026"}).status_code == 303
    )
    other = browser_of("a.staff")
    for days, works in [(5, True), (6, False)]:
        site.extensions["world"].sample_day = TODAY + timedelta(days)
        assert ('href="/inbox"' in other.get("/units")) == works


def test_a_post_given_today_by_mistake_is_taken_back(office: Office, admin: Browser) -> None:
    user = id_of(office, "a.staff")
    admin.post(f"/admin/users/{user}/posts", {"unit": "B", "role": "head"})
    with office.db.read() as conn:
        (post,) = [r.id for r in administration.posts(conn, user, TODAY) if r.unit_code == "B"]
    assert admin.post(f"/admin/posts/{post}", {"when": "now"}).status_code == 303
    with office.db.read() as conn:
        assert [r.unit_code for r in administration.posts(conn, user, TODAY)] == ["A"]
    assert recorded(office)[-1][0] == "remove_post"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"unit": "", "role": "staff"}, "Type the code or the name of a unit."),
        ({"unit": "nowhere", "role": "staff"}, "No unit has this code or name."),
        ({"unit": "Body", "role": "staff"}, "Several units fit."),
        ({"unit": "A", "role": ""}, "Choose a role."),
        ({"unit": "A", "role": "emperor"}, "Choose a role."),
        ({"unit": "A", "role": "head", "valid_from": "x"}, "“x” is not a day."),
        (
            {"unit": "A", "role": "head", "valid_from": "2/9/2026", "valid_to": "1/9/2026"},
            "It would end before it begins.",
        ),
        ({"unit": "A", "role": "staff"}, "This post is held already from 01/01/2020"),
    ],
)
def test_a_post_that_cannot_be_given_is_told_why(
    office: Office, admin: Browser, data: dict[str, object], told: str
) -> None:
    user = id_of(office, "a.staff")
    answer = admin.post(f"/admin/users/{user}/posts", data)
    assert answer.status_code == 400
    assert answer.text.count(told) == 2
    assert recorded(office) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "Choose when it ends."),
        ({"when": "on"}, "Type the last day."),
    ],
)
def test_a_post_that_cannot_be_ended_so_is_told_why(
    office: Office, admin: Browser, data: dict[str, object], told: str
) -> None:
    answer = admin.post(f"/admin/posts/{post_of(office, 'a.staff')}", data)
    assert answer.status_code == 400
    assert answer.text.count(told) == 2


def test_a_post_is_not_made_longer_by_ending_it(office: Office, admin: Browser) -> None:
    url = f"/admin/posts/{post_of(office, 'a.staff')}"
    assert admin.post(url, {"when": "on", "last": "20/9/2026"}).status_code == 303
    answer = admin.post(url, {"when": "on", "last": "25/9/2026"})
    assert answer.status_code == 400
    assert answer.text.count("It ends by then already.") == 2


# -- an administrator is left ----------------------------------------------------------------


def test_nobody_closes_the_own_account(office: Office, admin: Browser) -> None:
    make_administrator(office, "second")
    answer = admin.post(f"/admin/users/{id_of(office, 'p.admin')}/deactivate")
    assert answer.status_code == 409
    assert "You cannot close your own account" in answer.text
    assert admin.client.get("/admin").status_code == 200


def test_the_last_administrator_cannot_be_removed(office: Office, admin: Browser) -> None:
    mine = post_of(office, "p.admin")
    ways: list[dict[str, object]] = [{"when": "now"}, {"when": "on", "last": "30/9/2026"}]
    for data in ways:
        answer = admin.post(f"/admin/posts/{mine}", {**data, "sure": "yes"})
        assert answer.status_code == 400
        assert "Nobody would be left who can sign in as administrator." in answer.text
    assert recorded(office) == []


def test_one_who_has_no_password_or_is_closed_does_not_count_as_left(
    office: Office, admin: Browser
) -> None:
    with office.db.session() as session:
        waiting = organisation.user_id(session, "waiting", "No password yet")
        unit = office.units["P"]
        organisation.put_appointment(session, waiting, unit, "administrator", SINCE, FOREVER)
    mine = f"/admin/posts/{post_of(office, 'p.admin')}"
    assert admin.post(mine, {"when": "now", "sure": "yes"}).status_code == 400
    link_for(admin, waiting)
    assert admin.post(mine, {"when": "now", "sure": "yes"}).status_code == 400
    accounts.give_all(office.db, PASSWORD, clock.now())
    assert admin.post(f"/admin/users/{waiting}/deactivate").status_code == 303
    assert admin.post(mine, {"when": "now", "sure": "yes"}).status_code == 400
    assert admin.post(f"/admin/users/{waiting}/activate").status_code == 303
    assert admin.post(mine, {"when": "now", "sure": "yes"}).status_code == 303


def test_nobody_gives_up_administration_without_saying_so(office: Office, admin: Browser) -> None:
    make_administrator(office, "second")
    mine = f"/admin/posts/{post_of(office, 'p.admin')}"
    asked = admin.post(mine, {"when": "now"})
    assert asked.status_code == 400
    assert "This is your own post." in asked.text
    done = admin.post(mine, {"when": "now", "sure": "yes"})
    assert (done.status_code, done.headers["Location"]) == (303, "/")
    assert admin.client.get("/admin").status_code == 403


# -- the calendar --------------------------------------------------------------------------


def test_a_day_is_added_changed_removed_and_all_of_it_is_on_record(
    office: Office, admin: Browser
) -> None:
    data: dict[str, object] = {
        "on": "2/1/2026",
        "kind": "off",
        "reason": "Swap day",
        "legal_basis": "Notice 1",
    }
    added = admin.post("/admin/calendar", data)
    assert (added.status_code, added.headers["Location"]) == (303, "/admin/calendar?year=2026")
    page = admin.get("/admin/calendar?year=2026")
    assert "02/01/2026" in page
    assert "Swap day" in page
    assert "Swap day" not in admin.get("/admin/calendar?year=2027")
    (number,) = re.findall(r'href="/admin/calendar/(\d+)"', page)
    assert 'value="Swap day"' in admin.get(f"/admin/calendar/{number}")
    changed = {**data, "kind": "worked", "reason": "Worked instead", "unit": "A"}
    assert admin.post(f"/admin/calendar/{number}", changed).status_code == 303
    assert "Body A" in admin.get("/admin/calendar?year=2026")
    assert admin.post(f"/admin/calendar/{number}/remove").status_code == 303
    assert "No day of this year differs" in admin.get("/admin/calendar?year=2026")
    assert [act for act, *_ in recorded(office)] == ["add_day", "change_day", "remove_day"]
    with office.db.read() as conn:
        change = administration.record(conn)[1].data
    assert change is not None
    assert change["before"]["reason"] == "Swap day"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"on": ""}, "Type the day."),
        ({"on": "30/2/2026"}, "is not a day."),
        ({"kind": ""}, "Choose whether it is off or worked."),
        ({"reason": ""}, "Type the reason."),
        ({"unit": "nowhere"}, "No unit has this code or name."),
        ({"on": "3/1/2026"}, "This day is in the calendar already"),
    ],
)
def test_a_day_that_cannot_be_kept_is_told_why(
    office: Office, admin: Browser, change: dict[str, object], told: str
) -> None:
    data: dict[str, object] = {"on": "2/1/2026", "kind": "off", "reason": "Swap day"}
    assert admin.post("/admin/calendar", {**data, "on": "3/1/2026"}).status_code == 303
    answer = admin.post("/admin/calendar", {**data, **change})
    assert answer.status_code == 400
    assert answer.text.count(told) == 2
    assert len(recorded(office)) == 1


def test_a_unit_may_differ_from_everyone_on_the_same_day(admin: Browser) -> None:
    data: dict[str, object] = {"on": "2/1/2026", "kind": "off", "reason": "Swap day"}
    for unit in ("", "A", "B"):
        assert admin.post("/admin/calendar", {**data, "unit": unit}).status_code == 303
    assert admin.post("/admin/calendar", {**data, "unit": "B"}).status_code == 400


def test_the_calendar_lists_what_it_knows_by_itself(admin: Browser) -> None:
    page = " ".join(re.sub("<[^>]+>", " ", admin.get("/admin/calendar?year=2026")).split())
    assert "02/09/2026 day off National Day" in page
    assert "10/01/2026 working day" in page
    assert "What the calendar knows" not in admin.get("/admin/calendar?year=5000")


@pytest.mark.parametrize("url", ["/admin/calendar/99", "/admin/posts/99", "/admin/users/99"])
def test_what_is_not_there_is_not_found(admin: Browser, url: str) -> None:
    admin.get(url, status=404)


@pytest.mark.parametrize("year", ["0", "99999", "x", "-1", ""])
def test_a_year_that_is_none_shows_this_one(admin: Browser, year: str) -> None:
    assert "Calendar 2026" in admin.get(f"/admin/calendar?year={year}")


# -- sheets --------------------------------------------------------------------------------


def send(admin: Browser, *files: tuple[str, bytes | str]) -> TestResponse:
    """Sheets, sent as a browser sends files."""
    token = token_of(admin.get("/admin/import"))
    sheets = [
        (BytesIO(content.encode() if isinstance(content, str) else content), name)
        for name, content in files
    ]
    return admin.client.post(
        "/admin/import",
        data={"csrf_token": token, "sheets": sheets},
        headers={"Accept-Language": "en"},
    )


UNITS = "code,name,parent,level,valid_from,valid_to\n"
PEOPLE = "login,name,unit,role,valid_from,valid_to\n"


def test_sheets_are_imported_and_the_import_is_on_record(admin: Browser) -> None:
    units = UNITS + "D,Body D,P,district,2026-01-01,\n"
    people = PEOPLE.replace(",", ";") + "d.head;Đỗ Văn Đức;D;head;1/1/2026;\n"  # as Excel writes
    answer = send(admin, ("units.csv", units), ("people.csv", people))
    assert answer.status_code == 303
    assert "1 lines of units" in admin.get("/admin/import")
    assert "Đỗ Văn Đức" in admin.get("/units/D")
    page = admin.get("/admin/record")
    assert "units.csv, people.csv: 2 rows" in page


def test_every_fault_of_every_sheet_is_told_at_once_and_nothing_is_half_saved(
    office: Office, admin: Browser
) -> None:
    units = UNITS + "D,Body D,P,district,2026-01-01,\nE,Body E,NONE,galaxy,soon,\n"
    people = PEOPLE + "x,X,D,emperor,2026-01-01,\n,,D,head,2026-01-01,\n"
    answer = send(admin, ("../units.csv", units), ("people.csv", people), ("odd.csv", "a,b\n1,2\n"))
    text = answer.text
    assert answer.status_code == 400
    for file, line, what in [
        ("units.csv", 3, "unknown parent"),
        ("units.csv", 3, "unknown level"),
        ("units.csv", 3, "are dates such as"),
        ("people.csv", 2, "unknown role"),
        ("people.csv", 3, "login and name are needed"),
        ("odd.csv", 0, "its columns fit none"),
    ]:
        row = rf'<th scope="row">{file}</th><td class="c-num">{line or "–"}</td><td>[^<]*{what}'
        assert re.search(row, text), (file, line, what)
    admin.get("/units/D", status=404)
    assert recorded(office) == []
    token = token_of(admin.get("/admin/import"))
    told = admin.client.post(
        "/admin/import",
        data={"csrf_token": token, "sheets": [(BytesIO(people.encode()), "people.csv")]},
        headers={"Accept-Language": "vi"},
    )
    assert "không có đơn vị" in told.text


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("book.xlsx", b"no workbook"), "this is no Excel workbook"),
        (("units.csv", b"code,name\n\xff\xfe"), "not UTF-8 at byte 10"),
        (("empty.csv", b""), "its columns fit none"),
    ],
)
def test_a_file_that_is_no_sheet_is_told(
    admin: Browser, file: tuple[str, bytes], told: str
) -> None:
    assert told in send(admin, file).text


def test_no_file_is_told(admin: Browser) -> None:
    assert "Choose at least one file." in send(admin).text


def test_sheets_cannot_take_the_last_administrator_away(office: Office, admin: Browser) -> None:
    people = PEOPLE + "p.admin,The p.admin,P,administrator,2020-01-01,2020-02-01\n"
    answer = send(admin, ("people.csv", people))
    assert answer.status_code == 400
    assert "nobody would be left" in answer.text
    assert admin.client.get("/admin").status_code == 200
    assert recorded(office) == []


def test_the_workbook_taken_out_can_be_imported_again_and_changes_nothing(
    office: Office, admin: Browser
) -> None:
    with office.db.session() as session:
        organisation.put_alias(session, office.units["A"], "=HYPERLINK(1)")
        organisation.put_group(session, "all districts", "district", None)
        parts = {"predecessor": [office.units["B"]], "successor": [office.units["A"]]}
        organisation.put_change(session, "merge", TODAY, "Resolution 12", parts)
    tables = ("level", "unit", "unit_period", "unit_alias", "unit_group", "unit_change")
    before = [office.count(name) for name in (*tables, "appointment", "user_account")]
    made = admin.client.get("/admin/organisation.xlsx")
    assert "attachment" in made.headers["Content-Disposition"]
    book = load_workbook(BytesIO(made.data))
    assert book.sheetnames == ["levels", "units", "groups", "changes", "people"]
    cells = [cell for row in book["units"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    answer = send(admin, ("organisation.xlsx", made.data))
    assert answer.status_code == 303, answer.text
    assert [office.count(name) for name in (*tables, "appointment", "user_account")] == before


# -- the same cost at any size ---------------------------------------------------------------


@pytest.mark.parametrize("url", PAGES[:-1])
def test_more_people_posts_and_acts_ask_no_more_statements(
    office: Office, admin: Browser, url: str
) -> None:
    asked = statements(office.db)
    needed = []
    for more in (0, 70):
        with office.db.session() as session:
            for number in range(more):
                user = organisation.user_id(session, f"m{number}", f"More {number}")
                unit = office.units["A"]
                organisation.put_appointment(session, user, unit, "staff", SINCE, FOREVER)
        for number in range(more // 10):
            admin.post("/admin/users/1/name", {"name": f"Name {number}"})
        asked.clear()
        admin.get(url)
        needed.append(len(asked))
    assert needed[0] == needed[1] <= 14


def test_a_long_record_is_paged_by_key_newest_first(admin: Browser) -> None:
    for number in range(60):
        admin.post("/admin/users/1/name", {"name": f"Name {number:02}"})
    first = admin.get("/admin/record")
    found = re.search(r'rel="next" href="([^"]+)"', first)
    assert found
    second = admin.get(found.group(1))
    names = re.findall(r"→ (Name \d\d)", first + second)
    assert names == [f"Name {number:02}" for number in reversed(range(60))]
