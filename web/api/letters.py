"""Letters: the register, one with all it says, a draft entered, moves, the trace."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from sqlalchemy import Connection

from cascade import act as door_to_state
from cascade import graph
from cascade.acts import Ref
from models.queries import api_units, letter_duties, letters, listing, tracing
from models.queries.listing import Wanted
from web import visitor
from web.api import door, letter_moves, letter_new, paging
from web.api.asking import LetterGiven, LetterMove, LettersQuery, TraceQuery
from web.api.letter_shapes import LetterShown, Trace
from web.api.routes import VERSION, Noun
from web.api.shapes import Entered, Letters, Moved, Moves
from web.api.showing import citation, letter_line, moves, readable, traced
from web.policy import acts, reads, registers
from web.present.letter_moves import TITLES
from web.present.letters import head

noun = Noun("api_letters", "Letters and what they cite and lay")


@noun.reads("/letters")
@reads
@noun.takes(LettersQuery)
@noun.gives_pages(Letters)
def listed(given: dict[str, Any]) -> Any:
    """The register

    Letters that may be read, newest first; with state=cited those that are only cited.
    """
    after, limit = paging.day_key(given), given["limit"]
    with visitor.reading() as conn:
        wanted = _wanted(conn, given)
        if wanted.state == "cited":
            before = None if after is None else after[1]
            rows = listing.cited_only(conn, wanted, before=before, limit=limit + 1)
        else:
            rows = listing.newest(conn, wanted, after=after, limit=limit + 1)
    return paging.page(rows, limit, letter_line, lambda row: paging.written(row.id, row.dated))


@noun.writes("/letters")
@registers
@door.act()
@noun.asks_once()
@noun.takes(LetterGiven, "json")
@noun.gives(Entered, VERSION, status=201, method="POST")
def enter(given: dict[str, Any]) -> Response:
    """Register a draft

    By somebody in the registry of its issuer. Its duties are laid once it is issued.
    """
    return letter_new.enter(given)


@noun.reads("/letters/<int:letter_id>")
@reads
@noun.gives(LetterShown, VERSION)
def show(letter_id: int) -> Any:
    """One letter

    With its text, points, citations both ways, and its own latest fifty events.
    """
    with visitor.reading() as conn:
        row = head(conn, letter_id)
        cites = letters.cites(conn, letter_id)[: listing.PAGE]
        seen = readable(tracing.letters(conn, [one.id for one in cites]))
        points = letter_duties.points(conn, letter_id)[: listing.PAGE]
        cited_by = letters.cited_by(conn, letter_id)[: listing.PAGE]
        shown = {
            **row._asdict(),
            **letter_line(row),
            "superseded_by": row.superseded_by_id,
            "units": [one._asdict() for one in letters.named_units(conn, letter_id)],
            "points": [one._asdict() for one in points],
            "cites": [citation(one, seen) for one in cites],
            "cited_by": [citation(one) for one in cited_by],
            "answers": [one.id for one in letters.answered(conn, letter_id)],
            "history": [one._asdict() for one in letters.history(conn, letter_id)],
        }
    return shown, 200, door.etag(row.version)


@noun.reads("/letters/<int:letter_id>/moves")
@reads
@noun.gives(Moves, VERSION)
def choices(letter_id: int) -> Any:
    """The moves of a letter

    For whoever asks, now: what each wants to be sent, and what stands against it.
    """
    with visitor.reading() as conn:
        row = head(conn, letter_id)
    ref = Ref("letter", letter_id)
    options = door_to_state.options_of(g.db, ref, visitor.asking().actor, g.moment)
    items = moves("letter", row.state, options, TITLES)
    return {"version": row.version, "items": items}, 200, door.etag(row.version)


@noun.writes("/letters/<int:letter_id>/moves")
@acts
@door.act("letter")
@noun.asks_once(with_version=True)
@noun.takes(LetterMove, "json")
@noun.gives(Moved, VERSION, method="POST")
def make(given: dict[str, Any], letter_id: int) -> Response:
    """Make a move on a letter

    Issuing lays its duties. Refused, everything that stands against it is told at once; nothing is
    kept of it.
    """
    return letter_moves.make(letter_id, given)


@noun.reads("/letters/<int:letter_id>/trace")
@reads
@noun.takes(TraceQuery)
@noun.gives(Trace)
def trace(given: dict[str, Any], letter_id: int) -> Any:
    """The cascade of a letter

    All below it down to the last step, and what it comes from, as far as it may be seen.
    """
    wanted = given.get("direction")
    with visitor.reading() as conn:
        head(conn, letter_id)
        down = None if wanted == "up" else graph.down(conn, letter_id, g.today)
        ref = Ref("letter", letter_id)
        up = None if wanted == "down" else graph.up(conn, ref, g.today)
    return {"down": down and traced(down), "up": up and traced(up)}


def _wanted(conn: Connection, given: dict[str, Any]) -> Wanted:
    issuer_id = None
    if "issuer" in given:
        issuer_id = api_units.coded(conn, [given["issuer"]]).get(given["issuer"])
        if issuer_id is None:
            raise paging.unknown("issuer")
    return Wanted(
        given.get("state"), given.get("kind"), issuer_id, given.get("since"), given.get("until")
    )
