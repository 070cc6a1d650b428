"""Whether the matrix sees that something is wrong: what differs first, if anything does."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from models.database import Database
from tests.authz import cells
from tests.authz.asking import Asking
from tests.authz.cells import Cell
from web.policy import Policy


def put_away(asking: Asking, folder: Path) -> None:
    """Keep a world for `judge`: its database, and what is known of it."""
    source = sqlite3.connect(str(asking.db.url.database))
    target = sqlite3.connect(folder / "kept.db")
    with target:
        source.backup(target)
    source.close()
    target.close()
    (folder / "known.pickle").write_bytes(pickle.dumps(asking.known))
    (folder / "kept.pickle").write_bytes(pickle.dumps((asking.made, asking.keys)))


def judge(folder: Path, asked: Sequence[str]) -> str:
    """What differs first in the cells of these routes; empty if nothing does."""
    return _first(_found(folder), asked)


def judge_policies(folder: Path) -> Iterator[tuple[str, str]]:
    """Every route opened to everybody, or to everybody who is in; each with what differs first."""
    asking = _found(folder)
    for endpoint, view in sorted(asking.app.view_functions.items()):
        named: Any = view
        declared = named.policy
        wider = [Policy.PUBLIC] if declared is not Policy.PUBLIC else []
        wider += [Policy.READS] if declared in (Policy.REGISTERS, Policy.ADMINISTERS) else []
        for policy in wider:
            named.policy = policy
            yield f"{endpoint}: {declared} → {policy}", _first(asking, [endpoint])
            named.policy = declared


def _found(folder: Path) -> Asking:
    db = Database(f"sqlite:///{folder / 'cascade.db'}")
    made, keys = pickle.loads((folder / "kept.pickle").read_bytes())
    known = pickle.loads((folder / "known.pickle").read_bytes())
    return Asking(db, folder / "files", made, keys, known)


def _first(asking: Asking, wanted: Sequence[str]) -> str:
    for things in (cells.few_things(asking), cells.all_things(asking)):
        for cell in cells.cells(asking, list(asking.people), things, wanted):
            try:
                said = cells.ask(asking, cell)
            except Exception as error:
                return f"matrix: {cell.url} fails: {type(error).__name__}"
            if cells.mismatch(cell, said):
                return f"matrix: {cells.mismatch(cell, said)}"
            if asking.leaked(cell.login, said):
                return f"marks: {_who(cell)} {cell.method} {cell.url}"
    return ""


def _who(cell: Cell) -> str:
    return cell.login or "somebody not signed in"
