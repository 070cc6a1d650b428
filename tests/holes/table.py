"""The table of peers' holes: what went wrong elsewhere, what is fired here, what is expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.holes.hall import Hall

Shot = Callable[[Hall], None]


@dataclass(frozen=True)
class Row:
    """One line of the table; `goes_on` names the tests that follow the matter further."""

    hole: str
    peer: str
    fired: str
    expected: str
    shot: Shot
    goes_on: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the row is called in the list of tests and of plants."""
        return self.shot.__name__


ROWS: list[Row] = []


def row(
    hole: str, *, peer: str, fired: str, expected: str, goes_on: str = ""
) -> Callable[..., Shot]:
    """Put a shot into the table."""

    def put(shot: Shot) -> Shot:
        ROWS.append(Row(hole, peer, fired, expected, shot, tuple(goes_on.split())))
        return shot

    return put
