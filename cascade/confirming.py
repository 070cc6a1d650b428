"""Registering an uploaded letter that a person has confirmed, whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from cascade import bulk, issue, register, uploads
from cascade.bulk import Entered
from cascade.clock import Moment
from cascade.errors import CascadeError, UnreadableLetterError
from cascade.fingerprint import fingerprint
from cascade.intake import read_text
from cascade.intake.sources import Source, load_bytes, pasted
from cascade.known import Known
from cascade.plan import Plan
from cascade.store import FileStore
from cascade.uploads import Upload
from models.database import Database
from models.errors import StaleError
from models.queries.acting import ActorRow


class KnownAlreadyError(CascadeError):
    """This very file or text is a letter on file."""

    def __init__(self, letter_id: int) -> None:
        self.letter_id = letter_id
        super().__init__(f"this is on file already, as letter {letter_id}")


def receive(
    db: Database,
    store: FileStore,
    who: ActorRow,
    moment: Moment,
    *,
    name: str = "",
    content: bytes | None = None,
    text: str = "",
) -> str:
    """Read a letter and keep it for a day to be confirmed; returns its token.

    Raises UnreadableLetterError, SecrecyMarkError (nothing is kept then) or KnownAlreadyError.
    """
    name = uploads.plain_name(name) if content is not None else ""
    source = load_bytes(content, name) if content is not None else pasted(text)
    if not source.text.strip():
        raise UnreadableLetterError("the file is empty", where=name)
    read_text(source.text)
    near = _unknown_yet(db, source, content)
    return uploads.keep(
        store,
        who.id,
        moment.at,
        source.text,
        name=name,
        content=content,
        notes=source.notes,
        missing=source.missing,
        near=tuple(near),
    )


def enter(
    db: Database,
    store: FileStore,
    upload: Upload,
    plan: Plan,
    who: ActorRow,
    moment: Moment,
    also_issue: bool,
    note: str = "",
) -> Entered:
    """Register what was confirmed (and issue it, if asked); a letter without its file gets it.

    The note says why it is issued though its dates are late.
    """
    try:
        entered = _enter(db, store, upload, plan, who, moment, also_issue, note)
    except (IntegrityError, StaleError):
        # Somebody entered it, or what it cites, meanwhile: look again.
        entered = _enter(db, store, upload, plan, who, moment, also_issue, note)
    uploads.became(store, upload, entered.letter)
    return entered


def _enter(
    db: Database,
    store: FileStore,
    upload: Upload,
    plan: Plan,
    who: ActorRow,
    moment: Moment,
    also_issue: bool,
    note: str,
) -> Entered:
    if upload.file is not None:
        with store.staging([upload.file]) as (kept,):
            kept = kept._replace(name=upload.name)
            where = Path(upload.name)
            return bulk.enter(db, plan, who, moment, upload.text, kept, where, also_issue, note)

    def work(conn: Connection) -> Entered:
        made = register.enter_in(conn, plan, who, moment, upload.text, None, "")
        issued = issue.issue_in(conn, [made], who, moment, note) if also_issue else None
        return Entered(made, issued)

    return db.run(work)


def _unknown_yet(db: Database, source: Source, content: bytes | None) -> list[int]:
    """Letters on file with a text much like this; KnownAlreadyError where it is one of them."""
    on_file = Known(db)
    made = fingerprint(source.text)
    same = on_file.text(made)
    if same is not None and content is not None and not on_file.has_file(same):
        same = None  # it waits for this file
    if content is not None:
        same = on_file.file(hashlib.sha256(content).hexdigest()) or same
    if same is not None:
        raise KnownAlreadyError(same)
    with db.read() as conn:
        return [near.letter.id for near in on_file.near(conn, source.text, made)]
