"""The record of events, to be followed."""

from __future__ import annotations

from typing import Any

from models.queries import api_events
from web import visitor
from web.api import paging
from web.api.paging import PageQuery
from web.api.routes import Noun
from web.api.shapes import Events
from web.policy import reads

noun = Noun("api_events", "What happened, in the order of the record")


@noun.reads("/events")
@reads
@noun.takes(PageQuery)
@noun.gives_pages(Events)
def listed(given: dict[str, Any]) -> Any:
    """Events

    Those that may be seen, the oldest first. A page may hold few or none and still have a next: so
    many places of the record were looked at. At its end `next` is null; ask again from `seen_to`.
    """
    after, limit = paging.number_key(given), given["limit"]
    with visitor.reading() as conn:
        end = api_events.last(conn)
        rows = api_events.page(conn, after=after, limit=limit)
    full = len(rows) == limit
    seen_to = rows[-1].place if full else max(after, min(after + api_events.WINDOW, end))
    items = [row._asdict() for row in rows]
    body, status, headers = paging.answer(items, str(seen_to) if seen_to < end else None)
    return {**body, "seen_to": str(seen_to)}, status, headers
