"""Stubs: which of them a letter takes the place of, and when two of them are one letter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.errors import BadInputError
from cascade.naming import fold
from models import filing
from models.journal import Stamp
from models.queries import register
from models.queries.register import OnFile
from workflows.letter import LetterState
from workflows.reference import identity

# The form of a stub that a person told apart from everything on file (`--cites …=none`).
APART = "apart"
_ANY_KIND = "văn bản"


class Stubs(NamedTuple):
    """The stubs a letter replaces, the best known first, and those it only may replace."""

    replaced: tuple[OnFile, ...]
    doubtful: tuple[OnFile, ...]


class DoubtfulStubError(BadInputError):
    """Letters that were cited and are not on file may be this one, or another."""

    def __init__(self, stubs: Sequence[OnFile], where: str = "") -> None:
        self.stubs = tuple(stubs)
        super().__init__(
            "these cited letters may be this one, or another:"
            + "".join(f"\n  - {named(stub)}" for stub in stubs),
            where=where,
            remedy=f"Say which it is: --replaces L{stubs[0].id}, or --replaces none.",
        )


def named(stub: OnFile) -> str:
    """A stub in words."""
    name = identity(stub.kind, stub.number, stub.symbol, stub.dated)
    return f"L{stub.id} {name} {stub.issuer_name}".rstrip()


def of_letter(
    rows: Sequence[OnFile],
    issuer: int,
    kind: str,
    dated: date,
    *,
    cited: Mapping[int, date],
    chosen: Collection[int] = (),
) -> Stubs:
    """The stubs among `rows` that a letter is; what fits another letter too is doubtful.

    `cited` tells when those without a day were first cited. `chosen` are doubtful ones that a
    person says it is.
    """
    stubs = [row for row in rows if row.state == LetterState.CITED]
    fits = [row for row in stubs if row.issuer_id in (None, issuer) and row.dated in (None, dated)]
    others = [row for row in stubs if row not in fits]
    sure = [
        row
        for row in fits
        if row.id in chosen or not any(_may_both(row, other) for other in others)
    ]

    def unlike(row: OnFile) -> tuple[bool, bool]:
        return row.form == APART, cited.get(row.id, dated) < dated

    sure.sort(key=lambda r: (*unlike(r), r.issuer_id is None, r.dated is None, r.id))
    # One told apart, or cited before the letter's day, is this letter only if no other is.
    replaced = [
        row
        for at, row in enumerate(sure)
        if at == 0 or row.id in chosen or (not any(unlike(row)) and _same_kind(row.kind, kind))
    ]
    return Stubs(tuple(replaced), tuple(row for row in fits if row not in sure))


def doubles(rows: Sequence[OnFile], stub: OnFile) -> list[OnFile]:
    """The other stubs of the letter that a stub stands for: same issuer and kind, no other day.

    One without a day is left where letters of several days are known.
    """
    if stub.state != LetterState.CITED or stub.form == APART or stub.issuer_id is None:
        return []
    same = [
        row for row in rows if row.issuer_id == stub.issuer_id and _same_kind(row.kind, stub.kind)
    ]
    days = {stub.dated, *(row.dated for row in same if row.id != stub.id)} - {None}
    return [
        row
        for row in same
        if row.id != stub.id
        and row.state == LetterState.CITED
        and row.form != APART
        and (row.dated == stub.dated or (None in (row.dated, stub.dated) and len(days) == 1))
    ]


def join(conn: Connection, kept: int, stubs: Sequence[OnFile], stamp: Stamp) -> None:
    """Have stubs give way to another of the same letter, which learns what they know."""
    for stub in stubs:
        knows = register.whole(conn, stub.id)
        assert knows is not None  # just read in this transaction
        filing.give_way(conn, stub.id, stub.version, kept, stamp)
        filing.learn(conn, kept, knows)


def _same_kind(one: str, other: str) -> bool:
    return _ANY_KIND in (one, other) or fold(one) == fold(other)


def _may_both(one: OnFile, other: OnFile) -> bool:
    """Whether two stubs may stand for one letter."""
    return (
        (one.issuer_id == other.issuer_id or None in (one.issuer_id, other.issuer_id))
        and (one.dated == other.dated or None in (one.dated, other.dated))
        and _same_kind(one.kind, other.kind)
    )
