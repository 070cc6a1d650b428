"""For the machines that look after this one: health, figures, logs with the request's code."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import text

from cascade import clock, logs
from cascade.logs import Form
from models import jobs, outbox
from tests.web.conftest import Browser
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
ON_SQLITE = pytest.mark.parametrize("db", ["sqlite"], indirect=True)
TOKEN = {"Authorization": "Bearer a long word"}


def test_health_follows_the_database(office: Office, site: Flask) -> None:
    client = site.test_client()
    assert client.get("/healthz").status_code == 200
    with office.db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "the database cannot be used\n")


@ON_SQLITE
def test_figures_are_for_whoever_has_the_token(site: Flask) -> None:
    client = site.test_client()
    assert client.get("/metrics", headers=TOKEN).status_code == 404  # none is set
    site.config["METRICS_TOKEN"] = "a long word"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    client.get("/sign-in")
    answer = client.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    assert 'route="/sign-in",status="200"' in answer.text


@ON_SQLITE
def test_figures_tell_what_workers_have_still_to_do(office: Office, site: Flask) -> None:
    site.config["METRICS_TOKEN"] = "a long word"

    def told() -> set[str]:
        lines = site.test_client().get("/metrics", headers=TOKEN).text.splitlines()
        return {line for line in lines if line.startswith(("cascade_jobs", "cascade_outbox{"))}

    assert told() == set()
    made = clock.now().at - timedelta(hours=2)
    with office.db.write() as conn:
        for number in range(3):
            outbox.owe(conn, "mail", f"digest {number}", "a@b.example", {}, made)
        outbox.owe(conn, "webhook", "event 1", "https://b.example", {}, made)
        outbox.give_up(conn, 1, "refused")
        jobs.ask(conn, "housekeeping 1", "housekeeping", {}, made)
    assert told() == {
        'cascade_jobs{name="housekeeping",state="waiting"} 1.0',
        'cascade_outbox{kind="mail",state="failed"} 1.0',
        'cascade_outbox{kind="mail",state="waiting"} 2.0',
        'cascade_outbox{kind="webhook",state="waiting"} 1.0',
    }
    answer = site.test_client().get("/metrics", headers=TOKEN).text
    (age,) = (line for line in answer.splitlines() if 'seconds{kind="webhook"' in line)
    assert 7200 <= float(age.split()[-1]) < 7300
    assert "cascade_swept_today 0.0" in answer


@ON_SQLITE
@pytest.mark.parametrize("form", ["lines", "text"])
def test_a_request_is_logged_with_its_code_and_without_secrets(
    office: Office, browser_of: BrowserOf, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of("a1.staff")
    step = office.step(office.letter("A", tasks=[("1", "A1")]), "A1", "1")
    kept = StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    monkeypatch.setattr("sys.stderr", kept)
    logs.begin(form)
    try:
        answer = browser.client.get(f"/steps/{step}")
        browser.client.get("/reset/a-secret-of-one-time?q=typed")
    finally:
        root.handlers[:], root.level = before
    said = kept.getvalue()
    code = answer.headers["X-Request-ID"]
    assert code in said
    assert "secret-of-one-time" not in said
    assert "typed" not in said
    if form == "lines":
        told = json.loads(said.splitlines()[0])
        assert (told["said"], told["step_id"]) == ("GET /steps/<int:step_id> 200", step)
        assert told["request"] == code


def test_what_is_sent_cannot_forge_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = StringIO()
    monkeypatch.setattr("sys.stderr", kept)
    root = logging.getLogger()
    before = root.handlers[:], root.level
    try:
        logs.begin("lines")
        logging.getLogger("somebody").warning("typed: %s", "a\n2026 ERROR forged")
    finally:
        root.handlers[:], root.level = before
    assert len(kept.getvalue().splitlines()) == 1
