"""A real browser on a real server: the sample world, copied fresh for every journey."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask, abort
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import BaseWSGIServer, create_server

from cascade.sample import place
from cascade.sample.place import Place
from cascade.sample.world import PASSWORD
from cascade.store import FileStore
from models import schema
from models.database import Database
from tests.journeys.hands import HANDS, Mouse
from web.app import World, create_app
from web.policy import public

WORLD = "three_levels"
SETUP_CODE = "the printed code"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Without script the pages must do the same; htmx and the picture's zoom only add comfort.
WITH_AND_WITHOUT_SCRIPT = pytest.mark.parametrize(
    "page", [True, False], ids=["script", "no script"], indirect=True
)
# And whoever has no mouse must do the same: in ./run test for the clerk's day, in ./run faults for
# every journey, as looking at each stop of the Tab key takes its time.
EACH_WAY = pytest.mark.parametrize("desk", list(HANDS), indirect=True)
ALL_WAYS = pytest.mark.parametrize(
    "desk",
    [pytest.param(way, marks=pytest.mark.slow if way == "keyboard" else ()) for way in HANDS],
    indirect=True,
)
Desk = Callable[[str], Mouse]


@dataclass
class Site:
    """The served sample world."""

    url: str
    db: Database


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium here: install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sample world, built once."""
    found = Place(tmp_path_factory.mktemp("worlds") / WORLD)
    place.build(found)
    return found


@pytest.fixture
def site(built: Place, tmp_path: Path) -> Iterator[Site]:
    """A copy of the world behind a real server."""
    folder = tmp_path / "world"
    shutil.copytree(built.folder, folder)
    with served(_world(folder)) as found:
        yield found


@pytest.fixture(scope="session")
def reading(built: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One copy of the world for all that only look at it."""
    folder = tmp_path_factory.mktemp("reading") / "world"
    shutil.copytree(built.folder, folder)
    with served(_world(folder)) as found:
        yield found


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A register in which there is nobody yet."""
    folder = tmp_path_factory.mktemp("empty")
    db = Database(f"sqlite:///{folder / 'cascade.db'}")
    schema.upgrade(db)
    world = World(db, FileStore(folder / "files"))
    with served(world, setup_code=SETUP_CODE, samples=folder / "samples") as found:
        yield found


def _world(folder: Path) -> World:
    db = Database(f"sqlite:///{folder / 'cascade.db'}")
    return World(db, FileStore(folder / "files"), place.day(WORLD), home=folder)


@contextmanager
def served(
    world: World, *, setup_code: str | None = None, samples: Path | None = None
) -> Iterator[Site]:
    """The pages over a register, at a port of this machine."""
    app = create_app(
        world,
        secret="a key for tests",
        hosts=("127.0.0.1",),
        setup_code=setup_code,
        samples=samples,
    )
    _with_faults(app)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    assert isinstance(server, BaseWSGIServer)
    assert server.socket is not None

    def run() -> None:
        with suppress(OSError):  # its socket is closed while it waits
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.socket.getsockname()[1]}", world.db)
    server.close()
    thread.join(timeout=5)
    world.db.dispose()


def _with_faults(app: Flask) -> None:
    @public
    def fault(status: int) -> str:
        abort(status)

    app.add_url_rule("/fault/<int:status>", view_func=fault)


@pytest.fixture
def page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A person's window, with script unless the test says otherwise; what fails in it is told."""
    with watched(window(browser, site, has_script=getattr(request, "param", True))) as context:
        yield context.new_page()


@pytest.fixture
def desk(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk for each person of a journey; all of them work in the same way."""
    way = getattr(request, "param", "script")
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def sit_down(login: str) -> Mouse:
        context = window(browser, site, has_script=way != "no script")
        opened.append(context)
        _listen(context, faults)
        if login:
            enter(context, login)
        return HANDS[way](context.new_page())

    yield sit_down
    for context in opened:
        context.close()
    assert faults == []


@contextmanager
def watched(context: BrowserContext) -> Iterator[BrowserContext]:
    """Tell at the end what failed in a browser."""
    faults: list[str] = []
    _listen(context, faults)
    yield context
    context.close()
    assert faults == []


def _listen(context: BrowserContext, faults: list[str]) -> None:
    def tell(text: str) -> None:
        # A page that is refused on purpose is logged by the browser too; nothing else may be.
        if "Failed to load resource" not in text:
            faults.append(text)

    context.on("console", lambda m: tell(m.text) if m.type == "error" else None)
    context.on("weberror", lambda error: tell(str(error.error)))


def window(
    browser: Browser, site: Site, *, has_script: bool = True, lang: str = "en", width: int = 1280
) -> BrowserContext:
    """A browser of its own, as of one person at one desk."""
    context = browser.new_context(
        base_url=site.url,
        java_script_enabled=has_script,
        locale=lang,
        viewport={"width": width, "height": 900},
    )
    # What is sent without a page asks for the same language.
    context.add_cookies([{"name": "lang", "value": lang, "url": site.url}])
    context.set_default_timeout(15_000)
    return context


def sign_in(page: Page, login: str) -> None:
    """As anybody does it."""
    page.goto("/sign-in")
    page.get_by_label("User name").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def enter(context: BrowserContext, login: str) -> None:
    """Sign in without a page, where the form is not what is looked at."""
    asked = context.request.get("/sign-in").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', asked)
    assert token
    form = {"csrf_token": token[1], "login": login, "password": PASSWORD}
    answer = context.request.post("/sign-in", form=form, max_redirects=0)
    assert answer.status == 303, answer.text()


def sign_out(page: Page) -> None:
    """So that another can sit down."""
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
