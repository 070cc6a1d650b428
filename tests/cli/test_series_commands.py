"""Recurring duties on the console: registered, called for once more, ended."""

from __future__ import annotations

from tests.cli.console import Console
from tests.cli.letters import letter


def test_a_point_that_comes_again_is_registered_called_for_and_ended(console: Console) -> None:
    text = letter("9001").replace("hoàn thành trước", "định kỳ hằng tháng báo cáo trước")
    path = console.write("again.txt", text)
    refused = console("letter", "import", path.parent, "--yes", "--recurring")
    assert refused.code == 2
    assert "--recurring" in refused.err
    args = ("letter", "import", path, "--yes", "--recurring", "--issue", "--json")
    (made,) = console.ok(*args).json
    assert (made["recurring"], made["steps"]) == (1, 1)
    on = f"L{made['letter']}"
    said = ("--series", 1, "--note", "Because.")
    assert console("act", on, "end-series", "--note", "Because.").code == 1
    assert console.ok("act", on, "call-up", *said, "--until", "2099-01-31").err == ""
    told = console("act", on, "end-series", *said)
    assert (told.code, "2 open below" in told.err) == (1, True)
    assert console.ok("act", on, "end-series", *said, "--children", "cancel", "--json").json
    (shown,) = console.ok("letter", "show", on, "--json").json["recurring"]
    assert (shown["id"], shown["times"], shown["due"]) == (1, 2, None)
    assert shown["ended_on"] is not None
    assert "báo cáo" not in shown["phrase"]
    assert "hằng tháng" in console.ok("letter", "show", on).out
