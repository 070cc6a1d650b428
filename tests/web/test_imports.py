"""Importing a letter on the pages: read, compared, set right, confirmed; nothing saved before."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import text as sql
from werkzeug.test import TestResponse

from cascade import uploads
from models import organisation
from models.base import FOREVER
from models.queries import recognising
from tests.cascade.intake.sources.letterfiles import as_docx, as_pdf
from tests.web.conftest import Browser, statements, token_of
from tests.web.letter_texts import letter, named
from tests.worlds import SINCE, Office

BrowserOf = Callable[[str], Browser]
TABLES = ("letter", "duty", "point", "citation", "event", "recognition", "fingerprint")


@pytest.fixture
def registrar(office: Office, browser_of: BrowserOf) -> Browser:
    """The registrar of P, in an office whose units have the names that letters use."""
    named(office)
    return browser_of("p.reg")


def give(browser: Browser, content: bytes, name: str) -> TestResponse:
    """Upload a file."""
    return browser.post("/letters/import", {"file": (BytesIO(content), name)})


def paste(browser: Browser, text: str) -> TestResponse:
    """Paste a letter's text."""
    return browser.post("/letters/import", {"text": text})


def kept(office: Office, site: Flask) -> tuple[dict[str, int], list[str]]:
    """Everything the register and the file store hold, uploads apart."""
    folder = site.extensions["world"].store.folder
    files = [str(p) for p in folder.rglob("*") if p.is_file() and ".uploads" not in p.parts]
    return {table: office.count(table) for table in TABLES}, sorted(files)


def fields_of(page: str) -> dict[str, str]:
    """What the form of a page would send, as a browser does."""
    form = page[page.index('method="post" action="/letters/import/') :]
    form = form[: form.index("</form>")]
    sent: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r' name="([^"]*)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        boxed = 'type="checkbox"' in tag or 'type="radio"' in tag
        if name and not (boxed and " checked" not in tag):
            sent[name[1]] = html.unescape(value[1]) if value else ""
    for name, inner in re.findall(
        r'<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        sent[name] = html.unescape(inner)
    choices = re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.S)
    for name, inner in choices:
        options = re.findall(r'<option value="([^"]*)"([^>]*)>', inner)
        chosen = [value for value, rest in options if "selected" in rest]
        sent[name] = (chosen or [value for value, _ in options])[0]
    return sent


def send(browser: Browser, url: str, do: str, **changes: str | None) -> TestResponse:
    """Change some fields of the page and press a button; None takes a field away."""
    sent = {**fields_of(browser.client.get(url).text), "do": do, **changes}
    return browser.client.post(
        url,
        data={name: value for name, value in sent.items() if value is not None},
        headers={"Accept-Language": "en"},
    )


def opened(browser: Browser, text: str, name: str = "letter.txt") -> str:
    """The address of the page that confirms an uploaded letter."""
    answer = give(browser, text.encode(), name)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def registered(answer: TestResponse) -> int:
    """The letter a confirmation led to."""
    assert answer.status_code == 303, answer.text
    found = re.fullmatch(r"/letters/(\d+)", answer.headers["Location"])
    assert found, answer.headers["Location"]
    return int(found[1])


# -- reading --------------------------------------------------------------------------------


def mail() -> bytes:
    """The letter in a mail."""
    head = "From: a@example.org\nTo: b@example.org\nSubject: x\nMIME-Version: 1.0\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{letter()}".encode()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("letter.txt", lambda: letter().encode()),
        ("letter.docx", lambda: as_docx(letter())),
        ("letter.pdf", lambda: as_pdf(letter())),
        ("letter.eml", mail),
    ],
)
def test_a_letter_of_each_kind_of_file_is_read_and_registered(
    office: Office, registrar: Browser, name: str, make: Callable[[], bytes]
) -> None:
    answer = give(registrar, make(), name)
    assert answer.status_code == 303, answer.text
    page = registrar.get(answer.headers["Location"])
    assert "công văn 45/UBND-NN (14/09/2026)" in page
    assert "sure, 9" in page
    letter_id = registered(send(registrar, answer.headers["Location"], "register"))
    assert office.letter_state(letter_id) == "draft"
    with registrar.client.get(f"/letters/{letter_id}/file") as got:
        assert f"filename={name}" in got.headers["Content-Disposition"].replace('"', "")
    assert office.count("duty") == 3


