"""Large exports: the register of letters as its reader sees it, page by page, into one file.

A page is written at the place where it belongs, cutting off what a killed worker may have written
there, before the place of the next one is kept. Rights are asked anew for each page, and the file
is given out only while its asker reads for the same units as when it was asked for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.clock import Moment
from cascade.exports import csv_file
from cascade.jobs.port import UNHEARD, Place, enqueue
from models import jobs as written
from models import scope
from models.database import Database
from models.queries import jobs, listing
from models.queries.jobs import JobRow
from models.queries.listing import RegisterRow, Wanted
from models.scope import Reader, read_as
from workflows.labels import STATES, Lang, Words

NAME = "export"
PAGE = 2000
KEPT = timedelta(days=7)  # the files
_MARK = 3  # bytes by which a spreadsheet program knows UTF-8; once, at the beginning
_HEADINGS = (
    Words("Số, ký hiệu", "Number and symbol"),
    Words("Ngày", "Date"),
    Words("Loại", "Kind"),
    Words("Cơ quan ban hành", "Issued by"),
    Words("Trích yếu", "Subject"),
    Words("Trạng thái", "State"),
    Words("Việc chưa xong", "Open steps"),
)


class Export(NamedTuple):
    """An export as its asker's page tells it."""

    key: str
    state: str
    done: int
    total: int
    asked_at: datetime
    wanted: Wanted
    is_still_theirs: bool  # else rights have changed since

    @property
    def is_open(self) -> bool:
        """Whether it is still being made."""
        return self.state in ("waiting", "running")


def ask(
    place: Place,
    user_id: int,
    lang: Lang,
    moment: Moment,
    wanted: Wanted | None = None,
    foot: str = "",
) -> str:
    """Ask for the letters wanted (all) as somebody sees them; returns the job's key.

    A foot becomes the last line of the file.
    """
    _sweep_out(place.home / "exports", moment.at)
    key = f"{NAME}-{user_id}-{moment.at.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    wanted = wanted or Wanted()
    with read_as(place.db, Reader(user_id, moment.today, moment.at)) as conn:
        total, sight = listing.count(conn, wanted), scope.sight(conn)
    asked = {name: str(value) for name, value in wanted._asdict().items() if value is not None}
    args = {"user": user_id, "lang": lang, "wanted": asked, "foot": foot, "sight": sight}
    place.db.run(lambda conn: enqueue(conn, NAME, args, key, moment.at, total=total))
    return key


def asked_by(conn: Connection, user_id: int, moment: Moment) -> list[Export]:
    """What somebody asked for lately, newest first; `conn` is scoped to that person."""
    sight = scope.sight(conn)
    return [
        Export(
            row.key,
            row.state,
            row.done,
            row.total,
            _asked_at(row.key),
            _wanted(row),
            row.args["sight"] == sight,
        )
        for row in jobs.asked_by(conn, NAME, user_id)
        if _asked_at(row.key) > moment.at - KEPT
    ]


def ready(place: Place, key: str, user_id: int, moment: Moment) -> Path | None:
    """The finished file, for whoever asked for it, while that person's rights are the same."""
    with read_as(place.db, Reader(user_id, moment.today, moment.at)) as conn:
        row, sight = jobs.find(conn, key), scope.sight(conn)
    if row is None or row.name != NAME or row.state != "done" or row.args["user"] != user_id:
        return None
    path = _file(place, key)
    return path if row.args["sight"] == sight and path.exists() else None


def piece(place: Place, key: str, moment: Moment) -> bool:
    """Write the next page; whether there is another."""
    with place.db.read() as conn:
        row = jobs.find(conn, key)
    if row is None or not row.is_open:
        return False
    size, after = _parsed(row.place)
    lang: Lang = "en" if row.args["lang"] == "en" else "vi"
    with read_as(place.db, Reader(row.args["user"], moment.today, moment.at)) as conn:
        rows = _page(conn, _wanted(row), after)
    lines = [_cells(one, lang) for one in rows]
    if not row.place:
        lines.insert(0, [heading.say(lang) for heading in _HEADINGS])
    done, is_last = row.done + len(rows), len(rows) < PAGE
    if is_last and row.args["foot"]:
        lines.append([row.args["foot"]])
    size = _write(_file(place, key), size, csv_file(lines[0], lines[1:]) if lines else b"")
    following = f"{size} {rows[-1].dated or date.max} {rows[-1].id}" if rows else row.place
    _keep(place.db, row, done, following, moment, is_last=is_last)
    return not is_last


def _page(
    conn: Connection, wanted: Wanted, after: tuple[date, int] | None
) -> Sequence[RegisterRow]:
    if wanted.state == "cited":  # which may have no date
        return listing.cited_only(conn, wanted, before=after and after[1], limit=PAGE)
    return listing.newest(conn, wanted, after=after, limit=PAGE)


def _keep(
    db: Database, seen: JobRow, done: int, place: str, moment: Moment, *, is_last: bool
) -> None:
    key = seen.key

    def work(conn: Connection) -> None:
        row = jobs.find(conn, key)
        if row is None or not row.is_open or row.place != seen.place:
            return  # another worker has written this very page
        # Letters may have gone from the reader's sight meanwhile: what is done is all there is.
        total = done if is_last else max(row.total, done)
        written.advance(conn, key, done, total, place, moment.at + UNHEARD)
        if is_last:
            written.end(conn, key, moment.at, {"letters": done})

    db.run(work)


def _write(path: Path, size: int, page: bytes) -> int:
    """Put a page where it belongs, safely on the disk; returns where the next one does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(page[_MARK:] if size else page)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _cells(row: RegisterRow, lang: Lang) -> Sequence[str]:
    return (
        "/".join(part for part in (row.number, row.symbol) if part),
        row.dated.isoformat() if row.dated else "",
        row.kind,
        row.issuer_name,
        row.subject,
        STATES[row.state].say(lang),
        str(row.open_steps),
    )


def _wanted(row: JobRow) -> Wanted:
    asked = row.args["wanted"]
    issuer = asked.get("issuer_id")
    return Wanted(
        asked.get("state"),
        asked.get("kind"),
        int(issuer) if issuer else None,
        *(
            date.fromisoformat(asked[name]) if name in asked else None
            for name in ("since", "until")
        ),
    )


def _asked_at(key: str) -> datetime:
    return datetime.strptime(key.rpartition("-")[2], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)


def _parsed(place: str) -> tuple[int, tuple[date, int] | None]:
    if not place:
        return 0, None
    size, day, letter = place.split()
    return int(size), (date.fromisoformat(day), int(letter))


def _file(place: Place, key: str) -> Path:
    assert re.fullmatch(r"[\w-]+", key), key
    return place.home / "exports" / f"{key}.csv"


def _sweep_out(folder: Path, at: datetime) -> None:
    for path in folder.glob(f"{NAME}-*.csv"):
        if path.stat().st_mtime < (at - KEPT).timestamp():
            path.unlink(missing_ok=True)
