"""The first run: the code, the first administrator, the sample world."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from cascade import accounts, clock
from cascade import setup as founding
from cascade.errors import BadInputError
from cascade.sample import place, world
from cascade.sample.world import PASSWORD as SAMPLE_PASSWORD
from cascade.setup import AlreadySetUpError, Founder
from cascade.store import FileStore
from models.database import Database
from models.queries import administration, directory
from tests.web.conftest import Browser
from tests.worlds import TODAY, Office
from web.app import World, create_app

CODE = "the printed code"
FOUNDER: dict[str, object] = {
    "code": CODE,
    "name": "Hoàng Minh Tiệp",
    "login": "tiep.hm",
    "password": "three plain words",
    "unit_name": "Ủy ban nhân dân tỉnh",
    "unit_code": "LG",
    "level": "Tỉnh",
}
Fresh = Callable[..., Browser]


@pytest.fixture
def fresh(db: Database, tmp_path: Path) -> Fresh:
    """A browser at a register in which nobody can sign in."""

    def make(code: str | None = CODE) -> Browser:
        app = create_app(
            World(db, FileStore(tmp_path / "files")),
            secret="a key for tests",
            setup_code=code,
            samples=tmp_path / "demo",
        )
        return Browser(app.test_client())

    return make


def test_before_anybody_is_there_every_way_leads_to_the_first_start(fresh: Fresh) -> None:
    browser = fresh()
    page = browser.client.get("/", follow_redirects=True)
    assert page.request.path == "/setup"
    assert "First start" in browser.get("/setup")


def test_the_first_administrator_is_made_with_the_top_unit_and_is_signed_in(
    fresh: Fresh, db: Database
) -> None:
    browser = fresh()
    answer = browser.post("/setup", FOUNDER, form="/setup")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/begin")
    assert "What to do next" in browser.get("/admin/begin")
    today = clock.now().today
    with db.read() as conn:
        (top,) = directory.tops(conn, today)
        (found,) = administration.administrators_on(conn, today)
        assert (top.code, top.name, top.level_vi) == ("LG", "Ủy ban nhân dân tỉnh", "Tỉnh")
        assert administration.posts(conn, found, today)[0].unit_code == "LG"
        assert [row.act for row in administration.record(conn)] == ["set_up"]


def test_once_anybody_can_sign_in_there_is_no_first_start(fresh: Fresh) -> None:
    browser, other = fresh(), fresh()
    token_page = other.get("/setup")
    assert "csrf_token" in token_page
    assert browser.post("/setup", FOUNDER, form="/setup").status_code == 303
    browser.get("/setup", status=404)
    late = {**FOUNDER, "login": "second"}
    for url in ("/setup", "/setup/sample"):
        assert other.post(url, late, form="/sign-in").status_code == 404


def test_a_second_founder_who_was_a_moment_later_is_refused(office: Office) -> None:
    accounts.set_password(office.db, 1, "three plain words", clock.now())
    late = Founder("Late", "late", "three plain words", office.units["P"])
    with pytest.raises(AlreadySetUpError):
        founding.found(office.db, late, office.moment)
    with office.db.read() as conn:
        assert administration.user_by_login(conn, "late") is None


@pytest.mark.parametrize("code", ["", "another code", CODE + " more", "mã sai"])
def test_without_the_code_nothing_is_made(fresh: Fresh, db: Database, code: str) -> None:
    browser = fresh()
    for url in ("/setup", "/setup/sample"):
        answer = browser.post(url, {**FOUNDER, "code": code}, form="/setup")
        assert answer.status_code == 403
        assert "This is not the code that the server printed" in answer.text
        assert "Hoàng Minh Tiệp" in answer.text  # what was typed stays
        assert str(FOUNDER["password"]) not in answer.text
    with db.read() as conn:
        assert administration.users(conn) == []
        assert directory.tops(conn, TODAY) == []


def test_a_server_without_a_code_says_what_to_do_and_takes_none(fresh: Fresh) -> None:
    browser = fresh(None)
    page = browser.get("/setup")
    assert "cascade serve" in page
    assert "cascade users password" in page
    assert "csrf_token" not in page
    assert browser.client.post("/setup", data={**FOUNDER, "code": "None"}).status_code == 400


def test_guessing_the_code_gets_slow(fresh: Fresh) -> None:
    browser = fresh()
    wrong = {**FOUNDER, "code": "guess"}
    tries = [browser.post("/setup", wrong, form="/setup").status_code for _ in range(6)]
    assert tries == [403] * 5 + [429]
    right = browser.post("/setup", FOUNDER, form="/setup")
    assert right.status_code == 429
    assert "There were too many tries." in right.text


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "", "Type your name."),
        ("login", "", "Type a user name."),
        ("login", "tiệp", "2 to 60 letters"),
        ("login", "a b", "2 to 60 letters"),
        ("password", "short", "has at least 12"),
        ("unit_name", " ", "Type the name of the unit."),
        ("unit_code", "two words", "one word"),
        ("unit_code", "A/B", "one word"),
        ("level", "", "Type what such a unit is called"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_half_made(
    fresh: Fresh, db: Database, field: str, typed: str, told: str
) -> None:
    answer = fresh().post("/setup", {**FOUNDER, field: typed}, form="/setup")
    assert answer.status_code == 400
    assert answer.text.count(told) == 2  # in the summary and at the field
    assert f'href="#{field}"' in answer.text
    with db.read() as conn:
        assert administration.users(conn) == []
        assert directory.tops(conn, clock.now().today) == []


def test_where_units_are_on_file_one_of_the_top_is_chosen(office: Office, fresh: Fresh) -> None:
    browser = fresh()
    page = browser.get("/setup")
    assert "Body P" in page
    assert 'name="unit_code"' not in page
    wrong = browser.post("/setup", {**FOUNDER, "unit": "999"}, form="/setup")
    assert wrong.status_code == 400
    assert "Choose a unit." in wrong.text
    chosen = {**FOUNDER, "unit": office.units["Q"], "login": "q.head"}  # on file already
    assert browser.post("/setup", chosen, form="/setup").status_code == 303
    with office.db.read() as conn:
        (found,) = administration.administrators_on(conn, clock.now().today)
        user = administration.user(conn, found)
    assert user is not None
    assert user.login == "q.head"


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_the_sample_world_is_built_and_served_by_the_same_server(
    fresh: Fresh, db: Database
) -> None:
    browser = fresh()
    answer = browser.post("/setup/sample", {"code": CODE}, form="/setup")
    assert answer.status_code == 200
    assert "acts of the story" in answer.text
    assert "It is ready" in answer.text
    assert "stop the server and start it again" in answer.text
    page = browser.get("/sign-in")
    assert "Sample data" in page
    assert SAMPLE_PASSWORD in page
    assert ">hang.nt</button> secretariat, Nguyễn Thu Hằng" in page
    entered = browser.post(
        "/sign-in", {"login": "hang.nt", "password": SAMPLE_PASSWORD}, form="/sign-in"
    )
    assert entered.status_code == 303
    assert "3158/UBND-NN" in browser.get("/letters")
    browser.get("/setup", status=404)
    with db.read() as conn:
        assert administration.users(conn) == []  # the real register stays empty


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_sample_world_that_cannot_be_built_says_why_and_leaves_the_register(
    fresh: Fresh, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise BadInputError("a letter is missing", remedy="Install it anew.")

    monkeypatch.setattr(place, "build", fail)
    browser = fresh()
    answer = browser.post("/setup/sample", {"code": CODE}, form="/setup")
    assert "a letter is missing" in answer.text
    assert "It is ready" not in answer.text
    assert "First start" in browser.get("/setup")


def test_a_real_register_lists_nobody_to_sign_in_as(stranger: Browser, site: Flask) -> None:
    site.extensions["world"].sample_day = None
    page = stranger.get("/sign-in")
    assert "People of this sample" not in page
    assert SAMPLE_PASSWORD not in page


def test_the_names_of_worlds_have_their_days() -> None:
    assert [place.day(name).year for name in world.NAMES] == [2024, 2025]
