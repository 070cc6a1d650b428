"""Many letter files at once: known ones are skipped, certain ones registered, the rest reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from cascade import files, issue, register, store
from cascade import plan as planning
from cascade.acts import StoredFile
from cascade.clock import Moment
from cascade.errors import (
    BadInputError,
    CascadeError,
    DuplicateLetterError,
    StorageError,
    UnknownUnitError,
)
from cascade.fingerprint import ALIKE, Print, alike, fingerprint
from cascade.intake import read_text
from cascade.intake.sources import Source, load_many
from cascade.issue import Issued
from cascade.known import Known, MaybeTheSameError, illegible, refuse_doubtful
from cascade.matching import AmbiguousCitationError
from cascade.naming import Directory, unknown
from cascade.plan import MissingFieldsError, Plan, UnknownIssuerError
from cascade.store import FileStore
from models import filing
from models.database import Database
from models.queries import recognising
from models.queries.acting import ActorRow


class Result(StrEnum):
    """What became of a file."""

    REGISTERED = "registered"
    ON_FILE = "on file"
    PERSON = "needs a person"


class Outcome(NamedTuple):
    """A file, what became of it, the letter it is, and why it needs a person."""

    path: Path
    result: Result
    letter: int | None = None
    why: str = ""


# Given a file, its text and what speaks against registering it unseen: a plan, or None for "no".
Ask = Callable[[Path, str, CascadeError | None], Plan | None]


@dataclass(frozen=True)
class Terms:
    """How to import: issuing at once, leaving unknown units, asking a person about each letter."""

    also_issue: bool = False
    leave_unknown: bool = False
    ask: Ask | None = None
    directories: dict[date, Directory] = field(default_factory=dict)

    def directory(self, conn: Connection, day: date) -> Directory:
        """The organisation on a day, read once for all letters of the day."""
        if day not in self.directories:
            self.directories[day] = Directory(conn, day)
        return self.directories[day]


def run(
    db: Database,
    kept_in: FileStore,
    paths: Iterable[Path],
    actor: ActorRow,
    moment: Moment,
    terms: Terms,
) -> Iterator[Outcome]:
    """Take files in turn, each whole or not at all; stopping between two leaves a clean register.

    Only a full disk or a database that cannot be used stops the rest.
    """
    known = Known(db)
    import_ = _Import(db, kept_in, known, actor, moment, terms)
    skipped: list[Outcome] = []

    def unread() -> Iterator[Path]:
        for path in paths:
            letter_id = known.file(files.sha256(path))
            if letter_id is None:
                yield path
            else:
                skipped.append(Outcome(path, Result.ON_FILE, letter_id))

    for path, source in load_many(unread()):
        yield from _drained(skipped)
        yield import_.one(path, source)
    yield from skipped


def enter(
    db: Database,
    plan: Plan,
    actor: ActorRow,
    moment: Moment,
    text: str,
    file: StoredFile,
    path: Path,
    also_issue: bool,
) -> tuple[int, Issued | None]:
    """Register one letter from its file, and issue it at once if asked: all of it or nothing."""

    def work(conn: Connection) -> tuple[int, Issued | None]:
        placed = file._replace(staged=None)
        made = register.enter_in(conn, plan, actor, moment, text, placed, str(path))
        issued = issue.issue_in(conn, [made], actor, moment) if also_issue else None
        store.place(file)  # last, so that what is refused leaves no file
        return made, issued

    return db.run(work)


class _Import:
    """One run over many files."""

    def __init__(
        self,
        db: Database,
        kept_in: FileStore,
        known: Known,
        actor: ActorRow,
        moment: Moment,
        terms: Terms,
    ) -> None:
        self.db = db
        self.kept_in = kept_in
        self.known = known
        self.actor = actor
        self.moment = moment
        self.terms = terms

    def one(self, path: Path, source: Source | CascadeError) -> Outcome:
        """One file from its text to its outcome."""
        if isinstance(source, CascadeError):
            return _told(path, source)
        try:
            return self._read(path, source.text)
        except (StorageError, SQLAlchemyError) as error:
            if not isinstance(error, IntegrityError):
                raise
            return Outcome(path, Result.PERSON, why="somebody registered it meanwhile; run again")
        except CascadeError as error:
            return _told(path, error)
        except Exception as error:
            # Whatever a file makes the reader stumble over must not stop the thousand others.
            return Outcome(path, Result.PERSON, why=f"unforeseen: {type(error).__name__}: {error}")

    def _read(self, path: Path, text: str) -> Outcome:
        made = fingerprint(text)
        if (letter_id := self.known.text(made)) is not None:
            return self._also(path, letter_id, made)
        doubt: CascadeError | None = None
        plan: Plan | None = None
        try:
            plan = self._plan(path, text, made)
        except DuplicateLetterError as error:
            return self._duplicate(path, text, made, error)
        except BadInputError as error:
            if self.terms.ask is None:
                raise
            doubt = error
        if self.terms.ask is not None:
            plan = self.terms.ask(path, text, doubt)
        if plan is None:
            return Outcome(path, Result.PERSON, why="left by the person asked")
        return self._enter(path, text, made, plan)

    def _plan(self, path: Path, text: str, made: Print) -> Plan:
        """A plan of which nothing is in doubt; raises what is."""
        where, reading = str(path), read_text(text)
        with self.db.read() as conn:
            near = self.known.near(conn, text, made)
            try:
                plan = planning.plan(conn, reading, {}, where, directory_on=self.terms.directory)
            except (MissingFieldsError, UnknownIssuerError) as error:
                if not near:
                    raise
                raise MaybeTheSameError(near[0], error.what, where) from None
            register.stub_for(conn, plan, where)
        refuse_doubtful(near, plan, text, where)
        doubts: list[CascadeError] = []
        if plan.unknown and not self.terms.leave_unknown:
            what = "these are no units on file:" + unknown(plan.unknown)
            doubts.append(UnknownUnitError(what, where=where))
        if plan.ambiguous:
            doubts.append(AmbiguousCitationError(plan.ambiguous, where))
        if unsure := illegible(reading):
            doubts.append(BadInputError(f"{', '.join(unsure)}: not read surely", where=where))
        if len(doubts) > 1:
            raise BadInputError("; ".join(doubt.what for doubt in doubts), where=where)
        if doubts:
            raise doubts[0]
        return plan

    def _enter(self, path: Path, text: str, made: Print, plan: Plan) -> Outcome:
        also = self.terms.also_issue
        with self.kept_in.staging([path]) as (kept,):
            try:
                letter_id, _ = enter(self.db, plan, self.actor, self.moment, text, kept, path, also)
            except DuplicateLetterError as error:
                return self._duplicate(path, text, made, error)
        self.known.add(letter_id, kept.sha256, made)
        return Outcome(path, Result.REGISTERED, letter_id)

    def _duplicate(
        self, path: Path, text: str, made: Print, error: DuplicateLetterError
    ) -> Outcome:
        """The same letter again, unless its text is quite another."""
        with self.db.read() as conn:
            other = recognising.texts(conn, [error.letter_id]).get(error.letter_id)
        # A letter taken from a spreadsheet has no text to compare.
        if other and alike(text, other) < ALIKE:
            why = f"{error.what}, with another text"
            return Outcome(path, Result.PERSON, error.letter_id, why)
        return self._also(path, error.letter_id, made)

    def _also(self, path: Path, letter_id: int, made: Print) -> Outcome:
        """Another file of a letter on file: known at a glance the next time."""
        made_of = files.sha256(path)
        values = {"text_sha256": made.sha256, "simhash": made.simhash, "file_sha256": made_of}
        self.db.run(lambda conn: filing.fingerprint(conn, letter_id, values))
        self.known.add(letter_id, made_of, made)
        return Outcome(path, Result.ON_FILE, letter_id)


def _told(path: Path, error: CascadeError) -> Outcome:
    letter = getattr(error, "letter_id", None)
    return Outcome(path, Result.PERSON, letter, error.what)


def _drained(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop(0)
