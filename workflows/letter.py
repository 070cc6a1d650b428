"""The life of a letter: known by citation, draft, issued, fulfilled by itself, closed."""

from __future__ import annotations

from enum import StrEnum

from workflows import guards as g
from workflows.facts import LetterFacts
from workflows.machine import Move, StateMachine
from workflows.roles import ISSUER, ITSELF, REGISTRY, Turn


class LetterState(StrEnum):
    """Where a letter stands."""

    CITED = "cited"  # a stub: another letter cites it, it is not on file yet
    DRAFT = "draft"  # entered and confirmed, lays nothing yet
    ISSUED = "issued"  # its duties are laid and not all have ended
    FULFILLED = "fulfilled"  # every step it laid has ended
    CLOSED = "closed"  # the issuer has put it away
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


S = LetterState
LIVE = (S.ISSUED, S.FULFILLED)
# A letter that is over may have duties that were let go on; a fulfilled one has none.
GOES_ON = (S.ISSUED, S.CLOSED, S.WITHDRAWN, S.SUPERSEDED)

LETTER: StateMachine[LetterFacts] = StateMachine(
    "letter",
    initial=[S.DRAFT, S.CITED],
    states={
        S.CITED: Turn.ISSUER,
        S.DRAFT: Turn.ISSUER,
        S.ISSUED: Turn.LEAD,
        S.FULFILLED: Turn.NOBODY,
        S.CLOSED: Turn.NOBODY,
        S.WITHDRAWN: Turn.NOBODY,
        S.SUPERSEDED: Turn.NOBODY,
    },
    moves=[
        Move("register", S.CITED, S.DRAFT, REGISTRY),
        Move(
            "issue",
            S.DRAFT,
            S.ISSUED,
            REGISTRY,
            (
                g.identity_complete,
                g.date_has_come,
                g.dues_after_issue,
                g.dues_in_stages,
                g.cites_no_cycle,
            ),
        ),
        Move("fulfil", S.ISSUED, S.FULFILLED, ITSELF, (g.children_ended,)),
        Move("resume", S.FULFILLED, S.ISSUED, ITSELF),
        Move(
            "close",
            LIVE,
            S.CLOSED,
            ISSUER,
            (g.has_reached_all, g.reason_stated_while_open, g.children_have_a_fate, g.fate_fits),
        ),
        Move(
            "withdraw",
            (S.DRAFT, *LIVE),
            S.WITHDRAWN,
            ISSUER,
            (
                g.has_reached_all,
                g.reason_stated,
                g.children_have_a_fate,
                g.fate_fits,
                g.letter_not_accepted_above,
            ),
        ),
        Move(
            "supersede",
            LIVE,
            S.SUPERSEDED,
            ISSUER,
            (
                g.has_reached_all,
                g.replacement_named,
                g.children_have_a_fate,
                g.letter_not_accepted_above,
            ),
        ),
        # A second stub of one letter gives way to the first, or to the letter when it comes.
        Move("supersede", S.CITED, S.SUPERSEDED, ITSELF),
        Move(
            "reopen",
            S.CLOSED,
            S.ISSUED,
            ISSUER,
            (g.reason_stated, g.letter_not_accepted_above, g.above_goes_on),
        ),
        Move("amend", LIVE, None, REGISTRY, (g.reason_stated,)),
        Move(
            "extend",
            S.ISSUED,
            None,
            ISSUER,
            (g.has_reached_all, g.reason_stated, g.new_date_named),
        ),
        Move(
            "call_up",
            GOES_ON,
            None,
            ISSUER,
            (g.something_comes_again, g.series_named, g.reason_stated, g.new_date_named),
        ),
        Move(
            "end_series",
            GOES_ON,
            None,
            ISSUER,
            (
                g.something_comes_again,
                g.series_named,
                g.reason_stated,
                g.made_ahead_has_a_fate,
                g.fate_fits,
            ),
        ),
    ],
)
