"""A cascade in words: one line a letter, one line a step, the same for tree, page and picture."""

from __future__ import annotations

from cascade.graph import Below, Cascade, Node
from models.queries.tracing import LetterLineRow, StepLineRow
from workflows.labels import KINDS, LATENESS, STATES, TURNS, Lang, Words
from workflows.lateness import Lateness, days_late
from workflows.reference import identity

_DUE = Words("hạn {due}", "due {due}")
_LATE_ONE = Words("quá hạn 1 ngày", "1 day late")
_LATE = Words("quá hạn {days} ngày", "{days} days late")
_NOT_ANSWERED = Words("chưa có văn bản triển khai", "no letter yet")
_LAID_BY = Words("do {unit} giao", "laid by {unit}")
_POINT = Words("điểm {no}", "point {no}")
_BELOW = Words("{ended}/{steps} đã xong", "{ended} of {steps} ended")
_OVERDUE_BELOW = Words("{overdue} quá hạn", "{overdue} overdue")
_NOT_ON_FILE = Words("chưa có trong sổ", "not on file")
_EXTENDED = Words("gia hạn từ {due}", "extended from {due}")


def letter_name(letter: LetterLineRow) -> str:
    """A letter by kind, reference and day."""
    return identity(letter.kind, letter.number, letter.symbol, letter.dated)


def letter_state(letter: LetterLineRow, lang: Lang) -> str:
    """How a letter stands; a stub says that it is not on file."""
    return state_of_letter(letter.state, lang)


def state_of_letter(state: str, lang: Lang) -> str:
    """A letter's state in words."""
    return _NOT_ON_FILE.say(lang) if state == "cited" else STATES[state].say(lang)


def step_name(step: StepLineRow, lang: Lang) -> str:
    """A step by its unit and the point that laid it."""
    return f"{step.unit}, {_POINT.say(lang).format(no=step.point)}" if step.point else step.unit


def step_state(cascade: Cascade, step: StepLineRow, lang: Lang) -> list[str]:
    """How a step stands: state, due date, lateness, extension; one phrase each."""
    said = [STATES[step.state].say(lang)]
    if cascade.is_missing(step):
        said.append(no_letter_yet(lang))
    if step.due is not None:
        due, *extended = step_due(step, lang)
        said.append(due)
        late = cascade.lateness(step)
        if late is Lateness.OVERDUE:
            said.append(late_by(days_late(step.due, cascade.today), lang))
        elif late in (Lateness.DUE_SOON, Lateness.DONE_LATE):
            said.append(LATENESS[late].say(lang))
        said += extended
    return said


def step_due(step: StepLineRow, lang: Lang) -> list[str]:
    """When a step is due, and from when it was extended; nothing without a date."""
    if step.due is None:
        return []
    said = [_DUE.say(lang).format(due=step.due.strftime("%d/%m/%Y"))]
    if step.original_due is not None and step.due != step.original_due:
        before = step.original_due.strftime("%d/%m/%Y")
        said.append(_EXTENDED.say(lang).format(due=before))
    return said


def no_letter_yet(lang: Lang) -> str:
    """What is said where a letter is expected and has not come."""
    return _NOT_ANSWERED.say(lang)


def late_by(days: int, lang: Lang) -> str:
    """How many days late."""
    return (_LATE_ONE if days == 1 else _LATE).say(lang).format(days=days)


def who_acts(turn: str, unit: str, issuer: str, lang: Lang) -> str:
    """The unit whose move it is; the issuer with what it must do."""
    if turn == "lead":
        return unit
    return f"{issuer} ({TURNS[turn].say(lang)})"


def standing(kind: str, state: str, turn: str, unit: str, issuer: str, lang: Lang) -> str:
    """How a step stands towards whoever is not to act: laid by whom, or owed by whom."""
    other = _LAID_BY.say(lang).format(unit=issuer) if turn == "lead" else unit
    return f"{KINDS[kind].say(lang)}, {STATES[state].say(lang)} ({other})"


def below_node(cascade: Cascade, node: Node, lang: Lang) -> str:
    """What hangs below a node, in a phrase; empty where nothing does or only the way up shows."""
    return "" if cascade.is_way_up else below(cascade.below(node), lang)


def below(counts: Below, lang: Lang) -> str:
    """Counts of steps in a phrase; empty when there are none."""
    return ", ".join(filter(None, (ended_below(counts, lang), overdue_below(counts, lang))))


def ended_below(counts: Below, lang: Lang) -> str:
    """How many of the steps below have ended; empty when there are none."""
    if counts.steps == 0:
        return ""
    return _BELOW.say(lang).format(ended=counts.ended, steps=counts.steps)


def overdue_below(counts: Below, lang: Lang) -> str:
    """How many of the steps below are overdue; empty when none is."""
    return _OVERDUE_BELOW.say(lang).format(overdue=counts.overdue) if counts.overdue else ""
