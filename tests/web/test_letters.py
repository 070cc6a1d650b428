"""The register of letters, a letter's page with its file, and the moves made with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text as sql

from cascade.store import FileStore
from models.queries import letters as query
from tests.web.conftest import Browser, statements
from tests.worlds import TODAY, Office

BrowserOf = Callable[[str], Browser]


@pytest.fixture
def staff(browser_of: BrowserOf) -> Browser:
    """Somebody of P, who may look at its letters and move none."""
    return browser_of("p.staff")


@pytest.fixture
def below(browser_of: BrowserOf) -> Browser:
    """Somebody of A, to which P's letters go; nothing of P's drafts is seen there."""
    return browser_of("a.staff")


@pytest.fixture
def secretary(browser_of: BrowserOf) -> Browser:
    """The secretariat of P."""
    return browser_of("p.sec")


def listed(page: str) -> list[int]:
    """The letters of a list, in its order."""
    return [
        int(found) for found in re.findall(r'<th scope="row"><a[^>]* href="/letters/(\d+)"', page)
    ]


def version_of(office: Office, letter_id: int) -> int:
    """The version a form was made from."""
    with office.db.read() as conn:
        row = query.head(conn, letter_id)
    assert row is not None
    return row.version


# -- the register ---------------------------------------------------------------------------


def test_the_register_shows_the_newest_letter_first(
    office: Office, staff: Browser, below: Browser
) -> None:
    days = [TODAY - timedelta(days=n) for n in (9, 2, 5)]
    ids = [office.draft("P", owe=["A"], dated=day) for day in days]
    office.letter("Q", owe=["QA"])  # another province's
    assert listed(staff.get("/letters")) == [ids[1], ids[2], ids[0]]
    assert listed(below.get("/letters")) == []
    office.issue(*ids[:2])
    assert listed(below.get("/letters")) == [ids[1], ids[0]]


def test_a_row_says_what_the_letter_is_and_what_is_open_of_what_is_seen(
    office: Office, staff: Browser, below: Browser
) -> None:
    directive = office.letter("P", owe=["A", "B"], number="77")
    office.letter("A", implements=[directive], tasks=[("1", "A1")])
    # A sees its own duty alone, not that of B beside it.
    for browser, is_open in ((staff, ">2<"), (below, ">1<")):
        page = browser.get("/letters")
        row = page[page.index(f'href="/letters/{directive}"') :]
        row = row[: row.index("</tr>")]
        for told in ("công văn 77/UBND-P", "14/09/2026", "Body P", "issued", is_open):
            assert told in row


def test_paging_by_key_shows_each_letter_once(office: Office, staff: Browser) -> None:
    ids = set()
    for n in range(120):
        dated = TODAY - timedelta(days=n % 7)
        ids.add(office.draft("P", owe=["A"], dated=dated))
        if n % 4 == 0:
            office.draft("Q", owe=["QA"], dated=dated)  # not seen, and leaves no hole in a page
    seen: list[int] = []
    url: str | None = "/letters?kind=công văn"
    while url:
        page = staff.get(url)
        assert len(listed(page)) == min(50, 120 - len(seen))
        seen += listed(page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        url = more.group(1).replace("&amp;", "&") if more else None
    assert len(seen) == len(set(seen)) == 120
    assert set(seen) == ids


def test_the_filters_stand_in_the_address(
    office: Office, staff: Browser, browser_of: BrowserOf
) -> None:
    draft = office.draft("P", owe=["A"])
    issued = office.letter("P", owe=["A"], dated=date(2026, 8, 1))
    named = office.letter("Q", owe=["QA", "P"])
    other = office.letter("Q", owe=["QA"])
    for asked, wanted in (
        ("state=draft", [draft]),
        ("state=issued&issuer=P", [issued]),
        ("issuer=Body+Q", [named]),
        ("from=1/9/2026&issuer=p", [draft]),
        ("to=2026-08-31", [issued]),
        ("kind=kế hoạch", []),
        ("issuer=nobody", []),
        ("state=nonsense&after=nonsense", [named, draft, issued]),
        ("after=9999-99-99.1", [named, draft, issued]),
    ):
        assert listed(staff.get(f"/letters?{asked}")) == wanted, asked
    # What one does not see another finds by the same words.
    assert listed(browser_of("q.staff").get("/letters?issuer=Body+Q")) == [other, named]


def test_a_filter_that_cannot_be_read_is_told_and_kept(staff: Browser) -> None:
    page = staff.get("/letters?from=yesterday&issuer=<b>zz</b>")
    assert "“yesterday” is not a day" in page
    assert "No unit has this code or name." in page
    assert 'value="yesterday"' in page
    assert "<b>zz" not in page


def test_letters_that_are_only_cited_have_a_list_of_their_own(
    office: Office, below: Browser, staff: Browser
) -> None:
    citing = [office.draft("A", cites=[("P", str(n))], owe=[]) for n in range(60)]
    assert set(listed(below.get("/letters"))) <= set(citing)
    # What only a draft cites is seen by whoever sees the draft.
    assert listed(staff.get("/letters?state=cited")) == []
    first = below.get("/letters?state=cited")
    assert len(listed(first)) == 50
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = below.get(more.group(1).replace("&amp;", "&"))
    assert len(listed(second)) == 10
    assert not set(listed(first)) & set(listed(second))


def test_only_a_registry_is_offered_the_import(browser_of: BrowserOf) -> None:
    assert "/letters/import" in browser_of("p.reg").get("/letters")
    assert "/letters/import" not in browser_of("a1.staff").get("/letters")


# -- a letter -------------------------------------------------------------------------------


def test_a_letter_shows_its_points_its_steps_and_its_citations_both_ways(
    office: Office, staff: Browser
) -> None:
    directive = office.letter("P", owe=["A", "B"], tasks=[("2", "S")])
    answer = office.letter("A", tasks=[("1", "A1")], implements=[directive])
    page = staff.get(f"/letters/{directive}")
    assert f'implements this <a class="govuk-link" href="/letters/{answer}"' in page
    assert f'href="/steps/{office.step(directive, "S", "2")}"' in page
    assert f'href="/letters/{directive}/cascade"' in page
    page = staff.get(f"/letters/{answer}")
    assert f'implements <a class="govuk-link" href="/letters/{directive}"' in page
    assert f'href="/steps/{office.step(directive, "A")}"' in page
    assert "Point 1" in page
    assert "a.sec (secretariat)" in page


def test_a_letter_that_is_only_cited_says_so_and_how_it_comes_on_file(
    office: Office, below: Browser, staff: Browser
) -> None:
    citing = office.draft("A", cites=[("P", "9")], owe=[])
    page = below.get(f"/letters/{citing}")
    assert "not on file yet" in page
    stub = re.search(r'implements <a class="govuk-link" href="/letters/(\d+)"', page)
    assert stub
    assert "Import it, and it takes this place." in below.get(f"/letters/{stub.group(1)}")
    staff.get(f"/letters/{stub.group(1)}", status=404)


def test_a_draft_shows_its_own_unit_alone_what_issuing_it_will_lay(
    office: Office, staff: Browser, below: Browser
) -> None:
    draft = office.draft("P", owe=["A"], tasks=[("1", "S")])
    assert "What issuing it will lay" in staff.get(f"/letters/{draft}")
    assert "Not found" in below.get(f"/letters/{draft}", status=404)


def test_many_steps_come_in_pages_and_by_point(office: Office, staff: Browser) -> None:
    tasks = [(str(n % 60), "S") for n in range(120)]
    letter_id = office.letter("P", tasks=tasks)
    seen: set[str] = set()
    url: str | None = f"/letters/{letter_id}"
    while url:
        page = staff.get(url)
        duties = page[page.index('id="duties"') :]
        found = re.findall(r'href="(/steps/\d+)"', duties[: duties.index("</table>")])
        assert len(found) <= 50
        seen |= set(found)
        more = re.search(r'rel="next" href="([^"#]+)#duties"', page)
        url = more.group(1).replace("&amp;", "&") if more else None
    assert len(seen) == 120
    with office.db.read() as conn:
        point = conn.execute(sql("SELECT min(id) FROM point")).scalar()
    page = staff.get(f"/letters/{letter_id}?point={point}")
    duties = page[page.index('id="duties"') :]
    assert len(set(re.findall(r'href="/steps/(\d+)"', duties[: duties.index("</table>")]))) == 1


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_letter_in_both_languages(office: Office, staff: Browser, lang: str) -> None:
    letter_id = office.letter("P", owe=["A"])
    page = staff.get(f"/letters/{letter_id}?lang={lang}")
    assert ("Cited by" in page or "Must act" in page) is (lang == "en")
    assert ("Phải thực hiện" in page) is (lang == "vi")


@pytest.mark.parametrize("url", ["/letters/999", "/letters/999/file", "/letters/999/close"])
def test_a_letter_that_is_not_there_is_not_found(staff: Browser, url: str) -> None:
    assert "Not found" in staff.get(url, status=404)


def test_text_of_a_letter_is_never_markup(office: Office, below: Browser) -> None:
    letter_id = office.letter("A", tasks=[("<b>1</b><script>x</script>", "A1")])
    page = below.get(f"/letters/{letter_id}")
    assert "<script>x" not in page
    assert "<b>1" not in page


# -- its file -------------------------------------------------------------------------------


def with_file(office: Office, store: FileStore, tmp_path: Path, name: str) -> int:
    """A letter with a file."""
    path = tmp_path / "given.html"
    path.write_text("<script>alert(1)</script>", encoding="utf-8")
    kept = store.keep(path)
    letter_id = office.draft("P", owe=["A"])
    with office.db.write() as conn:
        conn.execute(
            sql("UPDATE letter SET file_name = :n, file_sha256 = :s WHERE id = :i"),
            {"n": name, "s": kept.sha256, "i": letter_id},
        )
    return letter_id


def test_the_file_is_a_download_that_no_browser_opens_in_the_page(
    office: Office, site: Flask, staff: Browser, tmp_path: Path
) -> None:
    letter_id = with_file(office, site.extensions["world"].store, tmp_path, "công văn “1”.html")
    assert f'href="/letters/{letter_id}/file"' in staff.get(f"/letters/{letter_id}")
    with staff.client.get(f"/letters/{letter_id}/file") as answer:
        headers = answer.headers
        assert answer.get_data(as_text=True) == "<script>alert(1)</script>"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''c%C3%B4ng" in headers["Content-Disposition"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_damaged_file_is_not_handed_out(
    office: Office, site: Flask, staff: Browser, tmp_path: Path
) -> None:
    store = site.extensions["world"].store
    letter_id = with_file(office, store, tmp_path, "a.txt")
    next(p for p in store.folder.rglob("*") if p.is_file()).write_text("changed", encoding="utf-8")
    answer = staff.client.get(f"/letters/{letter_id}/file")
    assert answer.status_code == 500
    assert "changed" not in answer.text


# -- moves ----------------------------------------------------------------------------------

# login → the moves offered on an issued letter of P, and on a draft; None where it is not seen
MOVES: dict[str, tuple[set[str] | None, set[str] | None]] = {
    "p.sec": ({"close", "withdraw", "supersede", "amend", "extend"}, {"issue", "withdraw"}),
    "p.head": ({"close", "withdraw", "supersede", "amend", "extend"}, {"issue", "withdraw"}),
    "p.reg": ({"amend"}, {"issue"}),
    "p.staff": (set(), set()),
    "a.sec": (set(), None),
    "q.sec": (None, None),
}


@pytest.mark.parametrize("login", MOVES)
def test_each_person_is_offered_the_moves_their_posts_allow(
    office: Office, browser_of: BrowserOf, login: str
) -> None:
    issued, draft = office.letter("P", owe=["A"]), office.draft("P", owe=["A"])
    browser = browser_of(login)
    for letter_id, wanted in zip((issued, draft), MOVES[login], strict=True):
        page = browser.get(f"/letters/{letter_id}", status=404 if wanted is None else 200)
        offered = set(re.findall(rf'href="/letters/{letter_id}/(\w+)"', page)) - {"cascade", "why"}
        assert offered == (wanted or set())
        if wanted is None:
            assert "Not found" in page
            assert "Why not the other moves" not in page
        elif not wanted:
            assert "only " in page[page.index("Why not the other moves") :]
        for trigger in ("close", "withdraw", "issue"):
            answer = browser.post(
                f"/letters/{letter_id}/{trigger}", {"note": "", "seen_version": "99"}
            )
            assert answer.status_code in ((404,) if wanted is None else (400, 409))
    assert (office.letter_state(issued), office.letter_state(draft)) == ("issued", "draft")


def test_who_may_not_make_a_move_is_not_told_how_much_is_open_elsewhere(
    office: Office, browser_of: BrowserOf
) -> None:
    letter_id = office.letter("P", owe=["A", "B", "C"])
    for login, is_told in (("a.sec", False), ("p.sec", True)):
        browser, sent = browser_of(login), {"note": "", "seen_version": "2"}
        answer = browser.post(f"/letters/{letter_id}/withdraw", sent)
        assert answer.status_code == (400 if is_told else 409)
        assert ("3 open below" in answer.text) is is_told, login
        assert ("Only head, secretariat of the issuing unit may do this" in answer.text) is (
            not is_told
        )


def test_issuing_lays_the_duties_at_once(office: Office, secretary: Browser) -> None:
    letter_id = office.draft("P", owe=["A", "B"], tasks=[("1", "S")])
    page = secretary.get(f"/letters/{letter_id}/issue")
    assert "It lays 3 duties on 3 units." in page
    version = re.search(r'name="seen_version" value="(\d+)"', page)
    assert version
    sent: dict[str, object] = {"seen_version": version.group(1)}
    answer = secretary.post(f"/letters/{letter_id}/issue", sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/letters/{letter_id}")
    assert office.letter_state(letter_id) == "issued"
    assert office.count("step") == 3
    again = secretary.post(f"/letters/{letter_id}/issue", sent)
    assert (again.status_code, office.count("step")) == (303, 3)


def test_everything_that_is_missing_is_told_at_once_and_what_was_typed_stays(
    office: Office, secretary: Browser
) -> None:
    letter_id = office.letter("P", owe=["A"])
    answer = secretary.post(
        f"/letters/{letter_id}/extend",
        {"seen_version": version_of(office, letter_id), "until": "", "note": ""},
    )
    assert answer.status_code == 400
    assert '<a href="#until">' in answer.text
    assert '<a href="#note">' in answer.text
    answer = secretary.post(
        f"/letters/{letter_id}/withdraw",
        {"seen_version": version_of(office, letter_id), "note": "It was sent by <i>mistake</i>"},
    )
    assert answer.status_code == 400
    assert '<a href="#fate">' in answer.text
    assert "It was sent by &lt;i&gt;mistake&lt;/i&gt;" in answer.text
    assert office.letter_state(letter_id) == "issued"


def test_each_move_with_all_it_asks_for(office: Office, secretary: Browser) -> None:
    letter_id = office.letter("P", owe=["A"])
    other = office.letter("P", owe=["B"], number="500")
    step = office.step(letter_id, "A")

    def make(trigger: str, **given: object) -> None:
        answer = secretary.post(
            f"/letters/{letter_id}/{trigger}",
            {"seen_version": version_of(office, letter_id), **given},
        )
        assert answer.status_code == 303, answer.text

    make("extend", until="30/12/2026", note="the storm")
    assert office.row(step).due == date(2026, 12, 30)
    make("amend", note="point 1 reads otherwise")
    make("close", fate="keep", note="enough")
    assert office.letter_state(letter_id) == "closed"
    make("reopen", note="not enough")
    make("supersede", replacement_typed="500/UBND-P", fate="cancel", note="the other says more")
    assert (office.letter_state(letter_id), office.state(step)) == ("superseded", "cancelled")
    page = secretary.get(f"/letters/{letter_id}")
    assert f'replaced by</span> <a class="govuk-link" href="/letters/{other}"' in page.replace(
        "replaced by <a", "replaced by</span> <a"
    )
    assert "point 1 reads otherwise" in page


@pytest.mark.parametrize(
    "given",
    [
        {"replacement_typed": "nothing"},
        {"replacement_typed": "999/UBND-P"},
        {"replacement": "12345"},
        {"replacement_typed": "L12345"},
        {},
    ],
)
def test_a_letter_is_replaced_only_by_one_that_is_there(
    office: Office, secretary: Browser, given: dict[str, object]
) -> None:
    letter_id = office.letter("P", owe=["A"])
    sent: dict[str, object] = {"seen_version": version_of(office, letter_id), "fate": "keep"}
    answer = secretary.post(f"/letters/{letter_id}/supersede", {**sent, **given})
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert office.letter_state(letter_id) == "issued"


def test_who_comes_second_is_told_and_keeps_what_was_typed(
    office: Office, secretary: Browser
) -> None:
    letter_id = office.letter("P", owe=["A"])
    seen = version_of(office, letter_id)
    office.fire_letter(letter_id, "amend", "p.reg", note="another came first")
    sent: dict[str, object] = {"seen_version": seen, "note": "a long reason of mine"}
    answer = secretary.post(f"/letters/{letter_id}/amend", sent)
    assert answer.status_code == 409
    assert "Somebody else changed this letter meanwhile." in answer.text
    assert "a long reason of mine" in answer.text
    page = answer.text
    fresh = re.search(r'name="seen_version" value="(\d+)"', page)
    assert fresh
    sent["seen_version"] = fresh.group(1)
    assert secretary.post(f"/letters/{letter_id}/amend", sent).status_code == 303


def test_a_button_pressed_twice_makes_one_move(office: Office, secretary: Browser) -> None:
    letter_id = office.letter("P", owe=["A"])
    sent: dict[str, object] = {
        "seen_version": version_of(office, letter_id),
        "note": "said once",
        "fate": "keep",
    }
    for _ in range(2):
        assert secretary.post(f"/letters/{letter_id}/close", sent).status_code == 303
    before = office.count("event")
    changed = {**sent, "note": "said otherwise"}
    answer = secretary.post(f"/letters/{letter_id}/close", changed)
    assert (answer.status_code, office.count("event")) == (409, before)
    assert "said otherwise" in answer.text


def test_a_move_that_is_not_possible_now_has_no_form(office: Office, secretary: Browser) -> None:
    letter_id = office.draft("P", owe=["A"])
    page = secretary.get(f"/letters/{letter_id}/close", status=409)
    assert 'name="seen_version"' not in page
    for nonsense in ("fulfil", "register", "nonsense"):
        secretary.get(f"/letters/{letter_id}/{nonsense}", status=404)
        assert secretary.post(f"/letters/{letter_id}/{nonsense}").status_code == 404


def test_a_letter_that_is_only_cited_is_not_registered_without_its_text(
    office: Office, secretary: Browser
) -> None:
    office.letter("P", owe=["A"], cites=[("P", "77")])
    with office.db.read() as conn:
        stub = conn.execute(sql("SELECT id FROM letter WHERE state = 'cited'")).scalar_one()
    assert secretary.get(f"/letters/{stub}")
    assert secretary.post(f"/letters/{stub}/register").status_code == 404
    assert office.letter_state(stub) == "cited"


# -- the same work at any size --------------------------------------------------------------


def test_a_page_asks_the_database_as_often_at_any_size(office: Office, below: Browser) -> None:
    def grown(size: int) -> int:
        directive = office.letter("P", owe=["A", "B"], tasks=[(str(n), "S") for n in range(size)])
        for _ in range(size):
            office.draft("A", implements=[directive], tasks=[("1", "A1")])
        return directive

    asked = []
    for size in (1, 12):
        letter_id = grown(size)
        for url in ("/letters", f"/letters/{letter_id}", "/letters?issuer=P&state=issued"):
            below.get(url)
            said = statements(office.db)
            below.get(url)
            asked.append((url.replace(str(letter_id), "N"), len(said)))
    half = len(asked) // 2
    assert asked[:half] == asked[half:]