def test_a_pasted_letter_is_registered_without_a_file(office: Office, registrar: Browser) -> None:
    answer = paste(registrar, letter())
    letter_id = registered(send(registrar, answer.headers["Location"], "issue"))
    assert office.letter_state(letter_id) == "issued"
    assert registrar.client.get(f"/letters/{letter_id}/file").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "scan.png", "OCR"),
        (b"PK\x05\x06" + b"\0" * 18, "letters.zip", "packed archive"),
        (b"", "empty.txt", "There is no text"),
        (b"   \n \n", "blank.txt", "There is no text"),
        (b"%PDF-1.7\nbroken", "broken.pdf", "broken"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "old.doc", "not read"),
        (("MẬT\n" + letter()).encode(), "secret.txt", "secrecy mark"),
    ],
)
def test_what_cannot_be_taken_is_refused_kindly_and_nothing_is_kept(
    office: Office, site: Flask, registrar: Browser, content: bytes, name: str, told: str
) -> None:
    before = kept(office, site)
    answer = give(registrar, content, name)
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert told in answer.text
    assert kept(office, site) == before
    assert list((site.extensions["world"].store.folder / ".uploads").glob("*")) == []


def test_a_refused_paste_is_given_back(registrar: Browser) -> None:
    answer = paste(registrar, "MẬT\n" + letter())
    assert answer.status_code == 400
    assert "phòng cháy rừng mùa khô" in answer.text
    assert paste(registrar, "  ").status_code == 400


def test_a_refusal_is_told_in_vietnamese_too(registrar: Browser) -> None:
    token = token_of(registrar.get("/letters/import"))
    answer = registrar.client.post(
        "/letters/import?lang=vi",
        data={"csrf_token": token, "file": (BytesIO(b"\x89PNG" + b"0" * 50), "a.png")},
    )
    assert "nhận dạng" in answer.text


# -- comparing ------------------------------------------------------------------------------


def test_each_value_leads_to_its_place_in_the_letter(registrar: Browser) -> None:
    page = registrar.get(opened(registrar, letter()))
    for name, words in (("number", "45"), ("symbol", "UBND-NN"), ("signer", "Lê Quang Hải")):
        assert f'href="#at-{name}"' in page
        assert f'<mark id="at-{name}">{words}</mark>' in page
    places = set(re.findall(r'href="#(at-[\w-]+)"', page))
    assert len(places) > 10
    assert [place for place in places if f'id="{place}"' not in page] == []
    assert len(re.findall(r' id="([^"]+)"', page)) == len(set(re.findall(r' id="([^"]+)"', page)))


def test_nothing_is_registered_before_it_is_confirmed(
    office: Office, site: Flask, registrar: Browser
) -> None:
    before = kept(office, site)
    url = opened(registrar, letter())
    registrar.get(url)
    assert send(registrar, url, "check", subject="Another subject").status_code == 200
    assert send(registrar, url, "register", number="").status_code == 400
    assert kept(office, site) == before


def test_what_was_changed_is_kept_as_changed(office: Office, registrar: Browser) -> None:
    url = opened(registrar, letter())
    answer = send(
        registrar,
        url,
        "register",
        **{"subject": "Phòng cháy", "date": "13/9/2026", "duty-2-due": "21/10/2026"},
    )
    letter_id = registered(answer)
    with office.db.read() as conn:
        rows = recognising.recognised(conn, letter_id)
    changed = {row["field"]: row["kept"] for row in rows if row["read"] != row["kept"]}
    assert changed == {
        "subject": "Phòng cháy",
        "date": "2026-09-13",
        "duty due": "2026-10-21",
    }
    page = registrar.get(f"/letters/{letter_id}")
    assert "set right; read as “phòng cháy rừng mùa khô năm 2026”" in page


