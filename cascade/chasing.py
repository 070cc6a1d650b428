"""Chasing: reminders for many steps at once, each through the one door, all of them told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cascade.act import fire
from cascade.acts import Act, Ref
from cascade.clock import Moment
from cascade.errors import MovedOnError, MoveRefusedError, NotFoundError
from models.database import Database
from models.queries.acting import ActorRow

NotReminded = MoveRefusedError | MovedOnError | NotFoundError


class Chosen(NamedTuple):
    """A step to chase, as the person saw it."""

    step_id: int
    seen_version: int


class Chased(NamedTuple):
    """Which steps were reminded, and what stood against the others."""

    reminded: list[int]
    refused: list[tuple[int, NotReminded]]


def chase(
    db: Database, chosen: Sequence[Chosen], note: str, actor: ActorRow, moment: Moment
) -> Chased:
    """Remind of each step in a transaction of its own.

    A step that moved on since it was seen is left alone: a form sent twice reminds once.
    """
    done = Chased([], [])
    for step_id, seen in dict.fromkeys(chosen):
        act = Act(trigger="remind", note=note, seen_version=seen)
        try:
            fire(db, Ref("step", step_id), act, actor, moment)
        except (MoveRefusedError, MovedOnError, NotFoundError) as error:
            done.refused.append((step_id, error))
        else:
            done.reminded.append(step_id)
    return done
