"""Every error a person can meet, as one tree; cascade.cli turns it into exits, web into HTTP.

Each says what was wrong, where, and what to do; the data stays in attributes for other languages.
"""

from __future__ import annotations

from collections.abc import Sequence

from workflows.labels import TRIGGERS, Lang, Words, explain
from workflows.refusals import TransitionRefused


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


class UnreadableFileError(BadInputError):
    """A file given is not there, or may not be read."""

    remedy = "Check the file name and its permissions."

    @classmethod
    def of(cls, error: OSError, path: object) -> UnreadableFileError:
        """What the system said when the file was read."""
        return cls(f"cannot be read: {error.strerror}", where=str(path))


class EmptyFileError(BadInputError):
    """There is nothing in a file given; `name` is the file's."""

    remedy = "Give the file itself."

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("this is no file, or an empty one", where=name)


class LargeFileError(BadInputError):
    """A file given is larger than the store takes; `most` in MiB, `name` is the file's."""

    remedy = "Give a smaller one: the signed pages, not the whole folder."

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self.most = most
        super().__init__(f"this file is larger than {most} MiB", where=name)


class UnreadableLetterError(BadInputError):
    """The file is not a letter that can be read."""

    remedy = "Give a plain-text letter saved as UTF-8."


class MissingTextError(BadInputError):
    """A part of the letter's file could not be read, so duties may be missing."""

    remedy = (
        "Get the file anew, or open it in its own program and print it to a new PDF; or import it "
        "without --yes, beside the paper."
    )

    def __init__(self, missing: Sequence[str], where: str = "") -> None:
        self.missing = tuple(missing)
        super().__init__("; ".join(missing), where=where)


class SecrecyMarkError(BadInputError):
    """The letter bears a secrecy mark and must not be entered here."""

    remedy = "Keep it in the register for classified letters; delete any copy made for this import."


class NotFoundError(BadInputError):
    """Nothing is on file under that name."""


class RefusedError(CascadeError):
    """The act was refused."""


_REFUSED = Words("không thể {trigger}:", "{trigger} is refused:")


def _named(trigger: str, lang: Lang) -> str:
    # A command takes the trigger's code, so in English the code is the clearest word.
    return TRIGGERS[trigger].vi if lang == "vi" and trigger in TRIGGERS else trigger


class MoveRefusedError(RefusedError):
    """The rules refuse this move; `refused.refusals` holds every reason at once."""

    def __init__(self, refused: TransitionRefused, where: str, lang: Lang = "en") -> None:
        self.refused = refused
        reasons = [explain(refusal, lang) for refusal in refused.refusals]
        head = _REFUSED.say(lang).format(trigger=_named(refused.trigger, lang))
        super().__init__("\n  - ".join([head, *reasons]), where=where)

    def told(self, lang: Lang) -> CascadeError:
        """The same refusal in another language."""
        return MoveRefusedError(self.refused, self.where, lang)


class MovedOnError(RefusedError):
    """Another act came first."""

    remedy = "Look at it again, then decide again."


class DuplicateLetterError(BadInputError):
    """A letter with this identity is on file already."""

    def __init__(self, letter_id: int, identity: str, where: str = "") -> None:
        self.letter_id = letter_id
        super().__init__(
            f"{identity} is on file already, as letter {letter_id}",
            where=where,
            remedy=f"See it with: cascade letter show {letter_id}",
        )


class CycleError(BadInputError):
    """The letters would implement one another in a circle."""

    remedy = "Check which of these letters really implements which; correct the citation."

    def __init__(self, path: Sequence[str], where: str = "") -> None:
        self.path = tuple(path)
        super().__init__("the letters would run in a circle: " + " → ".join(path), where=where)


class UnknownUnitError(BadInputError):
    """A unit that is not in the organisation."""


class DatabaseError(CascadeError):
    """The database cannot be used as it is."""


class StorageError(CascadeError):
    """A file or the database could not be written; nothing of this act was kept."""

    remedy = "Free disk space or check the folder's permissions, then do it again."
