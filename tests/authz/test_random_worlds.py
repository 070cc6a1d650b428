"""Worlds nobody has thought of: tables, pages and programs say what the oracle says."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.database import Database
from tests.authz import random_worlds, views
from tests.authz.asking import Asking, app_over, sign_in
from tests.authz.cells import all_things, ask, cells, mismatch
from tests.authz.known import find_out

# What is read; moves are fired by the matrix.
_PAGES = (
    "letters.*",
    "steps.*",
    "cascades.show",
    "why.*",
    "search.show",
    "board.*",
    "home.show",
    "inbox.show",
    "units.show",
    "api_*",
)
_ASKED = 150  # of each world


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where templates are kept once they are compiled, for all worlds."""
    return tmp_path_factory.mktemp("compiled")


@pytest.mark.slow
@pytest.mark.usefixtures("asking_of")  # hashing is quick while it lasts
@settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(some=st.randoms(use_true_random=False))
def test_random_worlds_are_seen_as_the_rules_give(
    sqlite_template: Path,
    compiled: Path,
    record_property: Callable[[str, object], None],
    some: Random,
) -> None:
    folder = Path(tempfile.mkdtemp())
    (folder / "files").mkdir()
    (folder / "files" / "compiled").symlink_to(compiled)
    shutil.copy(sqlite_template, folder / "cascade.db")
    db = Database(f"sqlite:///{folder / 'cascade.db'}")
    try:
        asking, logins = _begin(db, some, folder / "files")
        wrong = views.faults(db, asking.known)
        asked = [one for one in cells(asking, logins, all_things(asking), _PAGES) if _is_read(one)]
        asked = some.sample(asked, min(len(asked), _ASKED))
        found = {"mismatches": 0, "marks rightly shown": 0, "marks wrongly shown": 0}
        for cell in asked:
            said = ask(asking, cell)
            differs, leaked = mismatch(cell, said), asking.leaked(cell.login, said)
            wrong += [differs] if differs else []
            wrong += [f"{cell.login}: {cell.url} tells {one}" for one in leaked]
            found["mismatches"] += bool(differs)
            found["marks wrongly shown"] += len(leaked)
        figures = {"cells": len(asked), "responses searched": len(asked), "random worlds": 1}
        for name, value in {**found, **figures}.items():
            record_property(name, value)
        asking.close()
        assert not wrong, "\n".join(wrong[:10])
    finally:
        db.dispose()
        shutil.rmtree(folder)


def _is_read(cell: object) -> bool:
    return getattr(cell, "method", "") == "GET"


def _begin(db: Database, some: Random, folder: Path) -> tuple[Asking, list[str]]:
    office, made = random_worlds.draw(db, some, folder)
    with db.read() as conn:
        everybody = sorted(find_out(conn, (), office.moment.at, {}).ids)
    logins = ["", *some.sample(everybody, 4)]
    keys = sign_in(app_over(db, folder), office, made, logins)
    with db.read() as conn:
        known = find_out(conn, logins, office.moment.at, {})
    return Asking(db, folder, made, keys, known), logins
