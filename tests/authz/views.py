"""What every table holds for somebody, as the rules say, and as a scoped connection shows it."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from models import lens, scope
from models.database import Database
from models.scope import Reader
from tests.authz.known import Known
from tests.oracle import Sight

Rows = set[tuple[Any, ...]]
# Of a letter that is only cited no more than this is told.
_HIDDEN = (
    *("place", "subject", "urgency", "signer", "signer_capacity"),
    *("text", "file_name", "file_sha256", "state"),
)
_COLUMNS = {
    "letter": "id open_steps",
    "letter_named": f"id number open_steps superseded_by_id {' '.join(_HIDDEN)}",
    "step": "id open_children reporter_id reporter_for_id",
    "whole_step": "id",
    "point_unit": "point_id unit_id role",
    "answer": "step_id letter_id",
    "step_unit": "step_id unit_id",
    "event": "seq",
    "term": "term kind target_id",
}
_BY_ID = (
    *("point", "letter_unit", "recognition", "fingerprint"),
    *("citation", "duty", "evidence", "extension"),
)
TABLES = (*_COLUMNS, *_BY_ID)


def told(conn: Connection) -> dict[str, Rows]:
    """The rows of every table there, by the columns that tell them apart."""
    columns = {**_COLUMNS, **dict.fromkeys(_BY_ID, "id")}
    return {
        name: {tuple(r) for r in conn.execute(text(f"SELECT {', '.join(c.split())} FROM {name}"))}
        for name, c in columns.items()
    }


def expected(book: Any, seen: Sight) -> dict[str, Rows]:
    """The same as the rules say."""
    letters, ours = book["letter"], seen.units
    points = {row["id"] for row in book["point"].values() if row["letter_id"] in seen.letters}
    by_letter = {"citation": "citing_id"}
    found: dict[str, Rows] = {
        name: {
            (row["id"],)
            for row in book[name].values()
            if row[by_letter.get(name, "letter_id")] in seen.letters
        }
        for name in ("point", "letter_unit", "recognition", "fingerprint", "citation")
    }
    found["letter"] = {
        (
            one,
            letters[one]["open_steps"]
            if letters[one]["issuer_id"] in ours
            else _open(book, seen, one),
        )
        for one in seen.letters
    }
    found["letter_named"] = {
        *(_named(letters[one], count) for one, count in found["letter"]),
        *(_named({**letters[one], **_nothing()}, 0) for one in seen.cited),
    }
    found["step"] = {
        (one, row["open_children"], row["reporter_id"], row["reporter_for_id"])
        if one in seen.whole
        else (one, 0, None, None)
        for one, row in book["step"].items()
        if one in seen.steps
    }
    found["whole_step"] = {(one,) for one in seen.whole}
    found["duty"] = {
        (row["id"],)
        for row in book["duty"].values()
        if row["letter_id"] in seen.letters
        and (letters[row["letter_id"]]["issuer_id"] in ours or row["unit_id"] in ours)
    }
    found["point_unit"] = {
        (row["point_id"], row["unit_id"], row["role"])
        for row in book["point_unit"].values()
        if row["point_id"] in points
    }
    found["step_unit"] = {
        (row["step_id"], row["unit_id"])
        for row in book["step_unit"].values()
        if row["step_id"] in seen.steps
    }
    found["answer"] = {
        (row["step_id"], row["letter_id"])
        for row in book["answer"].values()
        if row["step_id"] in seen.whole and row["letter_id"] in seen.letters
    }
    for name in ("evidence", "extension"):
        found[name] = {(r["id"],) for r in book[name].values() if r["step_id"] in seen.whole}
    found["event"] = {
        (row["seq"],)
        for row in book["event"].values()
        if row["letter_id"] in seen.letters
        and (row["step_id"] is None or row["step_id"] in seen.whole)
    }
    of = {"letter": seen.letters, "point": points}
    found["term"] = {
        (row["term"], row["kind"], row["target_id"])
        for row in book["term"].values()
        if row["target_id"] in of.get(row["kind"], {row["target_id"]})
    }
    return found


def faults(db: Database, known: Known) -> list[str]:
    """Where a scoped connection shows somebody something else than the rules give."""
    found = []
    for kind in lens.KINDS:
        with db.read(kind) as conn:  # opened to nobody
            shown = told(conn)
        shown.pop("term")  # units are found by anybody
        found += [f"nobody sees {name} by {kind}" for name in shown if shown[name]]
    for login, user_id in known.ids.items():
        wanted = expected(known.book, known.sights[login])
        for most in (10**9, -1):
            shown = _shown(db, Reader(user_id, known.at.date(), known.at), most)
            found += [
                f"{login} sees of {name} by {'list' if most > 0 else 'test'}: "
                f"too much {sorted(map(str, shown[name] - wanted[name]))[:3]}, "
                f"too little {sorted(map(str, wanted[name] - shown[name]))[:3]}"
                for name in shown
                if shown[name] != wanted[name]
            ]
    return found


def judge(folder: Path) -> str:
    """What differs first in a world that tests.authz.judging has put away."""
    known = pickle.loads((folder / "known.pickle").read_bytes())
    return next(iter(faults(Database(f"sqlite:///{folder / 'cascade.db'}"), known)), "")


def _shown(db: Database, reader: Reader, most: int) -> dict[str, Rows]:
    before, scope.MANY = scope.MANY, most
    try:
        with scope.read_as(db, reader) as conn:
            return told(conn)
    finally:
        scope.MANY = before


def _open(book: Any, seen: Sight, letter_id: int) -> int:
    letter = book["letter"][letter_id]
    if letter["issuer_id"] in seen.units:
        return int(letter["open_steps"])
    rows = [book["step"][one] for one in seen.steps]
    return sum(
        row["letter_id"] == letter_id and row["parent_id"] is None and row["turn"] != "nobody"
        for row in rows
    )


def _nothing() -> dict[str, Any]:
    return {**dict.fromkeys(_HIDDEN), "subject": "", "state": "cited", "superseded_by_id": None}


def _named(row: Any, count: int) -> tuple[Any, ...]:
    return (row["id"], row["number"], count, row["superseded_by_id"], *(row[n] for n in _HIDDEN))
