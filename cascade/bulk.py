"""Many letter files at once: known ones are skipped, certain ones registered, the rest reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from cascade import attaching, files, issue, register, store
from cascade import plan as planning
from cascade.acts import StoredFile
from cascade.attaching import Waiting
from cascade.clock import Moment
from cascade.errors import (
    BadInputError,
    CascadeError,
    DuplicateLetterError,
    MissingTextError,
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
from cascade.stubs import DoubtfulStubError
from models import filing
from models.database import Database
from models.queries import recognising
from models.queries.acting import ActorRow


class Result(StrEnum):
    """What became of a file."""

    REGISTERED = "registered"
    ATTACHED = "file attached"
    ON_FILE = "on file"
    PERSON = "needs a person"


class Outcome(NamedTuple):
    """A file, what became of it, the letter it is, and why it needs a person (or may)."""

    path: Path
    result: Result
    letter: int | None = None
    why: str = ""


class Entered(NamedTuple):
    """The letter a file became, or the one on file that was waiting for it."""

    letter: int
    issued: Issued | None
    waiting: Waiting | None = None


# Given a file, what was read of it and what speaks against registering it unseen: a plan, or
# None for "no".
Ask = Callable[[Path, Source, CascadeError | None], Plan | None]


@dataclass(frozen=True)
class Terms:
    """How to import: issuing at once, leaving unknown units, asking a person about each letter."""

    also_issue: bool = False
    leave_unknown: bool = False
    ask: Ask | None = None
    note: str = ""  # why letters are issued whose due dates come too late for the level above
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
    note: str = "",
) -> Entered:
    """Register one letter from its file, and issue it at once if asked: all of it or nothing.

    A letter on file without its file (one taken from a spreadsheet) only gets it.
    """

    def work(conn: Connection) -> Entered:
        placed = file._replace(staged=None)
        try:
            made = register.enter_in(conn, plan, actor, moment, text, placed, str(path))
        except DuplicateLetterError as known:  # raised before anything was written
            waiting = attaching.attach(conn, known, plan, text, placed)
            done = Entered(waiting.letter_id, None, waiting)
        else:
            issued = issue.issue_in(conn, [made], actor, moment, note) if also_issue else None
            done = Entered(made, issued)
        store.place(file)  # last, so that what is refused leaves no file
        return done

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
            return self._read(path, source)
        except (StorageError, SQLAlchemyError) as error:
            if not isinstance(error, IntegrityError):
                raise
            return Outcome(path, Result.PERSON, why="somebody registered it meanwhile; run again")
        except CascadeError as error:
            return _told(path, error, source.missing)
        except Exception as error:
            # Whatever a file makes the reader stumble over must not stop the thousand others.
            return Outcome(path, Result.PERSON, why=f"unforeseen: {type(error).__name__}: {error}")

    def _read(self, path: Path, source: Source) -> Outcome:
        text = source.text
        made = fingerprint(text)
        letter_id = self.known.text(made)
        if letter_id is not None and self.known.has_file(letter_id):
            return self._also(path, letter_id, made)
        doubt: CascadeError | None = None
        plan: Plan | None = None
        try:
            plan = self._plan(path, source, made)
        except DuplicateLetterError as error:
            return self._duplicate(path, text, made, error)
        except BadInputError as error:
            if self.terms.ask is None:
                raise
            doubt = error
        if self.terms.ask is not None:
            plan = self.terms.ask(path, source, doubt)
        if plan is None:
            return Outcome(path, Result.PERSON, why="left by the person asked")
        return self._enter(path, text, made, plan)

    def _plan(self, path: Path, source: Source, made: Print) -> Plan:
        """A plan of which nothing is in doubt; raises what is."""
        where, text = str(path), source.text
        reading = read_text(text)
        with self.db.read() as conn:
            near = self.known.near(conn, text, made)
            try:
                plan = planning.plan(conn, reading, {}, where, directory_on=self.terms.directory)
            except (MissingFieldsError, UnknownIssuerError) as error:
                if not near:
                    raise
                raise MaybeTheSameError(near[0], error.what, where) from None
            waits = attaching.waiting(conn, plan, text, where) is not None
        refuse_doubtful(near, plan, text, where)
        doubts: list[CascadeError] = []
        # A letter that only waits for its file keeps its units and citations as they are.
        if plan.unknown and not self.terms.leave_unknown and not waits:
            what = "these are no units on file:" + unknown(plan.unknown)
            doubts.append(UnknownUnitError(what, where=where))
        if plan.ambiguous and not waits:
            doubts.append(AmbiguousCitationError(plan.ambiguous, where))
        if plan.doubtful and not waits:
            doubts.append(DoubtfulStubError(plan.doubtful, where))
        if source.missing:
            doubts.append(MissingTextError(source.missing, where))
        if unsure := illegible(reading):
            doubts.append(BadInputError(f"{', '.join(unsure)}: not read surely", where=where))
        if len(doubts) > 1:
            raise BadInputError("; ".join(doubt.what for doubt in doubts), where=where)
        if doubts:
            raise doubts[0]
        return plan

    def _enter(self, path: Path, text: str, made: Print, plan: Plan) -> Outcome:
        also, who = self.terms.also_issue, (self.actor, self.moment)
        with self.kept_in.staging([path]) as (kept,):
            try:
                entered = enter(self.db, plan, *who, text, kept, path, also, self.terms.note)
            except DuplicateLetterError as error:
                return self._duplicate(path, text, made, error)
        issue.finish(self.db, [entered.letter] if also else [], self.moment)
        self.known.add(entered.letter, kept.sha256, made)
        if entered.waiting is None:
            return Outcome(path, Result.REGISTERED, entered.letter)
        why = attaching.otherwise(entered.waiting.differs).lstrip("; ")
        return Outcome(path, Result.ATTACHED, entered.letter, why)

    def _duplicate(
        self, path: Path, text: str, made: Print, error: DuplicateLetterError
    ) -> Outcome:
        """The same letter again, unless its text is quite another."""
        with self.db.read() as conn:
            other = recognising.texts(conn, [error.letter_id]).get(error.letter_id)
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


def _told(path: Path, error: CascadeError, missing: Sequence[str] = ()) -> Outcome:
    """What stands against a file, and which of its text is missing: often that is why."""
    letter = getattr(error, "letter_id", None)
    why = (error.what, *(one for one in missing if one not in error.what))
    return Outcome(path, Result.PERSON, letter, "; ".join(why))


def _drained(outcomes: list[Outcome]) -> Iterator[Outcome]:
    while outcomes:
        yield outcomes.pop(0)
