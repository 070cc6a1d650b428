"""Units as of a day."""

from __future__ import annotations

from operator import methodcaller
from typing import Any

from flask import g

from cascade.errors import NotFoundError
from models.queries import api_units
from web import visitor
from web.api import paging
from web.api.asking import UnitQuery, UnitsQuery
from web.api.routes import Noun
from web.api.shapes import UnitLine, Units
from web.policy import reads

noun = Noun("api_units", "Public bodies and their parts, dated")


@noun.reads("/units")
@reads
@noun.takes(UnitsQuery)
@noun.gives_pages(Units)
def listed(given: dict[str, Any]) -> Any:
    """Units

    All there are on a day, by number.
    """
    after, limit = paging.number_key(given), given["limit"]
    with visitor.reading() as conn:
        rows = api_units.page(conn, given.get("on", g.today), after=after, limit=limit + 1)
    return paging.page(rows, limit, methodcaller("_asdict"), lambda row: paging.written(row.id))


@noun.reads("/units/<int:unit_id>")
@reads
@noun.takes(UnitQuery)
@noun.gives(UnitLine)
def show(given: dict[str, Any], unit_id: int) -> Any:
    """One unit

    As it is on a day, or was last before it.
    """
    with visitor.reading() as conn:
        row = api_units.one(conn, unit_id, given.get("on", g.today))
    if row is None:
        raise NotFoundError
    return row._asdict()
