"""The one door to state: pages, commands, imports and jobs all fire their moves here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from cascade import effects, fates, follow, receiving, suspension
from cascade.acts import Act, Fired, Ref
from cascade.clock import Moment
from cascade.errors import MovedOnError, MoveRefusedError, NotFoundError
from cascade.facts import Acting, acting_from, letter_facts, step_facts
from models import journal
from models.database import Database
from models.errors import StaleError
from models.journal import Stamp
from models.queries import acting
from models.queries.acting import ActorRow, LetterRow, StepRow
from workflows import guards
from workflows.kinds import MACHINES
from workflows.letter import LETTER
from workflows.machine import Move
from workflows.refusals import Refusal, TransitionRefused

_NOTHING = Act(trigger="")
_FATES = {guards.children_have_a_fate, guards.made_ahead_has_a_fate}


def fire(db: Database, ref: Ref, act: Act, actor: ActorRow, moment: Moment) -> Fired:
    """Make one move with all that follows, in one transaction; raises what stands against it.

    MoveRefusedError tells every obstacle at once, MovedOnError that another act came first,
    NotFoundError and BadInputError what was named wrongly. Nothing is kept of a refused act.
    """
    return db.run(lambda conn: fire_in(conn, ref, act, actor, moment))


def fire_in(conn: Connection, ref: Ref, act: Act, actor: ActorRow, moment: Moment) -> Fired:
    """The same move inside a transaction that is open already."""
    try:
        if ref.kind == "step":
            return _fire_step(conn, ref, act, actor, moment)
        return _fire_letter(conn, ref, act, actor, moment)
    except TransitionRefused as refused:
        raise MoveRefusedError(refused, where=str(ref)) from None
    except StaleError as stale:
        raise _moved_on(ref) from stale


def options(
    conn: Connection, ref: Ref, actor: ActorRow, moment: Moment, act: Act = _NOTHING
) -> dict[str, list[Refusal]]:
    """Each move from here, with what stands against it for this actor now.

    With an `act`, as if it were that move with all the act brings; what is missing is told too.
    """
    if ref.kind == "step":
        row = _step(conn, ref)
        machine = MACHINES[row.kind]
        facts = step_facts(conn, row, act, actor, moment, *machine.moves_from(row.state))
        return machine.options(facts)
    letter = _letter(conn, ref)
    moves = LETTER.moves_from(letter.state)
    return LETTER.options(letter_facts(conn, letter, act, actor, moment, *moves))


def options_of(
    db: Database, ref: Ref, actor: ActorRow, moment: Moment, act: Act = _NOTHING
) -> dict[str, list[Refusal]]:
    """The same from the whole register: what stands against a move may not be the actor's to see.

    Whether the actor sees the letter or step at all is for the caller to know.
    """
    with db.read() as conn:
        return options(conn, ref, actor, moment, act)


def _fire_step(conn: Connection, ref: Ref, act: Act, actor: ActorRow, moment: Moment) -> Fired:
    row = _step(conn, ref)
    if act.seen_version is not None and act.seen_version != row.version:
        raise _moved_on(ref)
    if act.until is None and act.trigger == "grant_extension":
        act = replace(act, until=row.asked_until)
    machine = MACHINES[row.kind]
    move = machine.find(act.trigger, row.state)
    act = _only_asked_for(act, move)
    facts = step_facts(conn, row, act, actor, moment, *([move] if move else []))
    decision = machine.decide(act.trigger, facts)
    assert move is not None  # decide would have refused
    effects.check(conn, row, act, moment)
    used = acting_from(move.by, act.trigger, facts, row.unit_id, row.issuer_id)
    stamp = _stamp(act, actor, moment, used)
    if act.trigger == "resume" and suspension.is_suspended(row):
        stamp = suspension.on_record(conn, row, stamp, moment.today)
    stamp = receiving.on_record(conn, row, act.trigger, stamp, moment.today)
    changes = effects.changes(act, stamp, moment)
    moved = journal.move_step(conn, follow.standing(row), decision, stamp, changes)
    after = stamp.following(moved.seq)
    effects.record(conn, row, act, moved.seq, stamp)
    if receiving.has_begun(stamp):
        row = receiving.begun(conn, row, stamp)
    laid = effects.spread(conn, row, act, after, moment)
    made = len(laid)
    made += follow.step_moved(conn, follow.together(moved, laid), stamp, moment.today)
    if act.fate is not None and facts.open_children:
        made += fates.for_step(conn, row, act, after, moment.today)
    if act.trigger == "answer":
        made += follow.answer_changed(conn, row.id, after, moment.today)
    return Fired(moved.seq, decision.source, decision.target, made)


def _fire_letter(conn: Connection, ref: Ref, act: Act, actor: ActorRow, moment: Moment) -> Fired:
    row = _letter(conn, ref)
    if act.seen_version is not None and act.seen_version != row.version:
        raise _moved_on(ref)
    if act.trigger == "issue":
        raise NotFoundError(
            "a letter is issued with its duties, not by a bare move",
            where=str(ref),
            remedy=f"Use: cascade letter issue {row.id}",
        )
    if act.trigger == "register":
        # It would leave an empty draft where those who cite the letter see what they cite.
        raise NotFoundError(
            "a letter is registered with its text, not by a bare move",
            where=str(ref),
            remedy="Use: cascade letter import FILE",
        )
    move = LETTER.find(act.trigger, row.state)
    act = _only_asked_for(act, move)
    facts = letter_facts(conn, row, act, actor, moment, *([move] if move else []))
    decision = LETTER.decide(act.trigger, facts)
    assert move is not None  # decide would have refused
    effects.check_letter(conn, row, act, moment)
    used = acting_from(move.by, act.trigger, facts, None, row.issuer_id)
    stamp = _stamp(act, actor, moment, used)
    seq = journal.move_letter(conn, row.id, row.version, decision, stamp)
    after = stamp.following(seq)
    made = effects.spread_letter(conn, row, act, after, moment)
    if act.trigger == "end_series":
        made += fates.end_series(conn, row, act, after, moment.today)
    elif act.fate is not None and facts.open_children:
        made += fates.for_letter(conn, row, act, after, moment.today)
    made += fates.above_letter(conn, row, decision, after, moment.today)
    return Fired(seq, decision.source, decision.target, made)


def _stamp(act: Act, actor: ActorRow, moment: Moment, used: Acting) -> Stamp:
    data: dict[str, object] = {"fate": str(act.fate)} if act.fate else {}
    data |= {"units": list(act.units)} if act.units else {}
    data |= {"series": list(act.series)} if act.series else {}
    data |= {"answer": act.answer} if act.answer else {}
    data |= {"replacement": act.replacement} if act.replacement else {}
    data |= {"done_on": act.done_on.isoformat()} if act.done_on else {}
    # With the event these are sealed, and so is what was shown.
    data |= {"files": [file.sha256 for file in act.files]} if act.files else {}
    data |= {"letters": list(act.evidence_letters)} if act.evidence_letters else {}
    return Stamp(
        at=moment.at,
        actor_id=actor.id,
        **used._asdict(),
        note=act.note,
        until=act.until,
        data=data or None,
    )


def _only_asked_for(act: Act, move: Move[Any] | None) -> Act:
    """The act without what the move does not ask for: a fate must not touch what is below."""
    if move is None:
        return act
    fate = act.fate if _FATES & set(move.when) else None
    done_on = act.done_on if guards.done_day_has_come in move.when else None
    series = act.series if guards.series_named in move.when else ()
    return replace(act, fate=fate, done_on=done_on, series=series)


def _step(conn: Connection, ref: Ref) -> StepRow:
    row = acting.step(conn, ref.id)
    if row is None:
        raise NotFoundError(
            "there is no such step", where=str(ref), remedy="List steps with: cascade overdue"
        )
    return row


def _letter(conn: Connection, ref: Ref) -> LetterRow:
    rows = acting.letters(conn, [ref.id])
    if not rows:
        raise NotFoundError(
            "there is no such letter",
            where=str(ref),
            remedy="List letters with: cascade letter list",
        )
    return rows[0]


def _moved_on(ref: Ref) -> MovedOnError:
    return MovedOnError("it moved on while you were looking at it", where=str(ref))