def test_a_duty_is_dropped_and_another_added(office: Office, registrar: Browser) -> None:
    url = opened(registrar, letter())
    answer = send(
        registrar,
        url,
        "register",
        **{"duty-0-drop": "1", "duty-3-unit": "S2", "duty-3-point": "1", "duty-3-due": "5/10/2026"},
    )
    letter_id = registered(answer)
    with office.db.read() as conn:
        rows = conn.execute(
            sql(
                "SELECT u.code, d.kind, p.no, d.due FROM duty d JOIN unit u ON u.id = d.unit_id "
                "LEFT JOIN point p ON p.id = d.point_id WHERE d.letter_id = :i ORDER BY u.code"
            ),
            {"i": letter_id},
        ).all()
    assert [(*row[:3], str(row[3])) for row in rows] == [
        ("B", "obligation", None, "2026-09-25"),
        ("S", "task", "2", "2026-10-19"),
        ("S2", "task", "2", "2026-10-05"),
    ]


def test_faults_are_told_at_their_fields_and_what_was_typed_stays(registrar: Browser) -> None:
    url = opened(registrar, letter())
    answer = send(
        registrar,
        url,
        "register",
        **{"date": "the 14th", "symbol": "", "duty-0-unit": "NOBODY", "duty-1-due": "soon"},
    )
    assert answer.status_code == 400
    for link in ("date", "symbol", "duty-0-unit", "duty-1-due"):
        assert f'<a href="#{link}">' in answer.text
        assert f'id="{link}"' in answer.text
    for typed in ("the 14th", "NOBODY", "soon"):
        assert f'value="{typed}"' in answer.text


def test_a_letter_without_its_number_asks_for_it_first(office: Office, registrar: Browser) -> None:
    url = opened(registrar, letter().replace("Số: 45/UBND-NN\n", ""))
    page = registrar.get(url)
    first = page[page.index("Look at these first") : page.index("Read in the letter")]
    assert 'name="number"' in first
    assert 'name="symbol"' in first
    assert send(registrar, url, "register").status_code == 400
    letter_id = registered(send(registrar, url, "register", number="45", symbol="UBND-NN"))
    assert office.letter_state(letter_id) == "draft"


def test_more_rows_are_offered_for_duties(registrar: Browser) -> None:
    url = opened(registrar, letter())
    assert 'name="duty-5-unit"' not in registrar.get(url)
    assert 'name="duty-5-unit"' in send(registrar, url, "more").text


