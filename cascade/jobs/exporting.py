"""Large exports: the register of letters as its reader sees it, page by page, into one file.

A page is written at the place where it belongs, cutting off what a killed worker may have written
there, before the place of the next one is kept. Rights are asked anew for each page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from cascade.clock import Moment
from cascade.exports import csv_file
from cascade.jobs.port import UNHEARD, Place, enqueue
from models import jobs as written
from models.database import Database
from models.queries import export_size, jobs, listing
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


def ask(place: Place, user_id: int, lang: Lang, moment: Moment) -> str:
    """Ask for the register as somebody sees it; returns the job's key."""
    _sweep_out(place.home / "exports", moment.at)
    key = f"{NAME}-{user_id}-{moment.at:%Y%m%dT%H%M%S%f}"
    with read_as(place.db, Reader(user_id, moment.today, moment.at)) as conn:
        total = export_size.letters(conn)
    args = {"user": user_id, "lang": lang}
    place.db.run(lambda conn: enqueue(conn, NAME, args, key, moment.at, total=total))
    return key


def ready(place: Place, key: str, user_id: int) -> Path | None:
    """The finished file, for whoever asked for it and nobody else."""
    with place.db.read() as conn:
        row = jobs.find(conn, key)
    if row is None or row.name != NAME or row.state != "done" or row.args["user"] != user_id:
        return None
    path = _file(place, key)
    return path if path.exists() else None


def piece(place: Place, key: str, moment: Moment) -> bool:
    """Write the next page; whether there is another."""
    with place.db.read() as conn:
        row = jobs.find(conn, key)
    if row is None or not row.is_open:
        return False
    size, after = _parsed(row.place)
    lang: Lang = "en" if row.args["lang"] == "en" else "vi"
    with read_as(place.db, Reader(row.args["user"], moment.today, moment.at)) as conn:
        rows = listing.newest(conn, Wanted(), after=after, limit=PAGE)
    lines = [_cells(one, lang) for one in rows]
    if not row.place:
        lines.insert(0, [heading.say(lang) for heading in _HEADINGS])
    size = _write(_file(place, key), size, csv_file(lines[0], lines[1:]) if lines else b"")
    done, is_last = row.done + len(rows), len(rows) < PAGE
    following = f"{size} {rows[-1].dated} {rows[-1].id}" if rows else row.place
    _keep(place.db, row, done, following, moment, is_last=is_last)
    return not is_last


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
