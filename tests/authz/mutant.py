"""A clause of the program, and the program without it.

`by` names what must catch it: the tables everybody sees (`views`), the cells of some routes, or a
test of the day's run.
"""

from __future__ import annotations

from typing import NamedTuple

VIEWS = "views"


class Mutant(NamedTuple):
    """A clause, and the program without it."""

    file: str
    old: str
    new: str
    by: tuple[str, ...] = (VIEWS,)

    @property
    def name(self) -> str:
        """The clause as the list tells it."""
        words = " ".join(self.old.split())
        return f"{self.file}: {words[:70]}{'…' if len(words) > 70 else ''} → {self.new[:24] or '∅'}"


def without(file: str, *rows: tuple[str, ...], by: tuple[str, ...] = (VIEWS,)) -> list[Mutant]:
    """Mutants of a file: the clause, what stands there instead, and what must catch it."""
    return [Mutant(file, old, new, tuple(more) or by) for old, new, *more in rows]
