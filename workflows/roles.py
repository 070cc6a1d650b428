"""Who may act: the roles of a post, and on which side of a step the post stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a post lets its holder do in its unit."""

    DRAFTER = "drafter"  # writes letters and reports
    REGISTRAR = "registrar"  # enters letters, keeps the register
    STAFF = "staff"  # does what the unit owes
    HEAD = "head"  # answers for the unit
    SECRETARIAT = "secretariat"  # follows the cascade for the issuing body
    AUDITOR = "auditor"  # reads, never acts
    ADMINISTRATOR = "administrator"  # accounts and units, never content


class Span(StrEnum):
    """How far a post sees; acting stays in the post's own unit."""

    UNIT = "unit"
    SUBTREE = "subtree"  # the unit and all that is below it


_SEE_BELOW = frozenset({Role.HEAD, Role.SECRETARIAT, Role.AUDITOR})
# Posts that act, and see drafts; these alone can be stood in for.
WRITING = frozenset({Role.DRAFTER, Role.REGISTRAR, Role.STAFF, Role.HEAD, Role.SECRETARIAT})
READING = WRITING | {Role.AUDITOR}  # an administrator sees accounts and units, no content


def default_span(role: str) -> Span:
    """How far a post of this role sees unless it is said otherwise."""
    return Span.SUBTREE if role in _SEE_BELOW else Span.UNIT


class Side(StrEnum):
    """On which side of a letter or step a unit stands."""

    LEAD = "lead"  # the unit that owes the step
    ISSUER = "issuer"  # the unit whose letter laid it


class Turn(StrEnum):
    """Whose move it is in a state; the overdue list and the inbox follow it."""

    LEAD = "lead"  # the lead unit owes it
    ISSUER = "issuer"  # not done, and the issuer must decide before it goes on
    ACCEPTER = "accepter"  # done, says the lead unit; the issuer accepts or returns
    PAUSED = "paused"  # the clock stands still
    NOBODY = "nobody"  # ended


# Not done yet: past its due date such a step is overdue, whoever must move.
UNDONE = frozenset({Turn.LEAD, Turn.ISSUER})


@dataclass(frozen=True)
class By:
    """A party to a move: any of these roles in the unit on this side; no side means by itself."""

    side: Side | None
    roles: frozenset[Role] = frozenset()


DOER = By(Side.LEAD, WRITING)
ISSUER = By(Side.ISSUER, frozenset({Role.HEAD, Role.SECRETARIAT}))
REGISTRY = By(Side.ISSUER, frozenset({Role.REGISTRAR, Role.HEAD, Role.SECRETARIAT}))
# A roll-up: nobody asks for it, it follows from another move and carries that move's actor.
ITSELF = By(None)
