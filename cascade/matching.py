"""Citations matched to the letters on file: by identity, and by who may be meant by the issuer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from cascade.errors import BadInputError
from cascade.intake.reading import CitationFound
from cascade.naming import Directory, fold
from models.queries import register, scopes
from models.queries.register import OnFile
from workflows.kinds import CitationRole
from workflows.reference import identity

# The reader's words for a citation, where the register has another.
_ROLES = {"replaces": CitationRole.SUPERSEDES}
# Number and symbol agree, or it would be no candidate; the rest by how much it tells.
_REFERENCE, _AGREES, _UNKNOWN, _OTHER_KIND = 60, 20, 10, -5


class Fit(NamedTuple):
    """A letter on file that a citation may mean, and how much of it agrees (0-100)."""

    letter: OnFile
    score: int


@dataclass(frozen=True)
class PlannedCitation:
    """A citation with the letter it means: one on file, or a stub to make."""

    found: CitationFound
    role: str
    on_file: OnFile | None
    issuer_id: int | None
    candidates: tuple[Fit, ...] = ()  # where several fit and nobody has chosen yet
    apart: bool = False  # a person said that it is none of those on file
    is_scoped: bool = False  # matched among what one person sees: there may be others


class AmbiguousCitationError(BadInputError):
    """A citation fits several letters on file."""

    def __init__(self, citations: Sequence[PlannedCitation], where: str = "") -> None:
        self.citations = tuple(citations)
        first = citations[0]
        super().__init__(
            "these citations fit several letters:"
            + "".join(
                f"\n  - {one.found.number_symbol}: " + "; ".join(map(named, one.candidates))
                for one in citations
            ),
            where=where,
            remedy="Say which is meant: --cites "
            f"{first.found.number_symbol}=L{first.candidates[0].letter.id}, "
            "or =none for a letter that is not on file.",
        )


def named(fit: Fit) -> str:
    """A candidate in words."""
    row = fit.letter
    name = identity(row.kind, row.number, row.symbol, row.dated)
    return f"L{row.id} {name} {row.issuer_name}".rstrip() + f" [{fit.score}%]"


def match(
    conn: Connection,
    directory: Directory,
    found: CitationFound,
    issuer: int,
    dated: date,
    picks: Mapping[str, int | None],
) -> PlannedCitation:
    """The letter a citation means, seen from the body that cites, on the day it does.

    On a scoped connection it is one that its reader sees, and so are those to choose from.
    """
    role = str(_ROLES.get(found.role, found.role))
    by = _issuer(conn, directory, found, issuer)
    rows = register.like(conn, found.number, found.symbol)
    chosen = picks.get(key(found.number_symbol), 0)
    if chosen != 0:
        on_file = next((row for row in rows if row.id == chosen), None)
        return PlannedCitation(found, role, on_file, by, apart=on_file is None)
    on_file, candidates = best(rows, found, by, dated)
    return PlannedCitation(found, role, on_file, by, candidates, is_scoped=scopes.is_scoped(conn))


def best(
    rows: Sequence[OnFile], found: CitationFound, by: int | None, dated: date
) -> tuple[OnFile | None, tuple[Fit, ...]]:
    """The one letter a citation by `dated` fits best, else those between which to choose."""
    fits = [fit for row in rows if (fit := _fit(row, found, by, dated)) is not None]
    # A stub of which date or issuer is unknown may be any of the others.
    known = [fit for fit in fits if fit.letter.dated and fit.letter.issuer_id] or fits
    known.sort(key=lambda fit: (-fit.score, fit.letter.id))
    if known and (len(known) == 1 or known[0].score > known[1].score):
        return known[0].letter, ()
    return None, tuple(known)


def key(reference: str) -> str:
    """A reference as picks are kept by it: no spaces, no capitals, no zeros before the number."""
    return "".join(reference.split()).lower().lstrip("0")


def _issuer(conn: Connection, directory: Directory, found: CitationFound, near: int) -> int | None:
    if not found.issuer:
        return None
    named_unit = directory.find(found.issuer, near)
    if not named_unit.unit_ids and not named_unit.is_ambiguous and found.dated:
        # A body that has ended since: look where it stood when it wrote.
        named_unit = directory.at(conn, found.dated).find(found.issuer, near)
    return named_unit.unit_ids[0] if named_unit.unit_ids else None


def _fit(row: OnFile, found: CitationFound, by: int | None, citing: date) -> Fit | None:
    """How well a letter fits, None when something speaks against it."""
    score = _REFERENCE
    if row.dated is None or found.dated is None:
        if row.dated is not None and row.dated > citing:
            return None  # nobody cites what is yet to be written
        score += _UNKNOWN
    elif row.dated == found.dated:
        score += _AGREES
    else:
        return None
    if by is not None and row.issuer_id is not None:
        if row.issuer_id != by:
            return None
        score += _AGREES
    else:
        same = bool(found.issuer) and fold(found.issuer or "") == fold(row.issuer_name)
        score += _AGREES if same else _UNKNOWN
    if found.kind and row.kind != "văn bản" and fold(found.kind) != fold(row.kind):
        score += _OTHER_KIND
    return Fit(row, score)
