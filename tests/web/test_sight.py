"""What somebody is not concerned with is not there: no page, move, list, file or export has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import BytesIO
from itertools import product
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from cascade.store import Stream
from tests.web.conftest import Browser, token_of
from tests.worlds import TODAY, Office
from web.present import letter_moves, moving

BrowserOf = Callable[[str], Browser]
Ids = dict[str, list[int]]
MARK = "heronmarked"
LATE = {"due": TODAY - timedelta(days=3), "dated": TODAY - timedelta(days=9)}
# Not concerned with what P and A do: another province, a district and a section beside.
UNRELATED = ["q.sec", "qa.reg", "qa1.staff", "c.sec", "b1.head", "s.staff"]
TABS = "tree picture coverage history documents picture&as=svg tree&part=letter-1"


@pytest.fixture
def ids(office: Office, site: Flask) -> Ids:
    """A directive of P, A's answer with a reported task, and a draft: each text is marked."""
    top = office.letter("P", owe=["A"], subject=f"{MARK} directive", number="8881", **LATE)
    given = {"with_units": {"1": ["S2"]}, "subject": f"{MARK} answer", "number": "8882", **LATE}
    letter = office.letter("A", implements=[top], tasks=[("1", "A1"), ("2", "A2")], **given)
    draft = office.draft("A", tasks=[("1", "A2")], subject=f"{MARK} draft", number="8883")
    step, waiting = office.step(letter, "A1", "1"), office.step(letter, "A2", "2")
    store = site.extensions["world"].store
    with store.staging([Stream(f"{MARK}.txt", BytesIO(MARK.encode()))]) as files:
        office.fire(step, "report", "a1.staff", files=files, note=f"{MARK} note")
    values = {"mark": MARK, "sha": files[0].sha256}
    with office.db.write() as conn:
        for said in (
            "UPDATE point SET text = :mark",
            "UPDATE letter SET text = :mark, file_name = :mark, file_sha256 = :sha",
            "INSERT INTO term (term, kind, target_id) SELECT :mark, 'point', id FROM point",
        ):
            conn.execute(text(said), values)
        evidence = conn.execute(text("SELECT id FROM evidence")).scalar_one()
    return {
        "letter_id": [top, letter, draft],
        "step_id": [step, waiting],
        "evidence_id": [evidence],
    }


def addresses(site: Flask, method: str, ids: Ids) -> list[str]:
    """Every address that names a letter or a step: of each of them, with each move, each tab."""
    known: dict[str, Sequence[object]] = {
        **ids,
        "trigger": sorted({*letter_moves.TITLES, *moving.TITLES}),
    }
    found = []
    for rule in site.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            continue  # no browser's session opens these: tests/web/api looks with tokens
        if method in (rule.methods or ()) and {"letter_id", "step_id"} & rule.arguments:
            for values in product(*[known[name] for name in rule.arguments]):
                built = rule.build(dict(zip(rule.arguments, values, strict=True)))
                assert built is not None
                is_tabbed = rule.endpoint == "cascades.show"
                found += [f"{built[1]}?tab={tab}" for tab in (TABS.split() if is_tabbed else [""])]
    return found


def said_by(client: FlaskClient, url: str) -> str:
    """All that an answer says: its headers and its bytes, unpacked where they are packed."""
    answer = client.get(url, headers={"Accept-Language": "en"}, follow_redirects=True)
    data = answer.data
    if data.startswith(b"PK"):
        packed = ZipFile(BytesIO(data))
        data = b"\n".join(map(packed.read, packed.namelist()))
    return f"{answer.headers}{data.decode('utf-8', 'replace')}"


@pytest.mark.parametrize(
    "db", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
def test_every_address_of_a_letter_or_step_is_not_found_by_who_is_not_concerned(
    site: Flask, ids: Ids, browser_of: BrowserOf
) -> None:
    asked = addresses(site, "GET", ids)
    concerned = browser_of("a.sec").client
    there = [url for url in asked if concerned.get(url).status_code != 404]
    assert len(there) > 60
    for login in UNRELATED:
        client = browser_of(login).client
        for url in asked:
            answer = client.get(url, headers={"Accept-Language": "en"})
            assert (answer.status_code, "Not found" in answer.text) == (404, True), (login, url)
            assert MARK not in answer.text + str(answer.headers), (login, url)


def test_no_move_is_made_by_who_is_not_concerned(
    office: Office, site: Flask, ids: Ids, browser_of: BrowserOf
) -> None:
    tables = ("event", "step", "letter", "evidence", "extension", "answer")
    before = {table: office.count(table) for table in tables}
    asked = addresses(site, "POST", ids)
    assert len(asked) > 60
    for login in ("q.sec", "c.sec"):
        browser = browser_of(login)
        sent = {"csrf_token": token_of(browser.get("/")), "note": "So.", "seen_version": "1"}
        for url in asked:
            assert browser.client.post(url, data=sent).status_code == 404, (login, url)
        unseen = {"step": [f"{step}.1" for step in (*ids["step_id"], 424242)]}
        answer = browser.post("/board/chase", unseen, form="/board")
        assert (answer.status_code, answer.text.count("There is no such step.")) == (409, 3)
    assert {table: office.count(table) for table in tables} == before


PLACES = """
/ /inbox /board /board?order=longest /board?directive=1 /board?window=between /board.csv
/board.xlsx /letters /letters?state=draft /letters?state=cited /letters?issuer=P /letters?issuer=A
/search?q=heron /search?q=heron&kind=point /search?q=heron&kind=letter /search?q=8881
/search?q=8882/UBND-A /search?q=8883 /search?q=body+a /units /units/A /units/P /units/A1
"""


@pytest.mark.parametrize("login", UNRELATED)
def test_no_list_or_export_holds_a_trace(ids: Ids, browser_of: BrowserOf, login: str) -> None:
    links = {f"{kind}s/{one}" for kind in ("letter", "step") for one in ids[f"{kind}_id"]}
    clients, told = {who: browser_of(who).client for who in (login, "a.sec")}, 0
    for place in PLACES.split():
        said = {who: said_by(client, place) for who, client in clients.items()}
        told += MARK in said["a.sec"]
        assert MARK not in said[login], place
        assert not links & set(re.findall(r"/((?:letters|steps)/\d+)", said[login])), place
    assert told > 15  # else nothing was looked for


def test_who_coordinates_sees_the_step_without_its_report(ids: Ids, browser_of: BrowserOf) -> None:
    (top, *_), (reported, beside) = ids["letter_id"], ids["step_id"]
    file = f"/steps/{reported}/evidence/{ids['evidence_id'][0]}"
    for login, is_whole in {"a1.staff": 1, "a.sec": 1, "p.sec": 1, "s2.staff": 0}.items():
        client = browser_of(login).client
        assert client.get(file).status_code == (200 if is_whole else 404), login
        page = said_by(client, f"/steps/{reported}")
        assert "Point 1" in page, login
        for told in (f"{MARK} note", f"{MARK}.txt", file):
            assert (told in page) == is_whole, (login, told)
    for unseen in (f"/steps/{beside}", f"/letters/{top}"):
        browser_of("s2.staff").get(unseen, status=404)
