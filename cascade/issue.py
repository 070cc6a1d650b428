"""Issuing letters: their duties become steps and the obligations they answer are answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import answered, lines, recurring
from cascade.clock import Moment
from cascade.errors import CascadeError, MovedOnError, MoveRefusedError, NotFoundError
from cascade.facts import Acting, Posts, acting_from, identity, posts_of
from cascade.jobs import issuing
from cascade.stages import Stage, stages
from models import laying
from models.database import Database
from models.journal import Stamp
from models.queries import acting, authority, jobs
from models.queries.acting import ActorRow, LetterRow
from models.queries.authority import Post
from workflows.facts import LetterFacts
from workflows.labels import Lang
from workflows.letter import LETTER, LetterState
from workflows.machine import Decision
from workflows.refusals import TransitionRefused
from workflows.roles import REGISTRY, Side


class Issued(NamedTuple):
    """What issuing laid and answered."""

    letters: int
    steps: int
    answered: int


class IssueRefusedError(MoveRefusedError):
    """Letters that cannot be issued as they are; `each` holds one refusal a letter."""

    def __init__(self, each: Sequence[MoveRefusedError]) -> None:
        self.each = tuple(each)
        told = "\n".join(f"{error.where}: {error.what}" for error in each)
        CascadeError.__init__(self, told)
        self.refused = each[0].refused

    def told(self, lang: Lang) -> CascadeError:
        """The same refusals in another language."""
        each = (MoveRefusedError(error.refused, error.where, lang) for error in self.each)
        return IssueRefusedError(tuple(each))


def issue(
    db: Database, letter_ids: Sequence[int], actor: ActorRow, moment: Moment, note: str = ""
) -> Issued:
    """Issue draft letters with all their duties, all of them or none.

    Due dates that come too late for what the letters serve are refused without a reason; with one,
    in `note`, it stands with the event what was too late.

    All is decided in one transaction. A letter to very many units reaches them batch by batch,
    here or, should this process end, by a worker.
    """
    done, long = db.run(lambda conn: _issue_in(conn, letter_ids, actor, moment, note))
    return done._replace(steps=done.steps + finish(db, long, moment))


def begin(
    db: Database, letter_ids: Sequence[int], actor: ActorRow, moment: Moment, note: str = ""
) -> Issued:
    """The same, but what a letter to very many units still has to reach is left to a worker."""
    return db.run(lambda conn: issue_in(conn, letter_ids, actor, moment, note))


def finish(db: Database, letter_ids: Iterable[int], moment: Moment) -> int:
    """Bring letters that are on their way to all their units; returns the steps laid by this."""
    return sum(issuing.finish(db, letter_id, moment) for letter_id in letter_ids)


def issue_in(
    conn: Connection, letter_ids: Sequence[int], actor: ActorRow, moment: Moment, note: str = ""
) -> Issued:
    """The same as `begin` inside a transaction that is open already."""
    return _issue_in(conn, letter_ids, actor, moment, note)[0]


def _issue_in(
    conn: Connection, letter_ids: Sequence[int], actor: ActorRow, moment: Moment, note: str
) -> tuple[Issued, list[int]]:
    """What is decided and each letter's first batch; and the letters of which more are to come."""
    ids = sorted(set(letter_ids))
    rows = acting.letters(conn, ids)
    missing = sorted(set(ids) - {row.id for row in rows})
    if missing:
        raise NotFoundError(
            "there is no letter " + ", ".join(map(str, missing)),
            remedy="List letters with: cascade letter list",
        )
    decision = Decision("issue", LetterState.DRAFT, LetterState.ISSUED)
    letters = steps = 0
    late = stages(conn, ids, moment.today)
    by_post = _decide(conn, rows, actor, moment, note, late)
    long = jobs.long_letters(conn, ids, issuing.BATCH)
    for used, some in by_post.items():
        stamp = Stamp(at=moment.at, actor_id=actor.id, note=note, **used._asdict())
        told = {at: replace(stamp, data=late[at].on_record()) for at in late.keys() & set(some)}
        short = [letter_id for letter_id in some if letter_id not in long]
        alike = [letter_id for letter_id in short if letter_id not in told]
        for these, said in ((alike, stamp), *(([at], told[at]) for at in short if at in told)):
            laid = laying.lay(conn, these, decision, said, moment.today)
            letters, steps = letters + laid[0], steps + laid[1]
        for letter_id in long.keys() & set(some):
            said = told.get(letter_id, stamp)
            if first := issuing.begin(conn, letter_id, long[letter_id], decision, said, moment):
                letters, steps = letters + 1, steps + first
    if letters != len(ids):
        raise MovedOnError("a letter was issued meanwhile", where=f"letters {ids[0]}…")
    steps += recurring.begin(conn, ids, moment)
    answers = answered.answer(conn, by_post, actor, moment)
    return Issued(letters, steps, answers), sorted(long)


def _decide(
    conn: Connection,
    rows: Sequence[LetterRow],
    actor: ActorRow,
    moment: Moment,
    note: str,
    late: Mapping[int, Stage],
) -> dict[Acting, list[int]]:
    """Ask the rules about each letter, tell all refusals at once; the ids by the post used."""
    ids = [row.id for row in rows]
    issuers = sorted({row.issuer_id for row in rows if row.issuer_id is not None})
    found: dict[int, list[Post]] = defaultdict(list)
    for post in authority.posts_in(conn, actor.id, issuers, moment.today):
        found[post.unit_id].append(post)
    posts = {unit: posts_of((Side.ISSUER, post) for post in some) for unit, some in found.items()}
    dues: dict[int, dict[str, date]] = defaultdict(dict)
    for letter_id, no, due in acting.early_dues(conn, ids):
        dues[letter_id][no] = due
    circles = {
        citing: tuple(lines.circle(conn, cited, citing))
        for citing, cited in acting.backward_lines(conn, ids)
    }
    refused: list[MoveRefusedError] = []
    by_post: dict[Acting, list[int]] = defaultdict(list)
    for row in rows:
        held = posts.get(row.issuer_id or 0, Posts())
        stage = late.get(row.id)
        facts = LetterFacts(
            state=row.state,
            today=moment.today,
            actor_id=actor.id,
            posts=held.own,
            stands_in=held.given,
            note=note,
            dues=dues.get(row.id, {}),
            unstaged=stage.by_point if stage else {},
            latest=stage.latest if stage else None,
            cycle=circles.get(row.id, ()),
            **identity(row),
        )
        try:
            LETTER.decide("issue", facts)
        except TransitionRefused as refusal:
            refused.append(MoveRefusedError(refusal, where=f"letter {row.id}"))
        by_post[acting_from(REGISTRY, "issue", facts, None, None)].append(row.id)
    if refused:
        raise refused[0] if len(refused) == 1 else IssueRefusedError(refused)
    return by_post
