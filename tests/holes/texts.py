"""Texts that want to be markup, formulas, templates, commands, statements or other people."""

from __future__ import annotations

import csv
import logging
import re
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import text

from cascade.intake import read_text
from models import organisation
from models.base import FOREVER, Base
from tests.cascade.drawing.conftest import hostile_names
from tests.holes.hall import LATE, MARK, Hall, fields, look, send, whole
from tests.holes.table import row
from tests.web.conftest import PASSWORD, Browser
from tests.web.letter_texts import letter, named
from tests.worlds import SINCE

PROTECTION = "tests/web/test_protection.py::"
DRAWING = "tests/cascade/drawing/"
# Whatever it stands in: a text, an attribute, a script, a style, a title, a comment.
XSS = """zz'"></title></textarea></script></style>--><zzx onzz='1'>${{7*7}}%(zz)s{0}"""
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example")')
WHO = ("p.sec", "a1.staff", "p.admin")


class _Page(HTMLParser):
    """What of a page would run or lead away."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag in ("zzx", "iframe", "object", "embed", "base", "foreignobject", "style"):
            self.found.append(tag)
        if tag == "script" and not ({"src", "nonce"} <= set(names)):
            self.found.append("a script without nonce")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "xlink:href", "formaction"):
                wild = re.match(r"\s*(?!data:image/)[a-z][a-z0-9+.-]*:|//|/\\", value or "", re.I)
                self.found += [f"{tag} {name}={value}"] if wild else []


def _pages(hall: Hall, browser: Browser) -> Iterator[tuple[str, str]]:
    urls = hall.addresses("GET")
    top = f"/letters/{hall.ids['top']}/cascade"
    urls += [f"{top}?tab={tab}" for tab in ("tree", "picture", "coverage", "history", "documents")]
    urls += [f"{top}?tab=picture&as=svg", "/search?q=zz", "/units/A", "/letters?state=draft"]
    for url in urls:
        answer = look(browser, url)
        if answer.mimetype in ("text/html", "image/svg+xml") and not url.startswith("/help"):
            yield url, answer.text


def _plant(hall: Hall, said: str) -> None:
    """The text in every column of texts that takes it; what the database refuses stays."""
    kept = {"state", "kind", "role", "trigger", "source", "target", "scope", "level", "code"}
    kept |= {"file_sha256", "sha256", "urgency", "form", "side", "action", "relation", "status"}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            is_text = str(column.type).startswith(("VARCHAR", "TEXT"))
            is_key = column.primary_key or column.foreign_keys or column.unique
            if not is_text or is_key or column.name in kept or table.name in _OTHERS:
                continue
            try:
                with hall.office.db.write() as conn:
                    conn.execute(
                        text(f'UPDATE "{table.name}" SET "{column.name}" = :said'), {"said": said}
                    )
            except Exception:  # bounds and triggers of the database hold
                continue


_OTHERS = {"password", "web_session", "half_session", "second_factor", "reset_link", "term"}
_OTHERS |= {"event_seal", "recovery_code", "sign_in_failure", "lens", "alembic_version"}


@row(
    "a text that somebody typed is markup on another's page",
    peer="Alfresco CVE-2019-19496, Indico CVE-2026-25739 (stored); cheat sheet XSS Prevention",
    fired="a text that closes every context, in every column of texts of every table; then every "
    "page, tab and picture, by three people",
    expected="no element, no attribute and no address of it; no script without the answer's nonce",
    goes_on=f"{PROTECTION}test_each_answer_has_a_nonce_of_its_own_and_its_scripts_carry_it",
)
def a_text_that_is_markup(hall: Hall) -> None:
    hall.furnish(XSS)
    hall.admin()
    _plant(hall, XSS)
    shown = 0
    for login in WHO:
        for url, page in _pages(hall, hall.enter(login)):
            assert _Page(page).found == [], (login, url)
            shown += "zzx onzz" in page
    assert shown > 30  # else nothing was looked at


@row(
    "what is asked is markup on the page that answers",
    peer="reflected XSS; cheat sheet XSS Prevention",
    fired="the same text at every parameter and in every field of every list and form",
    expected="no element and no attribute of it, also where the form comes back with its faults",
)
def what_is_asked_as_markup(hall: Hall) -> None:
    hall.furnish()
    browser = hall.enter("p.sec")
    known = ["q", "tab", "after", "before", "day", "order", "next", "lang", "unit", "kind", "do"]
    for url in ("/board", "/letters", "/search", "/units", "/nowhere", "/letters/import", "/setup"):
        asked = dict.fromkeys([*known, *fields(look(browser, url).text)], XSS)
        asked[XSS] = XSS
        page = look(browser, url, query_string=asked).text
        assert _Page(page).found == [], url
        planted = {**dict.fromkeys(asked, XSS), "text": XSS, "note": XSS, "login": XSS}
        for form in (url, "/sign-in", "/board/chase", "/account/deputies", "/me/password"):
            page = send(browser, form, planted).text
            assert _Page(page).found == [], form


@row(
    "a text becomes a template or a format",
    peer="ASVS 1.3.7, 1.3.10 (template and format string injection)",
    fired="braces, percent signs and dollar signs in every text there is",
    expected="they come back as they were typed; nothing is worked out",
)
def a_text_that_is_a_template(hall: Hall) -> None:
    said = "{{7*'7'}} ${7*7} %(login)s %s %n {0.__class__} {% raw %} #{7*7} <%= 7*7 %>"
    hall.furnish(said)
    hall.admin()
    _plant(hall, said)
    for login in ("p.sec",):
        for url, page in _pages(hall, hall.enter(login)):
            assert "7777777" not in page, url
            assert "<class" not in page, url
            assert "$49" not in page, url


@row(
    "a cell of an export is a formula",
    peer="GitLab 30250",
    fired="names, duties and letters that begin with = + - @ tab and return, in each export, in "
    "both languages; and the export of the organisation imported and exported again",
    expected="every cell is text; what begins so is marked as text",
    goes_on="tests/web/test_board.py::test_the_csv_is_the_list_and_no_cell_of_it_a_formula "
    "tests/web/test_board.py::test_the_workbook_is_the_list_with_real_days_and_no_formula "
    "tests/cli/test_bulk_commands.py::test_a_report_cannot_become_a_formula",
)
def a_cell_that_is_a_formula(hall: Hall) -> None:
    admin = hall.admin()
    for said in FORMULAS:
        hall.office.letter("A", tasks=[("1", "A1")], subject=said, **LATE)
    with hall.office.db.write() as conn:
        for at, said in enumerate(FORMULAS, 1):
            values = {"said": said, "at": at}
            conn.execute(text("UPDATE point SET text = :said WHERE letter_id = :at"), values)
    with hall.office.db.session() as session:
        for at, said in enumerate(FORMULAS):
            unit = organisation.unit_id(session, f"F{at}")
            values = {"name": said, "short_name": said, "name_en": said, "level": "section"}
            more = {"valid_to": FOREVER, "parent_id": hall.office.units["P"]}
            organisation.put_period(session, unit, SINCE, {**values, **more})
            organisation.put_alias(session, unit, said)
            person = organisation.user_id(session, f"f{at}.x", said)
            organisation.put_appointment(session, person, unit, "head", SINCE, FOREVER)
    secretary = hall.enter("p.sec")
    for lang in ("vi", "en"):
        read = look(secretary, f"/board.csv?lang={lang}").data.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(read, newline="")))
        assert len(rows) > 5
        assert [cell for line in rows for cell in line if cell[:1] in tuple("=+-@\t\r")] == []
        _holds_no_formula(look(secretary, f"/board.xlsx?lang={lang}").data)
    taken_out = look(admin, "/admin/organisation.xlsx").data
    _holds_no_formula(taken_out)
    again = send(admin, "/admin/import", {"sheets": (BytesIO(taken_out), "again.xlsx")})
    assert again.status_code == 303, again.text
    _holds_no_formula(look(admin, "/admin/organisation.xlsx").data)


def _holds_no_formula(made: bytes) -> None:
    cells = [
        cell
        for sheet in load_workbook(BytesIO(made))
        for line in sheet.iter_rows()
        for cell in line
    ]
    assert len(cells) > 20
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    begin = [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in "=+-@"]
    assert [cell.value for cell in begin if cell.value and not cell.quotePrefix] == []


@row(
    "one odd sign in a name breaks every export",
    peer="openpyxl's IllegalCharacterError; ASVS 16.5.3",
    fired="names with a bell, a zero byte and half a character, by a sheet, then every export",
    expected="the sheet is refused or cleaned, and the exports still come",
)
def a_sign_that_breaks_exports(hall: Hall) -> None:
    admin = hall.admin()
    for at, sign in enumerate(("\x07", "\x0b", "\x1f", "\ufffe", "\x00")):
        sheet = (
            f"code,name,parent,level,valid_from,valid_to\nD{at},Body{sign}D,P,section,2026-01-01,\n"
        )
        answer = send(admin, "/admin/import", {"sheets": (BytesIO(sheet.encode()), "units.csv")})
        assert answer.status_code in (303, 400), sign
    assert look(admin, "/admin/organisation.xlsx").status_code == 200
    hall.furnish("ring\x07 \ufffe it")
    assert look(hall.enter("p.sec"), "/board.xlsx").status_code == 200


@row(
    "a name in a drawing is a node, a link or a script",
    peer="Streamlit PR 15819, graphviz 2770",
    fired="200 names that are DOT, HTML labels, links and escapes, as the subjects and duties of a "
    "cascade that is drawn",
    expected="the picture comes; it holds no script, no foreign object, no link but ours",
    goes_on=f"{DRAWING}test_drawing_dot.py::test_hostile_names_make_no_node_no_edge_and_no_link "
    f"{DRAWING}test_drawing_svg.py::test_hostile_text_stays_text "
    f"{DRAWING}test_drawing_typeset.py::test_hostile_text_reaches_neither_markup_nor_a_crash",
)
def a_name_in_a_drawing(hall: Hall) -> None:
    ids = hall.furnish()
    names = [name for name in hostile_names() if "\ud800" not in name]
    assert len(names) >= 200
    browser, url = hall.enter("p.sec"), f"/letters/{ids['top']}/cascade?tab=picture"
    for part in range(0, len(names), 60):
        said = " ".join(names[part : part + 60]).replace("\x00", "")[:4_000]
        with hall.office.db.write() as conn:
            conn.execute(text("UPDATE letter SET subject = :said"), {"said": said})
            conn.execute(text("UPDATE point SET text = :said"), {"said": said[::-1]})
            conn.execute(text("UPDATE unit_period SET name = :said"), {"said": said[:200]})
        for shown in (look(browser, url), look(browser, f"{url}&as=svg")):
            assert shown.status_code == 200
            assert _Page(shown.text).found == []


@row(
    "a name is read as another's",
    peer="homograph logins; ASVS 2.2.1",
    fired="logins that look like another's: Cyrillic letters, full width, turned around, with "
    "blanks that are not seen; made by form, and tried at signing in",
    expected="none can be made, and none signs in as whom it looks like",
)
def a_name_like_anothers(hall: Hall) -> None:
    admin = hall.admin()
    before = hall.office.count("user_account")
    alike = ("а.staff", "a\u200b.staff", "a.staff\u202e", "ａ.staff", "a.ѕtaff", "A\u0307.staff")
    for login in (*alike, "a.staff\x00", "a.staff\n"):
        made = send(admin, "/admin/users/new", {"login": login, "name": "Looks Alike"})
        assert made.status_code == 400 or login.strip() == "a.staff", login
        tried = send(hall.stranger(), "/sign-in", {"login": login, "password": PASSWORD})
        assert tried.status_code in (401, 429) or login.strip() == "a.staff", login
    assert hall.office.count("user_account") == before


@row(
    "a text makes the reader or a form think for ever",
    peer="patterns that go back and back (ReDoS)",
    fired="20,000 characters made to be re-read, in every field of a report, at search, and "
    "200,000 as a letter",
    expected="an answer in two seconds of the processor",
    goes_on="tests/cascade/intake/test_robust.py::test_time_grows_with_length_only",
)
def a_text_to_think_over(hall: Hall) -> None:
    ids = hall.furnish()
    browser = hall.enter("a2.staff")
    names = ("note", "letters", "answer_typed", "done_on", "until", "unit_code", "seen_version")
    for piece in ("a", " ", "ngày 1/1/"):
        said = (piece * 20_000)[:20_000] + "!"
        for url, sent in (
            (f"/steps/{ids['step_id']}/report", dict.fromkeys(names, said)),
            ("/account/deputies", dict.fromkeys(("person", "reason", "from", "to"), said)),
        ):
            began = time.process_time()
            assert send(browser, url, sent).status_code < 500
            assert time.process_time() - began < 2, (url, piece)
        began = time.process_time()
        look(browser, "/search", query_string={"q": said})
        read_text(said * 10)
        assert time.process_time() - began < 2, piece


@row(
    "a statement of the database is made of what is typed",
    peer="SQL injection; ASVS 1.2.4",
    fired="quotes, comments, unions and semicolons at every list, search, filter and at signing in",
    expected="what matches nothing finds nothing; no fault, and every table as before",
)
def a_statement_made_of_text(hall: Hall) -> None:
    hall.furnish()
    browser = hall.enter("c.sec")  # sees nothing of it
    before = hall.contents()
    for said in (
        "' OR 1=1 --",
        "x'); DROP TABLE letter; --",
        "1 UNION SELECT 1",
        "%",
        "_" * 9,
        '"',
    ):
        for url in ("/letters", "/search", "/board", "/units"):
            asked = dict.fromkeys(["q", "unit", "issuer", "state", "kind", "number"], said)
            answer = look(browser, url, query_string=asked)
            assert answer.status_code < 500, (url, said)
            assert MARK not in answer.text, (url, said)
        tried = send(hall.stranger(), "/sign-in", {"login": f"a.sec{said}", "password": said})
        assert tried.status_code in (401, 429)
    assert hall.contents() == before


@row(
    "a password or a token stands in a log, an address or an error",
    peer="ASVS 14.2.1, 16.2.5; SQLAlchemy's errors tell what was bound",
    fired="signing in rightly and wrongly, a fault while a password is being set, line breaks in "
    "address and browser, with every log at its most talkative",
    expected="no password, hash or token in any line; no line begun by who asks",
    goes_on=f"{PROTECTION}test_a_refused_form_gives_back_what_was_typed_but_never_a_password",
)
def a_secret_in_a_log(hall: Hall) -> None:
    hall.site.config["PROPAGATE_EXCEPTIONS"] = False
    lines: list[str] = []
    handler = _Keeping(lines)
    root = logging.getLogger()
    kept = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        browser = hall.enter("a.staff")
        send(hall.stranger(), "/sign-in", {"login": "a.staff", "password": "typed secret words"})
        cookie = browser.client.get_cookie("cascade")
        assert cookie is not None
        browser.client.get("/x\nforged line", headers={"User-Agent": "x\tforged line"})
        with hall.office.db.write() as conn:
            conn.exec_driver_sql(
                "CREATE TRIGGER broken BEFORE UPDATE ON password "
                "BEGIN SELECT RAISE(ABORT, 'disk trouble'); END"
            )
            conn.exec_driver_sql(
                "CREATE TRIGGER broken2 BEFORE INSERT ON password "
                "BEGIN SELECT RAISE(ABORT, 'disk trouble'); END"
            )
        new = "four quite other words"
        failed = send(browser, "/me/password", {"present": PASSWORD, "new": new})
        assert failed.status_code == 500
        assert new not in failed.text
    finally:
        root.removeHandler(handler)
        root.setLevel(kept)
    said = "\n".join(lines)
    assert "disk trouble" in said  # it was noted, and that is all
    for secret in (PASSWORD, "typed secret words", new, cookie.value, "$argon2"):
        assert secret not in said, secret
    assert not re.search(r"^forged line", said, re.MULTILINE)


class _Keeping(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line as it would be written, with its trace."""
        self.lines.append(self.format(record))


