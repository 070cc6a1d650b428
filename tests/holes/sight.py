"""What is not for somebody's eyes: by numbers in addresses and forms, by lists, counts, exports."""

from __future__ import annotations

import re

from sqlalchemy import text

from models import organisation
from models.base import FOREVER
from tests.holes.hall import MARK, Hall, fields, look, send, whole
from tests.holes.table import row
from tests.web.forms import fill
from tests.worlds import SINCE
from web import policy
from web.policy import Policy

SIGHT = "tests/web/test_sight.py::"
_PLACES = (
    *("/", "/inbox", "/board", "/board.csv", "/board.xlsx", "/letters", "/letters?state=draft"),
    *("/search?q=heron", "/search?q=8881", "/search?q=8883&kind=letter", "/units/A", "/units/A1"),
    *("/letters?issuer=A", "/board?order=longest", "/board?directive=1", "/letters?q=heron"),
)


@row(
    "a list, a count, a search or an export forgets the filter",
    peer="OpenProject CVE-2026-44736, Redmine CVE-2015-8346 and CVE-2015-8537",
    fired="every page and export there is, by people of another province, another district and a "
    "section beside, where every text bears a mark",
    expected="no mark in any answer, its headers, or what is packed in it",
    goes_on=f"{SIGHT}test_no_list_or_export_holds_a_trace "
    "tests/models/test_scope.py tests/oracle.py",
)
def a_forgotten_filter(hall: Hall) -> None:
    hall.furnish()
    concerned = sum(MARK in whole(look(hall.enter("a.sec"), url)) for url in _PLACES)
    assert concerned > 6  # else nothing was looked for
    for login in ("q.sec", "c.sec", "b1.head"):
        browser = hall.enter(login)
        everywhere = hall.addresses("GET") if login == "q.sec" else ()
        for url in [*_PLACES, *everywhere]:
            assert MARK not in whole(look(browser, url)), (login, url)


@row(
    "a number in the address opens another's record",
    peer="OpenProject CVE-2026-52782, Sentry CVE-2026-26004",
    fired="every address with a number, by GET and POST, by a secretariat it does not concern",
    expected="404 at each, as for a number that is nobody's; nothing changes",
    goes_on=f"{SIGHT}test_every_address_of_a_letter_or_step_is_not_found_by_who_is_not_concerned "
    f"{SIGHT}test_no_move_is_made_by_who_is_not_concerned",
)
def a_number_in_the_address(hall: Hall) -> None:
    hall.furnish()
    browser = hall.enter("q.sec")
    before = hall.contents()
    asked = re.compile(r"/(?:letters|steps)/\d+")
    urls = {method: hall.addresses(method) for method in ("GET", "POST")}
    named = [(m, url) for m, found in urls.items() for url in found if asked.match(url)]
    assert len(named) >= 8
    for method, url in named:
        given = {"note": "So.", "seen_version": "1"}
        answer = look(browser, url) if method == "GET" else send(browser, url, given)
        nobody = asked.sub(lambda found: found[0].rpartition("/")[0] + "/424242", url)
        other = look(browser, nobody) if method == "GET" else send(browser, nobody, given)
        assert (answer.status_code, other.status_code) == (404, 404), (method, url)
        assert MARK not in whole(answer), (method, url)
    assert hall.contents() == before


@row(
    "a number within a form reaches another's record",
    peer="Sentry CVE-2026-26004 (fixed in one place, found in another); ASVS 8.2.2",
    fired="steps to remind of, letters as evidence and as answer, units to hand over to, of "
    "another body, in forms that one may send",
    expected="told as not there, whether it exists or not; nothing changes and nothing is told",
)
def a_number_in_a_form(hall: Hall) -> None:
    ids = hall.furnish()
    office = hall.office
    own = office.letter("Q", owe=["QA"], tasks=[("1", "QA1")])
    task, owed = office.step(own, "QA1", "1"), office.step(own, "QA")
    secretary, staff, owing = (hall.enter(who) for who in ("q.sec", "qa1.staff", "qa.sec"))
    before = hall.contents()
    for step in (ids["step_id"], 424242):
        sent = {"step": f"{step}.1", "note": "Now."}
        answer = send(secretary, "/board/chase", sent)
        assert answer.status_code == 409
        assert "There is no such step." in answer.text
        assert MARK not in answer.text
    url = f"/steps/{task}/report"
    told = set()
    for number in (ids["letter_id"], 424242):
        answer = staff.client.post(
            url, data=fill(staff.get(url), letters=f"L{number}"), headers={"Accept-Language": "en"}
        )
        assert answer.status_code == 400
        told.add(re.sub(r'L\d+|value="[^"]*"|nonce="[^"]*"', "", answer.text))
    assert len(told) == 1
    url = f"/steps/{owed}/answer"
    page = look(owing, url)
    if page.status_code == 200:
        for name in ("answer", "answer_typed"):
            given = fill(page.text, **{name: str(ids["letter_id"])})
            answer = owing.client.post(url, data=given, headers={"Accept-Language": "en"})
            assert answer.status_code in (400, 409)
            assert MARK not in answer.text
    assert hall.contents() == before


