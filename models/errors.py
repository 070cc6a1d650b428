"""What can go wrong with what is kept; cascade.errors gives them words and exits."""

from __future__ import annotations


class StaleError(Exception):
    """The row moved on since it was read: another act came first."""

    def __init__(self, kind: str, row_id: int, seen: int) -> None:
        self.kind = kind
        self.row_id = row_id
        self.seen = seen
        super().__init__(f"{kind} {row_id} is no longer at version {seen}")


class SchemaError(Exception):
    """The database's schema is not the one this program works with."""

    def __init__(self, found: str | None, wanted: str) -> None:
        self.found = found
        self.wanted = wanted
        super().__init__(f"schema {found}, wanted {wanted}")


class CopyError(Exception):
    """A database could not be copied into a file, or filled from one."""

    def __init__(self, said: str, where: str) -> None:
        self.said = said
        self.where = where
        super().__init__(f"{where}: {said}")
