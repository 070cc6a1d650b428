"""What is overdue, the longest first."""

from __future__ import annotations

from typing import Any

from flask import g

from models.queries import api_units, lists
from web import visitor
from web.api import paging
from web.api.asking import OverdueQuery
from web.api.routes import Noun
from web.api.shapes import Overdue
from web.api.showing import overdue_line
from web.policy import reads

noun = Noun("api_overdue", "Steps that are not done though their due dates have passed")


@noun.reads("/overdue")
@reads
@noun.takes(OverdueQuery)
@noun.gives_pages(Overdue)
def listed(given: dict[str, Any]) -> Any:
    """What is overdue

    Of everybody who may be seen, or of one unit and all below it.
    """
    after, limit, code = paging.day_key(given), given["limit"], given.get("unit")
    with visitor.reading() as conn:
        unit_id = None if code is None else api_units.coded(conn, [code]).get(code)
        if code is not None and unit_id is None:
            raise paging.unknown("unit")
        rows = lists.overdue(conn, g.today, unit_id=unit_id, after=after, limit=limit + 1)
    return paging.page(rows, limit, overdue_line, lambda row: paging.written(row.id, row.due))
