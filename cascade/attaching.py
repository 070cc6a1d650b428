"""The file of a letter that came to the register without one: attached, its fields left alone."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection

from cascade import provenance, register
from cascade.acts import StoredFile
from cascade.errors import CascadeError, DuplicateLetterError
from cascade.fingerprint import ALIKE, alike
from cascade.plan import Plan
from models import filing
from models.database import Database
from models.queries import register as register_query
from workflows.reference import identity

_COMPARED = ("subject", "place", "urgency", "signer", "signer_capacity")
_LONG = 60  # characters shown of a value


class Waiting(NamedTuple):
    """A letter on file that waits for its file, and what the file says otherwise."""

    letter_id: int
    name: str
    differs: tuple[str, ...]


class OnlyTheFileError(CascadeError):
    """The letter is on file without its file; nothing but the file would be added."""

    def __init__(self, waiting: Waiting, where: str = "") -> None:
        self.letter_id = waiting.letter_id
        super().__init__(
            f"{waiting.name} is on file as L{waiting.letter_id}, without its file; the file is "
            f"attached to it and its fields stay as they are{otherwise(waiting.differs)}",
            where=where,
        )


def otherwise(differs: tuple[str, ...]) -> str:
    """What the file says otherwise than the register, as the end of a sentence."""
    return f"; the file says otherwise: {'; '.join(differs)}" if differs else ""


def waiting(conn: Connection, plan: Plan, text: str, where: str) -> Waiting | None:
    """The letter on file that this is and that has no file; None when it is not on file.

    Raises DuplicateLetterError when it is on file with its file, or with another text.
    """
    try:
        register.stubs_for(conn, plan, where)
    except DuplicateLetterError as known:
        if (found := _waiting(conn, known.letter_id, plan, text)) is None:
            raise
        return found
    return None


def warning(db: Database, plan: Plan, text: str, where: str) -> OnlyTheFileError | None:
    """The same as words for the person who confirms."""
    with db.read() as conn:
        try:
            found = waiting(conn, plan, text, where)
        except DuplicateLetterError:
            return None  # told when it is entered
    return OnlyTheFileError(found, where) if found else None


def attach(
    conn: Connection, known: DuplicateLetterError, plan: Plan, text: str, file: StoredFile
) -> Waiting:
    """Give a letter on file its file, its text and fingerprint; raises `known` when it has one."""
    found = _waiting(conn, known.letter_id, plan, text)
    values = {"file_name": file.name, "file_sha256": file.sha256, "text": text}
    if found is None or not filing.attach(conn, found.letter_id, values):
        raise known
    filing.fingerprint(conn, found.letter_id, register.known_by(text, file.sha256))
    return found


def _waiting(conn: Connection, letter_id: int, plan: Plan, text: str) -> Waiting | None:
    row = register_query.whole(conn, letter_id)
    if row is None or row["file_sha256"] is not None:
        return None
    other = str(row["text"] or "")
    if other.strip() and alike(text, other) < ALIKE:
        return None  # pasted in with quite another text: a person must look
    name = identity(plan.kind, plan.number, plan.symbol, plan.dated)
    return Waiting(letter_id, name, (*_fields(row, plan), *_rows(conn, letter_id, plan)))


def _fields(row: dict[str, object], plan: Plan) -> list[str]:
    """The fields of which both know a value and not the same."""
    read = provenance.head(plan)
    return [
        f"{name} “{_short(read[name] or '')}”, on file “{_short(str(row[name]))}”"
        for name in _COMPARED
        if row[name] and read[name] and _plain(str(row[name])) != _plain(read[name] or "")
    ]


def _rows(conn: Connection, letter_id: int, plan: Plan) -> list[str]:
    """The same of addressees, citations and duties, by how many each knows."""
    act = {
        unit_id
        for role, _, unit_id in register_query.units_of(conn, letter_id)
        if role == "act" and unit_id is not None
    }
    named = {i for role, name in plan.units if role == "act" for i in name.unit_ids}
    cited = {one.found.number_symbol for one in plan.citations}
    kept = register_query.cited_references(conn, letter_id)
    laid = set(register_query.duties_of(conn, letter_id))
    # A column of dates may have kept the day that "trước ngày" names.
    duties = {
        (duty.unit_id, duty.named if (duty.unit_id, duty.named) in laid else duty.due)
        for duty in plan.duties
    }
    pairs: tuple[tuple[str, set[object], set[object]], ...] = (
        ("addressees", set(named), set(act)),
        ("citations", set(cited), set(kept)),
        ("duties", set(duties), set(laid)),
    )
    return [
        f"{name} {len(read)}, on file {len(on_file)}"
        + (" others" if len(read) == len(on_file) else "")
        for name, read, on_file in pairs
        if read != on_file
    ]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .;,")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONG else flat[: _LONG - 1] + "…"
