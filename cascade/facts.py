"""Gathers the facts an act's guards look at: the row, the actor's posts, what the act brings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from cascade.acts import Act
from cascade.clock import Moment
from models.queries import acting, answering, authority, jobs, series
from models.queries.acting import ActorRow, LetterRow, StepRow
from models.queries.authority import Post
from workflows import guards
from workflows.facts import Facts, Fate, LetterFacts, StandIn, StepFacts, post_for
from workflows.kinds import MACHINES
from workflows.letter import LetterState
from workflows.machine import Move
from workflows.obligation import ObligationState
from workflows.roles import By, Role, Side


def step_facts(
    conn: Connection,
    row: StepRow,
    act: Act,
    actor: ActorRow,
    moment: Moment,
    *moves: Move[StepFacts],
) -> StepFacts:
    """The facts of a step for one act, as far as the guards of these moves look at them."""
    posts = _posts(conn, actor, moment.today, row.unit_id, row.issuer_id)
    return StepFacts(
        state=row.state,
        today=moment.today,
        actor_id=actor.id,
        posts=posts.own,
        stands_in=posts.last(row.reporter_id, row.reporter_for_id),
        note=act.note,
        open_children=row.open_children,
        fate=act.fate,
        reporter_id=row.reporter_id,
        reporter_for_id=row.reporter_for_id,
        evidence=row.evidence + len(act.files) + len(act.evidence_letters),
        due=row.due,
        until=act.until,
        laid_on=row.laid_on,
        done_on=act.done_on,
        extension_asked=row.asked_until is not None,
        has_answer=act.answer is not None,
        has_target=bool(act.units),
        is_sealed=_ask(moves, guards.above_not_accepted) and _sealed(conn, row),
        ended_above=_ask(moves, guards.above_goes_on) and _ended_above(conn, row.letter_id),
        is_occurrence=row.series_id is not None,
    )


def letter_facts(
    conn: Connection,
    row: LetterRow,
    act: Act,
    actor: ActorRow,
    moment: Moment,
    *moves: Move[LetterFacts],
) -> LetterFacts:
    """The facts of a letter for one act, as far as the guards of these moves look at them."""
    posts = _posts(conn, actor, moment.today, None, row.issuer_id)
    asked = _ask(moves, guards.children_have_a_fate, guards.something_comes_again)
    running = series.running(conn, row.id) if asked else []
    named = [one for one in act.series if one in running]
    return LetterFacts(
        state=row.state,
        today=moment.today,
        actor_id=actor.id,
        posts=posts.own,
        stands_in=posts.given,
        note=act.note,
        # What comes again is as open as what is owed now.
        open_children=row.open_steps + len(running),
        series_running=len(running),
        series_named=len(named),
        made_ahead=len(series.ahead(conn, named or running, moment.today)) if running else 0,
        fate=act.fate,
        has_replacement=act.replacement is not None,
        until=act.until,
        is_sealed=_ask(moves, guards.letter_not_accepted_above) and _letter_sealed(conn, row.id),
        ended_above=_ask(moves, guards.above_goes_on) and _ended_above(conn, row.id),
        on_its_way=_on_its_way(conn, row.id) if _ask(moves, guards.has_reached_all) else 0,
        **identity(row),
    )


def identity(row: LetterRow) -> dict[str, Any]:
    """What makes a letter this letter, as guards ask for it."""
    return {
        "has_issuer": row.issuer_id is not None,
        "number": row.number,
        "symbol": row.symbol,
        "dated": row.dated,
    }


class Acting(NamedTuple):
    """The post acted from, as the history names it."""

    role: str
    unit_id: int | None
    on_behalf_of_id: int | None


def acting_from(
    by: By, trigger: str, facts: Facts, lead_id: int | None, issuer_id: int | None
) -> Acting:
    """The post a move is made from: the first that allows it, an own one before another's."""
    used = post_for(by, trigger, facts)
    if used is None:
        return Acting("itself", None, None)
    return Acting(used.role, lead_id if by.side is Side.LEAD else issuer_id, used.giver_id)


class Posts(NamedTuple):
    """What an actor may act from beside a letter or step."""

    own: frozenset[tuple[Side, Role]] = frozenset()
    given: tuple[StandIn, ...] = ()

    def last(self, *givers: int | None) -> tuple[StandIn, ...]:
        """What is given, that of these givers last: it would be refused where another fits."""
        return tuple(sorted(self.given, key=lambda post: post.giver_id in givers))


def posts_of(found: Iterable[tuple[Side, Post]]) -> Posts:
    """Posts told apart: one's own, and those stood in for."""
    own, given = set(), []
    for side, (_, role, giver_id, triggers) in found:
        if giver_id is None:
            own.add((side, Role(role)))
        else:
            only = None if triggers is None else frozenset(triggers)
            given.append(StandIn(side, Role(role), giver_id, only))
    return Posts(frozenset(own), tuple(given))


def _posts(
    conn: Connection, actor: ActorRow, today: date, lead: int | None, issuer: int | None
) -> Posts:
    sides = [(side, unit) for side, unit in ((Side.LEAD, lead), (Side.ISSUER, issuer)) if unit]
    units = sorted({unit for _, unit in sides})
    found = authority.posts_in(conn, actor.id, units, today)
    return posts_of((side, post) for post in found for side, unit in sides if unit == post.unit_id)


def _ask(moves: Sequence[Move[Any]], *guards: object) -> bool:
    return any(guard in move.when for move in moves for guard in guards)


def _sealed(conn: Connection, row: StepRow) -> bool:
    """Whether opening this step again would open something above that a person has ended."""
    (letter,) = acting.letters(conn, [row.letter_id])  # locked: nobody closes it meanwhile
    if letter.state not in (LetterState.ISSUED, LetterState.FULFILLED):
        return True
    whole = acting.step(conn, row.parent_id) if row.parent_id is not None else None
    if whole is not None and not MACHINES[whole.kind].is_open(whole.state):
        return True
    return _letter_sealed(conn, row.letter_id)


def _on_its_way(conn: Connection, letter_id: int) -> int:
    found = jobs.underway(conn, letter_id)
    return 0 if found is None else found.total - found.done


def _letter_sealed(conn: Connection, letter_id: int) -> bool:
    # What was fulfilled by itself opens again with what is below it, so the seal may be higher.
    # The rows stay locked, so that nobody accepts above while this opens again below.
    for step_id in answering.answered_by(conn, letter_id):
        above = acting.step(conn, step_id)
        assert above is not None  # it is referenced by a foreign key
        if above.state == ObligationState.ACCEPTED:
            return True
        if above.state == ObligationState.FULFILLED and _sealed(conn, above):
            return True
    return False


def _ended_above(conn: Connection, letter_id: int) -> bool:
    """Whether all a letter answers has ended, though nobody said that it goes on by itself."""
    above = [acting.step(conn, step_id) for step_id in answering.answered_by(conn, letter_id)]
    return bool(above) and all(row is not None and _is_gone(conn, row) for row in above)


def _is_gone(conn: Connection, above: StepRow) -> bool:
    if MACHINES[above.kind].is_open(above.state) or above.state == ObligationState.ACCEPTED:
        return False  # what was accepted is told as that
    if above.state == ObligationState.FULFILLED:
        return _ended_above(conn, above.letter_id)  # it opens again with what is below it
    return answering.fate_of_end(conn, above.id) != Fate.KEEP