@row(
    "a page forgot to ask who is there",
    peer="Indico CVE-2026-28352, healthchecks (a forgotten test is silent)",
    fired="every route that is not declared public, by nobody; and one that declares nothing",
    expected="the way to sign in; an application with an undeclared route does not start",
    goes_on="tests/web/test_policy.py::test_only_these_pages_are_open_to_anybody "
    "tests/web/test_policy.py::test_a_page_that_says_nothing_keeps_the_pages_from_starting",
)
def a_page_for_anybody(hall: Hall) -> None:
    hall.furnish()
    stranger = hall.stranger()
    closed = 0
    for rule in hall.site.url_map.iter_rules():
        if policy.of(hall.site, rule.endpoint) is Policy.PUBLIC or "GET" not in (
            rule.methods or ()
        ):
            continue
        values = {name: hall.ids.get(name, 1) for name in rule.arguments}
        built = rule.build(values, append_unknown=False)
        assert built is not None
        answer = look(stranger, built[1])
        assert answer.status_code in (302, 401), built[1]
        assert MARK not in whole(answer)
        closed += 1
    assert closed > 25


@row(
    "who may not administer does so by calling the address",
    peer="Redmine CVE-2021-30164 (the other door skips the page's permission)",
    fired="every address of the administration, by GET and with good tokens by POST, by a head, a "
    "secretariat and a clerk",
    expected="403 at each; nothing changes",
    goes_on="tests/web/test_admin.py::test_only_administrators_may",
)
def an_administrator_by_address(hall: Hall) -> None:
    hall.furnish()
    before = hall.contents()
    urls = [(m, url) for m in ("GET", "POST") for url in hall.addresses(m) if "/admin" in url]
    assert len(urls) > 15
    for login in ("p.head", "p.sec", "a1.staff"):
        browser = hall.enter(login)
        for method, url in urls:
            answer = look(browser, url) if method == "GET" else send(browser, url, {"name": "X"})
            assert answer.status_code == 403, (login, method, url)
    after = hall.contents()
    assert {name for name in before if before[name] != after[name]} <= {"web_session"}


@row(
    "an administrator reads what is everybody's but his",
    peer="GitLab and OpenProject: administrators see all; ASVS 8.3.1",
    fired="every page and export by an administrator who has no other post",
    expected="no mark anywhere; and none gives a post to the own account",
    goes_on="tests/web/test_break_glass.py tests/cascade/test_acting_for_others.py",
)
def an_administrator_who_reads(hall: Hall) -> None:
    hall.furnish()
    admin = hall.admin()
    for url in [*_PLACES, *hall.addresses("GET")]:
        assert MARK not in whole(look(admin, url)), url
    with hall.office.db.read() as conn:
        query = text("SELECT id FROM user_account WHERE login = 'p.admin'")
        own = conn.execute(query).scalar_one()
    given = {"unit": "A", "role": "secretariat", "from": "1/9/2026", "begins": "1/9/2026"}
    answer = send(admin, f"/admin/users/{own}/posts", given)
    assert answer.status_code in (400, 409), answer.status_code
    assert MARK not in whole(look(admin, f"/letters/{hall.ids['letter_id']}"))


@row(
    "who reported accepts",
    peer="separation of duties; ASVS 2.3.2",
    fired="accepting by the person that reported, by form and by a hidden field that names another",
    expected="refused; the step stays reported",
    goes_on="tests/cascade/test_acting_for_others.py tests/cascade/test_authority_door.py",
)
def who_reported_accepts(hall: Hall) -> None:
    ids = hall.furnish()
    with hall.office.db.session() as session:
        user = organisation.user_id(session, "a1.staff", "a1.staff")
        given = (hall.office.units["A"], "secretariat", SINCE, FOREVER)
        organisation.put_appointment(session, user, *given)
    browser, url = hall.enter("a1.staff"), f"/steps/{ids['reported']}/accept"
    version = str(hall.office.row(ids["reported"]).version)
    for planted in ({}, {"actor_id": "1", "on_behalf_of": "a.sec", "as": "a.sec", "role": "head"}):
        answer = send(browser, url, {"seen_version": version, "note": "Fine.", **planted})
        assert answer.status_code in (403, 409), answer.status_code
    assert hall.office.state(ids["reported"]) == "reported"


@row(
    "fields of a form that are not shown are read all the same",
    peer="ASVS 8.2.3 (broken object property level authorization)",
    fired="what a coordinating unit is shown of a step, and what its forms have",
    expected="the step and who leads it; no evidence, no history, no form of a move",
    goes_on=f"{SIGHT}test_who_coordinates_sees_the_step_without_its_report",
)
def fields_for_others(hall: Hall) -> None:
    office = hall.office
    hall.furnish()
    letter = office.letter("A", tasks=[("1", "A1")], with_units={"1": ["S2"]})
    step = office.step(letter, "A1", "1")
    office.report(step, "A1")
    browser = hall.enter("s2.staff")
    page = browser.get(f"/steps/{step}")
    assert "report.txt" not in page
    assert "evidence/" not in page
    assert "seen_version" not in set(fields(page))
    assert MARK not in page
    assert send(browser, f"/steps/{step}/accept", {"seen_version": "2"}).status_code in (403, 409)
