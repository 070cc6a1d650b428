"""The life of a task: do it and show evidence; another person accepts."""

from __future__ import annotations

from enum import StrEnum

from workflows import guards as g
from workflows.due_moves import due_moves
from workflows.facts import StepFacts
from workflows.machine import Move, StateMachine
from workflows.roles import DOER, ISSUER, ITSELF, Turn


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    REPORTED = "reported"  # done, says the doer
    NIL_RETURNED = "nil_returned"  # this time there is nothing to report, says the doer
    RETURNED = "returned"  # not done, says the issuer
    DECLINED = "declined"  # the unit says it is not theirs; the issuer decides
    SUSPENDED = "suspended"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    TRANSFERRED = "transferred"


S = TaskState
OWED = (S.OPEN, S.IN_PROGRESS, S.RETURNED)
SHOWN = (S.REPORTED, S.NIL_RETURNED)
OPEN = (*OWED, *SHOWN, S.DECLINED, S.SUSPENDED)

TASK: StateMachine[StepFacts] = StateMachine(
    "task",
    initial=[S.OPEN],
    states={
        **dict.fromkeys(OWED, Turn.LEAD),
        **dict.fromkeys(SHOWN, Turn.ACCEPTER),
        S.DECLINED: Turn.ISSUER,
        S.SUSPENDED: Turn.PAUSED,
        S.ACCEPTED: Turn.NOBODY,
        S.CANCELLED: Turn.NOBODY,
        S.SUPERSEDED: Turn.NOBODY,
        S.TRANSFERRED: Turn.NOBODY,
    },
    moves=[
        Move("start", (S.OPEN, S.RETURNED), S.IN_PROGRESS, DOER),
        Move(
            "report",
            OWED,
            S.REPORTED,
            DOER,
            (g.evidence_attached, g.done_day_has_come, g.done_after_laid, g.children_ended),
        ),
        Move(
            "return_nil",
            OWED,
            S.NIL_RETURNED,
            DOER,
            (g.comes_again, g.reason_stated, g.children_ended),
        ),
        Move("withdraw_report", SHOWN, S.IN_PROGRESS, DOER),
        Move(
            "accept",
            SHOWN,
            S.ACCEPTED,
            ISSUER,
            (g.children_ended, g.reporter_is_not_accepter),
        ),
        Move("return", SHOWN, S.RETURNED, ISSUER, (g.reason_stated,)),
        Move("decline", (S.OPEN, S.IN_PROGRESS), S.DECLINED, DOER, (g.reason_stated,)),
        Move("uphold", S.DECLINED, S.OPEN, ISSUER, (g.reason_stated,)),
        Move("split", OWED, S.IN_PROGRESS, DOER, (g.target_named,)),
        Move("suspend", (S.OPEN, S.IN_PROGRESS), S.SUSPENDED, ISSUER, (g.reason_stated,)),
        Move("resume", S.SUSPENDED, S.IN_PROGRESS, ISSUER),
        Move(
            "cancel",
            OPEN,
            S.CANCELLED,
            ISSUER,
            (g.reason_stated, g.children_have_a_fate, g.fate_fits),
        ),
        Move("supersede", OPEN, S.SUPERSEDED, ITSELF),
        Move(
            "transfer",
            (*OWED, S.DECLINED),
            S.TRANSFERRED,
            ISSUER,
            (g.reason_stated, g.target_named, g.children_ended),
        ),
        Move(
            "reopen",
            (S.ACCEPTED, S.CANCELLED),
            S.OPEN,
            ISSUER,
            (g.reason_stated, g.above_not_accepted, g.above_goes_on),
        ),
        *due_moves(owed=OWED, open_states=OPEN),
    ],
)
