"""Letters on their way in: uploaded and read, waiting a day for their owner to confirm them.

They lie beside the kept files, so that every host that shares the store sees them; nothing of them
is in the register.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import tempfile
import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cascade.errors import NotFoundError, StorageError
from cascade.store import FileStore

KEPT = timedelta(hours=24)
_FOLDER = ".uploads"
_ABOUT, _FILE = "about.json", "file"
# 192 bits: nobody comes upon another's by trying.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
# What a file name has no business with: controls, half characters, marks that turn it around.
_ODD = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST_NAME = 120
_LONGEST_BYTES = 250  # of a name in most file systems


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A letter's text with its file, if it came as one, and who brought it."""

    token: str
    owner_id: int
    name: str  # of the file, as its owner calls it; empty where the text was pasted
    at: str  # ISO, with its zone
    text: str
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # of the text, as the reader of the file tells
    near: tuple[int, ...] = ()  # letters on file with a text much like this one
    letter_id: int | None = None  # what it has become
    file: Path | None = None


def keep(
    store: FileStore,
    owner_id: int,
    at: datetime,
    text: str,
    *,
    name: str = "",
    content: bytes | None = None,
    notes: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    near: tuple[int, ...] = (),
) -> str:
    """Keep a letter until it is confirmed, whole or not at all; returns its token."""
    sweep(store, at)
    token = secrets.token_urlsafe(24)
    about = Upload(
        token=token,
        owner_id=owner_id,
        name=name,
        at=at.isoformat(),
        text=text,
        notes=notes,
        missing=missing,
        near=near,
    )
    folder = store.folder / _FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder, prefix=".part-"))
        try:
            if content is not None:
                (made / _FILE).write_bytes(content)
            _write(made / _ABOUT, about)
            made.rename(folder / token)
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        what = f"the file could not be kept: {error.strerror}"
        raise StorageError(what, where=str(store.folder)) from error
    return token


def find(store: FileStore, token: str, owner_id: int, at: datetime) -> Upload:
    """What was uploaded under a token; NotFoundError when it is nobody's, another's or too old."""
    folder = store.folder / _FOLDER / token
    try:
        if not _TOKEN.fullmatch(token):
            raise FileNotFoundError
        told = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _gone(token) from None
    lists = {name: tuple(told[name]) for name in ("notes", "missing", "near")}
    file = folder / _FILE
    found = Upload(**{**told, **lists, "file": file if file.exists() else None})
    if found.owner_id != owner_id or at - datetime.fromisoformat(found.at) > KEPT:
        raise _gone(token)
    return found


def plain_name(name: str) -> str:
    """A file's name for people: without folders, one line, not too long; it never is a path."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = " ".join(_ODD.sub("", last).split()).strip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not (dot and len(ending) < 10):
        stem, dot, ending = plain, "", ""
    stem = stem[: _LONGEST_NAME - len(dot + ending)]
    room = _LONGEST_BYTES - len((dot + ending).encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}{dot}{ending}" or "letter"


def became(store: FileStore, upload: Upload, letter_id: int) -> None:
    """Remember which letter an upload became, so that a second press of the button finds it."""
    folder = store.folder / _FOLDER / upload.token
    told = {**asdict(upload), "letter_id": letter_id, "file": None}
    try:
        _write(folder / _ABOUT, Upload(**told))
    except OSError:
        return  # it was swept meanwhile; the letter is in the register all the same


def sweep(store: FileStore, at: datetime) -> None:
    """Throw away what nobody confirmed within a day."""
    for folder in (store.folder / _FOLDER).glob("*"):
        try:
            age = at.timestamp() - folder.stat().st_mtime
        except OSError:
            continue  # another host swept it
        if age > KEPT.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, about: Upload) -> None:
    """Write beside, then rename: a reader never sees half of it."""
    told = {**asdict(about), "file": None}
    part = path.with_suffix(".part")
    part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def _gone(token: str) -> NotFoundError:
    return NotFoundError(
        "nothing waits under this address",
        where=token[:40],
        remedy="Give the letter's file again: what is not confirmed is kept for a day.",
    )
