"""The register as a file: asked for on its page, made by a worker, read by its asker alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from cascade.jobs import kinds
from cascade.jobs.port import Place
from models.queries import jobs
from tests.web.conftest import Browser
from tests.worlds import Office

BrowserOf = Callable[[str], Browser]
pytestmark = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


def work(office: Office, site: Flask) -> None:
    """Everything asked for is done, as a worker would."""
    place = Place(office.db, site.extensions["world"].home)
    with office.db.read() as conn:
        keys = [one.key for one in jobs.due(conn, office.moment.at)]
    for key in keys:
        while kinds.work(place, key, office.moment):
            pass


def test_letters_are_exported_as_they_were_filtered(
    office: Office, site: Flask, browser_of: BrowserOf
) -> None:
    office.letter("A", tasks=[("1", "A1")], subject="Ours")
    office.letter("P", owe=["A"], subject="From above")
    office.letter("Q", owe=["QA"], subject="Elsewhere")
    me, other = browser_of("a.head"), browser_of("b.head")
    listed = me.get("/letters?issuer=A&state=")
    (there,) = re.findall(r'action="(/exports[^"]*)"', listed)
    assert there == "/exports?issuer=A"
    assert "You have asked for none." in me.get("/exports")
    assert me.post(there, {}, form="/letters").headers["Location"] == "/exports"
    waiting = me.get("/exports")
    assert "0 of 1 letters" in waiting
    assert "Download" not in waiting
    busy = me.post("/exports", {}, form="/letters")
    assert "One export is being made already." in me.get(busy.headers["Location"])
    work(office, site)
    (href,) = re.findall(r'href="(/exports/[^"]+)" download', me.get("/exports"))
    file = me.client.get(href)
    assert (file.status_code, file.mimetype) == (200, "text/csv")
    assert "attachment" in file.headers["Content-Disposition"]
    assert "Ours" in file.text
    assert "From above" not in file.text
    file.close()
    assert other.client.get(href).status_code == 404
    assert "You have asked for none." in other.get("/exports")


def test_a_filter_that_means_nothing_is_told_at_its_field(
    office: Office, browser_of: BrowserOf
) -> None:
    me = browser_of("a.head")
    back = me.post("/exports?issuer=nobody&from=9/9/2026", {}, form="/letters").headers["Location"]
    assert back == "/letters?issuer=nobody&from=9/9/2026"
    assert "No unit has this code or name." in me.get(back)
    assert office.count("job") == 0


def test_a_sample_world_has_no_workers_and_offers_none(site: Flask, browser_of: BrowserOf) -> None:
    me = browser_of("a.head")
    site.extensions["world"].home = None
    assert "/exports" not in me.get("/letters")
    assert me.client.get("/exports").status_code == 404
    assert me.client.get("/exports/export-1-1.csv").status_code == 404
