"""Points of a letter that come again, and what a person confirms of them: series of duties."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from cascade.duties import PlannedSeries
from cascade.intake.text import fold
from cascade.plan import Plan
from cascade.recurring import kept
from workflows.phrases import find_again
from workflows.series import Rule


def rule_of(plan: Plan, position: int) -> Rule | None:
    """How often a point comes again, where it says so."""
    found = plan.points[position].found
    said = find_again(fold(found.recurring)) if found.is_duty and found.recurring else None
    return None if said is None or said.every is None else Rule(said.every, said.inclusive)


def candidates(plan: Plan) -> list[int]:
    """The points of a letter that come again, by their place."""
    return [at for at in range(len(plan.points)) if rule_of(plan, at) is not None]


def confirmed(plan: Plan, positions: Collection[int]) -> Plan:
    """The plan with these points as series, in place of the single duties read from them."""
    series = [
        PlannedSeries(unit_id, at, rule, plan.points[at].found.recurring or "")
        for at in candidates(plan)
        if at in positions and (rule := rule_of(plan, at)) is not None
        for unit_id in units_of(plan, at)
    ]
    instead = {one.position for one in series}
    duties = tuple(duty for duty in plan.duties if duty.position not in instead)
    return replace(plan, series=tuple(series), duties=duties)


def units_of(plan: Plan, position: int) -> tuple[int, ...]:
    """Who owes a point that comes again: as read, without those whose duty a person left out."""
    point = plan.points[position]
    everybody = [u for role, name in plan.units if role == "act" for u in name.unit_ids]
    owing = point.lead or (() if point.found.lead else tuple(dict.fromkeys(everybody)))
    left = {duty.unit_id for duty in plan.duties if duty.position == position}
    read = {duty.unit_id for duty in plan.proposed if duty.position == position}
    # Bodies that answer with a letter have no duty of the point alone, so nothing was left out.
    kept_units = [u for u in owing if u in left or u not in read]
    return tuple(dict.fromkeys([*kept_units, *sorted(left - read)]))


def rows(plan: Plan, point_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The series of a plan as they are filed with the draft."""
    return [
        {
            "point_id": point_ids[one.position],
            "unit_id": one.unit_id,
            "phrase": one.phrase,
            "until": None,
            **kept(one.rule)._asdict(),
        }
        for one in plan.series
    ]
