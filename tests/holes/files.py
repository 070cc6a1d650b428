"""Files that come in and go out: what they are called, what they hold, who gets them."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from urllib.parse import unquote

from sqlalchemy import text

from cascade import uploads
from tests.holes.hall import MARK, Hall, look, send, whole
from tests.holes.table import row
from tests.web.conftest import Browser
from tests.web.forms import fill
from tests.web.letter_texts import letter, named

SIGHT = "tests/web/test_sight.py::"
IMPORTS = "tests/web/test_imports.py::"
_SCRIPT = "alert(document.domain)"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg"'
_XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
_CONTENTS = (
    f"<script>{_SCRIPT}</script>".encode(),
    f'{_SVG} onload="{_SCRIPT}"><script>{_SCRIPT}</script></svg>'.encode(),
    f'{_SVG}><foreignObject><body {_XHTML}><iframe src="javascript:alert(1)"/></body>'
    "</foreignObject></svg>".encode(),
    f'<?xml version="1.0"?><html {_XHTML}><script>{_SCRIPT}</script></html>'.encode(),
    f"GIF89a/*<script>{_SCRIPT}</script>*/=1;{_SCRIPT}".encode(),
    b"\xff\xd8\xff\xfe<html><script>alert(1)</script>",
    b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n<html>",
    b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    b"Content-Type: text/html\n\n<script>alert(1)</script>",
    "\ufeff<script>alert(1)</script>".encode("utf-16"),
    b"<?php system($_GET[0]); ?>",
)
_NAMES = (
    *("x.html", "x.svg", "x.xhtml", "x.pdf.html", "x.txt", "x.HTML", "x.html.", "x.html ", "x"),
    *("x.svg.txt", "x.xml", "x.mht", "x.js", "x.php", "x.hta", "x.xsl", "x.ics", "x.docx", "x.pdf"),
    "x.htm\u202etxt",
)
# Two names for each content, each name twice: forty files.
POLYGLOTS = [
    (f"{at}{name}", content + bytes([at]))
    for at, name in enumerate(_NAMES * 2)
    for content in (_CONTENTS[at % len(_CONTENTS)],)
]
HARMLESS = {
    "application/octet-stream",
    "application/pdf",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CLIMBS = (
    *("..", ".", "/", "\\", "../x.txt", "../../etc/passwd", "..\\..\\x.txt", "/etc/passwd"),
    *("....//....//x", "..%2f..%2fx", "%2e%2e/x", "..%c0%afx", "\u2025/x", "\uff0e\uff0e/x"),
    *("C:\\windows\\x", "C:x", "\\\\host\\share\\x", "//host/x", "file:///etc/passwd", "~/x"),
    *(
        "~root",
        "-rf",
        "--help",
        "|id",
        ";id",
        "`id`",
        "$(id)",
        "&id",
        "x\nid",
        "x\r\nSet-Cookie: a=b",
    ),
    *("x\x00.pdf", "\x00", "CON", "NUL.txt", "COM1", "aux.pdf", "x:stream", "x::$DATA", "x.txt."),
    *("\u202egnp.exe", "\u200bx", "x" * 400, "ủ" * 400 + ".pdf", "😀" * 200, "e\u0301.txt", " "),
    *(".htaccess", ".part-x", "about.json", 'a"b.txt', "a;filename=b.html", "a%00b", "a'b.txt"),
)


def _report(hall: Hall, given: list[tuple[str, bytes]]) -> tuple[Browser, list[str]]:
    """Files shown with a report; the browser and the addresses they are at."""
    hall.furnish()
    browser, url = hall.enter("a2.staff"), f"/steps/{hall.ids['step_id']}"
    files = [(BytesIO(content), name) for name, content in given]
    answer = browser.client.post(
        f"{url}/report", data=fill(browser.get(f"{url}/report"), evidence=files)
    )
    assert answer.status_code == 303, answer.text
    with hall.office.db.read() as conn:
        rows = conn.execute(
            text("SELECT id FROM evidence WHERE step_id = :s ORDER BY id"),
            {"s": hall.ids["step_id"]},
        )
        return browser, [f"{url}/evidence/{row.id}" for row in rows]


def _handed_out(browser: Browser, url: str) -> bytes:
    answer = look(browser, url)
    assert answer.status_code == 200, url
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment"), url
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Type"].split(";")[0] in HARMLESS
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].endswith("; sandbox")
    assert headers["Cache-Control"] == "no-store"
    return bytes(answer.data)


@row(
    "a file that was uploaded runs as a page of ours",
    peer="Alfresco CVE-2019-19496, Indico CVE-2026-25739",
    fired="40 files as evidence: scripts as HTML, SVG, XHTML, MHTML, PHP, GIF, JPEG, PDF, under "
    "names of every kind; then downloaded",
    expected="the same bytes, as attachment, of a harmless type, nosniff, in a sandbox",
    goes_on="tests/web/test_step_moves.py::test_a_file_comes_back_whole_under_a_harmless_name",
)
def forty_polyglots(hall: Hall) -> None:
    assert len(POLYGLOTS) == 40
    browser, urls = _report(hall, POLYGLOTS)
    assert len(urls) == 40
    for url, (_name, content) in zip(urls, POLYGLOTS, strict=True):
        assert _handed_out(browser, url) == content


@row(
    "a letter's file runs as a page of ours",
    peer="Alfresco CVE-2019-19496, Indico CVE-2026-25739",
    fired="letters under names that end in .html and .svg, with markup in them, registered",
    expected="what is shown of them is text; the file is an attachment in a sandbox",
    goes_on=f"{IMPORTS}test_markup_in_a_letter_is_never_markup",
)
def a_letter_that_is_a_page(hall: Hall) -> None:
    named(hall.office)
    browser = hall.enter("p.reg")
    for at, name in enumerate(("x.html", "x.svg", "x.xhtml")):
        content = letter(70 + at, subject=" <svg onload=zz()><script>zz()</script>").encode()
        given = send(browser, "/letters/import", {"file": (BytesIO(content), name)})
        assert given.status_code == 303, given.text
        url = given.headers["Location"]
        page = browser.get(url)
        assert "<script>zz" not in page
        assert "<svg onload" not in page
        with hall.office.db.write() as conn:
            kept = conn.execute(text("SELECT id, file_sha256 FROM letter LIMIT 1")).all()
        sent = {**fill(page), "do": "register", **_typed(page)}
        done = browser.client.post(url, data=sent)
        assert done.status_code in (200, 303, 400), kept
    hall.furnish("x")
    sha = _kept(hall, _CONTENTS[1])
    with hall.office.db.write() as conn:
        conn.execute(
            text("UPDATE letter SET file_name = 'x.svg', file_sha256 = :sha WHERE id = :id"),
            {"sha": sha, "id": hall.ids["top"]},
        )
    url = f"/letters/{hall.ids['top']}/file"
    assert _handed_out(browser, url) == _CONTENTS[1]


def _typed(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))


def _kept(hall: Hall, content: bytes) -> str:
    path = hall.store.folder.parent / "brought"
    path.write_bytes(content)
    return hall.store.keep(path).sha256


@row(
    "a file's name leads out of its folder",
    peer="zip slip and path traversal; ASVS 5.3.2, 5.4.1, 5.4.2",
    fired="50 names that climb, are devices, commands, options, headers, or far too long: as "
    "evidence, as a letter, as a sheet",
    expected="nothing is written but under its hash; what is handed out has a plain name",
    goes_on=f"{IMPORTS}test_a_file_name_is_one_plain_line "
    "tests/cascade/test_file_store.py::test_a_file_lies_under_its_hash_whatever_it_is_called",
)
def names_that_climb(hall: Hall) -> None:
    assert len(_CLIMBS) >= 50
    home = hall.store.folder.parent
    before = {path for path in home.rglob("*") if not path.is_relative_to(hall.store.folder)}
    given = [(name, f"{at}".encode()) for at, name in enumerate(_CLIMBS)]
    browser, urls = _report(hall, given)
    assert len(urls) >= 50  # a name that is none at all is no file to a browser
    for url in urls:
        headers = look(browser, url).headers
        told = headers["Content-Disposition"]
        name = told.partition("filename=")[2]
        if "''" in told:
            name = unquote(told.rpartition("''")[2])
        assert not set("\r\n\x00\u202e\u200b") & set(told), told
        assert not set("/\\") & set(name.replace('\\"', "")), told
        assert len(headers.getlist("Set-Cookie")) <= 1
        assert len(name.encode()) <= 255
    after = {path for path in home.rglob("*") if not path.is_relative_to(hall.store.folder)}
    assert {path for path in after - before if "cascade.db" not in path.name} == set()
    for path in (path for path in hall.store.folder.rglob("*") if path.is_file()):
        assert re.fullmatch(r"[0-9a-f]{64}", path.name), path
    named(hall.office)
    registry, admin = hall.enter("p.reg"), hall.admin()
    for at, name in enumerate(_CLIMBS):
        plain = uploads.plain_name(name)
        assert plain not in ("", ".", "..")
        assert len(plain.encode()) < 256
        assert not [c for c in plain if unicodedata.category(c) in ("Cc", "Cf") or c in "/\\"]
        if at % 12 == 0 or len(name) > 100:
            sheet = send(admin, "/admin/import", {"sheets": (BytesIO(b"a,b\n1,2\n"), name or "x")})
            assert sheet.status_code == 400, name
            given_letter = (BytesIO(letter(100 + at).encode()), name or "x")
            answer = send(registry, "/letters/import", {"file": given_letter})
            assert answer.status_code == 303, (name, answer.text)


@row(
    "an address leads to files that are none of the pages",
    peer="path traversal; ASVS 5.3.1, 13.4.1, 13.4.3",
    fired="climbing addresses at every route that takes a name, and places where programs leave "
    "things: .git, the database, the key, the store",
    expected="404, and nothing of those files",
)
def addresses_that_climb(hall: Hall) -> None:
    hall.furnish()
    (hall.store.folder.parent / "secret.key").write_text(MARK)
    browser = hall.enter("p.sec")
    bases = ("/static/", "/images/", "/help/", "/letters/import/", "/units/", "/reset/")
    climbs = (
        *("../web/app.py", "..%2fweb%2fapp.py", "%2e%2e/secret.key", "..%5csecret.key"),
        *("....//secret.key", "/etc/passwd", "%2fetc%2fpasswd", "..%00", "../../README.md", "."),
    )
    bare = (
        *("/.git/config", "/.git/HEAD", "/.env", "/cascade.db", "/secret.key", "/files", "/var/"),
        *("/files/.uploads/", "/web/app.py", "/setup.cfg", "/static/", "/images/", "/debug"),
        *(
            "/console",
            "/metrics/",
            "/server-status",
            "/.well-known/",
            "/swagger.json",
            "/admin.php",
        ),
    )
    for url in [*(base + climb for base in bases for climb in climbs), *bare]:
        answer = look(browser, url)
        assert answer.status_code in (302, 303, 308, 404, 400), (url, answer.status_code)
        assert MARK not in whole(answer), url
        assert "root:" not in answer.text, url
        assert "create_app" not in answer.text, url
    digest = next(path.name for path in hall.store.folder.rglob("*") if len(path.name) == 64)
    for url in (f"/files/{digest[:2]}/{digest}", f"/{digest}", f"/static/{digest}"):
        assert look(browser, url).status_code == 404


@row(
    "a file is fetched through another's page",
    peer="Gitea CVE-2026-20912, CVE-2026-20736",
    fired="evidence asked for at another step, at a step of another body, and by who lost the step",
    expected="404 at every address but its own, whoever asks",
    goes_on="tests/web/test_step_moves.py::"
    "test_a_move_by_a_letter_sent_to_the_file_of_another_step_is_nothing",
)
def a_file_of_another(hall: Hall) -> None:
    ids = hall.furnish()
    other = hall.office.letter("Q", tasks=[("1", "QA1")])
    theirs = hall.office.step(other, "QA1", "1")
    browser, stranger = hall.enter("a1.staff"), hall.enter("qa1.staff")
    assert (
        look(browser, f"/steps/{ids['reported']}/evidence/{ids['evidence_id']}").status_code == 200
    )
    for who in (browser, stranger):
        for step in (ids["step_id"], theirs):
            answer = look(who, f"/steps/{step}/evidence/{ids['evidence_id']}")
            assert answer.status_code == 404, step
    assert (
        look(stranger, f"/steps/{ids['reported']}/evidence/{ids['evidence_id']}").status_code == 404
    )


@row(
    "what waits to be confirmed is read by others",
    peer="Maarch RM CVE-2022-37774, Odoo CVE-2021-23203",
    fired="the address of an upload, opened by another registrar, by the administrator, and by "
    "nobody signed in; names that programs would guess",
    expected="404, or the way to sign in, and nothing of the text",
    goes_on=f"{IMPORTS}test_what_another_person_uploaded_is_not_there",
)
def an_upload_of_another(hall: Hall) -> None:
    named(hall.office)
    mine = hall.enter("p.reg")
    content = letter(45, subject=f" {MARK}").encode()
    answer = send(mine, "/letters/import", {"file": (BytesIO(content), "x.txt")})
    url = answer.headers["Location"]
    assert MARK in look(mine, url).text
    assert len(url.rpartition("/")[2]) == 32
    for login in ("a.reg", "q.reg"):
        found = look(hall.enter(login), url)
        assert (found.status_code, MARK in whole(found)) == (404, False), login
        sent = {"do": "issue"}
        assert send(hall.enter(login), url, sent).status_code == 404
    stranger = hall.stranger()
    found = look(stranger, url)
    assert found.headers["Location"].startswith("/sign-in")
    for guess in ("1", "tmp", "x.txt", "about.json", "..", "." * 32, "A" * 32, "%2e%2e%2f" * 4):
        assert look(mine, f"/letters/import/{guess}").status_code in (400, 404), guess
