"""Every error a person can meet, as one tree; cascade.cli turns it into exits, web into HTTP.

Each says what was wrong, where, and what to do; the data stays in attributes for other languages.
"""

from __future__ import annotations


class CascadeError(Exception):
    """Something could not be done."""

    remedy = ""

    def __init__(self, what: str = "", *, where: str = "", remedy: str = "") -> None:
        self.what = what or (type(self).__doc__ or "").strip()
        self.where = where
        self.remedy = remedy or type(self).remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n  → {self.remedy}" if self.remedy else head


class BadInputError(CascadeError):
    """What was given cannot be used."""


class UnreadableLetterError(BadInputError):
    """The file is not a letter that can be read."""

    remedy = "Give a plain-text letter saved as UTF-8."


class SecrecyMarkError(BadInputError):
    """The letter bears a secrecy mark and must not be entered here."""

    remedy = "Keep it in the register for classified letters; delete any copy made for this import."


class NotFoundError(BadInputError):
    """Nothing is on file under that name."""


class RefusedError(CascadeError):
    """The act was refused."""