def test_a_letter_of_another_body_is_not_registered(
    office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    named(office)
    browser = browser_of("a.reg")
    before = kept(office, site)
    url = opened(browser, letter())
    assert "You may not register letters of P" in browser.get(url)
    answer = send(browser, url, "register")
    assert (answer.status_code, kept(office, site)) == (400, before)


# -- names and citations -------------------------------------------------------------------

STRANGER = "\n- Chi cục Kiểm lâm vùng Tây."


def test_a_name_that_is_no_unit_is_chosen_or_left_out(office: Office, registrar: Browser) -> None:
    url = opened(registrar, letter(addressee=STRANGER))
    refused = send(registrar, url, "register")
    assert refused.status_code == 400
    assert "Say which unit this name is, or leave it out." in refused.text
    wrong = send(registrar, url, "register", **{"unit-0-typed": "NOBODY"})
    assert wrong.status_code == 400
    registered(send(registrar, url, "register", **{"unit-0": "left"}))
    assert office.count("duty") == 3


def test_a_name_that_was_chosen_owes_what_it_is_asked(office: Office, registrar: Browser) -> None:
    url = opened(registrar, letter(addressee=STRANGER))
    checked = send(registrar, url, "check", **{"unit-0-typed": "S2"})
    assert 'value="S2"' in checked.text
    registered(send(registrar, url, "register", **{"unit-0-typed": "S2"}))
    assert office.count("duty") == 4


CITING = "Thực hiện Công văn số 7/UBND-Q của cấp trên về phòng cháy; "


def test_a_citation_that_may_be_several_letters_waits_for_a_choice(
    office: Office, registrar: Browser
) -> None:
    first = office.letter("Q", number="7", owe=["P"])
    second = office.letter("Q", number="7", owe=["P"], dated=office.today.replace(day=2))
    third = office.letter("Q", number="7", owe=["QA"], dated=office.today.replace(day=3))
    url = opened(registrar, letter(citing=CITING))
    assert send(registrar, url, "register").status_code == 400
    page = registrar.get(url)
    assert [f'value="{one}"' in page for one in (first, second, third)] == [True, True, False]
    letter_id = registered(send(registrar, url, "register", **{"cite-0": str(second)}))
    page = registrar.get(f"/letters/{letter_id}")
    assert f'href="/letters/{second}"' in page
    assert f'href="/letters/{first}"' not in page


def test_a_citation_may_be_none_of_those_on_file(office: Office, registrar: Browser) -> None:
    office.letter("Q", number="7", owe=["QA"])
    url = opened(registrar, letter(citing=CITING))
    letter_id = registered(send(registrar, url, "register", **{"cite-0": "none"}))
    assert "not on file yet" in registrar.get(f"/letters/{letter_id}")


@pytest.mark.parametrize("on_file", ["drafts", "letters"])
def test_a_citation_offers_no_letter_that_is_not_seen(
    office: Office, registrar: Browser, on_file: str
) -> None:
    make = office.draft if on_file == "drafts" else office.letter
    unseen = [make("Q", number="7", owe=["QA"], dated=office.today.replace(day=d)) for d in (2, 3)]
    url = opened(registrar, letter(citing=CITING))
    page = registrar.get(url)
    assert "7/UBND-Q" in page
    assert "02/09/2026" not in page
    assert 'name="cite-0"' not in page
    letter_id = registered(send(registrar, url, "register", **{"cite-0": str(unseen[0])}))
    assert "not on file yet" in registrar.get(f"/letters/{letter_id}")


# -- the same letter again ------------------------------------------------------------------


def test_the_same_file_again_leads_to_the_letter_on_file(registrar: Browser) -> None:
    letter_id = registered(send(registrar, opened(registrar, letter()), "register"))
    for answer in (give(registrar, letter().encode(), "again.txt"), paste(registrar, letter())):
        assert answer.status_code == 409
        assert f'href="/letters/{letter_id}"' in answer.text


def test_a_letter_with_the_identity_of_another_is_told_as_on_file(
    office: Office, registrar: Browser
) -> None:
    letter_id = registered(send(registrar, opened(registrar, letter()), "register"))
    url = opened(registrar, letter(subject=" và những việc hoàn toàn khác phải làm ngay"))
    page = registrar.get(url, status=409)
    assert f'href="/letters/{letter_id}"' in page
    answer = send(registrar, url, "register")
    assert answer.status_code == 409
    assert office.count("letter") == 1
    assert registered(send(registrar, url, "register", number="46", is_another="1")) != letter_id


def test_what_may_be_another_scan_is_registered_only_once_somebody_says_it_is_not(
    office: Office, registrar: Browser
) -> None:
    letter_id = registered(send(registrar, opened(registrar, letter()), "register"))
    url = opened(registrar, letter(48).replace("chuẩn bị", "chuẩn bj"))
    page = registrar.get(url)
    assert "another scan of the same letter" in page
    assert f'href="/letters/{letter_id}"' in page
    assert send(registrar, url, "register").status_code == 400
    assert office.count("letter") == 1
    assert registered(send(registrar, url, "register", is_another="1")) != letter_id


def test_a_pasted_letter_gets_its_file_when_that_comes(office: Office, registrar: Browser) -> None:
    pasted = registered(send(registrar, paste(registrar, letter()).headers["Location"], "register"))
    url = opened(registrar, letter())
    assert "This letter is on file without its file" in registrar.get(url)
    assert registered(send(registrar, url, "register")) == pasted
    assert registrar.client.get(f"/letters/{pasted}/file").status_code == 200
    assert office.count("letter") == 1


def test_a_button_pressed_twice_registers_once(office: Office, registrar: Browser) -> None:
    url = opened(registrar, letter())
    sent = {**fields_of(registrar.get(url)), "do": "register"}
    answers = [registrar.client.post(url, data=sent) for _ in range(2)]
    assert registered(answers[0]) == registered(answers[1])
    assert office.count("letter") == 1
    assert registrar.client.get(url).headers["Location"] == answers[0].headers["Location"]


def test_two_presses_at_once_lead_to_the_one_letter(
    office: Office, registrar: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = opened(registrar, letter())
    sent = {**fields_of(registrar.get(url)), "do": "register"}
    monkeypatch.setattr(uploads, "became", lambda *_: None)  # the other host has not told yet
    answers = [registrar.client.post(url, data=sent) for _ in range(2)]
    assert registered(answers[0]) == registered(answers[1])
    assert office.count("letter") == 1


# -- whose it is -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["the same", "much the same"])
def test_a_letter_on_file_that_is_not_seen_is_not_shown_by_importing_the_like(
    office: Office, browser_of: BrowserOf, text: str
) -> None:
    named(office)
    theirs = browser_of("p.reg")
    sealed = registered(send(theirs, opened(theirs, letter(subject=" Zq")), "register"))
    ours = browser_of("b.reg")
    if text == "the same":
        answer = give(ours, letter(subject=" Zq").encode(), "other.txt")
        assert answer.status_code == 409
        assert "This letter is on file already" in answer.text
        page = answer.text
    else:
        page = ours.get(opened(ours, letter(48, subject=" Zq").replace("chuẩn bị", "chuẩn bj")))
        assert "another scan of the same letter" not in page
    assert f'/letters/{sealed}"' not in page
    assert theirs.client.get(f"/letters/{sealed}").status_code == 200
    ours.get(f"/letters/{sealed}", status=404)


def test_a_letter_that_waits_for_its_file_and_is_not_seen_tells_nothing_of_itself(
    office: Office, browser_of: BrowserOf
) -> None:
    named(office)
    theirs, ours = browser_of("p.reg"), browser_of("b.reg")
    sealed = registered(send(theirs, paste(theirs, letter()).headers["Location"], "register"))
    with office.db.write() as conn:
        conn.execute(
            sql("UPDATE letter SET subject = 'Sealed matters', text = '' WHERE id = :i"),
            {"i": sealed},
        )
    for browser, is_seen in ((theirs, True), (ours, False)):
        page = browser.get(opened(browser, letter(subject=" of late")), status=200)
        assert ("This letter is on file without its file" in page) is is_seen
        assert "Sealed matters" not in page
        assert (f'href="/letters/{sealed}"' in page) is is_seen


def test_of_a_letter_on_file_that_is_not_seen_it_is_told_only_that_it_is_not_ours_to_register(
    office: Office, browser_of: BrowserOf
) -> None:
    named(office)
    theirs, ours = browser_of("p.reg"), browser_of("b.reg")
    told = []
    for text in (letter(), letter(46)):  # the first will be on file, the second never
        if text == letter():
            registered(send(theirs, opened(theirs, text), "register"))
        answer = send(ours, opened(ours, text.replace("\n2. Sở", "\n2.  Một: Sở")), "register")
        told.append((answer.status_code, "on file already" in answer.text))
    assert told == [(400, False)] * 2


def test_what_another_person_uploaded_is_not_there(
    registrar: Browser, browser_of: BrowserOf
) -> None:
    url = opened(registrar, letter())
    other = browser_of("p.sec")
    other.get(url, status=404)
    answer = other.post(url, {"do": "register"})
    assert answer.status_code == 404
    for strange in ("x", "a" * 32, "..%2f..%2fetc", "%2e%2e"):
        registrar.get(f"/letters/import/{strange}", status=404)


def test_an_upload_is_gone_after_a_day(
    site: Flask, registrar: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = opened(registrar, letter())
    monkeypatch.setattr(uploads, "KEPT", uploads.KEPT * 0)
    registrar.get(url, status=404)
    opened(registrar, letter(46))
    folders = list((site.extensions["world"].store.folder / ".uploads").iterdir())
    assert len(folders) == 1


@pytest.mark.parametrize("login", ["a.staff", "s.head", "b1.staff"])
def test_only_a_registry_imports(browser_of: BrowserOf, login: str) -> None:
    browser = browser_of(login)
    status = 200 if login == "s.head" else 403
    assert browser.client.get("/letters/import").status_code == status
    assert ("/letters/import" in browser.get("/letters")) is (status == 200)


# -- hostile text ----------------------------------------------------------------------------


def test_markup_in_a_letter_is_never_markup(registrar: Browser) -> None:
    url = opened(registrar, letter(subject=" <script>alert(1)</script> <b>x</b>"))
    page = registrar.get(url)
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    letter_id = registered(send(registrar, url, "register"))
    assert "<script>alert" not in registrar.get(f"/letters/{letter_id}")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "<script>x</script>.txt",
        "thư “mật” số 1.txt",
        "C:\\letters\\x.txt",
        "x" * 300 + ".txt",
        "\u202etxt.exe",
    ],
)
def test_a_hostile_file_name_stays_a_name(registrar: Browser, name: str) -> None:
    url = opened(registrar, letter(), name)
    assert "<script>x" not in registrar.get(url)
    letter_id = registered(send(registrar, url, "register"))
    with registrar.client.get(f"/letters/{letter_id}/file") as answer:
        told = answer.headers["Content-Disposition"]
        assert answer.status_code == 200
        assert answer.get_data() == letter().encode()
    assert told.startswith("attachment;")
    assert not set("\r\n\u202e/\\") & set(told.replace("utf-8''", ""))
    assert "Set-Cookie" not in answer.headers or "x=1" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("..", "letter"),
        ("", "letter"),
        ("/", "letter"),
        ("a\x00b\u202ecod.exe", "abcod.exe"),
        ("Công văn.pdf", "Công văn.pdf"),
        ("x" * 200 + ".docx", "x" * 115 + ".docx"),
    ],
)
def test_a_file_name_is_one_plain_line(name: str, plain: str) -> None:
    assert uploads.plain_name(name) == plain


