"""Issuing letters: their duties become steps and the obligations they answer are answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade import effects, follow, lines
from cascade.clock import Moment
from cascade.errors import CascadeError, CycleError, MovedOnError, MoveRefusedError, NotFoundError
from cascade.facts import Acting, Posts, acting_from, identity, posts_of
from models import laying
from models.database import Database
from models.journal import Stamp
from models.queries import acting, answering, authority
from models.queries.acting import ActorRow, LetterRow
from models.queries.answering import OwedRow
from models.queries.authority import Post
from workflows.facts import LetterFacts, StepFacts
from workflows.labels import Lang
from workflows.letter import LETTER, LetterState
from workflows.machine import Decision
from workflows.obligation import OBLIGATION
from workflows.refusals import Refusal, TransitionRefused
from workflows.roles import REGISTRY, Side
from workflows.rollup import is_open_child


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


def issue(db: Database, letter_ids: Sequence[int], actor: ActorRow, moment: Moment) -> Issued:
    """Issue draft letters with all their duties in one transaction, all of them or none."""
    return db.run(lambda conn: issue_in(conn, letter_ids, actor, moment))


def issue_in(
    conn: Connection, letter_ids: Sequence[int], actor: ActorRow, moment: Moment
) -> Issued:
    """The same inside a transaction that is open already."""
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
    by_post = _decide(conn, rows, actor, moment)
    for used, some in by_post.items():
        stamp = Stamp(at=moment.at, actor_id=actor.id, **used._asdict())
        laid = laying.lay(conn, some, decision, stamp, moment.today)
        letters, steps = letters + laid[0], steps + laid[1]
    if letters != len(ids):
        raise MovedOnError("a letter was issued meanwhile", where=f"letters {ids[0]}…")
    return Issued(letters, steps, _answer(conn, by_post, actor, moment))


def _decide(
    conn: Connection, rows: Sequence[LetterRow], actor: ActorRow, moment: Moment
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
        facts = LetterFacts(
            state=row.state,
            today=moment.today,
            actor_id=actor.id,
            posts=held.own,
            stands_in=held.given,
            dues=dues.get(row.id, {}),
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


def _answer(
    conn: Connection, by_post: Mapping[Acting, list[int]], actor: ActorRow, moment: Moment
) -> int:
    """Answer what these letters answer, and let earlier letters answer what these lay."""
    stamps = {
        letter_id: Stamp(moment.at, actor.id, "itself", None, on_behalf_of_id=used.on_behalf_of_id)
        for used, some in by_post.items()
        for letter_id in some
    }
    ids = sorted(stamps)
    owed = answering.owed_answers(conn, ids)
    # One answer a step, by a letter that is still open: nothing follows from those by itself.
    # Their lines stand since they were registered, and circles have been refused above.
    first = {row.step_id: row for row in reversed(owed)}
    plain = {row for row in first.values() if is_open_child(row.letter_state, row.letter_open)}
    answered = 0
    for giver in dict.fromkeys(used.on_behalf_of_id for used in by_post):
        rows = sorted(row for row in plain if stamps[row.letter_id].on_behalf_of_id == giver)
        stamp = Stamp(moment.at, actor.id, "itself", None, on_behalf_of_id=giver)
        answered += _answer_many(conn, rows, stamp, moment)
    for row in owed:
        if row not in plain:
            stamp = stamps[row.letter_id]
            by = (stamp.actor_id, stamp.on_behalf_of_id)
            answered += _answer_one(conn, row.step_id, row.letter_id, by, stamp, moment)
    for late in answering.waiting_answers(conn, ids):
        by, stamp = (late.actor_id, late.on_behalf_of_id), stamps[late.laid_by]
        answered += _answer_one(conn, late.step_id, late.letter_id, by, stamp, moment)
    return answered


def _answer_many(conn: Connection, owed: Sequence[OwedRow], stamp: Stamp, moment: Moment) -> int:
    """The same for many obligations at once, state by state."""
    by_state: dict[str, list[OwedRow]] = defaultdict(list)
    for row in owed:
        by_state[row.step_state].append(row)
    for state, rows in by_state.items():
        facts = StepFacts(
            state=state, today=moment.today, actor_id=stamp.actor_id, itself=True, has_answer=True
        )
        decision = OBLIGATION.decide("answer", facts)
        if laying.answer(conn, rows, decision, stamp, moment.today) != len(rows):
            raise MovedOnError("a step was answered meanwhile", where=f"step {rows[0].step_id}…")
    return len(owed)


def _answer_one(
    conn: Connection,
    step_id: int,
    letter_id: int,
    by: tuple[int, int | None],
    stamp: Stamp,
    moment: Moment,
) -> int:
    """One obligation answered, reported by a person and perhaps for another."""
    row = acting.step(conn, step_id)
    assert row is not None  # just read in this transaction
    made = replace(stamp, data={"answer": letter_id})
    changes = effects.reported(moment.today, *by)
    try:
        lines.refuse_cycle(conn, above=row.letter_id, below=letter_id)
        effects.link_answer(conn, step_id, row.letter_id, letter_id)
        follow.by_itself(conn, row, "answer", made, moment.today, changes)
    except CycleError as error:
        # As the rule would have refused it, and so in the register's language.
        circle = [Refusal("cycle", {"path": error.path})]
        refused = TransitionRefused(row.kind, "answer", row.state, circle)
        raise MoveRefusedError(refused, where=f"step {step_id}") from None
    except TransitionRefused as refused:
        raise MoveRefusedError(refused, where=f"step {step_id}") from None
    follow.answer_changed(conn, step_id, made, moment.today)
    return 1
