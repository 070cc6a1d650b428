"""The first page: what is to be done next, for each role, and the directives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, g, render_template, request
from sqlalchemy import Connection

from models.queries import board, home, inbox, scopes
from models.queries.board import Asked
from models.queries.lists import MOST
from web import visitor
from web.notices import glass_seen
from web.policy import reads
from web.present import board as chasing
from web.present import home as present
from web.visitor import Visitor
from workflows.roles import REGISTRY

pages = Blueprint("home", __name__)

_LONGEST = 5  # of what is overdue


@pages.get("/")
@reads
def show() -> str:
    """What the person does next, and the directives with what is overdue below them."""
    me = visitor.me()
    follows = [post.unit_id for post in me.follows_for]
    after = present.key_of(request.args.get("after", ""))
    with visitor.reading() as conn:
        units = scopes.below(conn, follows, g.today) if follows else None
        rows = home.directives(conn, after=after, limit=home.PAGE + 1)
        ids = [row.id for row in rows[: home.PAGE]]
        overdue = home.overdue_below(conn, ids, g.today, units)
        missing = home.missing_below(conn, ids)
        work = _work(conn, me)
        late = _overdue(conn, units) if units is not None else {}
        drafts = _drafts(conn, me)
        notices = glass_seen(conn, me)
    return render_template(
        "home.html",
        directives=present.directives(rows, overdue, missing, is_followed=bool(follows)),
        more=present.more(rows),
        is_first=after is None,
        work=work,
        drafts=drafts,
        notices=notices,
        **late,
    )


def _work(conn: Connection, me: Visitor) -> list[tuple[str, str, str]] | None:
    """The inbox in figures, for whoever has one."""
    if not me.works_in and not me.follows_for:
        return None
    asked = {"works_in": me.works_in, "follows_for": me.follows_for}
    ids = {name: [post.unit_id for post in posts] for name, posts in asked.items()}
    return present.work(inbox.counts(conn, g.today, **ids))


def _overdue(conn: Connection, units: list[int]) -> dict[str, Any]:
    """What is overdue in a scope: how much, and the longest."""
    asked = Asked(units, g.today - timedelta(days=1), order="longest")
    rows = board.rows(conn, asked, g.today, limit=_LONGEST)
    return {
        "longest": [chasing.row_of(row) for row in rows],
        "total": chasing.many(board.count(conn, asked), MOST),
    }


def _drafts(conn: Connection, me: Visitor) -> dict[str, Any] | None:
    """What the registry has still to issue, for whoever may enter letters."""
    issuers = [post.unit_id for post in me.units(*REGISTRY.roles)]
    if not issuers:
        return None
    return present.drafts(home.drafts(conn, issuers, limit=present.DRAFTS + 1))