def test_very_many_duties_are_edited_as_lines(office: Office, registrar: Browser) -> None:
    with office.db.session() as session:
        for number in range(130):
            unit = organisation.unit_id(session, f"W{number}")
            values = {
                "valid_to": FOREVER,
                "name": f"Trạm {number}",
                "short_name": f"Trạm {number}",
                "name_en": "",
                "parent_id": office.units["P"],
                "level": "department",
            }
            organisation.put_period(session, unit, SINCE, values)
        organisation.put_group(session, "Các trạm", "department", office.units["P"])
    url = opened(registrar, letter(addressee="\n- Các trạm."))
    page = registrar.get(url)
    assert "W77" in fields_of(page)["lines"]
    assert len(page) < 60_000
    lines = fields_of(page)["lines"].splitlines()
    wrong = send(registrar, url, "register", lines="\n".join([*lines, "NOBODY@7"]))
    assert wrong.status_code == 400
    assert "NOBODY@7" in wrong.text
    changed = [line for line in lines if not line.startswith("W77")] + ["W5=3/10/2026"]
    registered(send(registrar, url, "register", lines="\n".join(changed)))
    assert office.count("duty") == len(lines) - 1


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_in_both_languages(registrar: Browser, lang: str) -> None:
    url = opened(registrar, letter(addressee=STRANGER))
    page = registrar.get(f"{url}?lang={lang}")
    assert ("Look at these first" in page) is (lang == "en")
    assert ("Cần xem trước" in page) is (lang == "vi")


def test_confirming_asks_the_database_as_often_at_any_size(
    office: Office, registrar: Browser
) -> None:
    asked: list[int] = []
    for size in (0, 40):
        for _ in range(size):
            office.draft("P", owe=["A"])
        url = opened(registrar, letter(900 + size, subject=f" {size}" * 30))
        registrar.get(url)
        said = statements(office.db)
        registrar.get(url)
        asked.append(len(said))
    assert asked[0] == asked[1]
