"""What people are told of what was done with their unit's content."""

from __future__ import annotations

from flask import g
from sqlalchemy import Connection

from cascade.authority import TOLD_FOR
from models.queries import glass
from models.queries.glass import OpeningRow
from web.visitor import Visitor
from workflows.roles import ISSUER


def glass_seen(conn: Connection, me: Visitor, unit_id: int | None = None) -> list[OpeningRow]:
    """What an administrator opened lately of the units whose head or secretariat a person is."""
    units = [post.unit_id for post in me.units(*ISSUER.roles) if unit_id in (None, post.unit_id)]
    return glass.notices(conn, units, g.today, g.moment.at - TOLD_FOR) if units else []