@row(
    "the server is made to ask other servers",
    peer="Indico CVE-2026-25738, Alfresco CVE-2026-26338",
    fired="addresses in letters' texts, in a DOCX's relations and entities, in names and "
    "parameters; then every page",
    expected="nothing connects anywhere",
    goes_on="tests/cascade/intake/sources/test_sources_hostile.py::test_hostile_files",
)
def a_server_that_asks(hall: Hall) -> None:
    _watch()
    hall.furnish("http://127.0.0.1:9/x")
    named(hall.office)
    browser = hall.enter("p.reg")
    _CALLED.clear()
    for at in range(2):
        said = letter(50 + at, subject=" http://127.0.0.1:9/x //evil.example file:///etc/passwd")
        given = {"file": (BytesIO(said.encode()), "http:127.0.0.1:9.txt")}
        answer = send(browser, "/letters/import", given)
        look(browser, answer.headers["Location"])
    for url in hall.addresses("GET"):
        asked = dict.fromkeys(("url", "next", "src", "callback", "q"), "http://127.0.0.1:9/x")
        look(browser, url, query_string=asked)
    assert _CALLED == []


_CALLED: list[Any] = []
_WATCHING: list[bool] = []


def _watch() -> None:
    """Note every connection from now on; such a watch cannot be taken away again."""
    if not _WATCHING:
        _WATCHING.append(True)
        sys.addaudithook(_note)


