"""What a move leaves behind besides the new state: dates, evidence, extensions, answers, steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from cascade import follow, lines, receiving, series, store
from cascade.acts import Act
from cascade.clock import Moment
from cascade.errors import BadInputError, NotFoundError
from models import answers, evidence, filing, journal
from models.journal import Moved, Stamp
from models.queries import acting, answering, units
from models.queries.acting import LetterRow, StepRow
from workflows.kinds import MACHINES
from workflows.obligation import ObligationState
from workflows.rollup import ANSWERING, is_open_child

_REPORTS = frozenset({"report", "answer", "return_nil"})
_UNREPORTS = frozenset({"withdraw_report", "return", "reopen"})
# What a step remembers of its report: when, by whom, and for whom where a deputy reported.
REPORTED = ("reported_on", "reporter_id", "reporter_for_id")


def check(conn: Connection, row: StepRow, act: Act, moment: Moment) -> None:
    """Raise BadInputError where the act names something that does not fit the step."""
    if act.answer is not None:
        _check_answer(conn, row, act.answer)
    for letter_id in act.evidence_letters:
        _on_file(conn, letter_id)
    unknown = [unit for unit in act.units if unit not in units.names(conn, act.units, moment.today)]
    if unknown:
        raise NotFoundError(
            "there is no unit " + ", ".join(map(str, unknown)),
            where=f"step {row.id}",
            remedy="List units with: cascade units list",
        )
    if act.trigger == "transfer" and row.unit_id in act.units:
        raise BadInputError(
            "the unit owes this step already",
            where=f"step {row.id}",
            remedy="Name the unit that takes it over.",
        )
    if act.trigger == "split":
        parts = units.children(conn, row.unit_id, moment.today)
        strangers = [unit for unit in act.units if unit not in parts]
        if strangers:
            names = units.names(conn, [*strangers, row.unit_id], moment.today)
            raise BadInputError(
                f"not part of {names[row.unit_id]}: " + ", ".join(names[u] for u in strangers),
                where=f"step {row.id}",
                remedy="A step is split among the lead unit's own sub-units; else transfer it.",
            )


def check_letter(conn: Connection, row: LetterRow, act: Act, moment: Moment) -> None:
    """Raise BadInputError where the replacing letter, or a recurring duty, does not fit."""
    if act.series:
        series.check(conn, row, act, moment)
    if act.replacement is None:
        return
    other = _on_file(conn, act.replacement)
    if other.id == row.id or other.state != "issued":
        raise BadInputError(
            f"letter {other.id} cannot replace letter {row.id}",
            where=f"letter {row.id}",
            remedy="Name another letter that has been issued.",
        )


def changes(act: Act, stamp: Stamp, moment: Moment) -> dict[str, object]:
    """The columns that change with the state."""
    if act.trigger in _REPORTS:
        return reported(act.done_on or moment.today, stamp.actor_id, stamp.on_behalf_of_id)
    if act.trigger in _UNREPORTS:
        return reported(None, None, None)
    if act.trigger == "grant_extension":
        return {"due": act.until}
    if act.trigger == "resume" and stamp.until is not None:
        return {"due": stamp.until}  # with the days its suspension took
    if receiving.has_begun(stamp):
        return {"due": stamp.until}
    return {}


def reported(on: date | None, by: int | None, on_behalf_of: int | None) -> dict[str, object]:
    """What a step remembers of its report."""
    return dict(zip(REPORTED, (on, by, on_behalf_of), strict=True))


def record(conn: Connection, row: StepRow, act: Act, seq: int, stamp: Stamp) -> None:
    """Write the rows that belong to the event itself: evidence, extensions."""
    for file in act.files:
        store.place(file)
        evidence.attach_file(conn, row.id, seq, sha256=file.sha256, name=file.name, size=file.size)
    for letter_id in act.evidence_letters:
        evidence.attach_letter(conn, row.id, seq, letter_id)
    if act.trigger == "ask_extension" and act.until is not None:
        evidence.ask_extension(
            conn,
            row.id,
            seq,
            decider_id=row.issuer_id,
            due=row.due,
            until=act.until,
            reason=stamp.note,
        )
    if act.trigger in ("grant_extension", "refuse_extension"):
        until = act.until if act.trigger == "grant_extension" else row.asked_until
        assert until is not None  # the guard saw that one was asked for
        state = "granted" if act.trigger == "grant_extension" else "refused"
        evidence.decide_extension(conn, row.id, seq, state=state, until=until)


def spread(conn: Connection, row: StepRow, act: Act, stamp: Stamp, moment: Moment) -> list[Moved]:
    """Lay the steps and link the letter that the move brings; returns the steps laid."""
    if act.trigger == "answer" and act.answer is not None:
        link_answer(conn, row.id, row.letter_id, act.answer)
    if act.trigger not in ("split", "transfer"):
        return []
    part = act.trigger == "split"
    return [_lay_again(conn, row, unit_id, part, stamp, moment) for unit_id in act.units]


def spread_letter(conn: Connection, row: LetterRow, act: Act, stamp: Stamp, moment: Moment) -> int:
    """Carry a later due date down, or let a replacement answer too; returns the moves made."""
    made = 0
    if act.trigger == "supersede" and act.replacement is not None:
        filing.supersede(conn, row.id, act.replacement)
        made += _answer_instead(conn, row.id, act.replacement, stamp, moment)
    if act.trigger == "call_up":
        return made + series.call_up(conn, row, act, stamp, moment)
    if act.trigger != "extend" or act.until is None:
        return made
    for step_id in acting.open_steps_of(conn, row.id):
        step = acting.step(conn, step_id)
        if step is None or step.series_id is not None:
            continue  # each time of what comes again has its own day
        if step.due is None or step.due < act.until:
            later = replace(stamp, until=act.until)
            made += follow.by_itself(conn, step, "extend", later, moment.today, {"due": act.until})
    return made


def _answer_instead(
    conn: Connection, letter_id: int, replacement: int, stamp: Stamp, moment: Moment
) -> int:
    """The replacement answers what the superseded letter answered, so that no answer is lost."""
    (letter,) = acting.letters(conn, [replacement])
    made = 0
    for step_id in answering.answered_by(conn, letter_id):
        step = acting.step(conn, step_id)
        if step is None or step.unit_id != letter.issuer_id or step.letter_id == replacement:
            continue
        if step.state not in (ObligationState.ANSWERED, ObligationState.FULFILLED):
            continue
        where = f"step {step_id}"
        lines.refuse_cycle(conn, above=step.letter_id, below=replacement, where=where)
        link_answer(conn, step_id, step.letter_id, replacement)
        if step.state == ObligationState.ANSWERED:
            said = replace(stamp, data={"answer": replacement})
            current = acting.step(conn, step_id)
            assert current is not None  # just read in this transaction
            made += follow.by_itself(conn, current, "answer", said, moment.today)
    return made


def link_answer(conn: Connection, step_id: int, laid_by: int, letter_id: int) -> None:
    """Record that a letter answers an obligation, and count it there while it is open."""
    if not answers.answer(conn, step_id, letter_id):
        return
    answers.implement(conn, laid_by, letter_id)
    (letter,) = acting.letters(conn, [letter_id])
    if is_open_child(letter.state, letter.open_steps):
        journal.count_answers(conn, [step_id], 1)


def _check_answer(conn: Connection, row: StepRow, letter_id: int) -> None:
    letter = _on_file(conn, letter_id)
    where = f"step {row.id}"
    if letter.state not in ANSWERING:
        raise BadInputError(
            f"letter {letter_id} is {letter.state}, so it answers nothing",
            where=where,
            remedy=f"Issue it first: cascade letter issue {letter_id}",
        )
    if letter.issuer_id != row.unit_id:
        raise BadInputError(
            f"letter {letter_id} was issued by {letter.issuer_name}, which does not owe this step",
            where=where,
            remedy="Name a letter issued by the unit that owes the answer.",
        )
    lines.refuse_cycle(conn, above=row.letter_id, below=letter_id, where=where)


def _on_file(conn: Connection, letter_id: int) -> LetterRow:
    rows = acting.letters(conn, [letter_id])
    if not rows:
        raise NotFoundError(
            f"there is no letter {letter_id}", remedy="List letters with: cascade letter list"
        )
    return rows[0]


def _lay_again(
    conn: Connection, row: StepRow, unit_id: int, part: bool, stamp: Stamp, moment: Moment
) -> Moved:
    values = {
        "letter_id": row.letter_id,
        "point_id": row.point_id,
        # A part is laid, and later accepted, by the unit that splits its own step.
        "parent_id": row.id if part else row.parent_id,
        "previous_id": None if part else row.id,
        "kind": row.kind,
        "unit_id": unit_id,
        "issuer_id": row.unit_id if part else row.issuer_id,
        "state": MACHINES[row.kind].initial[0],
        "laid_on": moment.today,
        "due": row.due,
        "original_due": row.original_due,
        "due_calendar": row.due_calendar,
        "series_id": row.series_id,
        "occurrence": row.occurrence,
    }
    return journal.lay_step(conn, values, stamp)[1]
