"""The moves of a step as forms: what they ask, what they do, what they refuse and keep."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import text

from cascade import accounts, clock
from models import organisation
from models.base import FOREVER
from tests.web.conftest import PASSWORD, Browser
from tests.web.forms import file, fill, move, said, send
from tests.worlds import EVIDENCE, SINCE, TODAY, Office
from workflows.roles import Role

BrowserOf = Callable[[str], Browser]
FAR = TODAY + timedelta(30)
Before = list[tuple[str, str, dict[str, object]]]


def a_task(office: Office) -> int:
    """A task of A1 laid by A."""
    return office.step(office.letter("A", tasks=[("1", "A1")], due=FAR), "A1", "1")


def a_duty(office: Office) -> int:
    """An obligation of A laid by P."""
    return office.step(office.letter("P", owe=["A"], due=FAR), "A")


def a_whole(office: Office) -> int:
    """A task of A laid by P, with units below that could do parts of it."""
    return office.step(office.letter("P", tasks=[("1", "A")], due=FAR), "A", "1")


def split(office: Office) -> int:
    """A task with two parts open below it."""
    step = a_whole(office)
    office.fire(step, "split", "a.staff", units=(office.units["A1"], office.units["A2"]))
    return step


REPORT: tuple[str, str, dict[str, object]] = ("report", "a1.staff", {"files": (EVIDENCE,)})
DECLINE: tuple[str, str, dict[str, object]] = ("decline", "a1.head", {"note": "Not ours."})
ASK: tuple[str, str, dict[str, object]] = (
    "ask_extension",
    "a1.staff",
    {"note": "Rain.", "until": FAR + timedelta(5)},
)


class Case(NamedTuple):
    """A move on a step that came so far, by whom, what is typed, where the step ends."""

    trigger: str
    make: Callable[[Office], int]
    before: Before
    login: str
    fields: str  # what the form asks for
    typed: dict[str, object]
    becomes: str


CASES = [
    Case("start", a_task, [], "a1.staff", "note", {}, "in_progress"),
    Case(
        "report",
        a_task,
        [],
        "a1.head",
        "done_on evidence letters note",
        {"letters": "L1"},
        "reported",
    ),
    Case("withdraw_report", a_task, [REPORT], "a1.head", "note", {}, "in_progress"),
    Case("accept", a_task, [REPORT], "a.head", "note", {}, "accepted"),
    Case("return", a_task, [REPORT], "a.sec", "note", {"note": "Not yet."}, "returned"),
    Case("decline", a_task, [], "a1.staff", "note", {"note": "Not ours."}, "declined"),
    Case("uphold", a_task, [DECLINE], "a.sec", "note", {"note": "Yours."}, "open"),
    Case("split", a_whole, [], "a.staff", "units note", {"units": ["5", "6"]}, "in_progress"),
    Case("suspend", a_task, [], "a.sec", "note", {"note": "Storm."}, "suspended"),
    Case(
        "resume",
        a_task,
        [("suspend", "a.sec", {"note": "Storm."})],
        "a.sec",
        "note",
        {},
        "in_progress",
    ),
    Case("cancel", a_task, [], "a.sec", "note", {"note": "Done with."}, "cancelled"),
    Case("cancel", split, [], "p.sec", "fate note", {"note": "No.", "fate": "cancel"}, "cancelled"),
    Case(
        "transfer",
        a_task,
        [],
        "a.sec",
        "units unit_code note",
        {"note": "Theirs.", "unit_code": "B1"},
        "transferred",
    ),
    Case(
        "reopen",
        a_task,
        [("cancel", "a.sec", {"note": "No."})],
        "a.sec",
        "note",
        {"note": "Yes."},
        "open",
    ),
    Case(
        "ask_extension",
        a_task,
        [],
        "a1.staff",
        "until note",
        {"until": "20/10/2026", "note": "Rain."},
        "open",
    ),
    Case("grant_extension", a_task, [ASK], "a.sec", "until note", {"until": "20/10/2026"}, "open"),
    Case("refuse_extension", a_task, [ASK], "a.sec", "note", {"note": "No."}, "open"),
    Case("remind", a_task, [], "a.sec", "note", {}, "open"),
    Case("acknowledge", a_duty, [], "a.staff", "note", {}, "acknowledged"),
    Case("draft", a_duty, [("acknowledge", "a.sec", {})], "a.staff", "note", {}, "drafting"),
    Case("answer", a_duty, [], "a.staff", "answer_typed note", {}, "answered"),
    Case("return_nil", a_duty, [], "a.staff", "note", {"note": "None."}, "nil_returned"),
    Case("refuse", a_duty, [], "a.staff", "note", {"note": "Not ours."}, "refused"),
    Case("waive", a_duty, [], "p.sec", "note", {"note": "No need."}, "waived"),
]
every_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.trigger} {case.make.__name__}" for case in CASES]
)


def begin(office: Office, case: Case) -> int:
    """The step of a case, as it stands before its move."""
    step = case.make(office)
    for trigger, login, given in case.before:
        office.fire(step, trigger, login, **given)
    return step


def auditor(office: Office) -> None:
    """Somebody who sees all of P and below, and moves nothing."""
    with office.db.session() as session:
        user = organisation.user_id(session, "the.auditor", "the.auditor")
        organisation.put_appointment(session, user, office.units["P"], Role.AUDITOR, SINCE, FOREVER)
    accounts.give_all(office.db, PASSWORD, clock.now())


def asked(page: str) -> str:
    """The fields a form shows, in order."""
    main = page[page.index('id="main"') :]
    found = re.findall(r'<(?:input|textarea|select)[^>]*? name="(\w+)"', main)
    return " ".join(dict.fromkeys(n for n in found if n not in ("csrf_token", "seen_version")))


@every_case
def test_a_form_asks_for_just_what_its_move_needs_and_makes_it(
    office: Office, browser_of: BrowserOf, case: Case
) -> None:
    step = begin(office, case)
    typed = dict(case.typed)
    if case.trigger == "answer":  # one that laid tasks of its own and cites nothing
        typed["answer_typed"] = f"L{office.letter('A', tasks=[('1', 'A1')], number='77')}"
    browser = browser_of(case.login)
    page = browser.get(f"/steps/{step}/{case.trigger}")
    fields = "answer answer_typed note" if case.trigger == "answer" else case.fields
    assert asked(page) == fields
    if case.trigger == "split":
        typed["units"] = [str(office.units[code]) for code in ("A1", "A2")]
    done = move(browser, step, case.trigger, **typed)
    assert done.status_code == 303, said(done.text)
    assert done.headers["Location"] == ("/inbox" if case.trigger == "report" else f"/steps/{step}")
    assert office.state(step) == case.becomes
    assert f", S{step}." in said(browser.get(done.headers["Location"]))


@every_case
def test_a_form_is_not_shown_to_who_may_not_make_its_move(
    office: Office, browser_of: BrowserOf, case: Case
) -> None:
    step = begin(office, case)
    version = office.row(step).version
    auditor(office)
    browser = browser_of("the.auditor")
    page = browser.get(f"/steps/{step}/{case.trigger}", status=403)
    assert "This cannot be done now" in page
    assert "<textarea" not in page
    # Nor does it help to send it all the same.
    typed = {"seen_version": str(version), **case.typed, "note": "Because, I say."}
    data = fill(browser.get("/"), **typed)
    answer = send(browser, f"/steps/{step}/{case.trigger}", data)
    assert answer.status_code in (400, 409)
    assert "may do this." in said(answer.text)
    assert "Because, I say." in answer.text
    assert office.row(step).version == version


@every_case
def test_to_who_does_not_see_a_step_its_moves_are_not_there(
    office: Office, browser_of: BrowserOf, case: Case
) -> None:
    step = begin(office, case)
    version = office.row(step).version
    for login in ("b1.staff", "q.sec"):
        browser = browser_of(login)
        page = browser.get(f"/steps/{step}/{case.trigger}", status=404)
        assert "Not found" in page
        typed = {"seen_version": str(version), **case.typed, "note": "Because, I say."}
        answer = send(browser, f"/steps/{step}/{case.trigger}", fill(browser.get("/"), **typed))
        assert answer.status_code == 404
        assert "may do this." not in said(answer.text)
        assert "Because, I say." in answer.text  # what was typed is never lost
    assert office.row(step).version == version


WRONG: list[tuple[str, Callable[[Office], int], Before, str, dict[str, object], int, list[str]]] = [
    ("decline", a_task, [], "a1.staff", {"note": "  "}, 409, ["A reason must be given."]),
    (
        "ask_extension",
        a_task,
        [],
        "a1.staff",
        {"until": "", "note": ""},
        409,
        ["Name the new due date.", "A reason must be given."],
    ),
    (
        "ask_extension",
        a_task,
        [],
        "a1.staff",
        {"until": "31/2/2027", "note": ""},
        400,
        ["“31/2/2027” is not a day.", "A reason must be given."],
    ),
    (
        "ask_extension",
        a_task,
        [],
        "a1.staff",
        {"until": "14/10/2026", "note": "Rain."},
        409,
        ["14/10/2026 is not later than the present due date 15/10/2026."],
    ),
    (
        "report",
        a_task,
        [],
        "a1.staff",
        {"done_on": "16/9/2026"},
        409,
        ["Attach evidence: a file or a letter.", "Done on 16/09/2026 lies after today"],
    ),
    (
        "report",
        a_task,
        [],
        "a1.staff",
        {"done_on": "1/9/2026", "letters": "L1"},
        409,
        ["Done on 01/09/2026 lies before 15/09/2026"],
    ),
    (
        "report",
        a_task,
        [],
        "a1.staff",
        {"done_on": "yesterday", "letters": "99/NOBODY\nL777"},
        400,
        ["“yesterday” is not a day", "No letter on file is numbered L777."],
    ),
    (
        "answer",
        a_duty,
        [],
        "a.staff",
        {"answer_typed": ""},
        409,
        ["Name an issued letter of the unit itself as the answer."],
    ),
    (
        "answer",
        a_duty,
        [],
        "a.staff",
        {"answer_typed": "L1"},
        400,
        ["Only a letter that the unit itself has issued can answer this."],
    ),
    ("split", a_whole, [], "a.staff", {}, 409, ["Name the receiving unit."]),
    (
        "split",
        a_whole,
        [],
        "a.staff",
        {"units": ["1", "x"]},
        400,
        ["Choose among the units below."],
    ),
    (
        "transfer",
        a_task,
        [],
        "a.sec",
        {"unit_code": "NOPE", "note": ""},
        400,
        ["No unit has the code NOPE.", "A reason must be given."],
    ),
    (
        "transfer",
        a_task,
        [],
        "a.sec",
        {"unit_code": "A1", "note": "x"},
        400,
        ["This unit owes it already."],
    ),
    (
        "cancel",
        split,
        [],
        "p.sec",
        {"note": "No."},
        409,
        ["2 open below: say what becomes of them"],
    ),
    ("cancel", split, [], "p.sec", {"note": "", "fate": "eat"}, 409, ["A reason must be given."]),
]


@pytest.mark.parametrize(
    ("trigger", "make", "before", "login", "typed", "status", "told"),
    WRONG,
    ids=[f"{case[0]} {list(case[4].values())}" for case in WRONG],
)
def test_what_is_wrong_is_told_at_once_and_what_was_typed_stays(
    office: Office,
    browser_of: BrowserOf,
    trigger: str,
    make: Callable[[Office], int],
    before: Before,
    login: str,
    typed: dict[str, object],
    status: int,
    told: list[str],
) -> None:
    step = make(office)
    for act, who, given in before:
        office.fire(step, act, who, **given)
    version = office.row(step).version
    kept = {"note": "Kept as it was typed.", **typed}
    done = move(browser_of(login), step, trigger, **kept)
    assert done.status_code == status
    words = said(done.text)
    for part in told:
        assert words.count(part) == 2, (part, words)  # in the summary and at its field
    for value in kept.values():
        if isinstance(value, str) and value.strip() and value != "eat":
            assert value in done.text
    assert office.row(step).version == version
    assert "<title>Error: " in done.text


def test_every_reason_is_told_in_the_readers_language(
    office: Office, browser_of: BrowserOf
) -> None:
    browser = browser_of("a1.staff")
    browser.client.get("/?lang=vi")
    done = move(browser, a_task(office), "report", done_on="16/9/2026")
    words = said(done.text)
    assert "Phải kèm minh chứng (tệp hoặc văn bản)." in words
    assert "Ngày hoàn thành 16/09/2026 sau ngày hôm nay 15/09/2026." in words


def test_the_day_it_was_done_counts_and_stands_in_the_history(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    office.today = TODAY
    with office.db.write() as conn:
        conn.execute(text("UPDATE step SET laid_on = '2026-09-01', due = '2026-09-10'"))
    browser = browser_of("a1.staff")
    assert 'value="15/09/2026"' in browser.get(f"/steps/{step}/report")
    move(browser, step, "report", done_on="9/9/2026", evidence=file())
    assert office.row(step).reported_on == date(2026, 9, 9)
    words = said(browser.get(f"/steps/{step}"))
    assert "done on 09/09/2026" in words
    assert "late" not in words


def test_several_letters_of_one_number_are_told_apart(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    one = office.letter("B", tasks=[("1", "A1")], number="500")
    two = office.letter("B", tasks=[("1", "A1")], number="500", dated=TODAY - timedelta(9))
    hidden = office.letter("B", tasks=[("1", "B1")], number="500", dated=TODAY - timedelta(5))
    draft = office.draft("B", tasks=[("1", "A1")], number="500", dated=TODAY - timedelta(7))
    browser = browser_of("a1.staff")
    done = move(browser, step, "report", letters="500/UBND-B")
    assert f"Write which: L{one} (Body B), L{two} (Body B)" in said(done.text)
    assert not {f"L{hidden}", f"L{draft}"} & set(re.findall(r"L\d+", said(done.text)))
    for unseen in (hidden, draft):  # is told as one that is not there
        done = move(browser, step, "report", letters=f"L{unseen}")
        assert f"No letter on file is numbered L{unseen}." in said(done.text)
    assert move(browser, step, "report", letters=f"L{one}").status_code == 303


def test_only_letters_that_can_answer_are_offered(office: Office, browser_of: BrowserOf) -> None:
    above = office.letter("A", owe=["P"])
    directive = office.letter("P", owe=["A"], implements=[above])
    step = office.step(directive, "A")
    mine = office.letter("A", tasks=[("1", "A1")])
    office.draft("A")
    office.letter("B", tasks=[("1", "B1")])
    browser = browser_of("a.staff")
    page = browser.get(f"/steps/{step}/answer")
    offered = set(re.findall(r'<option value="(\d+)"', page))
    assert offered == {str(mine)}
    assert 'href="/letters/import"' in page
    done = move(browser, step, "answer", answer=str(above))
    assert done.status_code == 400
    assert "The letters would run in a circle" in said(done.text)
    assert move(browser, step, "answer", answer=str(mine)).status_code == 303


def test_a_double_submit_is_done_once_and_ends_kindly(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    browser = browser_of("a1.staff")
    url = f"/steps/{step}/report"
    data = fill(browser.get(url), note="All done.")
    first = send(browser, url, {**data, "evidence": file()})
    again = send(browser, url, {**data, "evidence": file()})
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["Location"] == f"/steps/{step}"
    words = said(browser.get(again.headers["Location"]))
    assert "You had done this already, on 15/09/2026 09:00. It was not done twice." in words
    assert office.count("evidence") == 1
    # Back and once more, after the other side has moved.
    office.fire(step, "return", "a.sec", note="Not yet.")
    late = send(browser, url, {**data, "evidence": file()})
    assert late.status_code == 303
    assert office.state(step) == "returned"


def test_a_double_submit_at_the_same_moment_is_done_once(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    browsers = [browser_of("a.sec") for _ in range(2)]
    url = f"/steps/{step}/remind"
    ready = [fill(browser.get(url), note="Please.") for browser in browsers]
    answers: list[int] = []

    def press(at: int) -> None:
        answers.append(send(browsers[at], url, ready[at]).status_code)

    threads = [threading.Thread(target=press, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303, 303]
    assert office.row(step).version == 2


def test_another_word_sent_from_the_same_form_is_not_taken_for_the_first(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    browser = browser_of("a.sec")
    url = f"/steps/{step}/remind"
    page = browser.get(url)
    assert send(browser, url, fill(page, note="Please.")).status_code == 303
    other = send(browser, url, fill(page, note="Now, really.")).text
    assert "It changed while you were looking at it" in other
    assert "Now, really." in other


def test_of_two_editors_the_second_sees_what_moved_and_keeps_what_was_typed(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    one, two = browser_of("a1.staff"), browser_of("a1.head")
    url = f"/steps/{step}/report"
    ours = fill(one.get(url), note="Ours, with a long note.")
    theirs = fill(two.get(f"/steps/{step}/start"), note="Begun.")
    assert send(two, f"/steps/{step}/start", theirs).status_code == 303
    stale = send(one, url, {**ours, "evidence": file()})
    assert stale.status_code == 409
    words = said(stale.text)
    assert "It changed while you were looking at it" in words
    assert "a1.head, start, now: in progress: “Begun.”" in words
    assert "in progress (A1 acts)" in words
    assert "Ours, with a long note." in stale.text
    assert "Choose the files again: a browser does not keep them." in words
    assert office.state(step) == "in_progress"
    # Having seen it, the second may go on from there.
    again = send(one, url, fill(stale.text, note="Ours.", evidence=file(), done_on=""))
    assert again.status_code == 303
    assert office.state(step) == "reported"


def test_what_another_has_ended_meanwhile_keeps_the_text_to_copy(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    browser = browser_of("a1.staff")
    ours = fill(browser.get(f"/steps/{step}/decline"), note="Not ours, because of this.")
    office.fire(step, "cancel", "a.sec", note="Over.")
    stale = send(browser, f"/steps/{step}/decline", ours)
    assert stale.status_code == 409
    assert "This cannot be done now" in stale.text
    assert "Not ours, because of this." in stale.text
    assert "<textarea" not in stale.text


@pytest.mark.parametrize("seen", ["", "x", "-1", "0", "99999"])
def test_a_form_that_does_not_say_what_was_seen_does_nothing(
    office: Office, browser_of: BrowserOf, seen: str
) -> None:
    step = a_task(office)
    done = move(browser_of("a1.staff"), step, "start", seen_version=seen)
    assert done.status_code == 409
    assert office.state(step) == "open"


def test_a_mistake_does_not_hide_that_another_came_first(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    browser = browser_of("a1.staff")
    url = f"/steps/{step}/ask_extension"
    ours = fill(browser.get(url), until="never", note="Rain.")
    office.fire(step, "start", "a1.head")
    wrong = send(browser, url, ours)
    assert wrong.status_code == 400
    mended = send(browser, url, fill(wrong.text, until="20/10/2026", note="Rain."))
    assert mended.status_code == 409
    assert "a1.head, start" in said(mended.text)


def test_a_move_by_a_letter_sent_to_the_file_of_another_step_is_nothing(
    office: Office, browser_of: BrowserOf
) -> None:
    one, two = a_task(office), a_task(office)
    browser = browser_of("a1.staff")
    move(browser, one, "report", evidence=file())
    browser.get(f"/steps/{two}/evidence/1", status=404)


# What people (and others) call their files → what the register calls them.
NAMES = {
    "minutes.txt": "minutes.txt",
    "..\\..\\cascade.db": "cascade.db",
    "../../etc/passwd": "passwd",
    "báo cáo số 1.txt": "báo cáo số 1.txt",
    "a;b=c.txt": "a;b=c.txt",
    "\u202egnp.exe": "gnp.exe",
    "<b>x</b>.html": "b>.html",
    "x" * 300 + ".pdf": "x" * 116 + ".pdf",
    "-rf": "-rf",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_comes_back_whole_under_a_harmless_name(
    office: Office, browser_of: BrowserOf, name: str
) -> None:
    step = a_task(office)
    browser = browser_of("a1.staff")
    content = bytes(range(256)) * 9
    assert move(browser, step, "report", evidence=file(name, content)).status_code == 303
    page = browser.get(f"/steps/{step}")
    found = re.search(rf'href="(/steps/{step}/evidence/\d+)"[^>]*>([^<]+)<', page)
    assert found
    for login, status in (("a.staff", 200), ("p.staff", 404), ("q.sec", 404)):
        assert browser_of(login).client.get(found[1]).status_code == status
    with browser_of("a.sec").client.get(found[1]) as answer:
        assert answer.data == content
        headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "\n" not in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"].split(";")[0] in (
        "application/octet-stream",
        "text/plain",
        "application/pdf",
    )
    with office.db.read() as conn:
        assert conn.execute(text("SELECT file_name FROM evidence")).scalar() == NAMES[name]


def test_several_files_and_a_letter_are_one_report(office: Office, browser_of: BrowserOf) -> None:
    step = a_task(office)
    files = [file("one.txt"), file("two.txt", b"More."), file("same.txt")]
    done = move(browser_of("a1.staff"), step, "report", evidence=files, letters="L1\nL1\n\n")
    assert done.status_code == 303
    assert office.count("evidence") == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "“odd.txt” is empty. Choose another."), (b"x" * 30, "“odd.txt” is larger than")],
    ids=["empty", "too large"],
)
def test_a_file_that_cannot_be_kept_is_named_and_nothing_is_kept(
    office: Office,
    browser_of: BrowserOf,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    told: str,
) -> None:
    monkeypatch.setattr("cascade.store.LARGEST", 20)
    step = a_task(office)
    browser = browser_of("a1.staff")
    files = [file(), file("odd.txt", content)]
    done = move(browser, step, "report", evidence=files, done_on="1/1/2030", note="A long note.")
    words = said(done.text)
    assert done.status_code == 400
    assert told in words
    assert "Done on 01/01/2030 lies after today" in words
    assert "A long note." in done.text
    assert office.state(step) == "open"
    store = browser.client.application.extensions["world"].store
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_damaged_file_is_not_handed_out(office: Office, browser_of: BrowserOf) -> None:
    step = a_task(office)
    browser = browser_of("a1.staff")
    browser.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    move(browser, step, "report", evidence=file())
    store = browser.client.application.extensions["world"].store
    (path,) = [path for path in store.folder.rglob("*") if path.is_file()]
    path.write_bytes(b"Dune.")
    answer = browser.get(f"/steps/{step}/evidence/1", status=500)
    assert "missing or damaged" in answer
    assert "Dune" not in answer


def test_files_given_to_a_move_that_asks_for_none_are_not_kept(
    office: Office, browser_of: BrowserOf
) -> None:
    step = a_task(office)
    assert move(browser_of("a1.staff"), step, "start", evidence=file()).status_code == 303
    assert office.count("evidence") == 0