def _note(event: str, given: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "urllib.Request"):
        _CALLED.append((event, given[-1]))


@row(
    "an answer that is somebody's is kept and given to another",
    peer="Flask CVE-2023-30861",
    fired="every page there is, signed in, and as files, errors and redirects",
    expected="no-store and Vary: Cookie on each; no session's cookie on what may be kept",
)
def an_answer_that_is_kept(hall: Hall) -> None:
    hall.furnish()
    for login in ("p.sec", "a1.staff"):
        browser = hall.enter(login)
        for url in [*hall.addresses("GET"), "/nowhere"]:
            headers = look(browser, url).headers
            assert headers["Cache-Control"] == "no-store", url
            if not url.startswith(("/static", "/images", "/nowhere")):
                assert "Cookie" in headers.get("Vary", ""), url
    kept = look(browser, "/static/cascade.css?v=1")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "Set-Cookie" not in kept.headers


@row(
    "a page is shown within another site's, or runs another's script",
    peer="opengever.core's policy allows unsafe-inline; ASVS 3.4.3 to 3.4.6",
    fired="every page, file, error and redirect there is",
    expected="a policy without unsafe, a new nonce each time, frame-ancestors none, nosniff, "
    "referrer and opener policies on every one",
    goes_on=f"{PROTECTION}test_every_answer_carries_the_headers",
)
def a_page_in_a_frame(hall: Hall) -> None:
    hall.furnish()
    browser, nonces = hall.enter("p.sec"), []
    for url in [*hall.addresses("GET"), "/nowhere"]:
        answer = look(browser, url)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy, (url, part)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert (
            "charset=utf-8" in answer.headers.get("Content-Type", "")
            or "text/" not in whole(answer).partition("\n\n")[0]
        ), url
        nonces += re.findall(r"'nonce-([\w-]+)'", policy)
    assert len(nonces) == len(set(nonces)) > 30
