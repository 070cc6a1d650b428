"""Every route, by every method, about everything, by everybody: as the oracle says, no mark told.

The short form runs each day; all of it, on both databases, is `./run authz`.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests import oracle
from tests.authz import cells, routes, rules, telling, views
from tests.authz.asking import Asking
from tests.authz.cells import Cell
from tests.authz.conftest import AskingOf
from tests.authz.people import ACTORS, ANONYMOUS, TELLING

Record = Callable[[str, object], None]
_PARTS = 6
# What is about accounts and nobody's content: three people tell all of it.
_ACCOUNTS = {"account", "admin", "deputies", "help", "oidc", "own_sessions", "reset"}
_ACCOUNTS |= {"second_factor", "setup", "static", "tokens"}


def weigh(asking: Asking, asked: Iterable[Cell]) -> tuple[Counter[str], list[str]]:
    """Ask cells; what was counted, and what is wrong."""
    count: Counter[str] = Counter()
    wrong = []
    for cell in asked:
        said = cells.ask(asking, cell)
        differs, leaked = cells.mismatch(cell, said), asking.leaked(cell.login, said)
        count["cells"] += 1
        count["mismatches"] += bool(differs)
        count["responses searched"] += 1
        count["marks rightly shown"] += telling.shown(said.text, said.asked) - len(leaked)
        count["marks wrongly shown"] += len(leaked)
        count[cell.expected] += 1
        wrong += [differs] if differs else []
        wrong += [f"{cell.login}: {cell.method} {cell.url} tells {one}" for one in leaked]
    return count, wrong


def _is_short(cell: Cell) -> bool:
    """Whether a cell belongs to the short form: filters and methods are asked by few."""
    if cell.endpoint.partition(".")[0] in _ACCOUNTS:
        return cell.login in (ANONYMOUS, "the.admin", "a1.staff")
    is_plain = "?" not in cell.url and cell.method in ("GET", "POST")
    return is_plain or cell.login == "s2.staff"


def tell(record: Record, count: Counter[str]) -> None:
    """Hand the figures over to the end of the run."""
    for name in ("cells", "mismatches", "responses searched", "marks rightly shown"):
        record(name, count[name])
    record("marks wrongly shown", count["marks wrongly shown"])


def test_what_is_asked_and_answered_is_as_the_oracle_says(
    asking_of: AskingOf, record_property: Record
) -> None:
    asking = asking_of()
    asked = cells.cells(asking, TELLING, cells.few_things(asking))
    count, wrong = weigh(asking, filter(_is_short, asked))
    tell(record_property, count)
    assert not wrong, "\n".join(wrong[:20])
    # Else nothing was asked, or nothing looked for.
    assert min(count[one] for one in ("sign in", "forbidden", "unseen", "refused", "may")) > 10
    assert count["marks rightly shown"] > 1000


@pytest.mark.slow
@pytest.mark.parametrize("part", range(_PARTS))
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_all_that_can_be_asked_is_answered_as_the_oracle_says(
    asking_of: AskingOf, record_property: Record, kind: str, part: int
) -> None:
    asking = asking_of(kind, is_long=True)
    things = cells.all_things(asking) if kind == "sqlite" else cells.few_things(asking)
    count, wrong = weigh(asking, cells.cells(asking, ACTORS[part::_PARTS], things))
    tell(record_property, count)
    assert not wrong, "\n".join(wrong[:20])
    assert count["marks rightly shown"] > 1000


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_every_table_holds_for_each_what_the_rules_give(
    asking_of: AskingOf, record_property: Record, kind: str
) -> None:
    asking = asking_of(kind, is_long=kind != "sqlite")
    wrong = views.faults(asking.db, asking.known)
    record_property("tables compared", 2 * len(asking.known.ids) * len(views.TABLES))
    assert not wrong, "\n".join(wrong[:20])


def test_a_form_without_its_token_does_nothing(asking_of: AskingOf) -> None:
    asking = asking_of()
    asked = 0
    for cell in cells.cells(asking, ["a.sec", "the.admin", ANONYMOUS], cells.few_things(asking)):
        if cell.method == "POST" and not cell.url.startswith("/api/"):
            client = asking.app.test_client()
            client.set_cookie("cascade", asking.keys.of[cell.login][0])
            assert client.post(cell.url).status_code == 400, cell
            asked += 1
    assert asked > 100
    assert not asking.kept.changed()


def test_a_route_nobody_has_a_word_about_is_told(asking_of: AskingOf) -> None:
    asking, known = asking_of(), routes.ROUTES
    routes.ROUTES = known.replace("steps.evidence", "steps.nothing")
    try:
        with pytest.raises(cells.UnknownRouteError, match=r"steps\.evidence.*routes\.py"):
            next(iter(cells.cells(asking, [ANONYMOUS], {})))
    finally:
        routes.ROUTES = known


def test_the_oracle_shares_no_line_with_the_product() -> None:
    for module in (oracle, rules, routes):
        assert module.__file__
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        named = {one.name for n in ast.walk(tree) if isinstance(n, ast.Import) for one in n.names}
        named |= {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        rooms = {name.partition(".")[0] for name in named}
        assert not rooms & {"web", "cascade", "models", "workflows"}, module
