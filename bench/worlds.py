"""The worlds that are measured: a province with its letters, and many such side by side."""

from __future__ import annotations

from contextlib import AbstractContextManager

from bench.filling import draft_directive, draft_province
from bench.places import Place
from bench.repeating import repeat
from bench.sizes import MOMENT, Size
from cascade import issue
from models.database import Database
from models.queries import acting
from models.queries.acting import ActorRow


class Worlds:
    """The worlds of one size in one place."""

    def __init__(self, place: Place, size: Size) -> None:
        self.place = place
        self.size = size

    def drafts(self) -> AbstractContextManager[Database]:
        """A province whose letters are all registered and none issued."""
        return self.place.world("drafts", lambda db: draft_province(db, self.size))

    def directive(self) -> AbstractContextManager[Database]:
        """The province before one directive to every commune and every unit below, a draft."""
        return self.place.world("directive", lambda db: draft_directive(db, self.size))

    def province(self) -> AbstractContextManager[Database]:
        """All letters issued, as the product issues them."""
        with self.drafts():
            return self.place.world("province", self._issue, over="drafts")

    def nation(self) -> AbstractContextManager[Database]:
        """Many such provinces' letters in one register."""
        with self.province():
            return self.place.world("nation", self._repeat, over="province")

    def _issue(self, db: Database) -> None:
        issue.issue(db, range(1, self.size.issuers + 1), who(db, "registrar"), MOMENT)

    def _repeat(self, db: Database) -> None:
        with db.write() as conn:
            repeat(conn, self.size.provinces)


def who(db: Database, login: str) -> ActorRow:
    """One of the world's people."""
    with db.read() as conn:
        found = acting.actor(conn, login)
    assert found is not None, login
    return found
