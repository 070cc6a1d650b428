"""The duties of a planned letter as a person sets them right: row by row, or as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cascade.corrections import read_day, read_duty
from cascade.naming import Directory
from cascade.plan import Plan, PlannedDuty
from cascade.problems import Problem
from workflows.kinds import StepKind

# More duties than this are edited as lines: a form of thousands of fields serves nobody.
ROWS = 120


@dataclass(frozen=True)
class DutyTyped:
    """A row as typed; `was` says which duty it stood for, empty for an added one."""

    was: str
    unit: str
    point: str  # the point's place among the points; empty for the letter as a whole
    due: str
    dropped: bool = False


def mark(duty: PlannedDuty) -> str:
    """What tells a duty from the others of its letter."""
    return f"{duty.unit_id}:{'' if duty.position is None else duty.position}"


def lay_out(
    plan: Plan, directory: Directory, typed: Sequence[DutyTyped], lines: str | None
) -> tuple[Plan, list[Problem]]:
    """The plan with its duties as typed, and what is wrong with them by field."""
    problems: list[Problem] = []
    if lines is not None and len(plan.proposed) > ROWS:
        kept = _by_lines(plan, directory, lines, problems)
    else:
        kept = _by_rows(plan, directory, typed, problems)
    unique = {mark(duty): duty for duty in kept}
    return replace(plan, duties=tuple(unique.values())), problems


def as_line(plan: Plan, duty: PlannedDuty) -> str:
    """A duty as a line: CODE@POINT=DATE, with a day as people write it."""
    no = "" if duty.position is None else f"@{plan.points[duty.position].found.no}"
    return f"{plan.codes[duty.unit_id]}{no}" + (f"={duty.due:%d/%m/%Y}" if duty.due else "")


def _by_rows(
    plan: Plan, directory: Directory, typed: Sequence[DutyTyped], problems: list[Problem]
) -> list[PlannedDuty]:
    """Rows left as they were follow the letter; only what was changed is the person's."""
    read = {mark(duty): duty for duty in plan.proposed}
    kept = dict(read)
    added: list[PlannedDuty] = []
    for place, row in enumerate(typed):
        if row.dropped:
            kept.pop(row.was, None)
            continue
        if not row.was and not (row.unit or row.due):
            continue  # the empty row for one more
        duty = _duty(plan, directory, row, f"duty-{place}", problems)
        if duty is None:
            continue
        if row.was in read and mark(duty) == row.was:
            kept[row.was] = replace(read[row.was], due=duty.due)
        else:
            kept.pop(row.was, None)
            added.append(duty)
    return [*kept.values(), *added]


def _duty(
    plan: Plan, directory: Directory, row: DutyTyped, name: str, problems: list[Problem]
) -> PlannedDuty | None:
    unit_id = find_unit(directory, row.unit.strip()) if row.unit.strip() else None
    due = read_day(row.due) if row.due.strip() else None
    position = int(row.point) if row.point.isdecimal() else None
    if unit_id is None:
        code = "no_unit" if row.unit.strip() else "duty_unit_missing"
        problems.append(Problem(f"{name}-unit", code, {"typed": row.unit}))
    if row.due.strip() and due is None:
        problems.append(Problem(f"{name}-due", "no_day", {"typed": row.due}))
    if position is not None and position >= len(plan.points):
        position = None
    if unit_id is None or (row.due.strip() and due is None):
        return None
    return PlannedDuty(unit_id, StepKind(plan.levels[unit_id]), position, due)


def _by_lines(
    plan: Plan, directory: Directory, lines: str, problems: list[Problem]
) -> list[PlannedDuty]:
    numbers = [point.found.no for point in plan.points]
    read = {as_line(plan, duty): duty for duty in plan.proposed}
    kept: list[PlannedDuty] = []
    wrong: list[str] = []
    for number, line in enumerate(lines.splitlines(), 1):
        if not line.strip():
            continue
        if (same := read.get(line.strip())) is not None:
            kept.append(same)
            continue
        named = read_duty(line)
        unit_id = directory.coded(named.code) if named else None
        if named is None or unit_id is None or (named.point and named.point not in numbers):
            wrong.append(f"{number} ({line.strip()[:40]})")
            continue
        position = numbers.index(named.point) if named.point else None
        kept.append(PlannedDuty(unit_id, StepKind(plan.levels[unit_id]), position, named.due))
    if wrong:
        problems.append(Problem("lines", "wrong_lines", {"lines": "; ".join(wrong[:10])}))
    return kept


def find_unit(directory: Directory, typed: str) -> int | None:
    """The unit a person means by its code, or by a name that only one unit has."""
    code = typed.split(" – ", 1)[0].strip()
    for asked in (typed, code, code.upper()):
        if (found := directory.coded(asked)) is not None:
            return found
    named = directory.find(typed)
    return named.unit_ids[0] if len(named.unit_ids) == 1 and not named.is_picked else None


def early(plan: Plan) -> list[tuple[int, date]]:
    """(place, due) of duties that would fall due before the letter itself; it cannot be issued."""
    return [
        (place, duty.due)
        for place, duty in enumerate(plan.duties)
        if duty.due is not None and duty.due < plan.dated
    ]
