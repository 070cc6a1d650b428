"""The life of an obligation: to answer a letter with a letter of one's own, or a nil return."""

from __future__ import annotations

from enum import StrEnum

from workflows import guards as g
from workflows.due_moves import due_moves
from workflows.facts import StepFacts
from workflows.machine import Move, StateMachine
from workflows.roles import DOER, ISSUER, ITSELF, Turn


class ObligationState(StrEnum):
    """Where an obligation stands."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    DRAFTING = "drafting"
    ANSWERED = "answered"  # by an implementing letter whose own steps are still open
    NIL_RETURNED = "nil_returned"  # nothing to report, said so
    RETURNED = "returned"  # the issuer wants it done again
    REFUSED = "refused"  # the unit says it is not theirs; the issuer decides
    FULFILLED = "fulfilled"  # by itself: all below has ended; not yet looked at by the issuer
    ACCEPTED = "accepted"
    WAIVED = "waived"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    TRANSFERRED = "transferred"


S = ObligationState
OWED = (S.SENT, S.ACKNOWLEDGED, S.DRAFTING, S.RETURNED)
OPEN = (*OWED, S.ANSWERED, S.NIL_RETURNED, S.REFUSED)

OBLIGATION: StateMachine[StepFacts] = StateMachine(
    "obligation",
    initial=[S.SENT],
    states={
        **dict.fromkeys(OWED, Turn.LEAD),
        S.ANSWERED: Turn.ACCEPTER,
        S.NIL_RETURNED: Turn.ACCEPTER,
        S.REFUSED: Turn.ISSUER,
        S.FULFILLED: Turn.NOBODY,
        S.ACCEPTED: Turn.NOBODY,
        S.WAIVED: Turn.NOBODY,
        S.CANCELLED: Turn.NOBODY,
        S.SUPERSEDED: Turn.NOBODY,
        S.TRANSFERRED: Turn.NOBODY,
    },
    moves=[
        Move("acknowledge", S.SENT, S.ACKNOWLEDGED, DOER),
        Move("draft", (S.ACKNOWLEDGED, S.RETURNED), S.DRAFTING, DOER),
        Move("answer", OWED, S.ANSWERED, DOER, (g.answer_named,)),
        Move("answer", S.ANSWERED, None, DOER, (g.answer_named,)),
        Move("return_nil", OWED, S.NIL_RETURNED, DOER, (g.reason_stated,)),
        Move("withdraw_report", (S.ANSWERED, S.NIL_RETURNED), S.DRAFTING, DOER),
        Move(
            "accept",
            (S.ANSWERED, S.NIL_RETURNED, S.FULFILLED),
            S.ACCEPTED,
            ISSUER,
            (g.children_ended, g.reporter_is_not_accepter),
        ),
        Move(
            "return",
            (S.ANSWERED, S.NIL_RETURNED, S.FULFILLED),
            S.RETURNED,
            ISSUER,
            (g.reason_stated, g.above_not_accepted, g.above_goes_on),
        ),
        Move("fulfil", S.ANSWERED, S.FULFILLED, ITSELF, (g.children_ended,)),
        Move("resume", S.FULFILLED, S.ANSWERED, ITSELF),
        Move("lose_answer", (S.ANSWERED, S.FULFILLED), S.DRAFTING, ITSELF),
        Move("refuse", (S.SENT, S.ACKNOWLEDGED), S.REFUSED, DOER, (g.reason_stated,)),
        Move("uphold", S.REFUSED, S.SENT, ISSUER, (g.reason_stated,)),
        Move(
            "waive", OPEN, S.WAIVED, ISSUER, (g.reason_stated, g.children_have_a_fate, g.fate_fits)
        ),
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
            (*OWED, S.REFUSED),
            S.TRANSFERRED,
            ISSUER,
            (g.reason_stated, g.target_named, g.children_ended),
        ),
        Move(
            "reopen",
            (S.ACCEPTED, S.WAIVED, S.CANCELLED),
            S.RETURNED,
            ISSUER,
            (g.reason_stated, g.above_not_accepted, g.above_goes_on),
        ),
        *due_moves(owed=OWED, open_states=OPEN),
    ],
)
