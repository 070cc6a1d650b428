"""A letter to very many units says how many have it, wherever it could be taken for sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cascade import issue
from cascade.jobs import issuing
from tests.web.conftest import Browser
from tests.worlds import Office

TASKS = [("1", "A1"), ("2", "A2"), ("3", "A1"), ("4", "A2"), ("5", "A1")]
SAID = "It is on its way: 2 of 5 units have it."


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_a_letter_issued_on_the_pages_is_on_its_way_until_a_worker_is_done(
    office: Office, browser_of: Callable[[str], Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "BATCH", 2)
    letter = office.draft("A", tasks=TASKS)
    browser = browser_of("a.sec")
    browser.get(f"/letters/{letter}/issue")
    browser.post(f"/letters/{letter}/issue", {"seen_version": "1"})
    for page in ("", "/cascade", "/cascade?tab=coverage", "/cascade?tab=history"):
        assert SAID in browser.get(f"/letters/{letter}{page}")
    assert "3 units do not have it yet" in browser.get(f"/letters/{letter}")
    issue.finish(office.db, [letter], office.moment)
    for page in ("", "/cascade"):
        assert "on its way" not in browser.get(f"/letters/{letter}{page}")
