"""What reading only what one may see costs: queries on a scoped connection beside a plain one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import Connection, delete

from bench.figures import Figure, medians
from bench.sizes import MOMENT, SINCE, TODAY
from bench.worlds import Worlds, who
from models import organisation, scope
from models.base import FOREVER
from models.database import Database
from models.queries import home, inbox, listing, lists, outline
from models.queries.listing import Wanted
from models.scope import Reader
from models.tables import Appointment, table
from workflows.roles import Role

GOAL = 2.0
Ask = Callable[[Connection], object]


def _asked_of_a_unit(unit: int) -> dict[str, Ask]:
    """What a unit's clerk asks all day: what the unit owes, and the letters it came from."""
    return {
        "inbox": lambda conn: inbox.page(conn, TODAY, works_in=[unit], follows_for=[]),
        "overdue of the unit": lambda conn: lists.overdue(conn, TODAY, unit_id=unit),
        "register page": lambda conn: listing.newest(conn, Wanted()),
    }


_ASKED_OF_ALL: dict[str, Ask] = {
    "overdue page": lambda conn: lists.overdue(conn, TODAY),
    "overdue count": lambda conn: lists.count_overdue(conn, TODAY),
    "register page": lambda conn: listing.newest(conn, Wanted()),
    "directives page": lambda conn: home.directives(conn, limit=home.PAGE),
    "one cascade": lambda conn: outline.outline(conn, 1),
}


def figures(worlds: Worlds, *, repeats: int) -> Iterator[Figure]:
    """Each query as a unit's clerk and as the province's secretariat may see it, and unfiltered."""
    size = worlds.size
    with worlds.nation() as world:
        assert world
    with worlds.place.copy("nation") as db:
        unit = size.issuers + 1
        readers = {
            "a unit": (_post(db, "staff.0", unit, Role.STAFF), _asked_of_a_unit(unit)),
            "a commune": (_post(db, "staff.1", size.issuers, Role.HEAD), _ASKED_OF_ALL),
            "the province": (_post(db, "registrar", 1, Role.SECRETARIAT), _ASKED_OF_ALL),
        }
        for name, (user, asked) in readers.items():
            reader = Reader(user, TODAY, MOMENT.at)
            (opening,) = medians(repeats, partial(_open, db, reader))
            for what, ask in asked.items():
                with db.read() as plain, scope.read_as(db, reader) as scoped:
                    ours, other = medians(
                        repeats,
                        partial(ask, scoped),
                        partial(ask, plain),
                    )
                yield Figure(
                    name="scope",
                    what=f"{what}, for {name}",
                    database=worlds.place.name,
                    steps=size.steps * size.provinces,
                    seconds=ours,
                    against="unfiltered",
                    other=other,
                    goal=GOAL,
                    note=f"opened in {opening * 1000:.1f} ms",
                )


def _open(db: Database, reader: Reader) -> None:
    with scope.read_as(db, reader):
        pass


def _post(db: Database, login: str, unit: int, role: Role) -> int:
    """One of the world's people with this post and no other."""
    user, posts = who(db, login).id, table(Appointment)
    with db.session() as session:
        session.execute(delete(posts).where(posts.c.user_id == user))
        organisation.put_appointment(session, user, unit, role, SINCE, FOREVER)
    return user
