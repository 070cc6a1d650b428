"""What is sent: forged, doubled, planted, polluted, endless, and to methods nobody meant."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from waitress.server import BaseWSGIServer, create_server

from models.base import Base
from tests.holes.hall import MARK, Hall, fields, look, send, whole
from tests.holes.table import row
from tests.web.conftest import PASSWORD, token_of
from tests.web.forms import fill
from workflows.kinds import MACHINES

PROTECTION = "tests/web/test_protection.py::"
HOLES = "tests/web/test_account_holes.py::"
MOVES = "tests/web/test_step_moves.py::"
LOGINS = ("p.sec", "p.admin")
# What no page expects where it expects a number, a day, a key or a word.
STRANGE = (
    *("0", "-1", "99999999999999999999", "1.0", "1e3", "٣", "①", "0x1", "1 OR 1=1", "' OR ''='"),
    *("%", "\x00", "\ufeff", "2026-02-30", "31/02/2026", "9999-12-31~9", "~", "a~b~c", "[]", "{}"),
    *("../..", "\ud83d\ude00" * 50, "x" * 3000, "<b>", "{{7*7}}", "%(x)s", "%s%n", "\r\nX: 1"),
)


@row(
    "a form of another site is taken",
    peer="cheat sheet Cross-Site Request Forgery Prevention",
    fired="every address with every method but GET: without a token, with a forged one, with one "
    "of another session",
    expected="refused, and not one row of any table is another",
    goes_on=f"{PROTECTION}test_every_address_that_changes_something_refuses_a_forged_form "
    f"{HOLES}test_no_form_of_an_account_does_anything_without_its_token",
)
def a_forged_form(hall: Hall) -> None:
    hall.furnish()
    hall.admin()
    browser = hall.enter("p.admin")
    others = token_of(look(hall.enter("b.staff"), "/me/password").text)
    before = hall.contents()
    asked = [(method, url) for method in _UNSAFE for url in hall.addresses(method)]
    assert len(asked) > 30
    for method, url in asked:
        for token in ({}, {"csrf_token": "forged"}, {"csrf_token": others}):
            answer = browser.client.open(url, method=method, data=token)
            assert 400 <= answer.status_code < 500, (method, url, answer.status_code)
    assert hall.contents() == before


_UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@row(
    "a link changes something",
    peer="ASVS 3.5.3; cheat sheet Cross-Site Request Forgery Prevention",
    fired="every page there is, by a secretariat and an administrator; with names of "
    "triggers and a method to take instead in the address and the headers",
    expected="not one row of any table is another",
)
def a_link_that_acts(hall: Hall) -> None:
    hall.furnish()
    hall.admin()
    for login in LOGINS:
        browser = hall.enter(login)
        before = hall.contents()
        for url in hall.addresses("GET"):
            asked = {"_method": "POST", "do": "register", "trigger": "cancel", "lang": "en"}
            headers = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE"}
            assert browser.client.get(url, query_string=asked, headers=headers).status_code < 500
        after = hall.contents()
        assert [name for name in before if before[name] != after[name]] == [], login


@row(
    "a form sets columns that it does not show",
    peer="Redmine CVE-2012-2054",
    fired="a report, a new day off, a new name and a chased step with every column of every table",
    expected="only what the form asks for is kept",
    goes_on=f"{HOLES}test_a_form_takes_only_what_it_asks_for "
    f"{HOLES}test_the_forms_of_an_administrator_take_only_what_they_ask_for",
)
def planted_columns(hall: Hall) -> None:
    ids = hall.furnish()
    planted = {
        name: "7"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for name in (column.name, f"{table.name}.{column.name}")
    }
    assert len(planted) > 150
    browser = hall.enter("a2.staff")
    url = f"/steps/{ids['step_id']}/acknowledge"
    opened = look(browser, url)
    trigger = "acknowledge" if opened.status_code == 200 else "start"
    url = f"/steps/{ids['step_id']}/{trigger}"
    shown = fill(browser.get(url))
    before = _row(hall, ids["step_id"])
    done = browser.client.post(url, data={**planted, **shown})
    assert done.status_code == 303, done.text
    after = _row(hall, ids["step_id"])
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"state", "version", "acknowledged_on", "acknowledged_at", "doer_id"}, changed
    assert after["state"] in {str(one.target) for one in MACHINES["task"].moves}
    with hall.office.db.read() as conn:
        last = conn.execute(text("SELECT * FROM event ORDER BY seq DESC LIMIT 1")).mappings().one()
    assert last["actor_id"] == hall.office.who("a2.staff").id
    assert last["step_id"] == ids["step_id"]


def _row(hall: Hall, step_id: int) -> dict[str, object]:
    with hall.office.db.read() as conn:
        found = conn.execute(text("SELECT * FROM step WHERE id = :i"), {"i": step_id})
        return dict(found.mappings().one())


@row(
    "a request chooses the method that is called",
    peer="OpenProject GHSA-9c69",
    fired="names of Python's own, of columns, and of moves that only follow by themselves, as the "
    "move of a letter and of a step, by GET and POST",
    expected="404 or refused, and nothing changes",
)
def a_method_by_name(hall: Hall) -> None:
    ids = hall.furnish()
    browser = hall.enter("a.sec")
    names = [
        *("__class__", "__init__", "__dict__", "_sa_instance_state", "metadata", "delete", "query"),
        *(
            "find",
            "moves",
            "initial",
            "name",
            "to_accepted",
            "accept;cancel",
            "accept%00",
            "Accept",
        ),
        *("fulfil", "reopen_above", "may_accept", "trigger", "state", "version", "eval", "%2e%2e"),
    ]
    before = hall.contents()
    for place in (f"/steps/{ids['reported']}", f"/letters/{ids['letter_id']}"):
        for name in names:
            assert look(browser, f"{place}/{name}").status_code in (400, 404, 409), name
            sent = {"note": "So.", "seen_version": "1"}
            assert send(browser, f"{place}/{name}", sent).status_code in (400, 404, 405, 409), name
    assert hall.contents() == before


@row(
    "two values under one name, or in two places, are read differently",
    peer="ASVS 15.3.7 (parameter pollution)",
    fired="name and password in the address; a report with note, version and move twice, in form "
    "and address; a form as JSON",
    expected="the address signs nobody in; of a form the first value counts, and one event is left",
)
def two_values(hall: Hall) -> None:
    ids = hall.furnish()
    stranger = hall.stranger()
    token = token_of(look(stranger, "/sign-in").text)
    asked = {"login": "a.sec", "password": PASSWORD}
    answer = stranger.client.post("/sign-in", query_string=asked, data={"csrf_token": token})
    assert answer.status_code == 401
    browser = hall.enter("a.sec")
    url = f"/steps/{ids['reported']}/accept"
    shown = fill(browser.get(url))
    before = hall.office.count("event")
    wrong = browser.client.post(
        f"{url}?seen_version=999&note=address", data={**shown, "seen_version": ["1", "999"]}
    )
    assert wrong.status_code == 409, "an old version must not pass for a new one beside it"
    right = browser.client.post(
        f"{url}?seen_version=999&note=address",
        data={**shown, "note": ["first", "second"], "trigger": "cancel"},
    )
    assert right.status_code == 303
    with hall.office.db.read() as conn:
        said = conn.execute(text("SELECT trigger, note FROM event ORDER BY seq")).all()[before:]
    assert ("accept", "first") in [tuple(one) for one in said]
    assert "address" not in str(said)
    as_json = browser.client.post(url, json={**shown, "note": "json"})
    assert as_json.status_code == 400


@row(
    "a form sent twice is done twice",
    peer="django-fsm 46 (transition executing more than once)",
    fired="one form of a move, three times",
    expected="one event; each answer leads to the step",
    goes_on=f"{MOVES}test_a_double_submit_at_the_same_moment_is_done_once",
)
def a_form_sent_twice(hall: Hall) -> None:
    ids = hall.furnish()
    browser = hall.enter("a.sec")
    url = f"/steps/{ids['reported']}/accept"
    sent = fill(browser.get(url))
    assert [browser.client.post(url, data=sent).status_code for _ in range(3)] == [303] * 3
    with hall.office.db.read() as conn:
        rows = conn.execute(text("SELECT count(*) FROM event WHERE trigger = 'accept'"))
        assert rows.scalar_one() == 1


@row(
    "steps of a process are skipped",
    peer="ASVS 2.3.1",
    fired="every move of both machines on a step and on a draft, out of turn, with a form that "
    "bears a good token",
    expected="only what the table of moves has from that state is done",
    goes_on="tests/workflows/test_move_tables.py tests/cascade/test_act.py",
)
def a_move_out_of_turn(hall: Hall) -> None:
    ids = hall.furnish()
    browser = hall.enter("a2.staff")
    triggers = {move.trigger for machine in MACHINES.values() for move in machine.moves}
    allowed = {m.trigger for m in MACHINES["task"].moves if "open" in m.froms()}
    before = hall.contents()
    for trigger in sorted(triggers - allowed):
        sent = {"seen_version": "1", "note": "So.", "done_on": "14/9/2026"}
        answer = send(browser, f"/steps/{ids['step_id']}/{trigger}", sent)
        assert answer.status_code in (400, 403, 404, 409), trigger
    assert hall.contents() == before


@row(
    "very many parts keep the server busy",
    peer="Werkzeug CVE-2023-25577",
    fired="forms of 12,000 parts, of 200,000 fields, of one field of 5 MB, of parts without end "
    "and with a megabyte of headers, before signing in",
    expected="400 or 413, each within two seconds, and the next page is answered",
)
def endless_parts(hall: Hall) -> None:
    browser = hall.stranger()
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    head = b'--x\r\nContent-Disposition: form-data; name="a"\r\nX: '
    many, typed = "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"
    for kind, body, status in (
        (many, part * 12_000 + b"--x--\r\n", 413),
        (many, part * 12_000, 413),
        (many, head + b"y" * 2**20 + b"\r\n\r\n1\r\n--x--\r\n", 413),
        (many, b"\r" * 2**20, 400),
        (many.replace("x", "x" * 5000), part, 400),
        ("multipart/form-data", part, 400),
        (typed, b"a=1&" * 200_000, 400),
        (typed, b"a=1&" * 1_000_000, 413),
        ("application/json", b"[" * 5_000_000, 413),
        (typed, b"login=" + b"x" * 5_000_000, 413),
    ):
        began = time.process_time()
        answer = browser.client.post("/sign-in", data=body, content_type=kind)
        assert answer.status_code in (status, 400 if b"y" * 9 in body else status), body[:60]
        assert time.process_time() - began < 2
    assert look(browser, "/sign-in").status_code == 200


@row(
    "what is sent is larger than anybody sends",
    peer="ASVS 5.2.1",
    fired="a body said to be of 60 MB, at every address that takes one",
    expected="413, before it is read",
    goes_on=f"{PROTECTION}test_an_upload_that_is_too_large_is_told_kindly",
)
def a_body_too_large(hall: Hall) -> None:
    hall.furnish()
    hall.admin()
    browser = hall.enter("p.admin")
    for url in hall.addresses("POST"):
        answer = browser.client.post(
            url,
            data=b"--x\r\n",
            content_type="multipart/form-data; boundary=x",
            environ_overrides={"CONTENT_LENGTH": str(60 * 2**20)},
        )
        # A program is asked for its token before anything that it sends.
        wanted = (401,) if url.startswith("/api/") else (413,)
        assert answer.status_code in wanted, (url, answer.status_code)
    answer = browser.client.post(
        "/me/password",
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"CONTENT_LENGTH": str(60 * 2**20)},
    )
    assert answer.status_code == 413


@row(
    "an answer's headers are written by whoever asks",
    peer="header injection; ASVS 1.2.1",
    fired="line breaks in every parameter, in the address, in the language and in what is come for",
    expected="no header or cookie of theirs in any answer",
    goes_on="tests/web/test_imports.py::test_a_hostile_file_name_stays_a_name",
)
def headers_of_theirs(hall: Hall) -> None:
    hall.furnish()
    planted = "x\r\nX-Planted: 1\r\nSet-Cookie: planted=1"
    everywhere = hall.addresses("GET")
    public = [url for url in everywhere if url.startswith(("/sign-in", "/help", "/setup"))]
    for browser, urls in ((hall.stranger(), public), (hall.enter("p.sec"), everywhere)):
        for url in urls:
            asked = dict.fromkeys(("lang", "next", "q", "tab", "day", "order", "after"), planted)
            with browser.client.get(url, query_string=asked) as answer:
                assert "X-Planted" not in answer.headers, url
                assert "planted" not in str(answer.headers.getlist("Set-Cookie")), url
                assert not re.search(r"[\r\n]", answer.headers.get("Location", "")), url


@row(
    "another name for the server makes links and cookies for it",
    peer="host header poisoning; ASVS 4.1.3",
    fired="Host, X-Forwarded-Host, -Proto, -Prefix, Forwarded with a foreign name, at signing in",
    expected="a foreign Host is refused without a page; the others change nothing",
    goes_on=f"{PROTECTION}test_a_strange_host_name_reaches_nothing",
)
def another_name(hall: Hall) -> None:
    browser = hall.stranger()
    for host in ("evil.example", "localhost.evil.example", "localhost@evil.example", "127.0.0.2"):
        assert look(browser, "/").status_code in (200, 302)
        answer = browser.client.get("/sign-in", headers={"Host": host})
        assert (answer.status_code, "<" in answer.text) == (400, False), host
    for name in ("X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL"):
        answer = browser.client.get("/letters", headers={name: "evil.example"})
        assert answer.headers["Location"].startswith("/sign-in"), name
        assert "evil.example" not in whole(answer), name
    forwarded = {"Forwarded": "host=evil.example;proto=https", "X-Forwarded-Proto": "https"}
    assert "evil" not in whole(browser.client.get("/sign-in", headers=forwarded))


@row(
    "other sites read answers with the reader's cookie",
    peer="ASVS 3.4.2, 3.5.2 (CORS)",
    fired="every page with the Origin of another site, and its OPTIONS",
    expected="no answer allows another origin anything",
)
def another_origin(hall: Hall) -> None:
    hall.furnish()
    browser = hall.enter("p.sec")
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for url in hall.addresses("GET"):
        for method in ("GET", "OPTIONS"):
            with browser.client.open(url, method=method, headers=headers) as answer:
                assert "Access-Control-Allow-Origin" not in answer.headers, (method, url)


@row(
    "methods that nobody meant are answered",
    peer="ASVS 4.1.4, 13.4.4",
    fired="TRACE, CONNECT, PROPFIND, and every other at every address that does not name it",
    expected="405 or refused, and nothing of the request is told back",
)
def methods_nobody_meant(hall: Hall) -> None:
    hall.furnish()
    browser = hall.enter("p.sec")
    before = hall.contents()
    for url in hall.addresses("GET"):
        for method in ("TRACE", "PROPFIND", "DEBUG"):
            answer = browser.client.open(url, method=method, headers={"X-Told": MARK + "back"})
            assert answer.status_code in (400, 404, 405, 501), (method, url, answer.status_code)
            assert MARK + "back" not in answer.text
    assert hall.contents() == before


@row(
    "a strange parameter breaks a page or tells how it is made",
    peer="ASVS 15.3.5, 16.5.1; SQL injection, ASVS 1.2.4",
    fired="30 strange values at every parameter that pages know, at every page",
    expected="no fault of ours, no word of SQL or Python, not one row more",
)
def strange_parameters(hall: Hall) -> None:
    hall.furnish()
    browser = hall.enter("p.sec")
    before = hall.contents()
    lists = (
        "/board",
        "/letters",
        "/search",
        "/units",
        "/inbox",
        f"/letters/{hall.ids['top']}/cascade",
    )
    shown = {name for url in lists for name in fields(look(browser, url).text)}
    known = sorted(shown | {"after", "before", "part", "day", "tab", "as", "order", "page", "at"})
    # Lists with each value everywhere; other pages with each value somewhere.
    shots = [(url, dict.fromkeys(known, value)) for url in lists for value in STRANGE[2::3]]
    shots += [
        (url, {name: STRANGE[(at + turn * 7) % len(STRANGE)] for at, name in enumerate(known)})
        for url in hall.addresses("GET")
        for turn in range(1)
    ]
    for url, typed in shots:
        asked = {name: text.encode("utf-8", "surrogatepass") for name, text in typed.items()}
        answer = look(browser, url, query_string=asked)
        assert answer.status_code < 500, (url, typed)
        assert not re.search("Traceback|sqlalchemy|sqlite3|SELECT ", answer.text), (url, typed)
    assert hall.contents() == before


@row(
    "an error tells how the program is made",
    peer="ASVS 16.5.1, 16.5.4, 13.4.6",
    fired="a fault within a page, signed in and not",
    expected="a page with a code; no trace, no path, no version, and the next page works",
    goes_on=f"{PROTECTION}test_a_fault_of_ours_is_a_page_with_a_code_to_report",
)
def an_error_that_tells(hall: Hall) -> None:
    hall.site.config["PROPAGATE_EXCEPTIONS"] = False
    kept: Any = hall.site.view_functions["units.show_all"]

    def fail() -> str:
        raise RuntimeError(f"{MARK} in {__file__}")

    fail.policy = kept.policy  # type: ignore[attr-defined]
    hall.site.view_functions["units.show_all"] = fail
    answer = look(hall.enter("p.sec"), "/units")
    assert answer.status_code == 500
    said = whole(answer)
    for word in (MARK, "RuntimeError", "Traceback", ".py", "werkzeug", "Werkzeug", "Python/"):
        assert word not in said, word
    hall.site.view_functions["units.show_all"] = kept
    assert look(hall.enter("p.sec"), "/units").status_code == 200


@contextmanager
def _served(hall: Hall) -> Iterator[int]:
    """The pages behind the real server, on a port of this machine."""
    server = create_server(hall.site, host="127.0.0.1", port=0, ident=None)
    assert isinstance(server, BaseWSGIServer)
    assert server.socket is not None
    port = server.socket.getsockname()[1]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        server.close()
        thread.join(5)


def _say(port: int, said: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=3) as line:
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while piece := line.recv(65536):
            found += piece
        return found


@row(
    "one request hides another",
    peer="waitress CVE-2022-24761; ASVS 4.2.1",
    fired="two lengths, a length beside chunks, bad chunks, blanks before the colon, endless "
    "headers, TRACE, an address of a megabyte: at the real server",
    expected="no second answer with a page of the first's; nothing but 400s and their like",
)
def one_request_in_another(hall: Hall) -> None:
    inner = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
    shots = (
        head + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + inner,
        head + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + inner,
        head + b"Content-Length: +5\r\n\r\n" + inner,
        head + b"Content-Length : 5\r\n\r\n" + inner,
        head + b"Transfer-Encoding: xchunked\r\n\r\n" + inner,
        head + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n" + inner,
        b"GET /" + b"x" * 2**20 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 2**19 + b"\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: localhost\r\nX-Told: heronmarked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    )
    with _served(hall) as port:
        for shot in shots:
            try:
                told = _say(port, shot)
            except OSError:
                continue  # hung up on: that is an answer too
            assert b"200 OK" not in told, shot[:90]
            assert b"heronmarked" not in told
            assert not re.search(rb"(?i)server: *\S+/\d|waitress/\d", told)
        assert b"200 OK" in _say(port, inner)
